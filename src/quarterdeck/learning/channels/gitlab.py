"""GitLab, of GitLab's own or of yours: REST, version 4."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.tracking import Seen
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.rules.hooks import Knock, parsed, same
from quarterdeck.learning.rules.issue import Change, Draft, Fault, Gone, Issue, digest, harmless, markdown
from quarterdeck.learning.rules.reading import Listed, day, listed, mapping, number, text
from quarterdeck.learning.rules.tracker import Tracker

PAGES, PER_PAGE = 10, 30
REPORTER, PLANNER = 20, 15
"""From this role on issues may be made, labelled and closed."""


def headers(token: str, tracker: Tracker) -> dict[str, str]:
    return {"PRIVATE-TOKEN": token, "Accept": "application/json"}


async def check(call: Caller) -> str:
    """What works, in a sentence. Raises `Fault` with what does not."""
    project = call.tracker.place.project
    await call("GET", "/api/v4/version", accept=(403, 404))  # 401: a wrong token, even where the project is public
    found = await _project(call)
    if found.get("archived") is True:
        raise Fault(f"{project} is archived: nothing can be written there.", slow=True)
    rights = mapping(found.get("permissions"))
    levels = [mapping(rights.get(one)).get("access_level") for one in ("project_access", "group_access")]
    known = [level for level in levels if isinstance(level, int)]
    if known and max(known) < PLANNER:
        raise Fault(f"The token can read {project} only: make one with the role Reporter or higher.", slow=True)
    # An issue without a title is never made: 400 says that it would have been, 403 that the token may not.
    await call("POST", f"{_at(call)}/issues", {}, accept=(400,))
    return f"The token works, and issues can be made in {text(found.get('path_with_namespace')) or project}."


async def _project(call: Caller) -> dict[str, Any]:
    """The project, which can be seen and has issues. Raises `Fault`."""
    project = call.tracker.place.project
    reply = await call("GET", _at(call), accept=(404,))
    if reply.status == 404:
        raise Fault(
            f"There is no project {project}, or the token may not see it: make the token in that project, or give its"
            " user access to it.",
            slow=True,
        )
    found = mapping(reply.data)
    if found.get("issues_access_level") == "disabled" or found.get("issues_enabled") is False:
        raise Fault(f"{project} has its issues turned off: turn them on in the project's settings.", slow=True)
    return found


async def create(call: Caller, draft: Draft) -> Issue:
    data: dict[str, Any] = {"title": draft.title, "description": markdown(draft), "due_date": draft.due}
    if draft.labels:
        data["labels"] = ",".join(draft.labels)
    return _issue((await call("POST", f"{_at(call)}/issues", data)).data)


async def find(call: Caller, draft: Draft, since: Instant) -> Issue | None:
    """An issue with our mark, among those made since. A list by instant, not the search, which may lag behind."""
    query = {"order_by": "created_at", "sort": "desc", "created_after": f"{since:%Y-%m-%dT%H:%M:%SZ}", "scope": "all"}
    for page in range(1, PAGES + 1):
        reply = await call("GET", _list(call, {**query, "page": page}))
        for row in listed(reply.data):
            if draft.mark in text(mapping(row).get("description")):
                return _issue(row)
        if not reply.headers.get("x-next-page"):
            return None
    raise Fault(f"Whether the issue was made is not known: more than {PAGES * PER_PAGE} were made since.", slow=True)


async def read(call: Caller, id: str) -> Issue | Gone:
    reply = await call("GET", f"{_at(call)}/issues/{id}", accept=(404, 410))
    if reply.status in (404, 410):
        await _project(call)  # where the whole of it cannot be seen, no issue is given up
        return Gone("It was deleted there, or made confidential.")
    if number(mapping(reply.data).get("moved_to_id")) is not None:
        return Gone("It was moved to another project; the old one links to the new one.")
    return _issue(reply.data)


async def write(call: Caller, issue: Issue, draft: Draft, change: Change) -> Issue:
    data: dict[str, Any] = {}
    if change.title is not None:
        data["title"] = change.title
    if change.body:
        data["description"] = markdown(draft)
    if change.due is not None:
        data["due_date"] = change.due
    if change.open is not None:
        data["state_event"] = "reopen" if change.open else "close"
    return _issue((await call("PUT", f"{_at(call)}/issues/{issue.id}", data)).data)


async def comment(call: Caller, issue: Issue, words: str, again: Instant | None) -> None:
    """`again`: it was tried since then, and how that ended is not known: what stands there is not said twice."""
    at, body = f"{_at(call)}/issues/{issue.id}/notes", harmless(words)
    if again is not None:
        since = f"{again:%Y-%m-%dT%H:%M:%S}"
        rows = [mapping(row) for row in listed((await call("GET", f"{at}?order_by=created_at&sort=desc")).data)]
        if any(digest(text(r.get("body"))) == digest(body) and text(r.get("created_at"), 19) >= since for r in rows):
            return
    await call("POST", at, {"body": body})


async def changed(call: Caller, since: str, etag: str, now: Instant) -> Listed:
    """Issues changed since, oldest first. GitLab gives an ETag for some lists only; where it does, it is used."""
    since = since or f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    query = {"order_by": "updated_at", "sort": "asc", "updated_after": since, "scope": "all"}
    found: list[Issue] = []
    mark = ""
    for page in range(1, PAGES + 1):
        reply = await call("GET", _list(call, {**query, "page": page}), accept=(304,), etag=etag if page == 1 else "")
        if reply.status == 304:
            return Listed((), since, etag)
        mark = reply.headers.get("etag", "") if page == 1 else ""
        rows = [mapping(row) for row in listed(reply.data)]
        found += [_issue(row) for row in rows]
        since = max([since, *(text(row.get("updated_at"), 40) for row in rows)])
        if not reply.headers.get("x-next-page"):
            break
    return Listed(tuple(found), since, mark if since == query["updated_after"] else "")


def knock(head: Mapping[str, str], body: bytes, secret: str) -> Knock:
    """Which issue the webhook speaks of. Raises `Forged` unless it shows our secret: GitLab signs nothing."""
    same(head.get("x-gitlab-token", ""), secret)
    data = parsed(body)
    if data.get("object_kind") not in ("issue", "work_item"):
        return Knock("")
    return Knock(str(number(mapping(data.get("object_attributes")).get("iid")) or ""))


def _at(call: Caller) -> str:
    return f"/api/v4/projects/{quote(call.tracker.place.project, safe='')}"


def _list(call: Caller, query: Mapping[str, Any]) -> str:
    return f"{_at(call)}/issues?{urlencode({**query, 'per_page': PER_PAGE})}"


def _issue(row: Any) -> Issue:
    found = mapping(row)
    iid = number(found.get("iid"))
    if iid is None:
        raise Fault("The answer is not GitLab's. Look at the base address.", slow=True, unsure=True)
    opened = found.get("state") != "closed"
    return Issue(
        str(iid),
        Seen(
            key=text(mapping(found.get("references")).get("short"), 40) or f"#{iid}",
            url=text(found.get("web_url"), 500),
            title=text(found.get("title"), 500),
            open=opened,
            status="open" if opened else "closed",
            due=day(found.get("due_date")),
            body=digest(text(found.get("description"))),
            by="" if opened else text(mapping(found.get("closed_by")).get("username"), 80),
        ),
        text(found.get("updated_at"), 40),
    )
