"""What a refusal looks like: a problem document (RFC 9457) for programs, a page that says what was kept for people."""

from collections.abc import Mapping
from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect, Template
from sqlalchemy.exc import SQLAlchemyError

from quarterdeck.kernel.errors import Conflict, Forbidden, Invalid, NotFound, QuarterdeckError, Refused
from quarterdeck.record import is_down

_SAID = {
    404: "There is nothing at this address.",
    405: "This address does not take that method. `Allow` names those that it takes.",
    413: "The body is larger than this address takes; nothing of it was kept. Send less at once.",
}
"""Where the framework's own words would not say what to do."""
log = structlog.get_logger("quarterdeck.web")

AnyRequest = Request[Any, Any, Any]


def _status_of(error: QuarterdeckError) -> int:
    match error:
        case Invalid():
            return 400
        case Forbidden():
            return 403
        case NotFound():
            return 404
        case Refused() | Conflict():
            return 409
        case _:
            return 400


def _ours(request: AnyRequest, error: QuarterdeckError) -> Response[Any]:
    title = error.reason if isinstance(error, Refused) else type(error).__name__
    errors = error.errors if isinstance(error, Invalid) else ()
    detail = error.detail if isinstance(error, Refused | Invalid) else str(error)
    return problem(request, _status_of(error), title, detail, errors)


def _framework(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if error.status_code == 401 and _wants_page(request):
        following = request.url.path if request.method == "GET" and request.url.path != "/" else None
        return Redirect("/sign-in", query_params={"next": following} if following else None, status_code=303)
    errors: tuple[str, ...] = ()
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        errors = tuple(f"{item.get('key', 'body')}: {item.get('message', '')}" for item in error.extra)
    elif isinstance(error, ValidationException):
        errors = (error.detail.partition(" for path ")[0],)  # what follows is the address, as it was typed
    headers = dict(error.headers or {})
    titles = {401: "NotSignedIn", 404: "NotFound", 405: "MethodNotAllowed", 413: "TooLarge"}
    title = titles.get(error.status_code, "BadRequest" if error.status_code < 500 else "Fault")
    detail = _SAID.get(error.status_code) or error.detail or title
    if errors:
        detail = "Some of the request makes no sense; nothing was changed. `errors` names each fault."
    return problem(request, error.status_code, title, detail, errors, headers)


def _of_the_store(request: AnyRequest, error: SQLAlchemyError) -> Response[Any]:
    if not is_down(error):
        return _fault(request, error)
    log.error("the database did not answer", error=type(getattr(error, "orig", None) or error).__name__)
    detail = "The database does not answer. Nothing was changed. Try again in a moment."
    return problem(request, 503, "StoreUnavailable", detail, headers={"Retry-After": "5"})


def _fault(request: AnyRequest, error: Exception) -> Response[Any]:
    # The text of an unexpected error may hold secrets: it goes to the log, never to the client.
    log.error("unexpected error", path=request.url.path, exc_info=error)
    return problem(request, 500, "Fault", "Something broke on our side. Nothing was changed. The log has the details.")


def problem(
    request: AnyRequest,
    status: int,
    title: str,
    detail: str,
    errors: tuple[str, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[Any]:
    """A problem document, or the page of one when a browser asks."""
    headers = dict(headers or {})
    if _wants_page(request):
        context = {"status": status, "title": title, "detail": detail, "errors": errors, "who": _who(request)}
        return Template("app/problem.html", context=context, status_code=status, headers=headers)
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if errors:
        body["errors"] = list(errors)
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)


def _who(request: AnyRequest) -> Any:
    return getattr(request.state, "who", None)


def _wants_page(request: AnyRequest) -> bool:
    path = request.url.path
    if path.startswith(("/api/", "/v2/", "/intake/", "/healthz", "/readyz", "/metrics")):
        return False
    return MediaType.HTML in request.headers.get("accept", "")


HANDLERS: dict[Any, Any] = {
    QuarterdeckError: _ours,
    HTTPException: _framework,
    SQLAlchemyError: _of_the_store,
    Exception: _fault,
}
