"""XES: a trace for each incident, an event for each fact; others read the usual extensions, we our own facts. Pure."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from quarterdeck.migration.rules.writing.kept import Kept, fact_text, iso, shown

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value="-"/></global>
<global scope="event"><string key="concept:name" value="-"/>
<date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>
<classifier name="Activity" keys="concept:name"/>
<string key="concept:name" value="Incidents of Quarterdeck"/>
"""


def xes(incidents: Iterable[Kept]) -> Iterator[str]:
    yield _HEAD
    for one in incidents:
        yield "".join(_trace(one))
    yield "</log>\n"


def _trace(one: Kept) -> Iterator[str]:
    row = one.row
    yield "<trace>\n"
    for key, value in (
        ("concept:name", one.source),
        ("quarterdeck:source", one.source),
        ("title", row.title),
        ("severity", row.severity),
        ("type", row.type),
        ("service", row.service),
        ("state", row.state),
        ("drill", "true" if row.drill else None),
    ):
        if value:
            yield _attribute("string", key, value)
    for fact in one.facts:
        yield "<event>"
        yield _attribute("string", "concept:name", fact.activity)
        yield _attribute("date", "time:timestamp", iso(fact.at))
        if shown(fact.by):
            yield _attribute("string", "org:resource", shown(fact.by))
        if team := fact.data.get("team"):
            yield _attribute("string", "org:group", str(team))
        yield _attribute("string", "lifecycle:transition", "complete")
        yield _attribute("string", "quarterdeck:type", fact.type)
        yield _attribute("string", "quarterdeck:fact", fact_text(fact))
        yield "</event>\n"
    yield "</trace>\n"


def _attribute(kind: str, key: str, value: str) -> str:
    return f"<{kind} key={_quoted(key)} value={_quoted(value)}/>"


def _quoted(text: str) -> str:
    """For an attribute; what XML 1.0 cannot hold is replaced."""
    kept = "".join(
        c if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff") else "\ufffd"
        for c in text
    )
    return quoteattr(kept, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
