"""Which documents are to be looked at again when something happened, and why: the plan's triggers (`review_on`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from quarterdeck.plan.rules import Document, Plan, documents, procedure_for
from quarterdeck.plan.rules.governed import Trigger
from quarterdeck.plan.rules.procedure import STUB


@dataclass(frozen=True)
class Wanted:
    """A review to open."""

    document: str
    trigger: Trigger
    why: str
    ref: str


def after_incident(
    plan: Plan, *, number: int, severity: str, type: str | None, significant: bool
) -> tuple[Wanted, ...]:
    """A significant incident asks for the plan and the procedure used; a type without one, or with a stub, for that."""
    procedure, ref = procedure_for(plan, type), f"INC-{number}"
    used = f"procedure:{procedure}" if procedure else None
    found: list[Wanted] = []
    if significant:
        why = f"{ref} ({severity}) owes a review: does the document still hold?"
        found += _wanted(plan, "significant-incident", ("plan", *([used] if used else ())), why, ref)
    title = plan.types[type].title if type in plan.types else "unknown to the plan"
    steps = len(plan.procedures[procedure].steps) if procedure else 0
    if used is None:
        why = f"{ref} was of the type {title}, which has no procedure."
        found += _wanted(plan, "type-without-procedure", ("plan",), why, ref)
    elif steps < STUB:
        many = f"{steps} step{'' if steps == 1 else 's'}"
        why = f"{ref} was of the type {title}, whose procedure is a stub with {many}."
        found += _wanted(plan, "type-without-procedure", (used,), why, ref)
    return tuple(found)


def after_service(plan: Plan, *, service: str, name: str, path: str | None) -> tuple[Wanted, ...]:
    """A service that no route names, no path pages for, and no procedure's scope mentions."""
    if _covered(plan, service, name, path):
        return ()
    why = f"The service {name} ({service}) has no cover: no route names it, it has no escalation path of the plan, "
    why += "and no procedure's scope mentions it."
    return tuple(_wanted(plan, "service-without-cover", ("plan",), why, f"service:{service}"))


def after_leaving(plan: Plan, *, login: str) -> tuple[Wanted, ...]:
    """Somebody left who holds posts: the plan, and each document that such a post keeps or approves."""
    held = [id for id, post in plan.posts.items() if post.login == login]
    if not held:
        return ()
    titles = ", ".join(plan.posts[id].title for id in held)
    keys = [one.key for one in documents(plan) if one.key != "plan" and {one.owner, one.approver} & set(held)]
    why = f"Whoever held the post {titles} has left: name somebody else."
    return tuple(_wanted(plan, "role-holder-left", ("plan", *keys), why, f"post:{held[0]}"))


def after_exercise(
    plan: Plan, *, number: int, procedure: str | None, failed: tuple[str, ...], of_plan: bool
) -> tuple[Wanted, ...]:
    """An exercise failed to meet objectives: the procedure that was tried; the plan, if it is paging or telling.

    `failed`: the objectives' titles; `of_plan`: one of them rests on paging, updates or elevation.
    """
    if not failed:
        return ()
    ref, titles = f"EX-{number}", "; ".join(f"“{title}”" for title in failed)
    keys = ([f"procedure:{procedure}"] if procedure else []) + (["plan"] if of_plan or not procedure else [])
    why = f"{ref} tried it, and these objectives were not met: {titles}."
    return tuple(_wanted(plan, "exercise-failed", tuple(keys), why, ref))


def after_practice(plan: Plan, *, procedure: str, title: str, numbers: tuple[int, ...], of: int) -> tuple[Wanted, ...]:
    """A step that was skipped, late or left undone in too many uses."""
    which = ", ".join(f"INC-{number}" for number in numbers)
    why = f"The step “{title}” was skipped, late or left undone in {len(numbers)} of its last {of} uses: {which}."
    return tuple(_wanted(plan, "step-not-followed", (f"procedure:{procedure}",), why, f"INC-{numbers[-1]}"))


def _wanted(plan: Plan, trigger: Trigger, keys: tuple[str, ...], why: str, ref: str) -> Iterator[Wanted]:
    """Only for documents that ask for this trigger."""
    by_key: dict[str, Document] = {one.key: one for one in documents(plan)}
    for key in keys:
        if key in by_key and trigger in by_key[key].review_on:
            yield Wanted(key, trigger, why, ref)


def _covered(plan: Plan, service: str, name: str, path: str | None) -> bool:
    if path in plan.escalation:
        return True
    if any(route.service and (route.service == service or route.service.startswith("{")) for route in plan.routing):
        return True
    words = (f" {(one.scope or '').casefold()} " for one in plan.procedures.values())
    return any(word.casefold() in scope for scope in words for word in (service, name))
