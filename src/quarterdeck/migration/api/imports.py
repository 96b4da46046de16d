"""Imports to read: what became of each, and every row that was not brought in."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.migration import views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
Document = dict[str, Any]


@get("/api/imports", opt=READ, sync_to_thread=True)
def list_imports(record: NamedDependency[Record], limit: Annotated[int, Parameter(ge=1, le=500)] = 50) -> Document:
    """The imports, the latest first. `state`: ended, failed, or open (it goes on, or was broken off)."""
    with record.read() as conn:
        rows = views.imports(conn, limit)
    return {"items": [_document(row) for row in rows], "next": None}


@get("/api/imports/{id:str}", opt=READ, sync_to_thread=True)
def show_import(record: NamedDependency[Record], id: FromPath[str]) -> Document:
    """One import, with the mapping that it used."""
    with record.read() as conn:
        return {**_document(views.import_run(conn, id)), "mapping_text": views.mapping_used(conn, id)}


@get("/api/imports/{id:str}/rejections", opt=READ, sync_to_thread=True)
def list_rejections(
    record: NamedDependency[Record],
    id: FromPath[str],
    limit: Annotated[int, Parameter(ge=1, le=5000)] = 500,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 0,
) -> Document:
    """The rows that were not brought in, each with its line and the reason; `apart`: rightly so."""
    with record.read() as conn:
        views.import_run(conn, id)
        found = [
            one
            for at, one in zip(range(cursor + limit + 1), views.rejected_rows(conn, id), strict=False)
            if at >= cursor
        ]
    return {"items": found[:limit], "next": cursor + limit if len(found) > limit else None}


def _document(row: views.ImportRow) -> Document:
    return {**{name: getattr(row, name) for name in row.__dataclass_fields__}, "state": row.state}


ROUTES = [list_imports, show_import, list_rejections]
