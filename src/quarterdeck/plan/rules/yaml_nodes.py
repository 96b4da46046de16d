"""Where each value stands in a file: the file's YAML as nodes with their places, front matter and body told apart."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError, YAMLStreamError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import FOLDERS, is_prose, too_deep

Mapped, Sequenced = MappingNode, SequenceNode


@dataclass(frozen=True)
class Piece:
    """The YAML of a file, `before` and `after` it the rest; `prefix`: where a Markdown file's keys belong."""

    before: str
    yaml: str
    after: str
    prefix: Path
    body: str
    """A Markdown file's prose, without the blanks around it."""
    prose: bool

    @property
    def body_path(self) -> Path | None:
        return (*self.prefix, "text") if self.prose else None

    def with_yaml(self, yaml: str) -> str:
        if not self.prose or self.before.endswith("---\n"):
            return self.before + yaml + self.after
        return f"{self.before}---\n{yaml.rstrip()}\n---\n\n{self.after}"

    def with_body(self, body: str) -> str:
        start = self.after.index(self.body)
        return self.before + self.yaml + self.after[:start] + body + self.after[start + len(self.body) :]


@lru_cache(maxsize=256)
def piece_of(name: str, text: str) -> Piece:
    """A file as a piece. A Markdown file without front matter has none yet."""
    if not is_prose(name):
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return Piece(mark, text.removeprefix(mark), "", (), "", False)
    folder, _, file = name.rpartition("/")
    prefix: Path = (folder, file.removesuffix(".md")) if folder in FOLDERS else ()
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    ends = [at for at, line in enumerate(lines) if at and line.rstrip() == "---"]
    if lines and lines[0].rstrip() == "---" and ends:
        head = ("\ufeff" if text.startswith("\ufeff") else "") + lines[0]
        rest = "".join(lines[ends[0] :])
        return Piece(head, "".join(lines[1 : ends[0]]), rest, prefix, "".join(lines[ends[0] + 1 :]).strip(), True)
    return Piece("", "", text, prefix, text.strip(), True)


@lru_cache(maxsize=256)
def _root(yaml: str) -> Any:
    if too_deep(yaml):
        return None
    try:
        return YAML(typ="safe", pure=True).compose(yaml)
    except (YAMLError, YAMLStreamError, ValueError):
        return None


def found(piece: Piece, path: Path) -> Any:
    """The node at a path of the document; None if this file does not have it."""
    node = _root(piece.yaml)
    if path[: len(piece.prefix)] != piece.prefix:
        return None
    for part in path[len(piece.prefix) :]:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, SequenceNode) and isinstance(part, int):
            node = node.value[part] if part < len(node.value) else None
        else:
            return None
    return node


def is_empty(node: Any) -> bool:
    """A key without a value."""
    return isinstance(node, ScalarNode) and node.value == "" and node.style is None


def content_end(text: str, node: Any) -> int:
    """Where the last character of a value stands, plus one; blanks and comments below it are not part of it."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style:
        last = node.value[-1]
        key, value = last if isinstance(last, tuple) else (None, last)
        return content_end(text, value) if not is_empty(value) or key is None else int(key.end_mark.index) + 1
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    if getattr(node, "style", None) in ("|", ">"):
        return start + len(text[start:end].rstrip())
    return end


def key_line(text: str, index: int) -> int:
    """Where the line begins that a place is in."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """Where the line ends that a place is in, before its newline."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def first_line(text: str, node: Any) -> int:
    """Where a block list begins, the comments right above its first item included."""
    start = key_line(text, node.start_mark.index)
    while start:
        above = key_line(text, start - 1)
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def chunks(text: str, node: Any) -> list[str]:
    """The texts of a list's items: of a block whole lines, with the comments above each; of a flow the items alone."""
    if node.flow_style:
        return [text[item.start_mark.index : content_end(text, item)] for item in node.value]
    start, parts = first_line(text, node), []
    for item in node.value:
        end = min(line_end(text, content_end(text, item)) + 1, len(text))
        parts.append(text[start:end])
        start = end
    return parts
