"""A ServiceNow audit log as long as one likes, with the columns and the habits of the public one (UCI data set 498)."""

import csv
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

HEADER = (
    "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_by,opened_at,"
    "sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,contact_type,location,category,subcategory,u_symptom,"
    "cmdb_ci,impact,urgency,priority,assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,"
    "rfc,vendor,caused_by,closed_code,resolved_by,resolved_at,closed_at\n"
)
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")


def write(path: Path, rows: int, seed: int = 1) -> int:
    """So many rows, at most seven more; returns how many incidents they tell of."""
    chance, number, written = random.Random(seed), 0, 0  # the same file every time
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        out.write(HEADER)
        while written < rows:
            number += 1
            changes = list(_incident(chance, number))
            writer.writerows(changes)
            written += len(changes)
    return number


def _incident(chance: random.Random, number: int) -> Iterator[list[str]]:
    """From opened to closed: 5.6 rows on average, as in the public set; a third is handed on, a fifth waits."""
    at = datetime(2024, 1, 1) + timedelta(minutes=3.5 * number)
    opened, group, priority = at, chance.randrange(70), PRIORITIES[min(3, int(chance.expovariate(0.5)))]
    resolved = at + timedelta(hours=chance.lognormvariate(2.0, 1.6) + 0.1)
    closed = resolved + timedelta(days=5, minutes=chance.randrange(30))
    states = ["New", *["Active"] * chance.choice((0, 1, 1, 2)), *["Awaiting User Info"] * (chance.random() < 0.2)]
    states += [*["Active"] * chance.choice((0, 0, 1, 2)), "Resolved", "Closed"]
    moves, person = 0, "?"
    category = f"Category {int(chance.paretovariate(1.2)) % 50}"
    for i, state in enumerate(states):
        if state == "Resolved":
            at = resolved
        elif state == "Closed":
            at = closed
        elif i:
            at = min(resolved, at + timedelta(minutes=chance.expovariate(1 / 90)))
            if chance.random() < 0.3:
                group, moves, person = chance.randrange(70), moves + 1, "?"
        if person == "?" and state != "New":
            person = f"Resolver {chance.randrange(220)}"
        yield [
            f"INC{number:07d}", state, str(state != "Closed").lower(), str(moves), "0", str(i),
            str(resolved - opened < timedelta(hours=60)).lower(), f"Caller {chance.randrange(5000)}",
            f"Opened by {number % 200}", _said(opened), "?", "?", f"Updated by {chance.randrange(800)}", _said(at),
            "Phone", f"Location {number % 220}", category, f"Subcategory {number % 250}", f"Symptom {number % 500}",
            "?",
            "2 - Medium", "2 - Medium", priority, f"Group {group}", person, "false", "false", "Do Not Notify",
            "?", "?", "?", "?", f"code {number % 17}", f"Resolved by {number % 220}", _said(resolved), _said(closed),
        ]  # fmt: skip


def _said(at: datetime) -> str:
    return f"{at.day}/{at.month}/{at:%Y %H:%M}"
