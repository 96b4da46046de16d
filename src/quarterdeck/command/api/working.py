"""What responders post: tasks, evidence, notes and the impact."""

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.command import actions
from quarterdeck.command.api.bodies import Completion, Impact, NewTask, Note, Person, Reason
from quarterdeck.command.api.documents import RESPOND, Document, change, whole
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record


@post("/api/incidents/{number:int}/impact", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_impact(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Impact]
) -> Document:
    """State who cannot do what, in words and numbers."""
    facts = msgspec.structs.asdict(data)
    return change(record, who, number, lambda tx: actions.state_impact(tx, number=number, **facts))


@post("/api/incidents/{number:int}/tasks", opt=RESPOND, sync_to_thread=True)
def post_task(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[NewTask]
) -> Document:
    """Add a task that no procedure foresaw."""
    facts = msgspec.structs.asdict(data)
    task = record.perform(who, lambda tx: actions.add_task(tx, number=number, **facts))
    return {"task": task, **whole(record, number)}


@post("/api/incidents/{number:int}/tasks/{task:str}/assignment", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_assignment(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Person],
) -> Document:
    """Give a task to a person (login or id)."""
    return change(record, who, number, lambda tx: actions.assign_task(tx, number=number, task=task, person=data.person))


@post("/api/incidents/{number:int}/tasks/{task:str}/completion", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_completion(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Completion],
) -> Document:
    """Done; with evidence where the step wants some."""
    facts = msgspec.structs.asdict(data)
    return change(record, who, number, lambda tx: actions.complete_task(tx, number=number, task=task, **facts))


@post("/api/incidents/{number:int}/tasks/{task:str}/skip", opt=RESPOND, sync_to_thread=True, status_code=200)
def post_task_skip(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    task: FromPath[str],
    data: JSONBody[Reason],
) -> Document:
    """Leave a task out, with the reason."""
    return change(record, who, number, lambda tx: actions.skip_task(tx, number=number, task=task, reason=data.reason))


@post("/api/incidents/{number:int}/notes", opt=RESPOND, sync_to_thread=True)
def post_note(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Note]
) -> Document:
    """Markdown, at most 10,000 characters; `at` is when it happened."""
    return change(record, who, number, lambda tx: actions.note(tx, number=number, text=data.text, at=data.at))


ROUTES = [
    post_impact,
    post_task,
    post_task_assignment,
    post_task_completion,
    post_task_skip,
    post_note,
]
