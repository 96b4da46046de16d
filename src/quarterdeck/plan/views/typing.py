"""What would a draft say, with what somebody is typing in one of its forms?"""

from collections.abc import Mapping

from sqlalchemy import Connection

from quarterdeck.governance.views import people, teams
from quarterdeck.plan.rules.checking import Checked, check
from quarterdeck.plan.rules.forms import Known
from quarterdeck.plan.rules.forms.typed import typed
from quarterdeck.plan.views.drafting import draft_text


def known(conn: Connection) -> Known:
    """Whom a form offers beside what the plan itself names: active people, and teams."""
    return Known(
        people={one.login: one.name for one in people(conn) if one.active},
        teams={one.id: one.name for one in teams(conn)},
    )


def as_typed(conn: Connection, number: int, form: Mapping[str, str]) -> tuple[dict[str, str], Checked]:
    """The draft's files with the form filled in, and their check. Nothing is saved."""
    files = typed(draft_text(conn, number).files, form, known(conn))
    return files, check(files)
