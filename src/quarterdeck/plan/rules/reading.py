"""Texts in YAML and Markdown → one document, with the place of every key and value. Hostile input ends in faults.

A Markdown file is one document of the framework: its folder says which section it belongs to, its name is its id, its
front matter holds the entry's keys, and what follows is its `text`.

It reads the parser's events rather than building objects: nothing but maps, lists, texts, numbers, true, false and
null can come out; aliases, anchors, tags and merge keys are refused, so a small file cannot unfold into a large one.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from quarterdeck.plan.rules.faults import Fault, Path, Place, dotted

MAX_FILES = 200
MAX_BYTES = 1_000_000
MAX_TOTAL = 2_000_000
MAX_DEPTH = 20
_DEEP = 100
_KEPT = 65_536
"""Characters; the events of a longer file are not kept, so that hostile texts do not fill the memory."""
JOINED = (
    *("posts", "roles", "types", "procedures", "escalation"),
    *("policies", "guidelines", "objectives", "measures", "standards"),
)
"""Sections whose entries may be spread over files."""
FOLDERS = ("policies", "procedures", "guidelines")
"""Where Markdown documents stand; the plan's own text is `plan.md`."""

_NAME = re.compile(r"^(?!.{200})([A-Za-z0-9_][A-Za-z0-9._-]*/){0,3}[A-Za-z0-9_][A-Za-z0-9._-]*\.(ya?ml|md)$", re.ASCII)
_INT = re.compile(r"^[-+]?(0|[1-9][0-9]{0,17})$", re.ASCII)
_FLOAT = re.compile(r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$", re.ASCII)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_WORDS |= {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


class _Stop(Exception):
    """This file cannot be read further."""


class Reading:
    """What was read: the joined `document`, where each `key` and `value` stands, and the faults met on the way."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {}
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.faults: list[Fault] = []
        self.first_file = "plan.yaml"
        self.unread: list[str | None] = []
        """Texts of files that could not be read to their end; None: not even the text is known."""

    def excused(self, name: str) -> bool:
        """True if what is missing here may stand in a file that could not be read: one fault is enough for that."""
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        return any(text is None or word.search(text) for text in self.unread)

    def fault(self, place: Place, path: Path, problem: str, remedy: str) -> None:
        self.faults.append(Fault(place, dotted(path), problem, remedy))

    def blame(self, path: Path, problem: str, remedy: str, *, key: bool = False) -> None:
        """A fault at the value of a path, or at its key."""
        self.fault(self.place(path, key=key), path, problem, remedy)

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Where a value (or its key) stands; of something absent, where its nearest parent stands."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while path:
            found = first.get(path) or second.get(path)
            if found:
                return found
            path, first, second = path[:-1], self.keys, self.values
        return Place(self.first_file, 1, 1)


def read(files: Mapping[str, str]) -> Reading:
    """Read and join the files, in the order of their names (`plan.yaml` first)."""
    reading = Reading()
    if not _within_limits(files, reading):
        return reading
    names = sorted(files, key=lambda name: (is_prose(name), name != "plan.yaml", name))
    reading.first_file = names[0]
    for name in names:
        _File(name, reading).read(files[name])
    return reading


def is_prose(name: str) -> bool:
    """Whether a file is Markdown for people, with keys for machines in its front matter."""
    return name.endswith(".md")


def limits(files: Mapping[str, str]) -> list[Fault]:
    """What is wrong with the number, the sizes and the names of files, whatever stands in them."""
    reading = Reading()
    _within_limits(files, reading)
    return reading.faults


def _within_limits(files: Mapping[str, str], reading: Reading) -> bool:
    whole = Place("plan.yaml", 1, 1)
    if not files:
        reading.fault(whole, (), "there are no YAML files", "start from examples/plan")
    if len(files) > MAX_FILES:
        reading.fault(whole, (), f"{len(files)} files are more than {MAX_FILES}", "join some of them")
        return False
    total = 0
    for name, text in files.items():
        size = len(text.encode("utf-8", "surrogatepass"))
        total += size
        place = Place(name if _NAME.match(name) else "plan.yaml", 1, 1)
        if not _NAME.match(name):
            problem = f"{name[:80]!r} is no name for a plan file"
            reading.fault(place, (), problem, "use letters, digits, `.`, `-`, `_` and an ending of .yaml or .md")
        if size > MAX_BYTES:
            reading.fault(place, (), f"{size:,} bytes are more than {MAX_BYTES:,}", "split the file")
    if total > MAX_TOTAL:
        reading.fault(whole, (), f"{total:,} bytes in all are more than {MAX_TOTAL:,}", "shorten the plan")
    return not reading.faults


class _File:
    """Reads one file into the reading."""

    def __init__(self, name: str, reading: Reading) -> None:
        self.name = name
        self.reading = reading
        self._events: Iterator[Any] = iter(())

    def read(self, text: str) -> None:
        text = text.removeprefix("\ufeff")  # kept in the record, so that an export gives the same bytes
        try:
            if is_prose(self.name):
                self._read_prose(text)
            else:
                self._read(text)
            return
        except _Stop:
            pass
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name, 1, 1)
            problem = " ".join(f"{error.problem or error.context or 'cannot be read'}".split())
            self.reading.fault(place, (), f"not YAML: {problem}", "correct the syntax here or just above")
        except (YAMLError, YAMLStreamError, ValueError) as error:
            problem = " ".join(str(error).split())[:200]
            self.reading.fault(Place(self.name, 1, 1), (), f"not YAML: {problem}", "correct the file")
        self.reading.unread.append(text)

    def _read(self, text: str) -> None:
        self._events = _events(text)
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, (), "a second document begins here", "keep one document in a file")
                    raise _Stop
            elif isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent | AliasEvent):
                self._root(event)

    def _root(self, event: Any) -> None:
        if isinstance(event, ScalarEvent) and event.value == "" and event.style is None:
            return  # a file of comments only
        if not isinstance(event, MappingStartEvent):
            self._fault(event, (), "the file is no map", "begin with a section such as `types:`")
            raise _Stop
        self._refuse_tricks(event, ())
        for key, key_event in self._pairs((), 1):
            self._section(key, key_event)

    def _read_prose(self, text: str) -> None:
        folder, _, name = self.name.rpartition("/")
        path: Path = (folder, name.removesuffix(".md")) if folder in FOLDERS else ()
        if not path and self.name != "plan.md":
            problem = "a document stands in one of the folders policies, procedures and guidelines, or is plan.md"
            self.reading.fault(Place(self.name, 1, 1), (), problem, "move it there")
            return
        entry = self._entry(path)
        front, body, line = _parted(text)
        if front is None:
            self.reading.fault(
                Place(self.name, 1, 1), path, "the front matter has no end", "close it with a line `---`"
            )
            raise _Stop
        self._events = _events("\n" + front)
        for event in self._events:
            if isinstance(event, MappingStartEvent):
                self._refuse_tricks(event, path)
                self._join(path, entry)
            elif isinstance(event, SequenceStartEvent | AliasEvent) or (isinstance(event, ScalarEvent) and event.value):
                self._fault(event, path, "the front matter is no map", "write `key: value` lines between the `---`")
                raise _Stop
        if body and "text" in entry:
            problem = f"has a text already at {self.reading.keys.get((*path, 'text'), Place(self.name, 1, 1))}"
            self.reading.fault(Place(self.name, line, 1), path, problem, "keep one of the two")
        elif body:
            entry["text"] = body
            self.reading.keys[*path, "text"] = self.reading.values[*path, "text"] = Place(self.name, line, 1)
            if _UNPRINTABLE.search(body):
                problem = "contains a control character or half a character"
                self.reading.fault(Place(self.name, line, 1), (*path, "text"), problem, "remove it")

    def _entry(self, path: Path) -> dict[str, Any]:
        """The part of the document that a Markdown file adds to; made if no YAML file has begun it."""
        here, whole = self.reading.document, Place(self.name, 1, 1)
        for depth, part in enumerate(map(str, path), 1):
            if here.get(part) is None:
                here[part] = {}
                self.reading.keys[path[:depth]] = self.reading.values[path[:depth]] = whole
            here = here[part]
            if not isinstance(here, dict):
                where = self.reading.place(path[:depth])
                self.reading.fault(whole, path, f"cannot be joined with what stands at {where}", "write a map there")
                raise _Stop
        return here

    def _join(self, path: Path, entry: dict[str, Any]) -> None:
        for key, event in self._pairs(path, len(path) + 1, entry):
            self.reading.keys[*path, key] = self._at(event)
            entry[key] = self._value(next(self._events), (*path, key), len(path) + 1)

    def _section(self, key: str, key_event: Any) -> None:
        reading, path = self.reading, (key,)
        known = reading.document.get(key)
        if key not in reading.document or (known is None and key in JOINED):
            reading.keys[path] = self._at(key_event)
            reading.document[key] = self._value(next(self._events), path, 1)
            return
        event = next(self._events)
        if key in JOINED and isinstance(known, dict) and isinstance(event, MappingStartEvent):
            self._refuse_tricks(event, path)
            for entry, entry_event in self._pairs(path, 2, known):
                reading.keys[*path, entry] = self._at(entry_event)
                known[entry] = self._value(next(self._events), (*path, entry), 2)
            return
        problem = f"stands already at {reading.keys[path]}"
        self._fault(key_event, path, problem, "keep one of the two")
        self._skip(event)

    def _pairs(self, path: Path, depth: int, into: dict[str, Any] | None = None) -> Iterator[tuple[str, Any]]:
        """Keys of the map that has just begun; the caller consumes the value. Repeated and odd keys are faults."""
        seen = set(into or ())
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return
            key = self._key(event, path)
            if key is None:
                self._skip(next(self._events))
            elif key in seen:
                first = self.reading.keys.get((*path, key))
                where = f" (first at {first})" if first else ""
                self._fault(event, (*path, key), f"the key occurs twice{where}", "keep one of the two")
                self._skip(next(self._events))
            else:
                seen.add(key)
                yield key, event

    def _key(self, event: Any, path: Path) -> str | None:
        self._refuse_tricks(event, path)
        if not isinstance(event, ScalarEvent):
            self._fault(event, path, "a key must be text", "write a plain word before the colon")
            self._skip(event)
            return None
        value = _scalar(event)
        if not isinstance(value, str) or value == "<<":
            self._fault(event, path, f"`{event.value[:40]}` cannot be a key", "write a word, or put it in quotes")
            return None
        return value

    def _value(self, event: Any, path: Path, depth: int) -> Any:
        self.reading.values[path] = self._at(event)
        self._refuse_tricks(event, path)
        if isinstance(event, ScalarEvent):
            if _UNPRINTABLE.search(event.value):
                self._fault(event, path, "contains a control character or half a character", "remove it")
                return None
            return _scalar(event)
        if depth >= MAX_DEPTH:
            self._fault(event, path, f"nested deeper than {MAX_DEPTH}", "flatten it")
            raise _Stop
        if isinstance(event, SequenceStartEvent):
            items: list[Any] = []
            for item in self._events:
                if isinstance(item, SequenceEndEvent):
                    break
                items.append(self._value(item, (*path, len(items)), depth + 1))
            return items
        result: dict[str, Any] = {}
        for key, key_event in self._pairs(path, depth + 1):
            self.reading.keys[*path, key] = self._at(key_event)
            result[key] = self._value(next(self._events), (*path, key), depth + 1)
        return result

    def _skip(self, event: Any) -> None:
        depth = 0
        while True:
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
            if depth == 0:
                return
            if depth > MAX_DEPTH:
                self._fault(event, (), f"nested deeper than {MAX_DEPTH}", "flatten it")
                raise _Stop
            event = next(self._events)

    def _refuse_tricks(self, event: Any, path: Path) -> None:
        if isinstance(event, AliasEvent):
            self._fault(event, path, "aliases (`*name`) are not allowed", "write the value out")
            raise _Stop
        if event.anchor is not None:
            self._fault(event, path, "anchors (`&name`) are not allowed", "remove it and write values out")
            raise _Stop
        if event.tag is not None and event.tag != "!":
            self._fault(event, path, "tags (`!name`) are not allowed", "remove it")
            raise _Stop

    def _at(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1)

    def _fault(self, event: Any, path: Path, problem: str, remedy: str) -> None:
        self.reading.fault(self._at(event), path, problem, remedy)


def _events(yaml: str) -> Iterator[Any]:
    """What the parser meets. Of files of ordinary length it is kept: an editor reads all of them after every change."""
    if len(yaml) <= _KEPT and not too_deep(yaml):
        try:
            return iter(kept_events(yaml))
        except (YAMLError, YAMLStreamError, ValueError):
            pass  # read as far as it goes, below
    return iter(YAML(typ="safe", pure=True).parse(yaml))


def too_deep(yaml: str) -> bool:
    """So many brackets inside brackets that to parse all of it takes seconds; those in texts are counted, too."""
    depth = 0
    for sign in yaml:
        depth += (sign in "[{") - (sign in "]}")
        if depth > _DEEP:
            return True
    return False


@lru_cache(maxsize=64)
def kept_events(yaml: str) -> tuple[Any, ...]:
    return tuple(YAML(typ="safe", pure=True).parse(yaml))


def _parted(text: str) -> tuple[str | None, str, int]:
    """Front matter (None if it has no end), body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return "", text.strip(), 1
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return None, "", 1
    body = lines[end + 1 :]
    blank = next((number for number, line in enumerate(body) if line.strip()), 0)
    return "\n".join(lines[1:end]), "\n".join(body).strip(), end + 2 + blank


def _scalar(event: Any) -> Any:
    return scalar_value(event.value, event.style)


def scalar_value(text: str, style: str | None) -> Any:
    """YAML 1.2: only plain scalars can be anything but text; `no`, `on` and `12:30` are text."""
    if style is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.match(text):
        return int(text)
    return float(text) if _FLOAT.match(text) else text
