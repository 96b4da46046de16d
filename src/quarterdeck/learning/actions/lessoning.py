"""What can be done with a lesson: identify, word, validate, turn into a change of the plan, close, reopen."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.learning.actions.people import actor, somebody
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import LESSON, Lesson, effects
from quarterdeck.learning.rules import lessoning as rules
from quarterdeck.learning.rules.lessoning import Words, incident_of
from quarterdeck.plan.actions import propose_revision
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.differences import clauses
from quarterdeck.plan.state import in_force, publication
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def identify_lesson(
    tx: Tx,
    *,
    source: str,
    observation: str,
    insight: str = "",
    change: str = "",
    factors: Sequence[str] = (),
    clause: str | None = None,
    owner: str | None = None,
) -> int:
    """Keep what was seen; returns the lesson's number. `owner` by id or login; None: nobody yet.

    `source`: `INC-12`, `EX-3`, `deviation:INC-12:STEP` or `import`. Raises `Invalid` with every fault; an incident or a
    clause that never was is one.
    """
    words = _words(tx, observation, insight, change, factors, clause, owner)
    number = tx.next_number("lesson")
    identified = rules.identify(number, actor(tx), tx.now, source=source, words=words)
    _demand_source(tx, source)
    _demand_clause(tx, words.clause)
    tx.append(LESSON, number, [identified])
    return number


@permitted(Permission.RESPOND)
def revise_lesson(
    tx: Tx,
    *,
    number: int,
    observation: str,
    insight: str = "",
    change: str = "",
    factors: Sequence[str] = (),
    clause: str | None = None,
    owner: str | None = None,
    seen: int | None = None,
) -> int:
    """Word it otherwise; returns the version. `seen`: the version that the writer began from."""
    words = _words(tx, observation, insight, change, factors, clause, owner)
    if words.clause != tx.existing(LESSON, number).words.clause:
        _demand_clause(tx, words.clause)
    rule = partial(rules.revise, by=actor(tx), now=tx.now, words=words, seen=seen)
    return tx.decide(LESSON, number, rule).version


@permitted(Permission.REVIEW)
def validate_lesson(tx: Tx, *, number: int) -> None:
    """It is true, and worth a change."""
    tx.decide(LESSON, number, partial(rules.validate, by=actor(tx), now=tx.now))


@permitted(Permission.REVIEW)
def change_the_plan(
    tx: Tx, *, number: int, clause: str | None = None, note: str = "", expects: Expectation | None = None
) -> int:
    """Open a draft of the next revision that cites this lesson at its clause; returns the draft's number.

    `clause`: None is the lesson's, an empty one the whole plan. Raises `Refused` (`ClauseRemoved`) if the plan in force
    has it no longer. `expects`: what the change should do; None is what follows from the clause or the first factor.
    """
    lesson = tx.existing(LESSON, number)
    words = lesson.words
    where = words.clause if clause is None else clause.strip() or None
    _demand_standing(tx, lesson, where)
    told = [note.strip(), words.change, words.insight, f"Seen in {lesson.source}: {words.observation}"]
    reason = Reason(
        kind="lesson",
        ref=lesson.name,
        text=f"{(words.change or words.insight or words.observation)[:1_900]} (seen in {lesson.source})",
        clauses=(where,) if where else (),
    )
    title = " ".join("".join(c if c.isprintable() else " " for c in words.change or words.observation).split())
    draft = propose_revision(
        tx,
        title=f"{lesson.name}: {title}"[:200],
        reasons=[reason],
        note="\n\n".join(filter(None, told))[:20_000],
    )
    hoped = effects.checked(expects) if expects else _expected(tx, lesson, where)
    dispose = partial(rules.dispose, way="revision", ref=f"draft:{draft}", expects=hoped)
    tx.decide(LESSON, number, partial(dispose, by=actor(tx), now=tx.now))
    return draft


@permitted(Permission.REVIEW)
def close_by_revision(tx: Tx, *, number: int, revision: int) -> None:
    """Close it by a published revision that cites it. Raises `Refused` (`NotCited`) if that one does not."""
    try:
        published = publication(tx, revision)
    except NotFound:
        raise Invalid("There is no such revision.", (f"revision: {revision}; name a published one",)) from None
    if not any(reason.ref == f"L-{number}" for reason in published.reasons):
        raise Refused("NotCited", f"Revision {revision} does not cite L-{number} among its reasons.")
    lesson = tx.existing(LESSON, number)
    hoped = lesson.expects or _expected(tx, lesson, lesson.words.clause)
    events = rules.close(lesson, actor(tx), tx.now, closing="revision", ref=str(revision), expects=hoped)
    tx.append(LESSON, number, events)


@permitted(Permission.REVIEW)
def reject_lesson(tx: Tx, *, number: int, reason: str) -> None:
    """Close it without a change, for a reason that is kept. Never by its author."""
    tx.decide(LESSON, number, partial(rules.close, by=actor(tx), now=tx.now, closing="rejection", ref=reason))


@permitted(Permission.REVIEW)
def reopen_lesson(tx: Tx, *, number: int, reason: str, incident: int | None = None) -> None:
    """It is back: what it changed did not help, or the same thing happened again."""
    rule = partial(rules.reopen, by=actor(tx), now=tx.now, reason=reason, incident=incident)
    tx.decide(LESSON, number, rule)


@permitted(Permission.REVIEW)
def settle_lessons_of_draft(
    tx: Tx, *, draft: int | None, proposed: Sequence[int], revision: int | None = None, why: str = ""
) -> None:
    """A draft came into force as `revision` and closes the lessons that it cites; `proposed`: those it was opened for.

    One that it does not cite any longer, or whose draft was withdrawn (`revision` None, `why`), waits again.
    """
    published = publication(tx, revision) if revision is not None else None
    cited = {number for reason in (published.reasons if published else ()) if (number := rules.number_of(reason.ref))}
    came = f"Draft {draft} was published as revision {revision} without citing this lesson."
    given_up = came if published else f"Draft {draft} was withdrawn: {why}"
    for key, lesson in tx.load_many(LESSON, sorted({*cited, *proposed})).items():
        if lesson.state == "closed":
            continue
        if published and lesson.number in cited:
            by = published.by.removeprefix("person/")
            hoped = lesson.expects or _expected(tx, lesson, lesson.words.clause)
            ref = str(published.revision)
            events = rules.close(lesson, by, tx.now, closing="revision", ref=ref, expects=hoped)
        else:
            events = rules.give_back(lesson, actor(tx), tx.now, ref=f"draft:{draft}", reason=given_up)
        tx.append(LESSON, key, events)


def _words(
    tx: Tx,
    observation: str,
    insight: str,
    change: str,
    factors: Sequence[str],
    clause: str | None,
    owner: str | None,
) -> Words:
    return rules.checked(
        Words(observation, insight, change, tuple(factors), clause, somebody(tx, owner) if owner else None)
    )


def _expected(tx: Tx, lesson: Lesson, clause: str | None) -> Expectation | None:
    """What follows from the clause or the first factor, in incidents like the one it comes from."""
    found = incident(tx, lesson.incident) if lesson.incident is not None else None
    type, service = (found.type, found.service) if found else (None, None)
    return effects.expected_of(clause, lesson.words.factors, type, service)


def _demand_source(tx: Tx, source: str) -> None:
    number = incident_of(source)
    if number is None:
        return
    try:
        incident(tx, number)
    except NotFound:
        raise Invalid("Where does the lesson come from?", (f"source: there is no INC-{number}",)) from None


def _demand_clause(tx: Tx, clause: str | None) -> None:
    """A clause of the plan in force; a lesson may also name none, as long as it does not know where."""
    found = in_force(tx)
    if clause is None or (found is not None and clause in clauses(found.plan)):
        return
    raise Invalid(
        "The plan has no such clause.",
        (f"clause: {clause[:200]!r} is not in the plan in force; `quarterdeck plan show` has the paths",),
    )


def _demand_standing(tx: Tx, lesson: Lesson, clause: str | None) -> None:
    found = in_force(tx)
    if clause is None or found is None or clause in clauses(found.plan):
        return
    raise Refused(
        "ClauseRemoved",
        f"Revision {found.revision}, which is in force, no longer has the clause {clause[:200]}. {lesson.name} keeps "
        "its words: name the clause that stands in its place, or none to have the whole plan looked at.",
    )
