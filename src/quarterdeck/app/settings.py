"""A home: the directory with `quarterdeck.toml`, the plan's files and, on SQLite, the database."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quarterdeck.kernel.errors import Invalid

FILE = "quarterdeck.toml"


@dataclass(frozen=True)
class Settings:
    """What `quarterdeck.toml` says. Unknown keys are refused, so a typing error cannot pass unnoticed."""

    home: Path
    database: str
    secret_key: str = field(repr=False)
    base_url: str = "http://127.0.0.1:8310"
    notify: dict[str, Any] = field(default_factory=dict)
    intake: dict[str, Any] = field(default_factory=dict)
    status_page: dict[str, Any] = field(default_factory=dict)
    cookie_secure: bool = False
    demo: bool = False
    """Set by `quarterdeck demo` alone: pages may be framed by the demo's own screen."""

    @property
    def plan(self) -> Path:
        return self.home / "plan"


_KEYS = {"database", "secret_key", "base_url", "notify", "intake", "status_page", "cookie_secure", "demo"}


def load(home: Path) -> Settings:
    """Read a home's settings; `Invalid` says what is missing and how to make it."""
    path = home / FILE
    if not path.exists():
        raise Invalid(f"There is no {FILE} in {home}. Make a home with: quarterdeck init {home}")
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{path}: {error}") from error
    unknown = sorted(set(values) - _KEYS)
    if unknown:
        raise Invalid(f"{path}: unknown settings", tuple(f"{key}: not a setting; remove it" for key in unknown))
    if "secret_key" not in values:
        raise Invalid(f"{path}: secret_key is missing; it signs the links in pages. Restore it from your backup.")
    return Settings(
        home=home,
        database=values.get("database") or f"sqlite:///{(home / 'quarterdeck.db').resolve()}",
        secret_key=values["secret_key"],
        base_url=str(values.get("base_url", Settings.base_url)).rstrip("/"),
        notify=values.get("notify", {}),
        intake=values.get("intake", {}),
        status_page=values.get("status_page", {}),
        cookie_secure=bool(values.get("cookie_secure", False)),
        demo=bool(values.get("demo", False)),
    )
