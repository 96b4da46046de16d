"""A fault in a plan's files: where it stands, what is wrong, what to do about it."""

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where something stands in the document: `("types", "outage", "procedure")`."""


@dataclass(frozen=True, order=True)
class Place:
    """Line and column count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, order=True)
class Fault:
    """Printed as `file.yaml:7:31: path.to.field: what is wrong; what to do`."""

    place: Place
    path: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.path}: {self.problem}; {self.remedy}"


def dotted(path: Path) -> str:
    return ".".join(str(part) for part in path) or "(document)"
