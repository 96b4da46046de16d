"""What a page says, the worst first, in one text message of 160 characters; `notify` adds the link and fits both."""

from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.notify.rules import fit, gsm
from quarterdeck.oncall.rules.calendar import local

LONGEST_SUBJECT = 150
LONGEST_END = 95


def role_of(target: str, level: int, post_title: str) -> str:
    """What the person is to this page: `on call (primary)`, `team payments`, `level 2`, the senior manager's title."""
    kind, _, name = target.partition(":")
    if level == 0:
        return post_title
    return {"schedule": f"on call ({name})", "team": f"team {name}", "post": name}.get(kind, f"level {level}")


def page_text(
    *,
    number: int,
    severity: str,
    service: str | None,
    what: str,
    since: Instant,
    zone: str,
    role: str,
    acknowledge_within: timedelta,
    drill: bool = False,
) -> str:
    """`SEV1 checkout: 38% of EU payments fail since 02:58. You are on call (primary), 5m to ack. INC-214`."""
    head = f"{'DRILL ' if drill else ''}{severity}{f' {service}' if service else ''}: "
    minutes = max(1, int(acknowledge_within.total_seconds() // 60))
    tail = f" since {local(zone, since):%H:%M}. You are {role}, {minutes}m to ack. INC-{number}"
    return fit(head + what + tail, title=what)


def lead(what: str) -> str:
    """The text in one line and without its full stop, so that a sentence can go on after it."""
    return " ".join(what.split()).rstrip(". ")


def subject(*, number: int, severity: str, service: str | None, what: str, drill: bool = False) -> str:
    """The subject line for channels that have one."""
    where = f" {service}:" if service else ""
    text = f"{'DRILL ' if drill else ''}{severity} INC-{number}{where} {what}"
    return text if len(text) <= LONGEST_SUBJECT else f"{text[: LONGEST_SUBJECT - 1]}…"


def lasted(length: timedelta) -> str:
    """`41m`, `2h 05m`, `3d 4h`."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m" if hours < 24 else f"{hours // 24}d {hours % 24}h"


def waiting(zone: str, until: Instant) -> str:
    """`pages Mon 2 Mar 08:00 Europe/Berlin, support hours`: said where somebody looks for a page that waits."""
    opens = local(zone, until)
    return f"pages {opens:%a} {opens.day} {opens:%b %H:%M} {zone}, support hours"


def ended_text(
    *, number: int, ended: str, service: str | None, what: str, after: timedelta, by: str | None, drill: bool = False
) -> str:
    """`RESOLVED INC-214 checkout after 41m by R.Okafor. No action. Sleep.`: what those who were paged are told.

    At most 95 characters before the link; the service, or without one the title, is what is shortened.
    """
    about = " ".join((service or what).split())
    who = f" by {short_name(by)}" if by else ""
    rest = "No action. Sleep." if ended == "resolved" else "No action."
    text = f"{'DRILL ' if drill else ''}{ended.upper()} INC-{number} {about} after {lasted(after)}{who}. {rest}"
    return fit(text, title=about, room=LONGEST_END)


def short_name(name: str) -> str:
    """`R.Okafor` of Rachel Okafor; a name of one word as it is."""
    first, *others = name.split() or [""]
    return gsm(f"{first[:1]}.{others[-1]}" if others else first)[:20]
