"""Which forms of history can be brought in, and by which mapping of ours unless another is given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """`source`: the module of `sources` that reads it; `mapping`: a shipped mapping, where it is read by one."""

    name: str
    source: str
    says: str
    mapping: str | None = None
    folder: bool = False
    """May be a folder of files."""


FORMATS = {
    one.name: one
    for one in (
        Format(
            "servicenow", "separated", "ServiceNow's audit log of incidents as CSV: one row a change.", "servicenow"
        ),
        Format("csv", "separated", "CSV with one row an incident, or a log by a mapping of yours.", "csv"),
    )
}
"""In the order of the help."""
