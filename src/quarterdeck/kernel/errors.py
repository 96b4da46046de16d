"""The ways a request can be turned down; doors translate them to problem documents and exit codes."""

from dataclasses import dataclass


class QuarterdeckError(Exception):
    """Base of every error meant for a person to read."""


@dataclass
class Refused(QuarterdeckError):
    """A rule said no. `reason` is a stable PascalCase name (`AlreadyClosed`); `detail` says what to do. HTTP 409."""

    reason: str
    detail: str

    def __str__(self) -> str:
        return self.detail


@dataclass
class Invalid(QuarterdeckError):
    """The input makes no sense; every fault is listed, as `path: what is wrong`. HTTP 400."""

    detail: str
    errors: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join((self.detail, *self.errors))


@dataclass
class Forbidden(QuarterdeckError):
    """The principal lacks `permission`. HTTP 403."""

    permission: str

    def __str__(self) -> str:
        return f"You need the permission {self.permission} for this. Ask an administrator."


@dataclass
class NotFound(QuarterdeckError):
    """There is no such thing, or it is not for this principal's eyes. HTTP 404."""

    what: str

    def __str__(self) -> str:
        return f"There is no {self.what}."


class Conflict(QuarterdeckError):
    """Somebody wrote to the same stream first. `Record.perform` reloads and decides again. HTTP 409 if it persists."""
