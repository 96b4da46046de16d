"""What the API offers, as OpenAPI 3.1: the framework's description, with every refusal and the intake doors added."""

from collections.abc import Iterator
from typing import Any

from litestar import Litestar
from litestar.openapi.plugins import JsonRenderPlugin

from quarterdeck.intake.api.described import DOORS

Document = dict[str, Any]
PROBLEM = "application/problem+json"
_KEY = "Key"
_REFUSALS = {
    "400": "The request makes no sense; `errors` names every fault with its place.",
    "401": "Nobody is signed in, and the key is missing or wrong.",
    "403": "The key or person may not do this.",
    "404": "There is no such thing.",
    "409": "A rule refuses this now; `title` is the rule's stable name, `detail` says what to do.",
    "413": "The body is larger than the door takes; nothing of it was kept.",
    "503": "The database does not answer; nothing was changed. Try again after `Retry-After` seconds.",
}
_UNSAFE = frozenset({"post", "put", "patch", "delete"})
_FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/metrics")

_PROBLEM_SCHEMA: Document = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Always about:blank: `title` names the problem."},
        "title": {"type": "string", "description": "A stable PascalCase name, for programs."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "minLength": 1, "description": "A sentence: what is wrong and what to do."},
        "errors": {"type": "array", "items": {"type": "string"}, "description": "Each fault: `path: what is wrong`."},
        "kept": {"type": "integer", "minimum": 0, "description": "Of signals sent together: how many were kept."},
    },
}


class Described(JsonRenderPlugin):
    """Serves the same description at the framework's own address."""

    def render(self, request: Any, openapi_schema: Document) -> bytes:
        return self.render_json(request, described(request.app))


def described(app: Litestar) -> Document:
    """The whole description. Pages are for people and stay out of it."""
    document: Document = app.openapi_schema.to_schema()
    routes = {(route.path_format, method): opt for route, method, opt in _routes(app)}
    paths = {path: item for path, item in document["paths"].items() if path.startswith(_FOR_PROGRAMS)}
    for path, item in paths.items():
        for method, operation in item.items():
            _complete(operation, path, method, routes[path, method])
    document["paths"] = paths | DOORS
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = _PROBLEM_SCHEMA
    components["responses"] = {f"Problem{status}": _response(said) for status, said in _REFUSALS.items()}
    bearer = {"type": "http", "scheme": "bearer", "description": "An API key, from `quarterdeck key issue`."}
    components["securitySchemes"] = {_KEY: bearer}
    return document


def _routes(app: Litestar) -> Iterator[tuple[Any, str, Document]]:
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in getattr(handler, "http_methods", ()):
                yield route, str(getattr(method, "value", method)).lower(), handler.opt


def _complete(operation: Document, path: str, method: str, opt: Document) -> None:
    parameters = operation.get("parameters", [])
    for parameter in parameters:
        parameter["schema"] = _not_null(parameter["schema"])
    responses: Document = operation["responses"]
    refused = []
    if parameters or "requestBody" in operation:
        refused += ["400", "404"]
    if "requestBody" in operation:
        refused.append("413")
    if "may" in opt:
        refused += ["401", "403"]
        operation["security"] = [{_KEY: []}]
    if method in _UNSAFE:
        refused.append("409")
    refused += opt.get("refuses", ())
    if path == "/readyz":
        responses["503"] = {**responses["200"], "description": "No canary page has come back lately."}
    elif path != "/healthz":
        refused.append("503")
    for status in sorted(set(refused)):
        responses[status] = {"$ref": f"#/components/responses/Problem{status}"}


def _response(said: str) -> Document:
    return {"description": said, "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _not_null(schema: Document) -> Document:
    """An optional parameter is left out; there is no way to send null in an address or a header."""
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "oneOf"}
    return {**rest, **kinds[0]} if len(kinds) == 1 else schema
