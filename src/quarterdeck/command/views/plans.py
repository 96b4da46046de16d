"""What the plan offers at declaration and asks of a running incident."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from quarterdeck.catalog.views import services
from quarterdeck.command.projections import incident
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan.rules import SEVERITIES, Plan, commander_post_for
from quarterdeck.plan.views import in_force, revision

Options = tuple[tuple[str, str], ...]
"""Value and words, for a form's select."""


@dataclass(frozen=True)
class Choices:
    """What a form about incidents may offer."""

    severities: Options
    impacts: Options
    urgencies: Options
    types: Options
    services: Options
    people: Options
    default_type: str | None


def pinned(conn: Connection, number: int) -> Plan | None:
    """The plan revision that the incident was declared under."""
    found = conn.execute(select(incident.c.plan_revision).where(incident.c.number == number)).scalar()
    return None if found is None else revision(conn, found).plan


def role_titles(conn: Connection, number: int) -> dict[str, str]:
    plan = pinned(conn, number)
    return {role: described.title for role, described in plan.roles.items()} if plan else {}


def choices(conn: Connection, number: int | None = None) -> Choices:
    """By the plan in force, or by that of incident `number`."""
    found = in_force(conn)
    plan = pinned(conn, number) if number is not None else found.plan if found else None
    scheme = plan.severity if plan else None
    levels = {str(level): described.title for level, described in scheme.levels.items()} if scheme else {}
    return Choices(
        severities=tuple((level, f"{level}: {levels[level]}" if level in levels else level) for level in SEVERITIES),
        impacts=tuple((grade.id, f"{grade.title}: {grade.meaning}") for grade in scheme.impact) if scheme else (),
        urgencies=tuple((grade.id, f"{grade.title}: {grade.meaning}") for grade in scheme.urgency) if scheme else (),
        types=tuple((type_, described.title) for type_, described in plan.types.items()) if plan else (),
        services=tuple((service.id, service.name) for service in services(conn) if service.active),
        people=tuple((person.id, person.name) for person in people(conn) if person.active),
        default_type=plan.defaults.type if plan else None,
    )


def expected_commander(conn: Connection, who: Principal, type_: str | None = None) -> str | None:
    """The name of the person who would command if `who` declared now; the same answer as the action gives."""
    everybody = people(conn)
    names = {person.id: person.name for person in everybody}
    if who.person is not None and may(who, Permission.COMMAND):
        return names.get(who.person, who.person)
    found = in_force(conn)
    if found is not None:
        post = found.plan.posts.get(commander_post_for(found.plan, type_ or found.plan.defaults.type) or "")
        holder = next((person for person in everybody if post and person.login == post.login and person.active), None)
        if holder is not None:
            return holder.name
    administrators = sorted(person.id for person in everybody if person.active and "administrator" in person.roles)
    return names[administrators[0]] if administrators else None
