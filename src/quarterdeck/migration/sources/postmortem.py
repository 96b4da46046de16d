"""Reads a Markdown post-mortem, of the DFDS template or our plain one: line by line, forgetting none of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.postmortem import LARGEST, MOST_POINTS, MOST_ROWS, Length, Misread, Row, Written
from quarterdeck.plan.rules import SEVERITIES

_SECTIONS = {
    "summary": "summary, overview, abstract, impact, zusammenfassung, résumé, resumen",
    "timeline": "timeline, time line, chronology, zeitleiste, ablauf, chronologie, cronología",
    "factors": "contributing factors, contributing factor, causes, what contributed, root cause, root causes, ursachen,"
    " beitragende faktoren, facteurs contributifs, factores contribuyentes",
    "actions": "action items, actions, follow-up, follow up, what we change, maßnahmen, acciones",
    "lessons": "lessons learned, lessons learnt, lessons, what we learned, what we learnt, erkenntnisse, lehren,"
    " leçons, leçons apprises, lecciones aprendidas",
    "facts": "stats, statistics, facts, fakten, kennzahlen, statistiques, datos",
    "people": "attendees, atendees, participants, teilnehmer, asistentes",
}
_FACTS = {
    "date": "date, datum, fecha",
    "severity": "severity, schwere, sévérité, gravedad",
    "service": "service, dienst, servicio",
    "type": "type, typ, tipo",
    "category": "category, kategorie, catégorie",
    "zone": "zone, time zone, timezone, zeitzone",
    "began": "impact started, impact start, started, start, began, beginn, début",
    "detected": "detected, detected at, entdeckt, détecté",
    "mitigated": "mitigated, mitigated at",
    "resolved": "resolved, resolved at, end, ended, behoben, résolu",
    "to_detect": "time to detect, time to detection, ttd, zeit bis zur entdeckung",
    "to_recover": "time to recover, time to recovery, time to restore, ttr, zeit bis zur behebung",
}
_SECTION_OF = {name: section for section, names in _SECTIONS.items() for name in names.split(", ")}
_FACT_OF = {name: fact for fact, names in _FACTS.items() for name in names.split(", ")}
_HEADING = re.compile(r"^(#{1,6})\s+(\S.*)$")
_BULLET = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])(?:\s+(.*))?$")
_ZONE = re.compile(r"\b(?:times?|zeiten|heures)\b[^|]{0,30}?\b(?:in|en)\s+(UTC|GMT|CES?T|E[SD]T|P[SD]T|BST)\b", re.I)
_TITLE = re.compile(r"(?i)(date|time|when|wann|zeit|heure|hora)\b")
_STAMP = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=T|[^\w?]|$)")
_HOUR = re.compile(r"(?<![\d:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?::([0-5]\d))?(?![\d])")
_OFFSET = re.compile(r"(?:\b(UTC|GMT|Z)|([+-])(\d\d):?(\d\d))\s*$")
_LENGTH = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(d|days?|tage?|h|hrs?|hours?|stunden?|m|mins?|minuten?|minutes?|s|secs?)\b", re.I
)
_EMPHASIS = re.compile(r"(\*\*|__|`)([^*_`]{1,300})\1")
_EMPTY = re.compile(r"^[\W_]*(?:n/?a|none|todo|tbd|unknown|xxx|yyy|zzz)?[\W_]*$", re.I)
_ZONES = {"UTC": 0, "GMT": 0, "CET": 1, "CEST": 2, "BST": 1, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
_LONGEST_FACT = 300
_LONGEST = 60 * 24 * 3660
_UNITS = {"d": 1440.0, "t": 1440.0, "h": 60.0, "s": 1 / 60, "m": 1.0}


@dataclass
class _Reading:
    """What has been read so far."""

    facts: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    prose: dict[str, list[str]] = field(default_factory=dict)
    points: dict[str, list[str]] = field(default_factory=lambda: {"factors": [], "actions": [], "lessons": []})
    rows: list[Row] = field(default_factory=list)
    misread: list[Misread] = field(default_factory=list)
    day: date | None = None
    under: str = ""
    """A heading below that of the section: what the points after it are about."""

    def miss(self, line: int, text: str, why: str) -> None:
        self.misread.append(Misread(line, text.strip()[:300], why))


def read(text: str, name: str) -> Written:
    """What stands in the text. `name`: of the file, or another that tells it from others. Raises `Invalid`."""
    if len(text) > LARGEST:
        raise Invalid("That post-mortem is too long.", (f"{name}: {len(text)} characters; at most {LARGEST}",))
    if "\x00" in text:
        raise Invalid("That is no text.", (f"{name}: it holds NUL",))
    lines = text.lstrip("\ufeff").splitlines()
    found = _Reading()
    found.facts["zone"] = next((zone[1].upper() for line in lines if (zone := _ZONE.search(line))), None)
    if found.facts["zone"] is None:
        found.miss(0, "", "no line says in which zone the times are; taken as UTC")
    for number, section, line in _sections(lines, found):
        _READERS[section](found, number, line)
    return _whole(found, text, name)


def _sections(lines: list[str], found: _Reading) -> Iterator[tuple[int, str, str]]:
    """Each line of substance, with its number and the section in which it stands."""
    section, fenced = "head", False
    for number, line in enumerate(lines, start=1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            if line.strip():
                yield number, section, line
            continue
        title = heading[2].rstrip("# \t").strip(" *_`")
        known = _SECTION_OF.get(re.split(r"[^\w\s/-]", title, maxsplit=1)[0].strip().casefold())
        found.under = ""
        if known is not None:
            section = known
        elif not found.title and section == "head":
            found.title = title
        elif len(heading[1]) > 2:
            found.under = title
        else:
            section = "other"
            found.miss(number, line, "no section that is known here")


def _head(found: _Reading, number: int, line: str) -> None:
    if not _fact(found, number, line):
        found.prose.setdefault("summary", []).append(line)


def _prose(found: _Reading, number: int, line: str) -> None:
    found.prose.setdefault("summary", []).append(line)


def _facts(found: _Reading, number: int, line: str) -> None:
    if not _fact(found, number, line) and not _empty(line):
        found.miss(number, line, "no fact that is known here")


def _fact(found: _Reading, number: int, line: str) -> bool:
    """A line such as `- Severity: SEV2`; True if it is one, whether its value is understood or not."""
    key, _, value = line[:_LONGEST_FACT].partition(":")
    key = key.strip(" \t*_`+-")
    name = _FACT_OF.get(key.casefold())
    if name is None:
        return False
    value = re.sub(r"\[\^\w+\]", "", value).strip(" \t*_`")
    if _empty(value):
        return True
    understood = _VALUES[name](found, value)
    if understood is None:
        found.miss(number, line, f"{key}: not understood")
    else:
        found.facts[name] = understood
    return True


def _empty(text: str) -> bool:
    """Nothing, or what stands in a template in place of something."""
    return len(text) < _LONGEST_FACT and _EMPTY.match(text) is not None


def _date(found: _Reading, value: str) -> date | None:
    stamp = _STAMP.search(value)
    day = _day(stamp) if stamp else None
    found.day = found.day or day
    return day


def _severity(found: _Reading, value: str) -> str | None:
    level = re.search(r"\b(?:sev|severity|s|p)?[\s-]?([1-5])\b", value.casefold())
    return SEVERITIES[int(level[1]) - 1] if level else None


def _length(found: _Reading, value: str) -> Length | None:
    parts = [(float(amount.replace(",", ".")), _UNITS[unit[0].casefold()]) for amount, unit in _LENGTH.findall(value)]
    minutes = sum(amount * unit for amount, unit in parts)
    if not parts or minutes > _LONGEST:
        return None
    return Length(timedelta(minutes=minutes), timedelta(minutes=min(unit for _, unit in parts) / 2))


def _instant(found: _Reading, value: str) -> Instant | None:
    value = value[:_LONGEST_FACT].strip()
    stamp, hour = _STAMP.search(value), _HOUR.search(_STAMP.sub(" ", value))
    day = (_day(stamp) if stamp else None) or (found.day if stamp is None else None)
    if day is None or hour is None or (stamp is None and re.search(r"\d", _HOUR.sub(" ", value))):
        return None
    local = datetime.combine(day, time(int(hour[1]), int(hour[2]), int(hour[3] or 0)))
    return local.replace(tzinfo=_zone(found, value)).astimezone(UTC)


def _zone(found: _Reading, value: str) -> timezone:
    offset = _OFFSET.search(value)
    if offset and offset[2]:
        away = timedelta(hours=int(offset[3]), minutes=int(offset[4]))
        return timezone(-away if offset[2] == "-" else away) if away < timedelta(hours=15) else UTC
    return UTC if offset else timezone(timedelta(hours=_ZONES.get(found.facts.get("zone") or "UTC", 0)))


def _day(stamp: re.Match[str]) -> date | None:
    try:
        day = date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
    except ValueError:
        return None
    return day if 1971 <= day.year <= 2200 else None


def _name(found: _Reading, value: str) -> str:
    return value[:100]


def _zone_name(found: _Reading, value: str) -> str | None:
    name = value.upper().split()[0]
    return name if name in _ZONES else None


def _timeline(found: _Reading, number: int, line: str) -> None:
    if "|" in line:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        when, said = cells[0], " | ".join(cells[1:]).strip()
        if set(line) <= set("|:- \t") or _FACT_OF.get(when.casefold()) or _TITLE.match(when):
            return
    elif bullet := _BULLET.match(line):
        said = bullet[2] or ""
        stamp = re.match(r"\W*(?:\d{4}[-/]\d{1,2}[-/]\d{1,2}\W*)?\d{1,2}[:.h]\d\d(?::\d\d)?\W*", said)
        when, said = (stamp.group(), said[stamp.end() :]) if stamp else (said, "")
    elif _ZONE.search(line) or _fact(found, number, line):
        return
    else:
        found.miss(number, line, "no row of the timeline")
        return
    _row(found, number, line, when, said)


def _row(found: _Reading, number: int, line: str, when: str, said: str) -> None:
    stamp = _STAMP.search(when)
    if stamp and _day(stamp):
        found.day = _day(stamp)
    at = _instant(found, when)
    if at is None:
        why = "a day without a time of day" if stamp and _day(stamp) else f"{when[:40]!r} is no instant"
        found.miss(number, line, f"not on the timeline: {why}")
    elif not said.strip():
        found.miss(number, line, "not on the timeline: it does not say what happened")
    elif len(found.rows) >= MOST_ROWS:
        found.miss(number, line, f"not on the timeline: more than {MOST_ROWS} rows")
    else:
        found.rows.append(Row(number, at, said.strip()[:9_000]))
        if extra := _HOUR.findall(_STAMP.sub(" ", when))[1:]:
            found.miss(number, line, f"of a span only its beginning is taken, not {':'.join(extra[0][:2])}")


def _points(section: str) -> Any:
    def reader(found: _Reading, number: int, line: str) -> None:
        points, bullet = found.points[section], _BULLET.match(line)
        said = (bullet[2] or "") if bullet else line.strip()
        if re.match(r"\[[^\]]+\]:\s", said) or _empty(said):
            return
        deeper = bullet is not None and len(bullet[1]) >= 2 and points
        continued = bullet is None and points and line[:1].isspace()
        if deeper or continued:
            points[-1] = f"{points[-1]}\n{line.rstrip()}"
        elif len(points) >= MOST_POINTS:
            found.miss(number, line, f"more than {MOST_POINTS} of these")
        else:
            said = _EMPHASIS.sub(r"\2", said)
            points.append(f"{found.under}: {said}" if found.under else said)

    return reader


def _nothing(found: _Reading, number: int, line: str) -> None:
    """People stay in the review's text; sections that are not known were named at their heading."""


_READERS: dict[str, Any] = {
    "head": _head,
    "summary": _prose,
    "timeline": _timeline,
    "factors": _points("factors"),
    "actions": _points("actions"),
    "lessons": _points("lessons"),
    "facts": _facts,
    "people": _nothing,
    "other": _nothing,
}
_VALUES: dict[str, Any] = {
    "date": _date,
    "severity": _severity,
    "service": _name,
    "type": _name,
    "category": _name,
    "zone": _zone_name,
    "began": _instant,
    "detected": _instant,
    "mitigated": _instant,
    "resolved": _instant,
    "to_detect": _length,
    "to_recover": _length,
}


def _whole(found: _Reading, text: str, name: str) -> Written:
    facts = {key: value for key, value in found.facts.items() if value is not None}
    short = re.match(r"[A-Za-z]{1,6}-?\d{2,4}(?:-\d{1,6})?(?=\b)", name)
    stem = re.sub(r"\.(md|markdown|txt)$", "", name, flags=re.I).strip()
    if facts.get("zone") in ("CET", "EST", "PST") and any(4 <= row.at.month <= 10 for row in found.rows):
        found.miss(0, "", f"times are said to be in {facts['zone']}, in summer too; taken as that all the year")
    written = Written(
        name=short.group() if short else stem[:100],
        title=(found.title or re.sub(r"^[\w-]+ - +", "", stem) or "Post-mortem")[:200],
        text=text,
        summary="\n".join(found.prose.get("summary", ())).strip(),
        rows=tuple(found.rows),
        factors=tuple(found.points["factors"]),
        actions=tuple(found.points["actions"]),
        lessons=tuple(found.points["lessons"]),
        misread=tuple(sorted(found.misread, key=lambda one: one.line)),
    )
    return replace(written, **facts)
