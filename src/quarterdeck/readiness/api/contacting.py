"""Contact tests for programs: start one, see who answered, see who is overdue."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness import actions, views
from quarterdeck.readiness.views.documents import Document, test_document, tested_document
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}


class Wanted(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Whom to ask, and how."""

    who: list[str]
    """`on-call`, `posts`, `paths`, `everybody`, or targets such as `team:payments`, `person:bob`."""
    sample: Annotated[int, msgspec.Meta(ge=1, le=500)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] | None = None
    """None: the day's."""
    within: Annotated[int, msgspec.Meta(ge=1, le=10_080)] = 15
    each_channel: bool = False
    waking_hours: bool = False


@get("/api/contact-tests", opt=READ, sync_to_thread=True)
def list_tests(
    record: NamedDependency[Record],
    limit: Annotated[int, Parameter(ge=1, le=100)] = 20,
    cursor: Annotated[int | None, Parameter(ge=1, le=2**31)] = None,
) -> Document:
    """Contact tests, the latest first."""
    with record.read() as conn:
        rows, following = views.contact_tests(conn, cursor, limit)
    return {"items": [test_document(row) for row in rows], "next": following}


@post("/api/contact-tests", opt=REVIEW, sync_to_thread=True)
def start_test(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Wanted]) -> Document:
    """Send a real test message to those picked, and ask them to answer."""
    now = record.clock.now()
    seed = day_of(now) if data.seed is None else data.seed
    with record.read() as conn:
        chosen, words = views.selected(conn, data.who, data.sample, seed, now)
    number = record.perform(
        who,
        lambda tx: actions.start_contact_test(
            tx,
            people=chosen,
            selection=words,
            seed=seed if data.sample else None,
            within=data.within,
            each_channel=data.each_channel,
            waking_hours=data.waking_hours,
        ),
    )
    return _document(record, number)


@get("/api/contact-tests/{number:int}", opt=READ, sync_to_thread=True)
def show_test(record: NamedDependency[Record], number: FromPath[int]) -> Document:
    """One contact test: each person, each channel, and the share that answered in time."""
    return _document(record, number)


@get("/api/readiness/contacts", opt=READ, sync_to_thread=True)
def contacts(record: NamedDependency[Record]) -> Document:
    """Everybody who may be paged, and when they last answered a test in time; those overdue first."""
    with record.read() as conn:
        rows = views.tested(conn, record.clock.now())
    return {"items": [tested_document(row) for row in rows], "next": None}


def day_of(now: Instant) -> int:
    """The seed of a day: whoever repeats the draw the same day gets the same people."""
    return now.toordinal()


def _document(record: Record, number: int) -> Document:
    with record.read() as conn:
        return test_document(views.contact_test_of(conn, number))


ROUTES = [list_tests, start_test, show_test, contacts]
