"""What a filled form changes: only the fields that say something else than before, each at its place.

What cannot be read as what was asked for is kept as it was typed: the check then says what is wrong with it, and where.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quarterdeck.plan.rules.editing import GONE
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.forms.asking import Field, every, one_line
from quarterdeck.plan.rules.values import DURATION

MOST = 500
"""Items that one field may list."""
BY_LABEL = "by-label"
_WHOLE = re.compile(r"^-?[0-9]{1,12}$", re.ASCII)
_DECIMAL = re.compile(r"^-?[0-9]{1,12}\.[0-9]{1,6}$", re.ASCII)
_PAIR = re.compile(r"^([a-z][a-z0-9_-]{0,62})\s*:\s*(.+)$")
Change = tuple[Path, Any]


def filled(fields: Iterable[Field], form: Mapping[str, str]) -> list[Change]:
    """The changes, in the order of the fields. A field that the form does not hold stays as it is."""
    changes: list[Change] = []
    given = [field for field in every(tuple(fields)) if field.ask.kind == "given"]
    whole = {field.path for field in given if form.get(field.name) != BY_LABEL or not isinstance(field.value, dict)}
    for field in every(tuple(fields)):
        if field.ask.kind == "rows" or field.path[:-1] in whole:
            continue
        changes += _changed(field, form)
    return changes


def _changed(field: Field, form: Mapping[str, str]) -> Iterator[Change]:
    kind, name = field.ask.kind, field.name
    if kind in ("yes", "several"):
        if f"shown:{name}" in form:
            yield from _ticked(field, form)
    elif kind in ("ordered", "targets"):
        if f"{name}:0" in form or f"{name}:+" in form:
            picked = _picked(form, name)
            if picked != list(field.chosen):
                yield field.path, _list(field, picked)
    elif name in form:
        typed = form[name].replace("\r\n", "\n").replace("\r", "\n")
        if kind == "given":
            yield from _given(field, typed, form)
        elif typed.strip() != field.shown.strip():
            yield field.path, _value(field, typed, form)


def _ticked(field: Field, form: Mapping[str, str]) -> Iterator[Change]:
    if field.ask.kind == "yes":
        on = field.name in form
        if on != field.is_on:
            yield field.path, on
        return
    offered = [value for value, _ in field.choices]
    order = [*(one for one in field.ticked if one in offered), *(one for one in offered if one not in field.ticked)]
    chosen = [one for one in order if f"{field.name}:{one}" in form]
    chosen += [one for one in field.chosen if one not in offered and f"{field.name}:{one}" in form]
    if chosen != list(field.ticked):
        yield field.path, _list(field, chosen)


def _picked(form: Mapping[str, str], name: str) -> list[str]:
    picked = [form.get(f"{name}:{place}", "").strip() for place in range(MOST) if f"{name}:{place}" in form]
    picked.append(form.get(f"{name}:+", "").strip())
    return list(dict.fromkeys(one for one in picked if one))


def _list(field: Field, chosen: list[str]) -> Any:
    return chosen if chosen or field.ask.explicit or field.ask.must else GONE


def _given(field: Field, typed: str, form: Mapping[str, str]) -> Iterator[Change]:
    if typed == BY_LABEL:
        if not isinstance(field.value, dict):
            pairs = _pairs(form.get(f"{field.name}.values", ""))
            label, otherwise = (form.get(f"{field.name}.{one}", "").strip() for one in ("label", "otherwise"))
            yield field.path, {"label": label or "severity", "values": pairs, "otherwise": otherwise}
    elif typed.strip() != field.shown.strip() or isinstance(field.value, dict):
        yield field.path, typed.strip() or GONE


def _value(field: Field, typed: str, form: Mapping[str, str]) -> Any:
    text = typed.strip()
    if not text:
        return [] if field.ask.kind == "lines" and field.ask.must else GONE
    match field.ask.kind:
        case "span" | "number":
            return int(text) if _WHOLE.match(text) else _duration(text)
        case "decimal":
            return int(text) if _WHOLE.match(text) else float(text) if _DECIMAL.match(text) else text
        case "lines":
            return _lines(field, text)
        case "pairs":
            return _pairs(text)
        case "matched":
            return _matched(text, form.get(field.name.removesuffix("value") + "op", "="))
        case "line" | "choice":
            return one_line(text)
    return text


def _duration(text: str) -> str:
    """`2h` and `2 hours` are written as `2 h`."""
    found = re.match(r"^(\d{1,5})\s*(min|m|minutes?|h|hours?|d|days?)$", text.lower(), re.ASCII)
    if found:
        unit = {"m": "min", "h": "h", "d": "d"}[found[2][0]]
        text = f"{found[1]} {unit}"
        assert DURATION.match(text)
    return text


def _lines(field: Field, text: str) -> list[str]:
    """One item a line; an item that was not touched keeps the line breaks that it had."""
    before = {one_line(one): one for one in field.value} if isinstance(field.value, list) else {}
    lines = [line.strip() for line in text.split("\n")]
    return [before.get(line, line) for line in lines if line][:MOST]


def _pairs(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in text.replace("\r", "").split("\n")[:MOST]:
        if not line.strip():
            continue
        key, colon, value = line.partition(":")
        if found := _PAIR.match(line.strip()):
            pairs[found[1]] = found[2].strip()
        elif colon and key.strip():
            pairs[key.strip()] = value.strip()
        else:
            pairs[slug(line, pairs)] = line.strip()
    return pairs


def _matched(text: str, op: str) -> Any:
    if op in ("in", "not_in"):
        return [part.strip() for part in text.split(",") if part.strip()][:MOST]
    return one_line(text)


def slug(text: str, taken: Iterable[str] = ()) -> str:
    """An id made of words: lower case letters, digits and `-`, unlike all that are taken."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-")
    made = made if made[:1].isalpha() else f"x-{made}".strip("-")
    known, number = set(taken), 2
    found = made
    while found in known:
        found, number = f"{made}-{number}", number + 1
    return found
