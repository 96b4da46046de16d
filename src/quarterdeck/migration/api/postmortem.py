"""Post-mortems in Markdown, one at a time: what would become of it, or what became of it."""

from typing import Any

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal
from quarterdeck.migration import actions
from quarterdeck.migration.sources.postmortem import read
from quarterdeck.record import Record

ADMINISTER: dict[str, Any] = {"may": Permission.ADMINISTER}
Document = dict[str, Any]


class Text(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`name`: what it is called where it comes from; the same name again brings in nothing."""

    name: str
    text: str
    severity: str | None = None
    service: str | None = None
    dry_run: bool = False


@post("/api/imports/postmortems", opt=ADMINISTER, sync_to_thread=True, status_code=200)
def post_postmortem(record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[Text]) -> Document:
    """Bring it in; with `dry_run`, only say what would become of it, its contradictions and what was not understood."""
    written = read(data.text, data.name.strip()[:200] or "post-mortem")
    do = record.rehearse if data.dry_run else record.perform
    outcome = do(
        who,
        lambda tx: actions.bring_in_postmortem(
            tx, written=written, severity=data.severity or None, service=data.service or None
        ),
    )
    return {
        "outcome": outcome,
        "rows": len(written.rows),
        "contradictions": [str(clash) for clash in outcome.times.contradictions] if outcome.times else [],
        "not_understood": written.misread,
    }


ROUTES = [post_postmortem]
