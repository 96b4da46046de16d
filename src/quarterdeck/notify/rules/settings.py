"""What `[notify]` in quarterdeck.toml may say."""

from dataclasses import dataclass, field, fields
from ipaddress import ip_network

from quarterdeck.kernel.errors import Invalid


@dataclass(frozen=True)
class NotifySettings:
    """How messages leave the house; wrong values raise `Invalid` with every fault.

    `outbound_allow` lists networks (CIDR) inside your own that channels may reach.
    """

    secret_key: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8310"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: str = "auto"
    """`auto`: STARTTLS where the server offers it; `required`: never without; `implicit`: TLS from the start; `off`."""
    mail_from: str = "quarterdeck@localhost"
    outbound_allow: tuple[str, ...] = ()
    attempt_seconds: float = 10.0
    pace_messages: int = 3
    pace_minutes: int = 15
    pace_kept_back: int = 1
    """Of `pace_messages`, how many only a SEV1 page that the person has not had yet may use."""
    demo_seconds: float = 0.0
    """How long the demo's phone takes to answer after it rang: time enough to kill an engine in mid-page."""

    def __post_init__(self) -> None:
        errors = [*self._wrong_types()] or [*self._wrong_values()]
        if errors:
            raise Invalid("quarterdeck.toml: [notify] is not right.", tuple(errors))

    def _wrong_types(self) -> list[str]:
        errors = []
        for item in fields(self):
            value, default = getattr(self, item.name), item.default
            fits = type(value) is type(default) or (type(default) is float and type(value) is int)
            if not fits or (type(value) is tuple and not all(isinstance(part, str) for part in value)):
                errors.append(f"{item.name}: must be {_WORDS[type(default)]}")
        return errors

    def _wrong_values(self) -> list[str]:
        errors = []
        for network in self.outbound_allow:
            try:
                ip_network(network)
            except ValueError:
                errors.append(f"outbound_allow: {network!r} is not a network such as 10.1.0.0/16")
        if self.smtp_tls not in {"auto", "required", "implicit", "off"}:
            errors.append("smtp_tls: use auto, required, implicit or off")
        if not 1 <= self.smtp_port <= 65535:
            errors.append("smtp_port: 1 to 65535")
        if not 0.1 <= self.attempt_seconds <= 20:
            errors.append("attempt_seconds: 0.1 to 20 (a lease ends after 30)")
        if not 1 <= self.pace_messages <= 10_000 or not 0 <= self.pace_kept_back < self.pace_messages:
            errors.append("pace_messages: 1 to 10000, and more than pace_kept_back")
        if not 1 <= self.pace_minutes <= 240:
            errors.append("pace_minutes: 1 to 240")
        return errors


_WORDS = {str: "a text in quotes", int: "a whole number", float: "a number of seconds", tuple: "a list of networks"}
