"""The text of a page: GSM 03.38 characters, one segment of 160, the title shortened but never severity, id or link."""

import re
import unicodedata
from collections.abc import Sequence

SEGMENT = 160
_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = set("^{}\\[~]|€")
_PLAIN = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    **dict.fromkeys("\u2022\u00b7\u25cf", "*"),
    "…": "...",
    "→": "->",
    "←": "<-",
    "\u00d7": "x",
    "≥": ">=",
    "≤": "<=",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "œ": "oe",
    "Œ": "OE",
    "°": "deg",
    "µ": "u",
}
_PROTECTED = re.compile(r"\b(?:SEV[1-5]|INC-\d+|RESOLVED|STORM|DRILL|\d+[mh] to ack)\b")
_CUT = ".."


def gsm(text: str) -> str:
    """`text` in characters that every phone can show in one segment; what has no likeness becomes `?`."""
    return "".join(_plain(c) for c in text)


def _plain(c: str) -> str:
    if c in _BASIC or c in _EXTENDED:
        return " " if c in "\r\n" else c
    if c in _PLAIN:
        return _PLAIN[c]
    if c.isspace() or unicodedata.category(c) in {"Cc", "Zs"}:
        return " "
    if unicodedata.category(c) in {"Cf", "Mn", "Me"}:
        return ""
    likeness = "".join(d for d in unicodedata.normalize("NFKD", c) if not unicodedata.combining(d))
    if likeness and all(d in _BASIC or d in _EXTENDED for d in likeness):
        return likeness.replace("\n", " ").replace("\r", " ")
    return "?"


def septets(text: str) -> int:
    """How much of a segment the text takes; the characters of the extension table take two."""
    return sum(2 if c in _EXTENDED else 1 for c in text)


def fit(text: str, link: str = "", title: str = "", room: int = SEGMENT) -> str:
    """`text` and `link` in one segment, or in less `room`.

    Shortens `title` where it stands in `text`, then the longest other passage.
    Only a link that leaves no room for severity and id makes the result longer than 160.
    """
    text = " ".join(gsm(text).split())
    title = " ".join(gsm(title).split())
    room -= septets(link) + 1 if link else 0
    excess = septets(text) - room
    if excess > 0 and title and title in text and not _PROTECTED.search(title):
        text = text.replace(title, _shortened(title, excess), 1)
        excess = septets(text) - room
    while excess > 0:
        start, end = _longest_passage(text)
        passage = text[start:end]
        shorter = _shortened(passage, excess)
        if len(shorter) >= len(passage):
            break
        text = " ".join((text[:start] + shorter + text[end:]).split())
        excess = septets(text) - room
    return f"{text} {link}" if link else text


def _shortened(passage: str, excess: int) -> str:
    """The passage with at least `excess` septets less if it has them, cut at its end; a space at its end stays."""
    tail = " " if passage.endswith(" ") else ""
    kept = passage.rstrip()
    goal = septets(kept) - excess - len(_CUT)
    while kept and septets(kept) > max(goal, 0):
        kept = kept[:-1]
    kept = kept.rstrip(" .,:;-")
    return f"{kept}{_CUT}{tail}" if kept else tail


def _longest_passage(text: str) -> tuple[int, int]:
    """The longest stretch that holds no severity, incident id or deadline."""
    edges = [0, *(edge for found in _PROTECTED.finditer(text) for edge in found.span()), len(text)]
    passages = list(zip(edges[::2], edges[1::2], strict=True))
    return max(passages, key=lambda passage: passage[1] - passage[0])


def label(about: str) -> str:
    """How people call a stream: `incident/214` and what hangs on it, such as `comms/214/sev1`, → INC-214."""
    kind, _, key = about.partition("/")
    return f"INC-{key.partition('/')[0]}" if kind in ("incident", "comms", "obligations") else ""


def with_more(text: str, others: Sequence[str]) -> str:
    """`text` and, in a few words, the held messages that go along: `and 4 more: INC-3, INC-4 ...`. `others`: abouts."""
    if not others:
        return text
    labels = [name for name in dict.fromkeys(label(about) for about in others) if name]
    named = ", ".join(labels[:3]) + (" ..." if len(labels) > 3 else "")
    return f"{text} and {len(others)} more" + (f": {named}" if named else "")
