"""Questions about people, teams, keys and sessions, who stands behind a request, and who changed what."""

from quarterdeck.governance.views.audit import AuditRow, actor_names, audit
from quarterdeck.governance.views.people import (
    Credential,
    KeyRow,
    Member,
    PersonRow,
    SessionRow,
    TeamRow,
    credential,
    keys,
    people,
    person_by_id,
    person_by_login,
    person_names,
    sessions,
    team_names,
    teams,
)
from quarterdeck.governance.views.requests import (
    Identity,
    identify,
    principal_of_key,
    principal_of_request,
    principal_of_session,
)

__all__ = [
    "AuditRow",
    "Credential",
    "Identity",
    "KeyRow",
    "Member",
    "PersonRow",
    "SessionRow",
    "TeamRow",
    "actor_names",
    "audit",
    "credential",
    "identify",
    "keys",
    "people",
    "person_by_id",
    "person_by_login",
    "person_names",
    "principal_of_key",
    "principal_of_request",
    "principal_of_session",
    "sessions",
    "team_names",
    "teams",
]
