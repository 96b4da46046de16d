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
        Format("xes", "xes", "XES, the event logs of process mining, and what `export xes` writes.", "xes"),
        Format("ocel", "ocel", "OCEL 2.0, object-centric event logs, JSON or XML.", "ocel"),
        Format("cstate", "cstate", "Issues of a cState status page: a Markdown file or a folder of them.", folder=True),
        Format("statuspage", "statuspage", "Incidents of a Statuspage: /api/v2/incidents.json."),
        Format("gcp", "gcp", "Incidents of Google Cloud's status page and its like: incidents.json."),
        Format(
            "pagerduty", "pagerduty", "Incidents and log entries of PagerDuty: JSON, or a folder of it.", folder=True
        ),
        Format("opsgenie", "opsgenie", "Alerts and incidents of Opsgenie: JSON, or a folder of it.", folder=True),
    )
}
"""In the order of the help."""
