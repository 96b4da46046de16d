"""What people write in a review, for programs: texts, observations, how the story is told, comments."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions
from quarterdeck.learning.api.reviewing import Document, document
from quarterdeck.record import Record

RESPOND: dict[str, Any] = {"may": Permission.RESPOND}


class Texts(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    seen: int
    """The version of the review that the author began from."""
    texts: dict[str, str]
    """By prompt: summary, surprised, helped, worse, change. Markdown. What is left out stays as it is."""


class Observation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    prompt: str
    """surprised, helped, worse or change."""
    text: str
    evidence: list[int] = []
    """Positions on the record, as the timeline gives them."""


class Telling(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    told: bool = True
    title: str | None = None
    occurred_at: datetime | None = None
    """With its zone, where the recorded time is wrong; then `reason` is needed."""
    reason: str = ""


class Comment(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    text: str
    about: str = ""
    """A prompt or an observation; empty: the whole review."""


@put("/api/incidents/{number:int}/review/texts", opt=RESPOND, sync_to_thread=True)
def put_texts(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Texts]
) -> Document:
    """Save texts. 409 `ReviewMovedOn`, with what differs, where somebody else changed the same text since `seen`."""
    record.perform(who, lambda tx: actions.write_review(tx, number=number, texts=data.texts, seen=data.seen))
    return document(record, number)


@post("/api/incidents/{number:int}/review/observations", opt=RESPOND, sync_to_thread=True)
def post_observation(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Observation]
) -> Document:
    """Add one thing noticed, shown by facts of the record."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.observe(tx, number=number, **facts))
    return document(record, number)


@put("/api/incidents/{number:int}/review/observations/{observation:str}", opt=RESPOND, sync_to_thread=True)
def put_observation(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    observation: FromPath[str],
    data: JSONBody[Observation],
) -> Document:
    """Say it otherwise, whole."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.revise_observation(tx, number=number, observation=observation, **facts))
    return document(record, number)


@post(
    "/api/incidents/{number:int}/review/observations/{observation:str}/withdrawal",
    opt=RESPOND,
    sync_to_thread=True,
    status_code=200,
)
def post_withdrawal(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], observation: FromPath[str]
) -> Document:
    """Take it back."""
    record.perform(who, lambda tx: actions.withdraw_observation(tx, number=number, observation=observation))
    return document(record, number)


@post(
    "/api/incidents/{number:int}/review/observations/{observation:str}/lesson",
    opt=RESPOND,
    sync_to_thread=True,
)
def post_lesson(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], observation: FromPath[str]
) -> Document:
    """Make a lesson of it; the observation then says which (`lesson`)."""
    record.perform(who, lambda tx: actions.grow_lesson(tx, number=number, observation=observation))
    return document(record, number)


@put("/api/incidents/{number:int}/review/story/{position:int}", opt=RESPOND, sync_to_thread=True)
def put_entry(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    position: FromPath[int],
    data: JSONBody[Telling],
) -> Document:
    """Tell an entry of the timeline or leave it out, under another title, at another time. The entry itself stays."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.tell_entry(tx, number=number, position=position, **facts))
    return document(record, number)


@post("/api/incidents/{number:int}/review/comments", opt=RESPOND, sync_to_thread=True)
def post_comment(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Comment]
) -> Document:
    """Comment on it."""
    facts = msgspec.structs.asdict(data)
    record.perform(who, lambda tx: actions.comment_review(tx, number=number, **facts))
    return document(record, number)


@post(
    "/api/incidents/{number:int}/review/comments/{comment:int}/settlement",
    opt=RESPOND,
    sync_to_thread=True,
    status_code=200,
)
def post_settlement(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], comment: FromPath[int]
) -> Document:
    """What it asked for has been done, or answered."""
    record.perform(who, lambda tx: actions.settle_comment(tx, number=number, comment=comment))
    return document(record, number)


ROUTES = [
    put_texts,
    post_observation,
    put_observation,
    post_withdrawal,
    post_lesson,
    put_entry,
    post_comment,
    post_settlement,
]
