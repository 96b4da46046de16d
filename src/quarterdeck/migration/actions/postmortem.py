"""Bringing in a post-mortem: an incident with its times and its review, and proposals of factors and lessons."""

from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.catalog.state import service as catalogued
from quarterdeck.command.actions import bring_in
from quarterdeck.command.rules.past import Past
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.learning.actions import bring_in_review, find_factor, identify_lesson
from quarterdeck.learning.rules.factoring import LONGEST
from quarterdeck.migration.events import PostmortemBroughtIn
from quarterdeck.migration.rules import POSTMORTEM
from quarterdeck.migration.rules.brought import digest_of, key_of
from quarterdeck.migration.rules.filing import filed
from quarterdeck.migration.rules.postmortem import Times, Written, times
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx

WITHOUT = "SEV3"
"""The severity of a post-mortem that states none."""


@dataclass(frozen=True)
class Outcome:
    """What became of a post-mortem. `news`: it was not here before."""

    name: str
    title: str
    number: int
    news: bool
    times: Times | None = None
    factors: tuple[str, ...] = ()
    lessons: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was taken for granted or left out, in sentences."""


@permitted(Permission.ADMINISTER)
def bring_in_postmortem(
    tx: Tx, *, written: Written, severity: str | None = None, service: str | None = None
) -> Outcome:
    """Bring it in once: a name that is here already gives its incident, and nothing more.

    `severity` and `service` stand where the text states none. Raises `Refused` (`ChangedSince`) if another text came
    under this name, `Invalid` if no instant is known.
    """
    stream, digest = key_of(written.name), digest_of(written.text)
    before = tx.load(POSTMORTEM, stream)
    if before is not None:
        if before.digest != digest:
            detail = (
                f"{written.name} is INC-{before.number} and was another text then. Change it there, or rename this one."
            )
            raise Refused("ChangedSince", detail)
        return Outcome(written.name, written.title, before.number, news=False)
    found = times(written)
    if found is None:
        raise Invalid(
            f"When did {written.name} happen?",
            (f"{written.name}: no line gives an instant; add one, as in `- Started: 2026-03-02 09:00`",),
        )
    remarks = list(found.assumed)
    past = _past(tx, written, found, severity, service, remarks)
    number = bring_in(tx, pasts=[past])[0]
    bring_in_review(tx, number=number, text=written.text)
    points = dict.fromkeys(_short(point) for point in written.factors)
    factors = tuple(find_factor(tx, number=number, code=filed(point), text=point) for point in points)
    lessons = tuple(identify_lesson(tx, **said) for said in _lessons(written, f"INC-{number}"))
    event = PostmortemBroughtIn(
        at=tx.now,
        name=written.name,
        digest=digest,
        number=number,
        factors=factors,
        lessons=lessons,
        by=tx.by.person or tx.by.id,
    )
    tx.append(POSTMORTEM, stream, [event])
    return Outcome(written.name, written.title, number, True, found, factors, lessons, tuple(remarks))


def _past(
    tx: Tx, written: Written, found: Times, severity: str | None, service: str | None, remarks: list[str]
) -> Past:
    if written.severity is None:
        remarks.append(f"No severity is stated; {severity or WITHOUT} is taken.")
    standing = in_force(tx)
    type_ = written.type if standing and written.type in standing.plan.types else None
    if written.type and type_ is None:
        remarks.append(f"The plan in force has no type {written.type!r}; the incident has none.")
    id = written.service if written.service and catalogued(tx, written.service) else service
    if written.service and id != written.service:
        remarks.append(f"The catalogue has no service {written.service!r}; the incident has {id or 'none'}.")
    last = max([found.ended, *(row.at for row in written.rows)])
    return Past(
        source=f"postmortem:{written.name}",
        title=written.title,
        severity=written.severity or severity or WITHOUT,
        declared_at=found.detected,
        detected_at=found.detected,
        impact_started=found.began,
        mitigated_at=found.mitigated,
        resolved_at=found.ended,
        ended_at=min(max(last, found.ended), tx.now) if last - found.ended < timedelta(days=3660) else found.ended,
        type=type_,
        service=id,
        summary=" ".join(written.summary.split()),
        reason=found.resolution,
        notes=[(row.at, row.text) for row in written.rows],
    )


def _lessons(written: Written, source: str) -> list[dict[str, str]]:
    """Lessons as they were written; an action item says what is to change, and waits for somebody to judge it."""
    said = [{"source": source, "observation": _short(point)} for point in dict.fromkeys(written.lessons)]
    said += [
        {"source": source, "observation": f"{written.name} asks for this", "change": _short(point)}
        for point in dict.fromkeys(written.actions)
    ]
    return said


def _short(point: str) -> str:
    """The whole of it stands in the review."""
    return point if len(point) <= LONGEST else point[: LONGEST - 2].rstrip() + " …"
