"""Documents kept current, and what changed around the plan."""

from collections.abc import Iterator, Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.events import ChangeKind, Outcome, PlanPublished
from quarterdeck.plan.rules import DOCUMENT, ENVIRONMENT, Difference, Plan, document_of, documents, environment, upkeep
from quarterdeck.plan.state import publication
from quarterdeck.record import Tx
from quarterdeck.record.tx import Append


def keep_documents(
    tx: Tx, plan: Plan, published: PlanPublished, before: Plan | None, changes: Sequence[Difference]
) -> None:
    """Within a publication: every document of it is kept from now on, those that it lacks are not any longer."""
    touched = {document_of(change.clause) for change in changes}
    present = {document.key: document for document in documents(plan)}
    gone = [document.key for document in documents(before) if document.key not in present] if before else []
    kept = tx.load_many(DOCUMENT, [*present, *gone])
    number, now = published.revision, tx.now

    def moves() -> Iterator[tuple[str, Sequence[Event]]]:
        for key, document in present.items():
            yield (
                key,
                upkeep.keep(
                    kept.get(key), document, now, revision=number, touched=key in touched, reasons=published.reasons
                ),
            )
        for key in gone:
            if key in kept:
                yield key, upkeep.retire(kept[key], now, revision=number)

    appends: list[Append] = [(DOCUMENT, key, events) for key, events in moves()]
    tx.append_many(appends)


@permitted(Permission.PLAN)
def open_document_review(tx: Tx, *, document: str, trigger: str, why: str, ref: str | None = None) -> bool:
    """Ask for a review of a document before its date; False while one is open for the same trigger.

    `trigger`: one of the plan's (`review_on`); whether the document wants that trigger is for the caller to look at.
    """
    return _open(tx, document, trigger, why, ref)


@permitted(Permission.PLAN)
def settle_document_review(
    tx: Tx, *, document: str, outcome: Outcome, reason: str, revision: int | None = None
) -> None:
    """The document was looked at: nothing to change, or a revision came of it. Settles every open review of it."""
    found = publication(tx, revision) if revision is not None else None
    tx.decide(
        DOCUMENT,
        document,
        partial(upkeep.settle_review, by=tx.by.id, now=tx.now, outcome=outcome, reason=reason, published=found),
    )


@permitted(Permission.RESPOND)
def log_change(tx: Tx, *, kind: ChangeKind, text: str, happened_at: Instant, documents: Sequence[str] = ()) -> int:
    """Note that something changed which the plan rests on; returns its number.

    `documents`: keys of those that may have to follow; a review of each is opened. Raises `Invalid` for an unknown one.
    """
    known = tx.load_many(DOCUMENT, documents)
    unknown = [key for key in documents if key not in known or known[key].retired]
    if unknown:
        raise Invalid(
            "The plan has no such document.",
            tuple(f"documents: {key[:80]!r}; write `plan`, or kind and id: `procedure:ID`" for key in unknown),
        )
    number = tx.next_number("environment")
    logged = environment.log(
        number, tx.by.id, tx.now, kind=kind, text=text, happened_at=happened_at, documents=tuple(documents)
    )
    tx.append(ENVIRONMENT, number, [logged])
    for key in logged.documents:
        _open(tx, key, "environment-change", f"Change {number}: {logged.text[:500]}", f"change:{number}")
    return number


@permitted(Permission.PLAN)
def close_change(tx: Tx, *, number: int, no_impact: str | None = None, revision: int | None = None) -> None:
    """Close a change: with the reason why the plan need not follow, or with the revision that does."""
    found = publication(tx, revision) if revision is not None else None
    tx.decide(
        ENVIRONMENT,
        number,
        partial(environment.close, by=tx.by.id, now=tx.now, no_impact=no_impact, published=found),
    )


def _open(tx: Tx, document: str, trigger: str, why: str, ref: str | None) -> bool:
    events = upkeep.open_review(tx.existing(DOCUMENT, document), tx.now, trigger=trigger, why=why, ref=ref)
    if events:
        tx.append(DOCUMENT, document, events)
    return bool(events)
