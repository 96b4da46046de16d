"""What was imported when, what became of it, which rows were not brought in; and a small file brought in by hand."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Stream, Template

from quarterdeck.command.views import by_sources
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.migration import actions, views
from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import FORMATS, Format
from quarterdeck.migration.rules.instants import FORMS
from quarterdeck.migration.rules.looking import Looked, outcome_of, values_of
from quarterdeck.migration.rules.mapping import mapping_of
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.sources import mapping_text, read_history
from quarterdeck.migration.sources.files.keys import pseudonym_key
from quarterdeck.paper.spreadsheets import harmless
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
ADMINISTER: dict[str, Any] = {"may": Permission.ADMINISTER}
MAX_UPLOAD = 12_000_000
MOST_UNPACKED_ROWS = 200_000
SHOWN = 200
_FIELDS = ("format", "mapping", "dates", "zone", "pseudonymise", "do")
Sent = Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)]


@get("/imports", opt=READ, sync_to_thread=True)
def imports_page(record: NamedDependency[Record]) -> Template:
    """The imports, the latest first."""
    with record.read() as conn:
        rows = views.imports(conn)
    return Template("migration/imports.html", context={"rows": rows})


@get("/imports/{id:str}", opt=READ, sync_to_thread=True)
def import_page(record: NamedDependency[Record], id: FromPath[str]) -> Template:
    """One import: counts, values without a meaning, and the first rows that were not brought in."""
    with record.read() as conn:
        row = views.import_run(conn, id)
        rejected = [one for _, one in zip(range(SHOWN), views.rejected_rows(conn, id), strict=False)]
        mapping = views.mapping_used(conn, id)
    return Template("migration/import.html", context={"row": row, "rejected": rejected, "mapping": mapping})


@get("/imports/{id:str}/rejected.csv", opt=READ, sync_to_thread=True)
def rejected_file(record: NamedDependency[Record], id: FromPath[str]) -> Stream:
    """Every row that was not brought in, with its line and the reason."""
    with record.read() as conn:
        views.import_run(conn, id)
    headers = {"Content-Disposition": f'attachment; filename="rejected-{id[:40]}.csv"'}
    return Stream(_lines(record, id), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(record: Record, id: str) -> Iterator[str]:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("line", "what", "reason"))
    with record.read() as conn:
        for one in views.rejected_rows(conn, id):
            writer.writerow((one.line, "apart" if one.apart else "rejected", harmless(one.reason)))
            if out.tell() > 65_536:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
    yield out.getvalue()


@get("/import/history", opt=ADMINISTER, sync_to_thread=True)
def new_import_page() -> Template:
    """Choose a file and say what it is."""
    return _form(dict.fromkeys(_FIELDS, ""))


@post("/import/history", opt=ADMINISTER, sync_to_thread=True, status_code=200, request_max_body_size=MAX_UPLOAD)
def new_import(
    record: NamedDependency[Record],
    settings: NamedDependency[Any],
    who: NamedDependency[Principal],
    data: Sent,
) -> Response[Any]:
    """Look at the file, or bring it in. A refusal shows the form again, with what was chosen."""
    given = {name: value if isinstance(value := data.get(name), str) else "" for name in _FIELDS}
    try:
        format, asked, text = _asked(given, settings.home)
        with TemporaryDirectory() as folder:
            path = _saved(data.get("file"), Path(folder))
            if given["do"] == "look":
                return _form(given, looked=_look(record, format, path, asked), asked=asked, file=path.name)
            run, _ = actions.bring_in_history(
                record,
                who,
                items=_bounded(read_history(format, path, asked)),
                seen=asked.seen,
                after=lambda done: None,
                format=format.name,
                file=path.name,
                size=path.stat().st_size,
                mapping=asked.mapping.title if asked.mapping else "",
                mapping_text=text,
                pseudonymous=asked.names.pseudonymous,
            )
    except Invalid as error:
        return _form(given, error=error)
    return Redirect(f"/imports/{run}", status_code=303)


def _asked(given: dict[str, str], home: Path) -> tuple[Format, Asked, str]:
    format = FORMATS.get(given["format"])
    if format is None:
        raise Invalid("Which form has the file?", (f"format: use one of {', '.join(FORMATS)}",))
    text = given["mapping"].strip() or (mapping_text(format.mapping) if format.mapping else "")
    mapping = None
    if format.mapping:
        changes = {name: given[name].strip() for name in ("dates", "zone") if given[name].strip()}
        mapping = mapping_of(text)
        mapping = mapping.changed(**changes) if changes else mapping
        text += "".join(f"# {name}: {value}\n" for name, value in changes.items())
    key = pseudonym_key(home) if given["pseudonymise"] else None
    return format, Asked(Names(key), mapping, look=given["do"] == "look"), text if format.mapping else ""


def _saved(file: Any, folder: Path) -> Path:
    """Under its own name, which may hold nothing but letters, digits, dots and hyphens."""
    if not isinstance(file, UploadFile) or not file.filename:
        raise Invalid("There is no file.", ("file: choose one; for large files use the command line",))
    plain = "".join(c if c.isalnum() or c in ".-_ " else "_" for c in Path(file.filename).name)[-100:].strip(". ")
    path = folder / (plain or "file")
    path.write_bytes(file.file.read(MAX_UPLOAD))
    return path


def _bounded(items: Iterator[Any]) -> Iterator[Any]:
    """A request must come to its end: what is longer belongs on the command line."""
    for count, one in enumerate(items):
        if count >= MOST_UNPACKED_ROWS:
            problem = f"file: more than {MOST_UNPACKED_ROWS:,} incidents; what came before is brought in"
            raise Invalid("The file holds too much for this page.", (f"{problem}, go on with `quarterdeck import`",))
        yield one


def _look(record: Record, format: Format, path: Path, asked: Asked) -> Looked:
    looked = Looked()
    for told, rejected in actions.batches(_bounded(read_history(format, path, asked))):
        with record.read() as conn:
            known = set(by_sources(conn, [one.source for one in told]))
        looked.take([*told, *rejected], record.clock.now(), known)
    return looked


def _form(given: dict[str, str], *, error: Invalid | None = None, **found: Any) -> Template:
    looked, asked = found.get("looked"), found.get("asked")
    context: dict[str, Any] = {
        "given": given,
        "formats": [(one.name, f"{one.name}: {one.says}") for one in FORMATS.values()],
        "dates": [("", "as the mapping says")] + [(one, one) for one in FORMS],
        "megabytes": MAX_UPLOAD // 1_000_000,
        "detail": error.detail if error else None,
        "faults": error.errors if error else (),
        "first": [outcome_of(one) for one in looked.first] if looked else [],
        "values": {name: values_of(asked, name)[:50] for name in asked.seen.values} if asked and asked.mapping else {},
        "reasons": looked.frequent(50) if looked else [],
        **found,
    }
    return Template("migration/new_import.html", context=context, status_code=400 if error else 200)


ROUTES = [imports_page, import_page, rejected_file, new_import_page, new_import]
