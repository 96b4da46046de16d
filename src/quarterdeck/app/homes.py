"""Make a home and open one."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from quarterdeck.app import wiring
from quarterdeck.app.settings import FILE, Settings, load
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.ids import secret
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Clock
from quarterdeck.notify import actions as notify
from quarterdeck.notify.rules import NotifySettings
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.plan.sources.example import example_files, example_folder
from quarterdeck.record import Record, Tx, open_store, schema

_TOML = """\
# Settings of this Quarterdeck. docs/reference/settings.md lists all of them.
database = "{database}"
base_url = "{base_url}"
# Signs the links in pages. Keep it secret, and in your backup: without it, links sent before are void.
secret_key = "{secret_key}"

[notify]
smtp_host = "127.0.0.1"
smtp_port = 25
mail_from = "quarterdeck@localhost"
# Networks that pages may be sent to although they are private, for example ["10.1.2.0/24"].
outbound_allow = []
"""


def open_record(settings: Settings, clock: Clock | None = None) -> Record:
    """The home's record with every room wired, its tables brought up to this version."""
    record = wiring.house().record(open_store(settings.database, settings.home / "scratch"), clock)
    schema.prepare(record)
    return record


def notify_settings(settings: Settings) -> NotifySettings:
    """The `[notify]` part of the settings, checked."""
    known = {**settings.notify, "secret_key": settings.secret_key, "base_url": settings.base_url}
    if "outbound_allow" in known:
        known["outbound_allow"] = tuple(known["outbound_allow"])
    try:
        return NotifySettings(**known)
    except TypeError as error:
        raise Invalid(f"{settings.home / FILE}: [notify]: {error}") from error


def init(home: Path, *, database: str | None, email: str, login: str, base_url: str) -> dict[str, str]:
    """Make a home; returns `admin`, `password`, `intake_key` and `api_key`, which exist nowhere else in clear."""
    if (home / FILE).exists():
        raise Invalid(
            f"{home} is a home already. Choose another directory, or start it: quarterdeck serve --home {home}"
        )
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    url = database or f"sqlite:///{(home / 'quarterdeck.db').resolve()}"
    text = _TOML.format(database=_quoted(url), base_url=_quoted(base_url), secret_key=secret("qs"))
    _write_private(home / FILE, text)
    try:
        return _furnish(home, login, email)
    except BaseException:
        (home / FILE).unlink()  # what could not be finished is no home: the next try may use the directory
        raise


def _furnish(home: Path, login: str, email: str) -> dict[str, str]:
    example = {name: text.replace("login: admin", f"login: {login}") for name, text in example_files().items()}
    for name, content in example.items():
        target = home / "plan" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    # What the files' first comment lines point editors at.
    shutil.copy(example_folder() / "plan.schema.json", home / "plan" / "plan.schema.json")
    record = open_record(load(home))
    try:
        return record.perform(ENGINE, lambda tx: _settle(tx, example, login, email))
    finally:
        record.close()


def _settle(tx: Tx, example: dict[str, str], login: str, email: str) -> dict[str, str]:
    """Enough for the first alert to reach somebody: one person, who is on call, under the example plan."""
    password = secret("qp")
    person = governance.add_person(
        tx, login=login, name="Administrator", email=email, roles=("administrator",), password=password
    )
    governance.add_team(tx, id="operations", name="Operations")
    governance.add_member(tx, team="operations", person=person)
    notify.add_method(tx, person=person, kind="email", address=email, assume_verified=True)
    oncall.revise_schedule(tx, id="primary", document=_schedule(tx, login))
    plan.adopt(tx, files=example, reason="The plan that Quarterdeck ships as an example")
    return {
        "admin": login,
        "password": password,
        "intake_key": governance.issue_key(tx, label="First intake key", roles=("intake",)),
        "api_key": governance.issue_key(tx, label="First API key", roles=("administrator",)),
    }


def _schedule(tx: Tx, login: str) -> dict[str, Any]:
    return {
        "title": "Primary",
        "zone": "UTC",
        "layers": [
            {
                "name": "Everyone",
                "rotation": "weekly",
                "handover": {"day": "mon", "time": "09:00"},
                "starts": (tx.now - timedelta(days=7))
                .date()
                .isoformat(),  # a shift is under way from the first minute on
                "participants": [login],
            }
        ],
    }


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
