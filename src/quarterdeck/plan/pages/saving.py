"""Saving a draft from a form: what somebody else saved meanwhile is taken in; where both clash, both are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.response import Template

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.pages.drafts import names_of
from quarterdeck.plan.pages.taking_in import chosen_in
from quarterdeck.plan.rules.comparing import compared
from quarterdeck.plan.rules.merging import Clash, merged
from quarterdeck.record import Record, Tx

Make = Callable[[Mapping[str, str]], dict[str, str]]
_TRIES = 4


@dataclass(frozen=True)
class Clashed:
    """Both sides changed the same lines: nothing was saved, and here are both."""

    by: str
    version: int
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    clashes: tuple[Clash, ...]


def save(
    record: Record,
    who: Principal,
    number: int,
    seen: int,
    form: Mapping[str, str],
    make: Make,
    also: Callable[[Tx], None] | None = None,
) -> Clashed | None:
    """Save what `make` makes of version `seen`. None: it is saved, with whatever was saved meanwhile.

    `form` may hold choices for clashes; `also` is done in the same transaction.
    """
    for _ in range(_TRIES):
        with record.read() as conn:
            base = views.draft_files(conn, number, seen)
            now, names = views.draft(conn, number), names_of(conn)
        mine = make(base)
        found = merged(base, mine, now.files, chosen_in(form))
        if found.open:
            by = names(now.draft.changed_by)
            theirs = compared(base, now.files)
            return Clashed(by, now.draft.version, theirs, compared(base, mine), found.open)

        def act(tx: Tx, files: dict[str, str] = found.files, version: int = now.draft.version) -> None:
            actions.revise_draft(tx, draft=number, files=files, seen=version)
            if also:
                also(tx)

        try:
            record.perform(who, act)
        except Refused as refusal:
            if refusal.reason != "DraftMovedOn":
                raise
        else:
            return None
    raise Refused("DraftMovedOn", "Others are saving this draft all the time. Your text is still here: try again.")


def side_by_side(clashed: Clashed, number: int, action: str, form: Mapping[str, str]) -> Template:
    """The page on which somebody chooses; it carries the whole form along, so that nothing has to be typed again."""
    carried = {name: value for name, value in form.items() if not name.startswith("clash:")}
    context: dict[str, Any] = {"clashed": clashed, "number": number, "action": action, "carried": carried}
    return Template("plan/clash.html", context=context, status_code=409)
