"""What can be done to the plan: publish a revision of it."""

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan import rules
from quarterdeck.plan.rules.checking import Checked, check
from quarterdeck.plan.rules.references import find
from quarterdeck.plan.state import KEY
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def publish(
    tx: Tx,
    *,
    files: Mapping[str, str] | None = None,
    document: Mapping[str, Any] | None = None,
    reason: str,
    based_on: int | None = None,
) -> int:
    """Bring a plan into force, given as files (name → YAML text) or as one document; returns its revision number.

    `based_on`: the revision that the author started from; refused if another is in force by now.
    Raises `Invalid` with every fault and its place, `Refused` if nothing changed or somebody else was first.
    """
    if (files is None) == (document is None):
        raise Invalid("Give the plan either as files or as one document.")
    texts = dict(files) if files is not None else {"plan.yaml": _as_yaml(document or {})}
    checked = check(texts)
    checked.sound()
    _demand_people(tx, checked)
    written, published = rules.publish(
        tx.load(rules.PLAN, KEY),
        files=texts,
        document=checked.document(),
        reason=reason,
        by=tx.by.id,
        now=tx.now,
        based_on=based_on,
    )
    tx.append_many([(rules.REVISION, written.revision, [written]), (rules.PLAN, KEY, [published])])
    return published.revision


def _demand_people(tx: Tx, checked: Checked) -> None:
    """Every post is held, and every `person:` target is, by somebody who exists and is active."""
    logins = [(path, value) for path, value in find(checked.reading.document, "posts.*.login")]
    for pattern in ("escalation.*.levels.*.notify.*", "roles.*.filled_by"):
        for path, value in find(checked.reading.document, pattern):
            if value is not None and value.startswith("person:"):
                logins.append((path, value.removeprefix("person:")))
    known: dict[str, str | None] = {}
    errors = []
    for path, login in logins:
        if login not in known:
            found = person_by_login(tx, login)
            known[login] = None if found and found.active else ("is deactivated" if found else "does not exist")
        if known[login]:
            where = f"{checked.place(path)}: {'.'.join(map(str, path))}"
            errors.append(f"{where}: the person `{login}` {known[login]}; add them first, or give another login")
    if errors:
        raise Invalid("The plan names people who cannot act, and was not published.", tuple(errors))


def _as_yaml(document: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # typed as None by ruamel
    writer.representer.ignore_aliases = lambda *_: True
    writer.dump(dict(document), stream)
    return stream.getvalue()
