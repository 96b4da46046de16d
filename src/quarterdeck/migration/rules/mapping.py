"""A mapping: which column of another system says what, and what its values mean here. Data, checked whole. Pure."""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.instants import Dates, zone
from quarterdeck.plan.rules import SEVERITIES
from quarterdeck.plan.rules.reading import read
from quarterdeck.plan.rules.shape import validate_as

Kind = Literal["log", "table"]
State = Literal["new", "active", "waiting", "mitigated", "resolved", "closed", "cancelled", "ignore"]
Level = Literal["met", "missed"]
ENDED: tuple[State, ...] = ("closed", "cancelled")
LONGEST = 200_000
MOST_CANDIDATES = 20
SYSTEM = re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$")
"""What the other system is called, before its numbers."""
_TEMPLATE = re.compile(r"\{([^{}]+)\}")


def _several(value: object) -> object:
    """One column, or several of which the first that is there counts."""
    return (value,) if isinstance(value, str) else value


Columns = Annotated[tuple[str, ...] | None, BeforeValidator(_several), Field(max_length=MOST_CANDIDATES)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fields(Strict):
    """What we know, by the columns that tell it; a list: the first that the file has."""

    number: Columns = None
    title: Columns = None
    summary: Columns = None
    type: Columns = None
    service: Columns = None
    state: Columns = None
    priority: Columns = None
    impact: Columns = None
    urgency: Columns = None
    team: Columns = None
    person: Columns = None
    reassignments: Columns = None
    service_level: Columns = None
    reason: Columns = None
    note: Columns = None
    at: Columns = None
    by: Columns = None
    started_at: Columns = None
    detected_at: Columns = None
    opened_at: Columns = None
    opened_by: Columns = None
    acknowledged_at: Columns = None
    mitigated_at: Columns = None
    resolved_at: Columns = None
    resolved_by: Columns = None
    closed_at: Columns = None


TIMES = (
    *("at", "started_at", "detected_at", "opened_at"),
    *("acknowledged_at", "mitigated_at", "resolved_at", "closed_at"),
)


class Values(Strict):
    """What the values mean: theirs → ours. States and priorities have to be told, the others stand as they are."""

    state: dict[str, State] = {}
    priority: dict[str, str] = {}
    service_level: dict[str, Level] = {}
    type: dict[str, str] = {}
    service: dict[str, str] = {}


class Mapping(Strict):
    """`kind` log: one row a change, the last row's facts count; table: one row an incident."""

    title: str = Field(default="", max_length=200)
    kind: Kind
    system: str = Field(default="csv", pattern=SYSTEM.pattern)
    missing: tuple[str, ...] = ("", "?", "NULL", "null", "None", "N/A", "n/a", "-")
    dates: Dates | None = None
    """None: as the values themselves tell."""
    zone: str = "UTC"
    delimiter: str | None = Field(default=None, min_length=1, max_length=1)
    encoding: str | None = Field(default=None, max_length=40)
    columns: Fields
    title_from: str = Field(default="", max_length=500)
    """A title of `{column}`s, for files that have none."""
    default_priority: str = "SEV3"
    object_type: str = Field(default="", max_length=200)
    """OCEL: the type of the objects that are incidents; empty: the only one, or the one named so."""
    values: Values = Values()

    def changed(self, **changes: str) -> "Mapping":
        """The mapping with some of its own settings otherwise. Raises `Invalid`."""
        try:
            found = Mapping.model_validate({**self.model_dump(exclude_none=True), **changes})
        except ValidationError as error:
            faults = tuple(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False))
            raise Invalid("The mapping cannot be used like this.", faults) from error
        zone(found.zone)
        return found


_REMEDIES = {
    "kind": "write `log` (one row a change) or `table` (one row an incident)",
    "columns": "name the columns: at least `number`, and `opened_at` or `at`",
}


def mapping_of(text: str, name: str = "mapping.yaml") -> Mapping:
    """A mapping of its YAML. Raises `Invalid` with every fault and its place."""
    if len(text) > LONGEST:
        raise Invalid("The mapping is too long.", (f"{name}: at most {LONGEST:,} characters",))
    reading = read({name: text})
    found = validate_as(Mapping, reading, _REMEDIES) if reading.document or not reading.faults else None
    faults = [str(fault) for fault in sorted(set(reading.faults))]
    if found is None or faults:
        raise Invalid("The mapping cannot be used.", tuple(faults[:100]) or (f"{name}: says nothing",))
    wrong = [
        f"{name}: values.priority: {theirs!r} means {ours!r}; use one of {', '.join(SEVERITIES)}"
        for theirs, ours in (*found.values.priority.items(), ("default_priority", found.default_priority))
        if ours not in SEVERITIES
    ]
    if wrong:
        raise Invalid("The mapping cannot be used.", tuple(wrong[:100]))
    zone(found.zone)
    return found


def fitted(mapping: Mapping, there: Sequence[str]) -> dict[str, str]:
    """Our fields → the columns that this file has. Names are compared without case and space around them.

    Raises `Invalid` if the file has no column for the number or for the time, and says which there are.
    """
    known = {column.strip().casefold(): column for column in reversed(there)}
    found: dict[str, str] = {}
    for field in Fields.model_fields:
        wanted = getattr(mapping.columns, field) or ()
        column = next((known[one.strip().casefold()] for one in wanted if one.strip().casefold() in known), None)
        if column is not None:
            found[field] = column
    needed = {"number": ("number",), "time": ("opened_at", "at") if mapping.kind == "log" else ("opened_at",)}
    errors = []
    for what, fields in needed.items():
        if not any(field in found for field in fields):
            looked = sorted({one for field in fields for one in getattr(mapping.columns, field) or ()})
            errors.append(
                f"{what}: looked for {', '.join(map(repr, looked)) or 'nothing: the mapping names no column'}"
            )
    if errors:
        shown = ", ".join(repr(column[:60]) for column in there[:60]) or "none"
        more = f" and {len(there) - 60} more" if len(there) > 60 else ""
        raise Invalid("The mapping does not fit this file.", (*errors, f"the file has: {shown}{more}"))
    return found


def titled(mapping: Mapping, row: Map[str, str]) -> str:
    """The title of `title_from`: `{column}` and nothing more; what is missing is left out."""
    missing = set(mapping.missing)

    def value(found: re.Match[str]) -> str:
        text = row.get(found[1].strip(), "").strip()
        return "" if text in missing else text

    return " ".join(_TEMPLATE.sub(value, mapping.title_from).split()).strip(" ,;:/-")
