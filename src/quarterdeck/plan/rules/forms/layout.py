"""A form of one part of the plan: its fields, what stands in each, and what is wrong there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quarterdeck.plan.rules.faults import Fault, Path, dotted
from quarterdeck.plan.rules.forms.asking import Ask, Field
from quarterdeck.plan.rules.forms.choices import Known, choices
from quarterdeck.plan.rules.forms.documents import PROCEDURES, STEP
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.forms.sections import SECTIONS
from quarterdeck.plan.rules.forms.structure import LEVEL, SEVERITY
from quarterdeck.plan.rules.values import SEVERITIES

NEW_STEP = {"title": "Another step"}


@dataclass(frozen=True)
class Form:
    """`path`: the entry that it changes. `faults`: those of the entry that belong to no field."""

    section: Section
    id: str
    path: Path
    title: str
    fields: tuple[Field, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An entry in a list: its address below the section, its name, and how many faults it has."""

    id: str
    title: str
    faults: int


def entry_path(document: Mapping[str, Any], section: Section, id: str) -> Path | None:
    """Where an entry stands; None if there is none of that name."""
    if section.shape == "single":
        return section.path
    here = at(document, section.path)
    if section.shape == "entries":
        return (*section.path, id) if isinstance(here, dict) and id in here else None
    found = (place for place, item in enumerate(_items(here)) if _key_of(section, item) == id)
    place = next(found, None)
    return None if place is None else (*section.path, place)


def entries(document: Mapping[str, Any], section: Section, faults: Sequence[Fault] = ()) -> tuple[Entry, ...]:
    """The entries of a section, in the order of the document."""
    here = at(document, section.path)
    pairs: list[tuple[str, Any, Path]] = []
    if section.shape == "entries" and isinstance(here, dict):
        pairs = [(id, entry, (*section.path, id)) for id, entry in here.items()]
    elif section.shape == "listed":
        pairs = [(_key_of(section, item), item, (*section.path, place)) for place, item in enumerate(_items(here))]
    return tuple(
        Entry(id, _called(section, entry, id), sum(below(fault, path) for fault in faults)) for id, entry, path in pairs
    )


def form_of(
    document: Mapping[str, Any], section: Section, id: str, known: Known, faults: Sequence[Fault] = ()
) -> Form | None:
    """The form of an entry, or of a section that is one form; None if there is no such entry."""
    path = entry_path(document, section, id)
    if path is None:
        return None
    entry = at(document, path)
    asks = section.asks if section is not SEVERITY else (*section.asks, *_severity(document))
    made = tuple(_fields(document, known, path, asks, None))
    return _with_faults(Form(section, id, path, _called(section, entry, id or section.title), made), faults)


def step_form(
    document: Mapping[str, Any], procedure: str, step: str, known: Known, faults: Sequence[Fault] = ()
) -> Form | None:
    """The form of one step of a procedure."""
    base: Path = ("procedures", procedure, "steps")
    steps = _items(at(document, base))
    place = next((n for n, one in enumerate(steps) if isinstance(one, dict) and one.get("id") == step), None)
    if place is None:
        return None
    others = [one for one in steps if isinstance(one, dict) and one.get("id") != step]
    asks = (*STEP, *_conditions(others))
    made = tuple(_fields(document, known, (*base, place), asks, others))
    title = str(steps[place].get("title") or step)
    return _with_faults(Form(PROCEDURES, procedure, (*base, place), title, made), faults)


def together(
    document: Mapping[str, Any], section: Section, names: Iterable[str], known: Known, faults: Sequence[Fault] = ()
) -> tuple[Form, ...]:
    """Forms of several entries, to be shown as one; `names`: only these questions of each."""
    wanted = set(names)
    forms = (form_of(document, section, one.id, known, faults) for one in entries(document, section))
    return tuple(
        replace(form, fields=tuple(one for one in form.fields if one.ask.name in wanted)) for form in forms if form
    )


def at(document: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for part in path:
        if isinstance(document, dict):
            document = document.get(part)
        elif isinstance(document, list) and isinstance(part, int) and 0 <= part < len(document):
            document = document[part]
        else:
            return None
    return document


def below(fault: Fault, path: Path) -> bool:
    """Whether a fault is at a path or below it."""
    own = dotted(path)
    return fault.path == own or fault.path.startswith(f"{own}.")


def _fields(
    document: Mapping[str, Any], known: Known, base: Path, asks: Iterable[Ask], steps: list[Any] | None
) -> Iterator[Field]:
    for ask in asks:
        path: Path = (*base, *ask.name.split("."))
        value = at(document, path)
        offered = choices(document, known, ask.of, steps) if ask.of and ask.of not in _ANSWERS else ()
        if ask.of in _ANSWERS:
            offered = _answers(steps or [], ask.name)
        rows = tuple(
            tuple(_fields(document, known, (*path, place), ask.rows, steps)) for place in range(len(_items(value)))
        )
        yield Field(path, ask, value, offered, rows if ask.kind == "rows" else ())
        if ask.kind == "given":
            by_label = replace(ask, group=ask.group or ask.label)
            more = (
                replace(by_label, name=f"{ask.name}.label", label="The label", kind="line", of=""),
                replace(by_label, name=f"{ask.name}.values", label="Its values", kind="pairs", of="", hint=_VALUES),
                replace(by_label, name=f"{ask.name}.otherwise", label="Otherwise", kind="choice"),
            )
            yield from _fields(document, known, base, more, steps)


_VALUES = "One a line: critical: high"
_ANSWERS = frozenset({"answers"})


def _severity(document: Mapping[str, Any]) -> Iterator[Ask]:
    """The matrix cell by cell, and every level."""
    for impact, called in choices(document, Known(), "impacts"):
        for urgency, soon in choices(document, Known(), "urgencies"):
            label = f"{called} impact, {soon} urgency"
            yield Ask(f"matrix.{impact}.{urgency}", label, "choice", must=True, of="levels", group="matrix")
    present = at(document, ("severity", "levels"))
    for severity in SEVERITIES:
        if isinstance(present, dict) and severity in present:
            yield from (replace(one, name=f"levels.{severity}.{one.name}", group=severity) for one in LEVEL)


def _conditions(others: list[Any]) -> Iterator[Ask]:
    for one in others:
        question = at(one, ("decides", "question"))
        if isinstance(one.get("id"), str) and question:
            label = f"Only if “{question}” was answered"
            yield Ask(f"only_if.{one['id']}", label, "several", of="answers", group="Branch")


def _answers(steps: list[Any], name: str) -> tuple[tuple[str, str], ...]:
    deciding: Any = next((one for one in steps if one.get("id") == name.removeprefix("only_if.")), {})
    answers = at(deciding, ("decides", "answers"))
    return tuple((str(id), str(words)) for id, words in answers.items()) if isinstance(answers, dict) else ()


def _with_faults(form: Form, faults: Sequence[Fault]) -> Form:
    mine = [fault for fault in faults if below(fault, form.path)] if form.path else list(faults)
    taken: set[Fault] = set()
    fields = tuple(_blamed(one, mine, taken) for one in form.fields)
    rest = tuple(fault for fault in mine if fault not in taken)
    return replace(form, fields=fields, faults=rest if form.path else tuple(f for f in rest if "." not in f.path))


def _blamed(field: Field, faults: Sequence[Fault], taken: set[Fault]) -> Field:
    rows = tuple(tuple(_blamed(one, faults, taken) for one in row) for row in field.rows)
    own = tuple(fault for fault in faults if below(fault, field.path) and fault not in taken)
    taken.update(own)
    return replace(field, rows=rows, faults=own)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _key_of(section: Section, item: Any) -> str:
    name = item.get(section.key_field) if isinstance(item, dict) else None
    return name if isinstance(name, str) else ""


def _called(section: Section, entry: Any, id: str) -> str:
    if section.shape == "single":
        return section.title
    name = entry.get(section.naming) if isinstance(entry, dict) else None
    return name if isinstance(name, str) and name.strip() else id


def section_of(path: str) -> tuple[Section, str, str] | None:
    """The form that a fault's dotted path belongs to: section, entry's id or place, and the step's place."""
    parts = path.split(".")
    for section in SECTIONS.values():
        own = section.path
        if own and tuple(parts[: len(own)]) == own:
            rest = parts[len(own) :]
            step = rest[2] if section is PROCEDURES and len(rest) > 2 and rest[1] == "steps" else ""
            return section, rest[0] if rest else "", step
    return (SECTIONS["plan"], "", "") if path else None
