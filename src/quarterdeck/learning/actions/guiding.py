"""Making a guideline of lessons: a draft of the plan with one document more, which cites each of them."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.rules import LESSON, guiding, lessoning
from quarterdeck.learning.rules.guiding import Quoted
from quarterdeck.plan.actions import propose_revision
from quarterdeck.plan.events import Reason
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx


@permitted(Permission.REVIEW)
def propose_guideline(tx: Tx, *, title: str, lessons: Sequence[int], procedure: str, shared: str = "") -> int:
    """Open a draft of the plan with a guideline that quotes these lessons; returns the draft's number.

    `procedure`: which one it explains; `shared`: what the lessons have in common, in words. Validated lessons wait for
    the draft from then on. Raises `Invalid`, or `Refused` (`NoPlan`, `Rejected`).
    """
    title, numbers = guiding.checked(title, lessons)
    standing = in_force(tx)
    if standing is None:
        raise Refused("NoPlan", "No plan is in force, so there is nothing to add a guideline to.")
    if procedure not in standing.plan.procedures:
        known = ", ".join(standing.plan.procedures)
        raise Invalid("There is no such procedure.", (f"procedure: {procedure[:80]!r}; use one of {known}",))
    found = tx.load_many(LESSON, numbers)
    if missing := [n for n in numbers if str(n) not in found]:
        raise Invalid("There are no such lessons.", tuple(f"lessons: there is no L-{n}" for n in missing))
    rows = [found[str(n)] for n in numbers]
    if rejected := [one.name for one in rows if one.closing == "rejection"]:
        raise Refused("Rejected", f"{', '.join(rejected)} was rejected. Leave it out, or reopen it first.")
    quoted = [
        Quoted(one.number, one.source, one.words.observation, one.words.insight, one.words.change) for one in rows
    ]
    key = guiding.slug(title, standing.plan.guidelines)
    text = guiding.document(title, owner=standing.plan.owner, procedure=procedure, shared=shared[:300], lessons=quoted)
    draft = propose_revision(
        tx,
        title=f"Guideline: {title}"[:200],
        reasons=[_reason(one, f"guidelines.{key}") for one in quoted],
        note=f"A new guideline, of {', '.join(one.name for one in quoted)}. Say in it what to do, then hand it in.",
        more={f"guidelines/{key}.md": text},
    )
    for one in rows:
        if one.state == "validated":
            dispose = partial(lessoning.dispose, way="revision", ref=f"draft:{draft}")
            tx.decide(LESSON, one.number, partial(dispose, by=actor(tx), now=tx.now))
    return draft


def _reason(quoted: Quoted, clause: str) -> Reason:
    text = f"{(quoted.asks or quoted.observation)[:1_900]} (seen in {quoted.source})"
    return Reason(kind="lesson", ref=quoted.name, text=text, clauses=(clause,))
