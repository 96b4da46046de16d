"""Who approves a draft: the holder of the approver post, or, if they wrote in it, another person who may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.kernel.errors import Refused


@dataclass(frozen=True)
class Approver:
    """The post that approves, by its title, and whoever holds it. `holder`: a principal's id; None: nobody active."""

    post: str
    holder: str | None


def may_approve(approver: Approver, authors: Sequence[str], able: Mapping[str, str]) -> tuple[str, ...]:
    """The principals who may. `able`: active people with the permission for the plan, id → name."""
    holder = approver.holder
    if holder in able and holder not in authors:
        return (str(holder),)
    sole = authors[0] if len(set(authors)) == 1 else None
    return tuple(id for id in able if id not in (holder, sole))


def demand_approver(by: str, number: int, approver: Approver, authors: Sequence[str], able: Mapping[str, str]) -> None:
    """Raises `Refused` unless `by` may approve this draft."""
    may = may_approve(approver, authors, able)
    if by in may:
        return
    demand_some(number, approver, authors, able)
    names = " or ".join(able[id] for id in may)
    if by in authors:
        raise Refused("OwnText", f"You wrote draft {number}; somebody else approves it: {names}.")
    raise Refused("NotTheApprover", f"Draft {number} is approved by the post “{approver.post}”: {names}.")


def demand_some(number: int, approver: Approver, authors: Sequence[str], able: Mapping[str, str]) -> None:
    """Raises `Refused` if nobody may approve, and says what to do then."""
    if not may_approve(approver, authors, able):
        raise Refused("NobodyMayApprove", nobody_may(number, able))


def nobody_may(number: int, able: Mapping[str, str]) -> str:
    """Why nobody can approve a draft, and the two ways out."""
    if len(able) == 1:
        who = f"only {next(iter(able.values()))} has the permission `plan`, and nobody approves their own text"
    elif able:
        who = f"of those with the permission `plan` ({', '.join(able.values())}) nobody may approve this text"
    else:
        who = "no active person has the permission `plan`"
    return (
        f"Nobody can approve draft {number}: {who}. Give another person a role that carries it (manager), or let the "
        f"operator adopt the text at the host, which the record says plainly: quarterdeck plan export {number} DIR "
        "--draft, then quarterdeck plan publish DIR --reason …"
    )
