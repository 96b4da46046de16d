"""The executive page, as of now or of a past day: what is at risk, is it better or worse, what has to be decided."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.events.reporting import ExecutivePage, Line, TrendSaid, Week
from quarterdeck.direction.rules.exposure import weigh
from quarterdeck.direction.rules.exposure.wording import sentence
from quarterdeck.direction.rules.measures import MISSING, Asked, By, named, trend
from quarterdeck.direction.rules.measures.figures import eligible
from quarterdeck.direction.rules.reporting import heading, looking_back, standings, trending, wanting
from quarterdeck.direction.views.exposing import SEED, ledger
from quarterdeck.direction.views.measuring import Question
from quarterdeck.direction.views.owing import SUBJECTS, debt, debt_weeks
from quarterdeck.direction.views.reporting.capabilities import capabilities
from quarterdeck.direction.views.reporting.decisions import settled, wanted
from quarterdeck.direction.views.reporting.issues import last_before
from quarterdeck.direction.views.reporting.legal import legal_clocks
from quarterdeck.direction.views.reporting.saying import impact
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.learning.views import Owed, improvements, lessons, recurrence_checks
from quarterdeck.plan.views import revisions

WEEKS = 13
WINDOW = timedelta(weeks=WEEKS)
HIGH_RISK = ("SEV1", "SEV2")
OVERDUE_SHOWN = 3


def executive(conn: Connection, now: Instant, as_of: Instant | None = None) -> ExecutivePage:
    """`as_of`: incidents and trends as of that instant, by what is known today. Raises `Invalid` if it is to come."""
    if as_of is not None and as_of > now:
        raise Invalid(f"as-of: {as_of:%Y-%m-%d} is to come. The page can be of today or of a past day.")
    at = as_of or now
    past = now - at > timedelta(days=1)
    window = Asked(micros(at - WINDOW), micros(at) + 1)
    incidents = Question(conn, named("incidents"), window, at)
    counted = incidents.figure().n
    reach = _reach(incidents)
    first = reach.first
    found = capabilities(conn, window, at, past=past)
    evidence = {one.id: f"/insights/time-to-mitigate?service={one.id}&days={WEEKS * 7}" for one in found}
    named_, at_ease = standings.at_risk(found, evidence, lambda number: impact(conn, number))
    compared = trending.compared((at - first) / timedelta(days=1)) if first else None
    trends = _trends(conn, at, compared)
    hurts = {one.id: f"{one.name}: {standings.standing(one).text}" for one in found if one.beyond or one.open}
    owed = debt(conn, now)
    every = wanted(conn, now, hurts, owed)
    previous = last_before(conn, micros(at))
    overdue, overdue_of = _overdue(conn, now)
    return ExecutivePage(
        as_of=at,
        since=at - WINDOW,
        incidents=counted,
        headline=heading.headline(named_, trends, len(every), catalogue=bool(found), past=past),
        past=past,
        note=heading.note(counted, reach, past=past, as_of=at),
        earlier=reach.enough if not counted else None,
        standings=named_,
        exposure=None if past else _exposure(conn, now),
        at_ease=at_ease,
        hurting=() if found else _hurting(incidents, team_names(conn), max(91, (now - at + WINDOW).days)),
        trends=trends,
        trend_of=trending.periods(compared),
        weeks=_weeks(incidents, at, first),
        decisions=tuple(every[: wanting.SHOWN]),
        more_decisions=max(0, len(every) - wanting.SHOWN),
        since_last=looking_back.since(
            previous[2] if previous else None,
            every,
            settled(conn),
            _happened(conn, previous[1] if previous else at - timedelta(days=30), at),
        ),
        last_issue=previous[0] if previous else None,
        last_at=previous[1] if previous else None,
        overdue=overdue,
        overdue_of=overdue_of,
        debt=_debt(conn, owed, now),
        clocks=(*legal_clocks(conn, now), *_assessments(conn)),
    )


def _reach(question: Question) -> heading.Reach:
    """What is on record up to the page's day."""
    columns = question.population.columns
    known = (columns["when"] != MISSING) & (columns["when"] <= question.asked.until)
    counted = eligible(columns, known)[0]
    when = np.sort(columns["when"][counted])
    if not len(when):
        return heading.Reach()
    before = np.arange(len(when)) - np.searchsorted(when, when - int(WINDOW / timedelta(microseconds=1))) + 1
    full = np.flatnonzero(before * 2 >= before.max())
    first, latest, enough = (from_micros(int(at)) for at in (when[0], when[-1], when[full[-1]]))
    return heading.Reach(len(when), first, latest, enough)


def _exposure(conn: Connection, now: Instant) -> Line | None:
    """Only if enough is on record to say what a year costs."""
    book = ledger(conn, now)
    if book.too_short:
        return None
    found = weigh(book.losses.values, book.years, np.random.default_rng(SEED))
    if not found.enough:
        return None
    said = sentence(found, book.unit)
    return Line(text=f"Incidents cost {said[:1].lower()}{said[1:]}", href="/exposure")


def _hurting(question: Question, names: dict[str, str], since: int) -> tuple[Line, ...]:
    """Where most incidents of the window were: by service, or by team, or by type, whichever is known of most."""
    total = question.figure().n
    for by in ("service", "team", "type"):
        rows = [(name, figure.n) for name, figure in question.sliced(by).rows if name is not None and figure.n]
        if len(rows) > 1 and 2 * sum(n for _, n in rows) >= total:
            return tuple(
                Line(
                    text=f"{names.get(name, name)}: {n:,} of {total:,} incidents, {n * 100 / total:.0f} %.",
                    href=f"/insights/incidents?{by}={quote(name)}&days={since}",
                )
                for name, n in rows[:3]
            )
    return ()


def _trends(conn: Connection, at: Instant, days: tuple[float, float] | None) -> tuple[TrendSaid, ...]:
    if days is None:
        return ()
    after = Asked(micros(at - timedelta(days=days[0])), micros(at) + 1)
    before = Asked(micros(at - timedelta(days=days[0] + days[1])), after.since)
    found, answered = [], set[str]()
    for one in trending.QUESTIONS:
        filters = _severities(one.severities)
        asked, then = replace(after, filters=filters), replace(before, filters=filters)
        question = Question(conn, named(one.id), asked, at)
        now_, was = question.figure(), question.figure(then)
        if (not now_.n and not was.n) or one.unless in answered:
            continue
        answered.add(one.id)
        changed = trend(was, now_, days[0], None, days[1])
        severity = f"&severity={one.severities[0]}" if len(one.severities) == 1 else ""
        href = f"/insights/{one.id}?days={round(days[0])}{severity}"
        found.append(trending.said(one, changed, was, now_, href))
    return tuple(found)


def _severities(levels: Sequence[str]) -> tuple[tuple[By, str], ...]:
    return tuple(("severity", level) for level in levels)


def _weeks(question: Question, at: Instant, first: Instant | None) -> tuple[Week, ...]:
    """Thirteen weeks, the oldest first; of a shorter record only the whole ones."""
    columns = question.population.columns
    rows = question.counted()
    when, code = columns["when"][rows], columns.words["severity"].codes[rows]
    severe_names = np.array([name in HIGH_RISK for name in columns.words["severity"].names] + [False])
    severe = severe_names[code]
    edges = [micros(at - timedelta(weeks=back)) for back in range(min(WEEKS, (at - (first or at)).days // 7), -1, -1)]
    if len(edges) < 2:
        return ()
    edges[-1] += 1
    counts, _ = np.histogram(when, bins=edges)
    worst, _ = np.histogram(when[severe], bins=edges)
    return tuple(
        Week(until=from_micros(end), count=int(count), severe=int(bad))
        for end, count, bad in zip(edges[1:], counts, worst, strict=True)
    )


def _happened(conn: Connection, since: Instant, until: Instant) -> looking_back.Happened:
    span = Asked(micros(since), micros(until) + 1)
    question = Question(conn, named("incidents"), span, until)
    severe = replace(span, filters=_severities(HIGH_RISK))
    closed = [one for one in lessons(conn, "closed", limit=500)[0] if one.closed_at and since < one.closed_at <= until]
    verified = improvements(conn, "verified", limit=500)[0]
    return looking_back.Happened(
        incidents=question.figure().n,
        severe=question.figure(severe).n,
        revisions=sum(since < one.published_at <= until and one.revision > 1 for one in revisions(conn, limit=500)),
        lessons=sum(one.closing in ("revision", "action") for one in closed),
        verified=sum(one.verified_at is not None and since < one.verified_at <= until for one in verified),
    )


def _overdue(conn: Connection, now: Instant) -> tuple[tuple[Line, ...], int]:
    """Improvements that follow from a severe incident and whose day has passed, the longest overdue first."""
    rows = [row for row in improvements(conn, "overdue", now=now, limit=500)[0] if row.severity in HIGH_RISK]
    lines = tuple(
        Line(
            text=f"{row.title} ({row.owner_name or 'nobody'}): {_days((now - row.due).days)} overdue, {row.severity}.",
            href=f"/actions/{row.number}",
            act=True,
        )
        for row in rows[:OVERDUE_SHOWN]
    )
    return lines, len(rows)


def _debt(conn: Connection, rows: Sequence[Owed], now: Instant) -> tuple[Line, ...]:
    weeks = debt_weeks(conn, limit=5)
    if not rows:
        return ()
    before = f"; {weeks[0].count} four weeks ago" if len(weeks) == 5 else ""
    things = "1 thing is" if len(rows) == 1 else f"{len(rows)} things are"
    lines = [Line(text=f"{things} overdue{before}.", href="/debt")]
    for subject, words in SUBJECTS.items():
        mine = [row for row in rows if row.subject == subject]
        if mine:
            oldest = (now - min(row.due for row in mine)).days
            said = f"{words.capitalize()}: {len(mine)}, the oldest {_days(oldest)} overdue."
            lines.append(Line(text=said, href=f"/debt?subject={subject}"))
    return tuple(lines[:5])


def _assessments(conn: Connection) -> tuple[Line, ...]:
    """Assessments of recurrence that some laws ask for every month, and that nobody has made yet."""
    waiting = [one for one in recurrence_checks(conn, limit=12) if one.found and one.assessed_at is None]
    return tuple(
        Line(
            text=f"What recurred in {one.month} is to be assessed: {len(one.found)} among {one.incidents}.",
            href=f"/patterns/checks/{one.month}",
        )
        for one in waiting[:2]
    )


def _days(count: int) -> str:
    return "less than a day" if count < 1 else "1 day" if count == 1 else f"{count:,} days"
