"""Values as YAML text, in the style of the place they are put: as plain as may be, quoted where YAML asks for it."""

import json
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError, YAMLStreamError
from ruamel.yaml.events import ScalarEvent

from quarterdeck.plan.rules.reading import scalar_value

_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def scalar(value: Any, *, flow: bool, like: str | None, column: int, alone: bool) -> str:
    """One value. `like`: the style it had; `alone`: nothing follows on its line, so that it may take several."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    if not flow and alone and (like in ("|", ">") or "\n" in value) and _fits_a_block(value):
        body = value.rstrip("\n")
        chomp = "" if value.endswith("\n") else "-"
        pad = " " * (column + 2)
        return f"|{chomp}\n" + "\n".join(pad + line if line else "" for line in body.split("\n"))
    if like is None and _plain(value, flow):
        return value
    if like == "'" and "\n" not in value and not _ESCAPED.search(value):
        return "'" + value.replace("'", "''") + "'"
    if like not in ("'", '"') and _plain(value, flow):
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def flow(value: Any) -> str:
    """A value on one line: `{ a: 1, b: [x, y] }`."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{flow(key)}: {flow(one)}" for key, one in value.items()) + " }" if value else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, flow=True, like=None, column=0, alone=False)


def block(value: Any, column: int) -> str:
    """A value on lines of its own, without a newline at its end."""
    pad = " " * column
    if isinstance(value, dict) and value:
        return "\n".join(pad + flow(key) + ":" + _entry(one, column) for key, one in value.items())
    if isinstance(value, list | tuple) and value:
        return "\n".join(pad + "- " + _item(one, column) for one in value)
    return pad + flow(value)


def _entry(value: Any, column: int) -> str:
    if isinstance(value, dict) and value:
        return "\n" + block(value, column + 2)
    if isinstance(value, list | tuple):
        return " " + flow(value) if _short(value) else "\n" + block(value, column + 2)
    return " " + scalar(value, flow=False, like=None, column=column, alone=True)


def _item(value: Any, column: int) -> str:
    if isinstance(value, dict | list | tuple) and value:
        return block(value, column + 2).lstrip()
    return scalar(value, flow=False, like=None, column=column, alone=True)


def _short(values: Any) -> bool:
    return all(isinstance(one, str) and len(one) < 30 and " " not in one for one in values)


def _fits_a_block(value: str) -> bool:
    lines = value.split("\n")
    return bool(value.strip()) and not lines[0][:1].isspace() and "\t" not in value[:1] and not _ESCAPED.search(value)


def _plain(value: str, flow: bool) -> bool:
    """Whether the text means itself without quotes: asked of the parser."""
    if not value or value != value.strip() or "\n" in value or _ESCAPED.search(value) or "\t" in value:
        return False
    if scalar_value(value, None) != value:
        return False
    try:
        events = list(YAML(typ="safe", pure=True).parse(f"[{value}]" if flow else f"a: {value} # b"))
    except (YAMLError, YAMLStreamError, ValueError):
        return False
    scalars = [one for one in events if isinstance(one, ScalarEvent)]
    own = scalars if flow else scalars[1:]
    tricky = any(one.anchor or one.tag for one in own)
    return len(own) == 1 and own[0].value == value and own[0].style is None and not tricky
