"""Writes docs/reference/permissions.md from the code: `python -m tests.house.permissions`."""

import importlib.util
import inspect
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quarterdeck.app import homes, wiring
from quarterdeck.app.settings import Settings
from quarterdeck.app.web import create_app
from quarterdeck.governance.rules import KEY_ROLES, ROLES, Permission
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "reference" / "permissions.md"

DOORS = (
    ("POST", "/v2/enqueue", Permission.INTAKE, "the routing key in the body is an intake key"),
    ("POST", "/v2/change/enqueue", Permission.INTAKE, "the routing key in the body is an intake key"),
    ("POST", "/intake/{source}/{key}", Permission.INTAKE, "the key in the path is an intake key"),
)
"""The intake door is bare ASGI beside the router, so it is named here; tests/house/test_permissions.py knocks at it."""


@dataclass(frozen=True)
class Route:
    """One method on one path, and who may use it: a permission, or a reason why everybody may."""

    method: str
    path: str
    may: Permission | None
    public: str | None
    handler: Any


def routes(app: Any) -> list[Route]:
    """Every route of the router, sorted by path; HEAD and OPTIONS follow GET and are left out."""
    found = [
        Route(method, route.path_format, handler.opt.get("may"), handler.opt.get("public"), handler)
        for route in app.router.routes
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]
        for method in sorted(getattr(handler, "http_methods", None) or {"GET"})
        if method not in {"OPTIONS", "HEAD"}
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public action of every room as `room.name`; of a package, what it offers to others."""
    for room in wiring.ROOMS:
        name = f"quarterdeck.{room}.actions"
        if importlib.util.find_spec(name) is None:
            continue
        for attribute, value in sorted(vars(importlib.import_module(name)).items()):
            offered = inspect.isfunction(value) and value.__module__.startswith(name) and not attribute.startswith("_")
            if offered and next(iter(inspect.signature(value).parameters), "") == "tx":
                yield f"{room}.{attribute}", value


def page() -> str:
    """The whole reference page, as it should stand in docs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), f"sqlite:///{folder}/quarterdeck.db", secret_key="only for listing routes")
        record = homes.open_record(settings)
        try:
            listed = routes(create_app(record, settings, wiring.house()))
        finally:
            record.close()
    return "\n".join([_HEAD, *_roles(), _ROUTES, *_matrix(listed), _ACTIONS, *_actions(), ""])


_HEAD = """\
# Permissions

Made from the code by `python -m tests.house.permissions`; a test fails when it is out of date. Everything is refused
unless it is allowed here. A person or a key has roles; a role carries permissions; a key may be narrowed to some of its
roles' permissions (its scopes), never widened.

## Roles

Keys may have any role but `engine`; people any role but `intake` and `engine`.
"""

_ROUTES = """
## Routes

`●` may use it, `·` is refused with 403. Without a session or a key every route answers 401, the public ones apart.
"""

_ACTIONS = """
## Actions

The same rule stands a second time behind every door, so that the command line, reactions and other rooms meet it too.
"""


def _roles() -> list[str]:
    roles = [*KEY_ROLES, "engine"]
    rows = [[permission, *("●" if permission in ROLES[role] else "·" for role in roles)] for permission in Permission]
    return _table(["permission", *roles], rows)


def _matrix(listed: list[Route]) -> list[str]:
    rows = []
    for route in listed:
        if route.may is None:
            rows.append([route.method, f"`{route.path}`", "", *("●" for _ in KEY_ROLES), f"public: {route.public}"])
        else:
            marks = ["●" if route.may in ROLES[role] else "·" for role in KEY_ROLES]
            rows.append([route.method, f"`{route.path}`", str(route.may), *marks, ""])
    for method, path, permission, remark in DOORS:
        marks = ["●" if permission in ROLES[role] else "·" for role in KEY_ROLES]
        rows.append([method, f"`{path}`", str(permission), *marks, remark])
    return _table(["", "path", "permission", *KEY_ROLES, "remark"], rows)


def _actions() -> list[str]:
    rows = [
        [f"`{name}`", str(getattr(action, "permission", "")), getattr(action, "unguarded", "")]
        for name, action in actions()
    ]
    return _table(["action", "permission", "why none"], rows)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
