"""A small log in the dialect of ServiceNow, made up: one incident of each kind that the real ones hold."""

from pathlib import Path
from typing import Any

from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import FORMATS
from quarterdeck.migration.rules.naming import Names
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources import read_history, shipped_mapping

HEADER = (
    "number,incident_state,reassignment_count,made_sla,caller_id,opened_at,sys_updated_by,sys_updated_at,category,"
    "priority,assignment_group,assigned_to,closed_code,resolved_by,resolved_at,closed_at"
)
_INC1 = "29/2/2016 08:00,1/3/2016 10:00,6/3/2016 10:00"
"""Opened, resolved, closed."""


def row(
    number: str,
    state: str,
    at: str,
    *,
    times: str = _INC1,
    count: int = 0,
    sla: str = "true",
    team: str = "Group 70",
    person: str = "?",
    priority: str = "3 - Moderate",
) -> str:
    opened, resolved, closed = times.split(",")
    return (
        f"{number},{state},{count},{sla},Caller 3,{opened},Updated by 9,{at},Category 8,{priority},{team},{person},"
        f"code 6,Resolved by 5,{resolved},{closed}"
    )


LOG = [
    # passed on once, waited for its user, resolved within its service level
    row("INC1", "New", "29/2/2016 08:00"),
    row("INC1", "New", "29/2/2016 09:00", count=1, team="Group 20"),
    row("INC1", "Active", "29/2/2016 09:30", count=1, team="Group 20", person="Resolver 1"),
    row("INC1", "Awaiting User Info", "29/2/2016 10:00", count=1, team="Group 20", person="Resolver 1"),
    row("INC1", "Resolved", "1/3/2016 10:00", count=1, team="Group 20", person="Resolver 2"),
    row("INC1", "Closed", "6/3/2016 10:00", count=1, team="Group 20", person="Resolver 2"),
    # reopened, and its service level missed then; the columns state the last resolution alone
    row("INC2", "Resolved", "29/2/2016 09:00", times="29/2/2016 08:30,3/3/2016 08:30,8/3/2016 09:00"),
    row("INC2", "Active", "1/3/2016 09:00", times="29/2/2016 08:30,3/3/2016 08:30,8/3/2016 09:00", sla="false"),
    row("INC2", "Resolved", "3/3/2016 08:30", times="29/2/2016 08:30,3/3/2016 08:30,8/3/2016 09:00", sla="false"),
    row("INC2", "Closed", "8/3/2016 09:00", times="29/2/2016 08:30,3/3/2016 08:30,8/3/2016 09:00", sla="false"),
    # nobody says when it was resolved; raised on the way
    row("INC3", "Resolved", "29/2/2016 14:00", times="29/2/2016 13:59,?,5/3/2016 15:00"),
    row("INC3", "Closed", "5/3/2016 15:00", times="29/2/2016 13:59,?,5/3/2016 15:00", priority="1 - Critical"),
    # resolved before it was opened
    row("INC4", "New", "2/3/2016 08:00", times="2/3/2016 08:00,1/3/2016 08:00,2/3/2016 12:00"),
    row("INC4", "Resolved", "2/3/2016 09:00", times="2/3/2016 08:00,1/3/2016 08:00,2/3/2016 12:00"),
    row("INC4", "Closed", "2/3/2016 12:00", times="2/3/2016 08:00,1/3/2016 08:00,2/3/2016 12:00"),
]


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
    return path


def asked(format: str = "servicenow", key: bytes | None = None, **changes: str) -> Asked:
    mapping = shipped_mapping(FORMATS[format])
    return Asked(Names(key), mapping.changed(**changes) if mapping and changes else mapping)


def read(path: Path, format: str = "servicenow", how: Asked | None = None) -> tuple[dict[str, Told], list[Rejection]]:
    """The incidents by number, and what was rejected."""
    items: list[Any] = list(read_history(FORMATS[format], path, how or asked(format)))
    told = {one.number: one for one in items if isinstance(one, Told)}
    return told, [one for one in items if isinstance(one, Rejection)]
