"""Settle findings many at once: what a filled form of one kind of finding changes, and which it leaves on purpose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quarterdeck.plan.rules.blanks import filled_in
from quarterdeck.plan.rules.borrowing import borrowed
from quarterdeck.plan.rules.dropping import as_guideline, without_document, without_procedure
from quarterdeck.plan.rules.editing import edited
from quarterdeck.plan.rules.forms import SECTIONS, Field, Known, filled, form_of, slug, together
from quarterdeck.plan.rules.outstanding import Outstanding, What
from quarterdeck.plan.rules.reading import read

LEAVE = "leave"
"""The button that also leaves what was not filled in."""
Files = Mapping[str, str]


@dataclass(frozen=True)
class Mended:
    """The files as they are now, and the keys of the findings that stay as they are."""

    files: dict[str, str]
    left: tuple[str, ...] = ()


def mended(
    what: What, files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]
) -> Mended:
    """What the form changes. `found`: the findings of this kind that are open; `form["do"]` may be `leave`."""
    return _HOW[what](files, example, form, found)


def asked(document: Mapping[str, Any], example: Mapping[str, Any], found: Sequence[Outstanding]) -> tuple[Field, ...]:
    """A field for each finding that one value mends: empty, or with the words of the example's entry of that name."""
    fields = []
    for one in found:
        section, id, name = (str(part) for part in one.path)
        form = form_of(document, SECTIONS[section], id, Known())
        field = next(field for field in form.fields if field.ask.name == name) if form else None
        if form and field:
            ask = replace(field.ask, label=form.title)
            fields.append(replace(field, ask=ask, value=_of_example(example, section, id, form.title, name)))
    return tuple(fields)


def _of_example(example: Mapping[str, Any], section: str, id: str, title: str, name: str) -> Any:
    for key, entry in (example.get(section) or {}).items():
        if key == id or str(entry.get("title", "?")).casefold() in title.casefold():
            return entry.get(name)
    return None


def _posts(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    document = read(files).document
    fields = [
        field for one in together(document, SECTIONS["posts"], ("title", "login"), Known()) for field in one.fields
    ]
    changes = filled(fields, form)
    title, login = form.get("new:title", "").strip(), form.get("new:login", "").strip()
    if title and login:
        changes.append((("posts", slug(title, document.get("posts") or {})), {"title": title, "login": login}))
    return Mended(edited(files, changes), _keys(found) if form.get("do") == LEAVE else ())


def _values(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    """Each finding by a value of its own: criteria of types, duties and authority of roles."""
    document = read(files).document
    changes, left, settled = [], [], set()
    for one, field in zip(found, asked(document, {}, found), strict=False):
        typed = form.get(field.name, "")
        if typed.strip():
            changes += filled([replace(field, value=None)], {field.name: typed})
            settled.add(one.key)
    texts = edited(files, changes)
    for one in found:
        if form.get(f"is:{one.path[1]}") == "guideline":
            type = (read(texts).document.get("types") or {}).get(one.path[1]) or {}
            texts = as_guideline(texts, str(type.get("procedure")))
            settled.add(one.key)
    if form.get("do") == LEAVE:
        left = [one.key for one in found if one.key not in settled]
    return Mended(texts, tuple(left))


def _stubs(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    texts, left = dict(files), []
    for one in found:
        id = str(one.path[1])
        match form.get(f"stub:{id}"):
            case "leave":
                left.append(one.key)
            case "drop":
                texts = without_procedure(texts, id)
            case "guideline":
                texts = as_guideline(texts, id)
    return Mended(texts, tuple(left))


def _kept(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    """Nothing changes: what is there is meant."""
    every = form.get("do") == LEAVE
    return Mended(dict(files), tuple(one.key for one in found if every or form.get(f"keep:{one.key}")))


def _blanks(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    values = {one.text: " ".join(form.get(f"blank:{one.text}", "").split()) for one in found}
    left = [one.key for one in found if not values[one.text]] if form.get("do") == LEAVE else []
    return Mended(filled_in(files, values), tuple(left))


def _to_dos(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    dropped = form.get("drop", "")
    if dropped:
        section, _, id = dropped.removesuffix(".md").partition("/")
        return Mended(
            without_document(files, section, id) if dropped in files and section == "guidelines" else dict(files)
        )
    only = form.get("file", "")
    chosen = [one for one in found if not only or all(place.rpartition(":")[0] == only for place in one.places)]
    return Mended(dict(files), _keys(chosen) if form.get("do") == LEAVE else ())


def _absent(files: Files, example: Mapping[str, Any], form: Mapping[str, str], found: Sequence[Outstanding]) -> Mended:
    texts, left = dict(files), []
    for one in found:
        section = str(one.path[0])
        if form.get(f"put:{section}"):
            texts = borrowed(texts, example, section)
            left.append(f"example:{section}")
        elif form.get("do") == LEAVE:
            left.append(one.key)
    return Mended(texts, tuple(left))


def _keys(found: Sequence[Outstanding]) -> tuple[str, ...]:
    return tuple(one.key for one in found)


_HOW: dict[What, Callable[[Files, Mapping[str, Any], Mapping[str, str], Sequence[Outstanding]], Mended]] = {
    "posts": _posts,
    "criteria": _values,
    "authority": _values,
    "stub": _stubs,
    "example": _kept,
    "routing": _kept,
    "blank": _blanks,
    "to-do": _to_dos,
    "absent": _absent,
    "as-text": _kept,
}
