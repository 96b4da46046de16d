"""The web application: all rooms' routes behind one gate, with one form of error; the intake door beside it."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PrefixLoader, StrictUndefined, select_autoescape
from jinja2.loaders import FileSystemLoader
from litestar import Litestar, Request, Router, get
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import ASGIApp, Message, Receive, Scope, Send

import quarterdeck
from quarterdeck.app import errors, gate
from quarterdeck.app.asked import Asked
from quarterdeck.app.openapi import Described, described
from quarterdeck.app.settings import Settings
from quarterdeck.app.wiring import ROOMS, House
from quarterdeck.record import Record

MAX_BODY = 512 * 1024
_DESCRIPTION = {"public": "the API's own description"}
_DOOR_PATHS = ("/v2/enqueue", "/v2/change/enqueue", "/intake/")


def templates() -> Environment:
    """Every room's templates under the room's own name; autoescape always; an unknown name is an error, not a blank."""
    root = Path(str(files(quarterdeck)))
    folders = {room: FileSystemLoader(root / room / "templates") for room in ("app", *ROOMS)}
    return Environment(
        loader=PrefixLoader(folders),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def create_app(record: Record, settings: Settings, wired: House, extra: Sequence[Any] = ()) -> ASGIApp:
    """The whole web face, with `extra` routes for the demo. Refuses to start if a route does not say who may use it."""
    return serving(routed(wired, extra), record, settings)


def serving(router: Litestar, record: Record, settings: Settings) -> ASGIApp:
    """Let the routes serve this record from now on, beside its intake door. Making the routes is what takes long."""
    router.state = State({"record": record, "settings": settings})
    return beside(secured(router, settings), door_of(record, settings), router)


def routed(wired: House, extra: Sequence[Any] = ()) -> Litestar:
    """Every route behind the gate; which record they serve is in the state."""
    from quarterdeck.app import health, live, pages

    routes = [*wired.routes, *pages.routes(wired), *live.ROUTES, *health.ROUTES, openapi, *extra]
    gate.insist_on_rules(routes)
    environment = templates()
    app = Litestar(
        # One router: registered one by one, handlers that share a path would be wrapped for the thread pool twice.
        route_handlers=[Router("/", route_handlers=routes), _static()],
        dependencies={
            "record": Provide(_record, sync_to_thread=False),
            "settings": Provide(_settings, sync_to_thread=False),
            "wired": Provide(lambda: wired, sync_to_thread=False, use_cache=True),
            "hung": Provide(lambda: wired.hung, sync_to_thread=False, use_cache=True),
            "who": Provide(gate.who, sync_to_thread=False),
        },
        guards=[gate.guard],
        exception_handlers=errors.HANDLERS,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        request_class=Asked,
        request_max_body_size=MAX_BODY,
        compression_config=CompressionConfig(backend="gzip", gzip_compress_level=5, exclude=["^/live", "woff2$"]),
        openapi_config=OpenAPIConfig(
            title="Quarterdeck",
            version=quarterdeck.__version__,
            openapi_router=Router("/openapi", route_handlers=[], opt=_DESCRIPTION, include_in_schema=False),
            render_plugins=[Described(path="/openapi.json")],
            use_handler_docstrings=True,
        ),
        debug=False,
        logging_config=None,
    )
    pages.prepare(environment, lambda: app.state.record, routes)
    return app


@get("/openapi.json", opt=_DESCRIPTION, sync_to_thread=True, include_in_schema=False)
def openapi(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What the API offers, as OpenAPI 3.1. At the root, where the router's own plugin would take `/` as well."""
    return described(request.app)


def _record(request: Request[Any, Any, Any]) -> Record:
    found: Record = request.app.state.record
    return found


def _settings(request: Request[Any, Any, Any]) -> Settings:
    found: Settings = request.app.state.settings
    return found


def door_of(record: Record, settings: Settings) -> ASGIApp:
    """The intake door: bare ASGI, since it must take a storm."""
    from quarterdeck.intake.api import make_door

    return make_door(record, settings.intake)


def beside(app: ASGIApp, door: ASGIApp, router: Litestar) -> ASGIApp:
    """Requests that carry signals go to the door, everything else through the router."""

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        if str(scope["type"]) == "http" and scope["path"].startswith(_DOOR_PATHS):
            await door(scope, receive, send)
        else:
            await app(scope, receive, send)

    choose.router = router  # type: ignore[attr-defined]  # for the route matrix and tests
    return choose


def _static() -> Any:
    folder = Path(str(files(quarterdeck))) / "app" / "static"
    return create_static_files_router(
        path="/static",
        directories=[folder],
        opt={"public": "style, script and type of the console"},
        cache_control=CacheControlHeader(max_age=31_536_000, immutable=True, public=True),
        include_in_schema=False,
    )


_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def secured(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Every answer carries the headers, whoever made it: route, error, static file."""
    headers = {name.lower().encode(): value.encode() for name, value in _headers(settings).items()}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        static = str(scope.get("path", "")).startswith("/static/")
        late = headers if static else {**headers, b"cache-control": b"no-store"}

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                raw = list(message.get("headers", []))
                given = {name.lower() for name, _ in raw}
                message = {**message, "headers": raw + [(n, v) for n, v in late.items() if n not in given]}
            await send(message)

        await app(scope, receive, send_secured)

    return answer


def _headers(settings: Settings) -> dict[str, str]:
    headers = dict(_HEADERS)
    if settings.demo:
        policy = headers["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        headers |= {"Content-Security-Policy": f"{policy}; frame-src 'self'", "X-Frame-Options": "SAMEORIGIN"}
    if settings.cookie_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def route_handlers(app: Any) -> Sequence[BaseRouteHandler]:
    """Every handler of the router, for the route by role matrix."""
    router: Litestar = app.router
    return [handler for route in router.routes for handler in getattr(route, "route_handlers", [])]
