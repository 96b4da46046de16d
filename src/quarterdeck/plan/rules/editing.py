"""Change one value of a plan's files at its place: every other byte stays, comments and order included."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules import yaml_text as write
from quarterdeck.plan.rules.faults import Path, dotted
from quarterdeck.plan.rules.reading import is_prose, read
from quarterdeck.plan.rules.yaml_nodes import (
    Mapped,
    Piece,
    Sequenced,
    chunks,
    content_end,
    first_line,
    found,
    is_empty,
    key_line,
    line_end,
    piece_of,
)

GONE: Any = object()
"""As a value: take the key away."""


def edited(files: Mapping[str, str], changes: Sequence[tuple[Path, Any]]) -> dict[str, str]:
    """The files with each value set at its path (`GONE`: without it), in order.

    Paths lead through the joined document, items of lists by their index. Raises `Invalid` where a text cannot be
    changed without touching anything else, a file that is not YAML for example: then it is for the files' own editor.
    """
    texts = dict(files)
    for path, value in changes:
        texts = _set(texts, path, value)

    def put(document: dict[str, Any]) -> None:
        for path, value in changes:
            _put(document, path, value)

    return _checked(files, texts, changes[0][0], put) if changes else texts


def rearranged(files: Mapping[str, str], path: Path, order: Sequence[int | Mapping[str, Any]]) -> dict[str, str]:
    """The list at `path` with the items of these old indexes, in this order; a map in between is a new item."""
    name, text = _holding(files, path)
    piece = piece_of(name, text)
    node = found(piece, path)
    if not isinstance(node, Sequenced):
        raise _unable(path)
    own = chunks(piece.yaml, node)
    if node.flow_style:
        parts = [own[one] if isinstance(one, int) else write.flow(one) for one in order]
        new = _spliced(piece, node.start_mark.index, node.end_mark.index, f"[{', '.join(parts)}]")
    else:
        column = node.start_mark.column
        parts = [own[one] if isinstance(one, int) else write.block([one], column) + "\n" for one in order]
        parts = [part if part.endswith("\n") else part + "\n" for part in parts]
        start = first_line(piece.yaml, node)
        new = _spliced(piece, start, start + sum(map(len, own)), "".join(parts))

    def put(document: dict[str, Any]) -> None:
        items = _at(document, path)
        items[:] = [items[one] if isinstance(one, int) else dict(one) for one in order]

    return _checked(files, {**files, name: new}, path, put)


def _set(files: Mapping[str, str], path: Path, value: Any) -> dict[str, str]:
    name, text = _holding(files, path)
    piece = piece_of(name, text)
    if piece.body_path == path and piece.body:
        return {**files, name: piece.with_body(value if value is not GONE else "")}
    for depth in range(len(path), -1, -1):
        node = found(piece, path[:depth])
        if node is None:
            continue
        rest = path[depth:]
        if not rest:
            new = _removed(piece, path) if value is GONE else _replaced(piece, path, node, value)
        elif value is GONE:
            return dict(files)
        elif isinstance(node, Mapped):
            new = _added(piece, node, str(rest[0]), _nested(rest[1:], value))
        elif is_empty(node):
            new = _replaced(piece, path[:depth], node, _nested(rest, value))
        else:
            raise _unable(path)
        return {**files, name: new}
    if value is GONE:
        return dict(files)
    own = path[len(piece.prefix) :] if piece.yaml.strip() == "" else path
    return {
        **files,
        name: piece.with_yaml(f"{piece.yaml.rstrip()}\n{write.block(_nested(own, value), 0)}\n".lstrip("\n")),
    }


def _holding(files: Mapping[str, str], path: Path) -> tuple[str, str]:
    """The file in which the value stands, or would: the one that knows most of its path."""

    def known(name: str) -> int:
        piece = piece_of(name, files[name])
        if piece.body and piece.body_path == path:
            return len(path) + 1
        depths = (depth for depth in range(len(path), 0, -1) if found(piece, path[:depth]) is not None)
        own = len(piece.prefix) if piece.prefix and path[: len(piece.prefix)] == piece.prefix else 0
        return max(next(depths, 0), own)

    names = sorted(files, key=lambda name: (is_prose(name), name != "plan.yaml", name))
    if not names:
        raise _unable(path)
    best = max(names, key=known)  # the first of equals
    return best, files[best]


def _replaced(piece: Piece, path: Path, node: Any, value: Any) -> str:
    text = piece.yaml
    if isinstance(node, Sequenced) and isinstance(value, list) and not node.flow_style and value:
        old = [item.value if isinstance(item.value, str) else "" for item in node.value]
        if all(isinstance(one.value, str) for one in node.value) and all(isinstance(one, str) for one in value):
            return _relisted(piece, node, old, value)
    start, end = node.start_mark.index, content_end(text, node)
    if is_empty(node):
        parent = found(piece, path[:-1])
        key = next(key for key, one in parent.value if one is node)
        start = end = text.index(":", key.end_mark.index) + 1
        return _spliced(piece, start, end, _after_colon(value, key.start_mark.column, text[end : line_end(text, end)]))
    flow = _within_flow(piece, path)
    column = found(piece, path[:-1]).start_mark.column if path else 0
    if isinstance(value, dict | list) and isinstance(node, Mapped | Sequenced) and not node.flow_style:
        return _spliced(piece, start, end, write.block(value, node.start_mark.column).lstrip())
    if isinstance(value, dict | list):
        return _spliced(piece, start, end, write.flow(value))
    rest = text[end : line_end(text, end)]
    shown = write.scalar(value, flow=flow, like=getattr(node, "style", None), column=column, alone=not rest.strip())
    return _spliced(piece, start, end, shown)


def _relisted(piece: Piece, node: Any, old: list[str], value: list[str]) -> str:
    """A list of texts: items that stay keep their lines, and the comments above them."""
    own, column = chunks(piece.yaml, node), node.start_mark.column
    start = first_line(piece.yaml, node)
    parts: list[str] = []
    for place, one in enumerate(value):
        if place < len(old) and len(old) == len(value) and old[place] != one:
            item = node.value[place]
            end = content_end(piece.yaml, item)
            rest = piece.yaml[end : line_end(piece.yaml, end)]
            shown = write.scalar(one, flow=False, like=item.style, column=column, alone=not rest.strip())
            offset = start + sum(map(len, own[:place]))
            parts.append(own[place][: item.start_mark.index - offset] + shown + own[place][end - offset :])
        elif one in old:
            parts.append(own[old.index(one)])
        else:
            parts.append(write.block([one], column) + "\n")
    parts = [part if part.endswith("\n") else part + "\n" for part in parts]
    return _spliced(piece, start, start + sum(map(len, own)), "".join(parts))


def _added(piece: Piece, node: Any, key: str, value: Any) -> str:
    text = piece.yaml
    if node.flow_style:
        shown = f"{write.flow(key)}: {write.flow(value)}"
        if not node.value:
            return _spliced(piece, node.start_mark.index, node.end_mark.index, "{ " + shown + " }")
        end = content_end(text, node.value[-1][1])
        return _spliced(piece, end, end, f", {shown}")
    end = line_end(text, content_end(text, node))
    column = node.start_mark.column
    shown = "\n" + " " * column + write.flow(key) + ":" + _after_colon(value, column, "")
    return _spliced(piece, end, end, shown)


def _after_colon(value: Any, column: int, rest: str) -> str:
    if isinstance(value, dict | list) and value and not rest.strip():
        return "\n" + write.block(value, column + 2)
    if isinstance(value, dict | list):
        return " " + write.flow(value)
    return " " + write.scalar(value, flow=False, like=None, column=column, alone=not rest.strip())


def _removed(piece: Piece, path: Path) -> str:
    text, parent = piece.yaml, found(piece, path[:-1])
    if not isinstance(parent, Mapped):
        raise _unable(path)
    at = next(place for place, (key, _) in enumerate(parent.value) if key.value == path[-1])
    key, node = parent.value[at]
    if len(parent.value) == 1 and len(path) > max(1, len(piece.prefix) + 1):
        return _removed(piece, path[:-1])
    following = parent.value[at + 1][0].start_mark.index if at + 1 < len(parent.value) else None
    if parent.flow_style:
        if following is not None:
            return _spliced(piece, key.start_mark.index, following, "")
        start = content_end(text, parent.value[at - 1][1]) if at else key.start_mark.index
        return _spliced(piece, start, content_end(text, node), "")
    start = key_line(text, key.start_mark.index)
    if text[start : key.start_mark.index].strip() and following is not None:
        return _spliced(piece, key.start_mark.index, following, "")
    end = line_end(text, max(content_end(text, node), key.end_mark.index))
    return _spliced(piece, start, min(end + 1, len(text)), "")


def _within_flow(piece: Piece, path: Path) -> bool:
    return any(
        isinstance(node, Mapped | Sequenced) and bool(node.flow_style)
        for node in (found(piece, path[:depth]) for depth in range(len(path)))
    )


def _spliced(piece: Piece, start: int, end: int, new: str) -> str:
    return piece.with_yaml(piece.yaml[:start] + new + piece.yaml[end:])


def _nested(rest: Path, value: Any) -> Any:
    for part in reversed(rest):
        value = {str(part): value}
    return value


# -- did it do what was meant, and nothing else? -----------------------------------------------------


def _checked(old: Mapping[str, str], new: dict[str, str], path: Path, put: Any) -> dict[str, str]:
    before = read(old)
    wanted = deepcopy(before.document)
    try:
        put(wanted)
    except (KeyError, IndexError, TypeError):
        raise _unable(path) from None
    got = read(new)
    if _normal(got.document) != _normal(wanted) or len(got.faults) > len(before.faults):
        raise _unable(path)
    return new


def _normal(value: Any) -> Any:
    """Empty maps and nothing are one; a text is compared without the blanks at its end."""
    if isinstance(value, dict):
        inner = {key: _normal(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one is not None} or None
    if isinstance(value, list):
        return [_normal(one) for one in value]
    return value.rstrip() if isinstance(value, str) else value


def _at(document: Any, path: Path) -> Any:
    for part in path:
        document = document[part]
    return document


def _put(document: dict[str, Any], path: Path, value: Any) -> None:
    here: Any = document
    for part in path[:-1]:
        if isinstance(here, dict) and here.get(part) is None:
            if value is GONE:
                return
            here[part] = {}
        here = here[part]
    if value is GONE:
        if isinstance(here, dict):
            here.pop(path[-1], None)
        return
    here[path[-1]] = value


def _unable(path: Path) -> Invalid:
    return Invalid(
        "This cannot be changed by the form without touching the text around it.",
        (f"{dotted(path)}: change it under Files, in the text itself",),
    )
