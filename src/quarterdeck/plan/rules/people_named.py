"""The people whom a plan names by login: holders of posts, and targets in person."""

from collections.abc import Callable

from quarterdeck.plan.rules.checking import Checked
from quarterdeck.plan.rules.faults import Fault, dotted
from quarterdeck.plan.rules.references import find

_TARGETS = ("escalation.*.levels.*.notify.*", "roles.*.filled_by", "communication.audiences.*.to.*")


def strangers(checked: Checked, problem: Callable[[str], str | None]) -> tuple[Fault, ...]:
    """A fault for everybody named who cannot act. `problem`: what is wrong with a login; None: nothing."""
    document = checked.reading.document
    named = [(path, value) for path, value in find(document, "posts.*.login") if isinstance(value, str)]
    for pattern in _TARGETS:
        for path, value in find(document, pattern):
            if isinstance(value, str) and value.startswith("person:"):
                named.append((path, value.removeprefix("person:")))
    said = {login: problem(login) for login in dict.fromkeys(login for _, login in named)}
    remedy = "add them first, or give another login"
    return tuple(
        Fault(checked.place(path), dotted(path), f"the person `{login[:80]}` {said[login]}", remedy)
        for path, login in named
        if said[login]
    )
