"""An incident as programs get it, after every change too."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar.params import Parameter

from quarterdeck.command import views
from quarterdeck.command.views import Entry, IncidentRow, RoleRow, TaskRow
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
COMMAND: dict[str, Any] = {"may": Permission.COMMAND}
Document = dict[str, Any]
Several = Annotated[list[str] | None, Parameter(description="May be repeated.")]


def document(row: IncidentRow) -> Document:
    """An incident as programs get it."""
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    values["services"] = [row.service] if row.service else []
    del values["service"]
    return values


def entry_document(entry: Entry) -> Document:
    values = {name: getattr(entry, name) for name in entry.__dataclass_fields__}
    return {**values, "late": entry.late}


def whole(record: Record, number: int) -> Document:
    with record.read() as conn:
        found = document(views.incident(conn, number))
        tasks: list[TaskRow] = views.tasks(conn, number)
        roles: list[RoleRow] = views.roles(conn, number)
    return {**found, "tasks": tasks, "roles": roles}


def change(record: Record, who: Principal, number: int, act: Callable[[Tx], object]) -> Document:
    record.perform(who, act)
    return whole(record, number)


def conformance_of(record: Record, number: int) -> Document:
    with record.read() as conn:
        found = views.conformance(conn, number)
    return {
        "number": number,
        "plan_revision": found.plan_revision,
        "procedure": found.procedure,
        "mandatory": found.mandatory,
        "items": found.steps,
    }
