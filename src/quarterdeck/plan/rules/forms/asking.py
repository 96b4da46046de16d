"""What a form asks of one part of the plan, and one field of it as it stands in a document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from quarterdeck.plan.rules.faults import Fault, Path, dotted

Kind = Literal[
    "line",
    "text",
    "markdown",
    "lines",
    "span",
    "number",
    "decimal",
    "choice",
    "yes",
    "several",
    "ordered",
    "targets",
    "pairs",
    "rows",
    "given",
    "matched",
]
"""How it is asked for. `span`: `15 min`. `several`: any of the choices; `ordered`: some, in an order. `pairs`: one
`id: text` a line. `rows`: a list of small maps. `given`: a grade, or by a label's value. `matched`: text, or a list."""


@dataclass(frozen=True)
class Ask:
    """One question about an entry. `name`: dotted, below the entry. `of`: which set the answers come from."""

    name: str
    label: str
    kind: Kind = "line"
    hint: str = ""
    must: bool = False
    of: str = ""
    none: str = "not said"
    """What a choice that may stay open says."""
    group: str = ""
    rows: tuple["Ask", ...] = ()
    new: Mapping[str, Any] = field(default_factory=dict)
    """What a new row begins with."""
    default: Any = None
    """What it counts as where nothing is written."""
    explicit: bool = False
    """Whether choosing none is written as an empty list, because writing nothing means something else."""


@dataclass(frozen=True)
class Field:
    """A question with what stands there now. `value` is None where nothing does."""

    path: Path
    ask: Ask
    value: Any
    choices: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple["Field", ...], ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in a form."""
        return dotted(self.path)

    @property
    def shown(self) -> str:
        return shown(self.ask, self.value)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values of a list, as far as they are texts."""
        listed = self.value if isinstance(self.value, list) else []
        return tuple(one for one in listed if isinstance(one, str))

    @property
    def ticked(self) -> tuple[str, ...]:
        """What counts as chosen: what is written, or else what writing nothing means."""
        usual = self.ask.default if self.value is None else None
        return tuple(usual) if isinstance(usual, tuple) else self.chosen

    @property
    def is_on(self) -> bool:
        return bool(self.ask.default if self.value is None else self.value)


def shown(ask: Ask, value: Any) -> str:
    """A value as its input shows it."""
    if value is None:
        return (
            ""
            if ask.default is None or ask.kind in ("yes", "several")
            else shown(Ask(ask.name, "", ask.kind), ask.default)
        )
    if ask.kind == "span" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value} min"
    if ask.kind == "lines" and isinstance(value, list):
        return "\n".join(one_line(one) for one in value)
    if ask.kind == "matched" and isinstance(value, list):
        return ", ".join(map(str, value))
    if ask.kind == "pairs" and isinstance(value, dict):
        return "\n".join(f"{key}: {one_line(one)}" for key, one in value.items())
    if isinstance(value, dict | list):
        return ""
    return str(value)


def one_line(value: Any) -> str:
    return " ".join(str(value).split())


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields, and those in their rows."""
    for one in fields:
        yield one
        for row in one.rows:
            yield from every(row)
