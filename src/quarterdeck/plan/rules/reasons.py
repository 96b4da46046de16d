"""Why a plan changes: at least one reason, each of a kind, and every change accounted for by one of them."""

from collections.abc import Iterable, Sequence

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.differences import Difference

LONGEST = 2_000
MOST = 50


def prose(field: str, value: str, longest: int = LONGEST) -> str:
    """The text, stripped. Raises `Invalid` if it is empty, too long or cannot be stored."""
    value = value.strip()
    if not value:
        raise Invalid("A text is missing.", (f"{field}: say why, in a sentence",))
    if len(value) > longest or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid("A text cannot be stored.", (f"{field}: at most {longest:,} characters, without NUL",))
    return value


def check_reasons(reasons: Iterable[Reason], changes: Sequence[Difference] | None = None) -> tuple[Reason, ...]:
    """The reasons, stripped. `changes`: what they have to account for; None: that is not known yet.

    A reason without clauses accounts for all. Raises `Invalid` with every fault.
    """
    given = tuple(reasons)
    errors: list[str] = []
    if not given:
        errors.append("reasons: cite at least one; a plan changes for a lesson, a review, a change, an obligation …")
    if len(given) > MOST:
        errors.append(f"reasons: at most {MOST}")
    for index, reason in enumerate(given[:MOST]):
        errors += _faults(index, reason)
        if changes is not None:
            errors += [
                f"reasons.{index}.clauses: nothing has changed at `{clause}`"
                for clause in reason.clauses
                if not any(covers(clause, change.clause) for change in changes)
            ]
    if changes is not None and given and all(reason.clauses for reason in given):
        named = [clause for reason in given for clause in reason.clauses]
        errors += [
            f"reasons: none accounts for `{change.clause}` ({change.sentence})"
            for change in changes
            if not any(covers(clause, change.clause) for clause in named)
        ]
    if errors:
        raise Invalid("Every change cites a reason.", tuple(errors[:200]))
    return tuple(
        Reason(
            kind=reason.kind,
            ref=reason.ref.strip() if reason.ref else None,
            text=reason.text.strip(),
            clauses=reason.clauses,
        )
        for reason in given
    )


def covers(clause: str, changed: str) -> bool:
    """Whether a clause is, holds or belongs to what changed; the empty clause is the whole plan."""
    return clause == changed or not clause or not changed or _under(changed, clause) or _under(clause, changed)


def _under(inner: str, outer: str) -> bool:
    return inner.startswith(f"{outer}.")


def _faults(index: int, reason: Reason) -> list[str]:
    at, errors = f"reasons.{index}", []
    if not reason.text.strip():
        errors.append(f"{at}.text: say it in a sentence")
    for field, value, longest in (("text", reason.text, LONGEST), ("ref", reason.ref or "", 200)):
        if len(value) > longest or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            errors.append(f"{at}.{field}: at most {longest:,} characters, without NUL")
    if len(reason.clauses) > 200 or any(len(clause) > 500 for clause in reason.clauses):
        errors.append(f"{at}.clauses: at most 200, each at most 500 characters")
    return errors
