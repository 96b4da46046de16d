"""What somebody still has to look at in a draft that was imported, or begun from the example, before it is theirs.

Each finding is seen in the draft's own text, so that it is gone once it is mended, wherever that was done.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from quarterdeck.plan.events import Source
from quarterdeck.plan.rules.blanks import BLANK, TO_DO, blank_name, to_do_words
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.procedure import STUB
from quarterdeck.plan.rules.prose import read_prose
from quarterdeck.plan.rules.reading import is_prose

What = Literal["posts", "example", "routing", "authority", "criteria", "stub", "blank", "to-do", "absent", "as-text"]
WHATS: tuple[What, ...] = (
    *("posts", "criteria", "authority", "stub", "example", "routing"),
    *("blank", "to-do", "absent", "as-text"),
)
"""In the order in which they are best settled."""
NOT_SAID = "Not written yet."
LOOKS_LIKE = "Something that looks like: "
CATCH_ALL = "every-signal"
UNWRITTEN = "write"
"""The id of the step that stands in for a procedure of which nothing could be read."""
_TAKEN = ("severity", "escalation", "calendar", "communication")
_ABSENT = {
    "communication": "Nobody is told of an incident: there is no communication plan.",
    "policies": "The plan stands under no policy.",
    "objectives": "No objective says what incident management is for.",
}
_FROM_EXAMPLE = {
    "severity": "How bad is bad, and what each severity sets in motion",
    "escalation": "Who is paged, one after another",
    "calendar": "Which days and hours are working time, and in which time zone",
    "communication": "Who is told, how soon and how often",
}


@dataclass(frozen=True)
class Outstanding:
    """One thing to look at. `key` names it for good; `places`: where it stands, as `file:line`."""

    what: What
    key: str
    text: str
    places: tuple[str, ...] = ()
    path: Path = ()


def outstanding(
    files: Mapping[str, str], document: Mapping[str, Any], example: Mapping[str, Any], source: Source
) -> tuple[Outstanding, ...]:
    """Everything to look at, in the order in which it is best settled. `example`: the shipped plan's document."""
    found = [*_blanks(files), *_stubs(document)]
    if source:
        found += [*_posts(document), *_from_example(document, example)]
    if source == "import":
        found += [*_routing(document), *_criteria(document), *_authority(document), *_absent(document)]
        found += _as_text(files)
    return tuple(sorted(found, key=lambda one: WHATS.index(one.what)))


def stubs(procedures: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Procedures with few steps of their own, and how many those are.

    Steps that several share word for word come from a template; they do not make one of them complete.
    """
    titles = {
        id: [(str(step.get("id")), str(step.get("title"))) for step in _list(_map(one).get("steps")) if _map(step)]
        for id, one in procedures.items()
    }
    shared = Counter(title for steps in titles.values() for title in {title for _, title in steps})
    for id, steps in titles.items():
        own = sum(shared[title] == 1 and step != UNWRITTEN for step, title in steps)
        if own < STUB:
            yield id, own


def _stubs(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    procedures = _map(document.get("procedures"))
    for id, own in stubs(procedures):
        said = f"{own} step{'s' if own != 1 else ''} of its own" if own else "no step of its own"
        title = _map(procedures[id]).get("title", id)
        yield Outstanding("stub", f"stub:{id}", f"“{title}” is a stub with {said}.", (), ("procedures", id))


def _posts(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    posts = _map(document.get("posts"))
    holders = {str(_map(post).get("login")) for post in posts.values()}
    if len(posts) > 1 and len(holders) == 1:
        yield Outstanding("posts", "posts", f"All {len(posts)} posts are held by {holders.pop()}.", (), ("posts",))


def _from_example(document: Mapping[str, Any], example: Mapping[str, Any]) -> Iterator[Outstanding]:
    for section in _TAKEN:
        if document.get(section) is not None and document.get(section) == example.get(section):
            text = f"{_FROM_EXAMPLE[section]}: that is the example's, word for word."
            yield Outstanding("example", f"example:{section}", text, (), (section,))


def _routing(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    routes = _list(document.get("routing"))
    if len(routes) == 1 and _map(routes[0]).get("name") == CATCH_ALL and not _map(routes[0]).get("match"):
        type = _map(_map(document.get("types")).get(str(_map(routes[0]).get("type")))).get("title", "the default type")
        text = f"Every signal opens an incident of the type “{type}”: nothing says yet which signal means what."
        yield Outstanding("routing", "routing", text, (), ("routing",))


def _criteria(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    for id, type in _map(document.get("types")).items():
        when = _list(_map(type).get("declare_when"))
        if len(when) == 1 and str(when[0]).startswith((LOOKS_LIKE, NOT_SAID)):
            text = f"Nothing says when “{_map(type).get('title', id)}” is declared."
            yield Outstanding("criteria", f"criteria:{id}", text, (), ("types", id, "declare_when"))


def _authority(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    for id, role in _map(document.get("roles")).items():
        for field, said in (("authority", "what it may decide alone"), ("duties", "what its duties are")):
            if _list(_map(role).get(field)) == [NOT_SAID]:
                text = f"Nothing says of “{_map(role).get('title', id)}” {said}."
                yield Outstanding("authority", f"{field}:{id}", text, (), ("roles", id, field))


def _absent(document: Mapping[str, Any]) -> Iterator[Outstanding]:
    for section, text in _ABSENT.items():
        if not document.get(section):
            yield Outstanding("absent", f"absent:{section}", text, (), (section,))


def _blanks(files: Mapping[str, str]) -> Iterator[Outstanding]:
    for what, finds, names in (("blank", BLANK, blank_name), ("to-do", TO_DO, to_do_words)):
        places: dict[str, list[str]] = {}
        for name, text in files.items():
            for line, words in _found_in(text, finds, names):
                places.setdefault(words, []).append(f"{name}:{line}")
        for words, where in places.items():
            kind: What = "blank" if what == "blank" else "to-do"
            yield Outstanding(kind, f"{kind}:{words}"[:300], words, tuple(where))


@lru_cache(maxsize=512)
def _found_in(text: str, finds: re.Pattern[str], named: Callable[[re.Match[str]], str]) -> tuple[tuple[int, str], ...]:
    return tuple(
        (number, named(match)) for number, line in enumerate(text.split("\n"), 1) for match in finds.finditer(line)
    )


def _as_text(files: Mapping[str, str]) -> Iterator[Outstanding]:
    for name, text in files.items():
        kinds = _oddities(name, text) if is_prose(name) else ()
        if kinds:
            said = ", ".join(f"{count} {kind}" for kind, count in kinds)
            yield Outstanding(
                "as-text", f"as-text:{name}", f"{said}: kept as text, no part of the plan was made of it.", (name,)
            )


@lru_cache(maxsize=256)
def _oddities(name: str, text: str) -> tuple[tuple[str, int], ...]:
    kinds = {"HTML": "HTML", "a table": "table", "a block of code": "code", "a picture": "picture"}
    counted = Counter(kinds.get(one.what.partition(":")[0], "boxed remark") for one in read_prose(name, text).oddities)
    return tuple(
        (kind if count == 1 or kind in ("HTML", "code") else f"{kind}s", count) for kind, count in counted.items()
    )


def remaining(
    found: Sequence[Outstanding], left: Mapping[str, str], before: Sequence[Outstanding]
) -> tuple[Outstanding, ...]:
    """Those that nobody has left on purpose, and that the revision it is based on does not have already."""
    known = {one.key for one in before} | set(left)
    return tuple(one for one in found if one.key not in known)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
