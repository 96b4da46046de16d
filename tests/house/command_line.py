"""Writes docs/reference/command-line.md from the commands themselves: `python -m tests.house.command_line`."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from quarterdeck.app import cli
from quarterdeck.app.commands import OFFERED
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "command-line.md"

_HEAD = """\
# Command line

Made from the commands themselves by `python -m tests.house.command_line`; a test fails when it is out of date.
From a clone, say `bin/quarterdeck` for `quarterdeck`.

- `--home HOME` names the home made by `quarterdeck init`; `QUARTERDECK_HOME` does so for all commands.
- `--json` prints JSON for programs.
- Exit codes: 0 fine, 1 found something (a fault, nobody on call, a broken record), 2 misuse or a refusal, with a
  sentence on standard error that says what to do.
- Whoever may read the home acts as the local operator, with every permission, and is recorded as `local`.
"""


def whole() -> Any:
    """The command as `quarterdeck` runs it, every room's commands included."""
    root: Any = get_command(cli.app)
    for name in OFFERED:
        root.get_command(None, name)
    return root


def page() -> str:
    return _HEAD + "".join(f"\n{section}" for section in _sections(whole(), "quarterdeck"))


def _sections(command: Any, path: str) -> Iterator[str]:
    inner = getattr(command, "commands", {})
    for name in sorted(inner, key=lambda name: (hasattr(inner[name], "commands"), name)):
        found = inner[name]
        if getattr(found, "commands", None):
            yield f"## {path} {name}\n\n{_said(found)}\n"
            yield from _sections(found, f"{path} {name}")
        else:
            yield _one(found, f"{path} {name}")


def _one(command: Any, path: str) -> str:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.params if param.param_type_name == "option" and param.name != "help"]
    usage = " ".join([path, *(_argument(param) for param in arguments), *(["[OPTIONS]"] if options else [])])
    lines = [f"### `{usage}`", "", _said(command), ""]
    lines += [f"- `{_name(param)}`: {param.help}" for param in arguments if param.help]
    lines += [_option(param) for param in options]
    return "\n".join(lines).rstrip() + "\n"


def _name(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _argument(param: Any) -> str:
    return _name(param) if param.required else f"[{_name(param)}]"


def _option(param: Any) -> str:
    names = ", ".join([*param.opts, *param.secondary_opts])
    value = "" if param.is_flag else f" {_name(param)}"
    said = param.help or ""
    if param.required:
        said += " Required."
    elif param.default not in (None, "", False, ()) and not param.is_flag:
        said += f" Unless given: {param.default}."
    return f"- `{names}{value}`" + (f": {said.strip()}" if said else "")


def _said(command: Any) -> str:
    return " ".join((command.help or "").split())


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
