"""The public status page as files that any web server or bucket can give out: HTML without a script, Atom, JSON."""

import re
from functools import cache
from importlib.resources import files as resources
from typing import Any
from uuid import UUID, uuid5  # noqa: TID251  # derived from what was said and when, not drawn
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape

from quarterdeck.comms.rules.status_page import Board, Notice, Word
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.rules import local
from quarterdeck.paper import markdown

FILES = ("style.css", "feed.xml", "status.json", "history.html", "index.html")
"""In this order they are written: whoever reads the page finds what it links."""
PHASES = {"over": "Nothing reported", "watched": "Getting better", "trouble": "Trouble"}
STATES = {"over": "Over", "watched": "A remedy is in place; we are watching it", "trouble": "We are working on it"}
ENTRIES = 100
_UNSAYABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ATOM = "http://www.w3.org/2005/Atom"


def words(board: Board | None, at: str = "") -> dict[str, Any]:
    """What the templates know by name; in the console too. `at`: where the other files are."""
    return {
        "at": at,
        "board": board,
        "phases": PHASES,
        "states": STATES,
        "said": lambda word: markdown.html(word.text) if word.kind == "review" else _lines(word.text),
        "when": lambda at: _when(at, board.zone if board else "UTC"),
        "pace": _pace(board.every) if board else "",
        "patience": _pace(int((board.stale_after - board.checked_at).total_seconds())) if board else "",
    }


def rendered(board: Board | None) -> dict[str, bytes]:
    """All files by name. `board` None: the page that says that there is none."""
    shown = words(board)
    pages = {
        name: _environment().get_template(f"comms/status/{name}").render(shown).encode(errors="replace")
        for name in ("history.html", "index.html")
    }
    plain = {
        "style.css": resources("quarterdeck.comms").joinpath("templates/status/style.css").read_bytes(),
        "feed.xml": feed(board),
        "status.json": msgspec.json.format(msgspec.json.encode(summary(board)), indent=2) + b"\n",
    }
    made = {**plain, **pages}
    return {name: made[name] for name in FILES}


def summary(board: Board | None) -> dict[str, Any]:
    """The page for programs. `state` is what it was at `checked_at`; after `stale_after` it is unknown."""
    if board is None:
        return {"state": "unknown", "sentence": "No status is published here.", "parts": [], "open": [], "past": []}
    return {
        "title": board.title,
        "state": {"over": "nothing reported"}.get(board.phase, board.phase),
        "sentence": board.sentence,
        "checked_at": board.checked_at,
        "stale_after": board.stale_after,
        "written_every_seconds": board.every,
        "parts": [
            {"id": part.id, "title": part.title, "state": {"over": "nothing reported"}.get(part.phase, part.phase)}
            for part in board.parts
        ],
        "open": [_plain(one) for one in board.open],
        "past": [_plain(one) for one in board.past],
    }


def _plain(one: Notice) -> dict[str, Any]:
    return {
        "id": one.id,
        "heading": one.heading,
        "state": one.phase,
        "began_at": one.began,
        "over_at": one.over_at,
        "next_update": one.next_update,
        "late": one.late,
        "updates": [{"at": word.at, "text": word.text} for word in one.said],
        "reviews": [{"at": word.at, "text": word.text} for word in one.reviews],
    }


def feed(board: Board | None) -> bytes:
    """Atom (RFC 4287): an entry for every text, newest first."""
    root = Element("feed", xmlns=_ATOM)
    address = (board.address or "").rstrip("/") if board else ""
    _put(root, "id", address or "urn:quarterdeck:status")
    _put(root, "title", board.title if board else "Status")
    _put(root, "updated", _stamp((board.changed or board.checked_at) if board else None))
    _put(SubElement(root, "author"), "name", board.title if board else "Status")
    if address:
        SubElement(root, "link", rel="alternate", href=f"{address}/")
        SubElement(root, "link", rel="self", href=f"{address}/feed.xml")
    every = [(one, word) for one in (*board.open, *board.past) for word in (*one.said, *one.reviews)] if board else []
    for one, word in sorted(every, key=lambda pair: pair[1].at, reverse=True)[:ENTRIES]:
        _entry(root, one, word, address)
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _entry(root: Element, one: Notice, word: Word, address: str) -> None:
    entry = SubElement(root, "entry")
    what = {"review": "What we learned", "last": "Over"}.get(word.kind, "Update")
    _put(entry, "id", uuid5(UUID(one.id), f"{word.kind} {word.at.isoformat()}").urn)
    _put(entry, "title", f"{one.heading}: {what.lower()}")
    _put(entry, "updated", _stamp(word.at))
    if address:
        SubElement(entry, "link", rel="alternate", href=f"{address}/history.html#n-{one.id}")
    if word.kind == "review":
        _put(entry, "content", str(markdown.html(word.text)), type="html")
    else:
        _put(entry, "content", word.text, type="text")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PrefixLoader({"comms": PackageLoader("quarterdeck.comms")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _lines(text: str) -> Markup:
    """Plain text: escaped, its line breaks kept."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _when(at: Instant, zone: str) -> Markup:
    """`Sat 28 Nov, 14:05 UTC (15:05 CET)`; the day is that of UTC, and again where it differs."""
    here = local(zone, at)
    said = f"{at:%a} {at.day} {at:%b}, {at:%H:%M} UTC"
    if here.utcoffset():
        day = f"{here:%a} " if here.date() != at.date() else ""
        said += f" ({day}{here:%H:%M %Z})"
    return Markup('<time datetime="{}">{}</time>').format(_stamp(at), said)


def _stamp(at: Instant | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else "1970-01-01T00:00:00Z"


def _pace(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    if rest or not minutes:
        return f"{seconds} seconds"
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _put(into: Element, tag: str, text: str, **named: str) -> None:
    """With the characters that XML can carry, and no others."""
    SubElement(into, tag, named).text = _UNSAYABLE.sub("", text)
