"""GitHub and GitHub Enterprise: REST, version 2022-11-28."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.tracking import Seen
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.rules.hooks import Knock, matches, parsed
from quarterdeck.learning.rules.issue import Change, Draft, Fault, Gone, Issue, digest, harmless, markdown
from quarterdeck.learning.rules.reading import Listed, listed, mapping, number, text
from quarterdeck.learning.rules.tracker import Tracker

PAGES, PER_PAGE = 10, 30
_LOOKED_AT = frozenset({"closed", "reopened", "edited", "deleted", "transferred"})


def headers(token: str, tracker: Tracker) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {token}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }


async def check(call: Caller) -> str:
    """What works, in a sentence. Raises `Fault` with what does not."""
    project = call.tracker.place.project
    await call("GET", "/rate_limit", accept=(404,))  # 404: an Enterprise server without limits; 401: a wrong token
    repository = await _repository(call)
    if repository.get("archived") is True:
        raise Fault(f"{project} is archived: nothing can be written there.", slow=True)
    rights = repository.get("permissions")
    if isinstance(rights, dict) and not any(rights.get(one) for one in ("triage", "push", "maintain", "admin")):
        raise Fault(
            f"The token can read {project} but not change its issues: give it read and write access to issues.",
            slow=True,
        )
    # An issue without a title is never made: 422 says that it would have been, 403 that the token may not.
    await call("POST", _at(call), {}, accept=(422,))
    return f"The token works, and issues can be made in {text(repository.get('full_name')) or project}."


async def _repository(call: Caller) -> dict[str, Any]:
    """The repository, which can be seen and has issues. Raises `Fault`."""
    project = call.tracker.place.project
    reply = await call("GET", f"/repos/{project}", accept=(404,))
    if reply.status == 404:
        raise Fault(
            f"There is no repository {project}, or the token may not see it: give the token access to that repository.",
            slow=True,
        )
    found = mapping(reply.data)
    if found.get("has_issues") is False:
        raise Fault(f"{project} has its issues turned off: turn them on in the repository's settings.", slow=True)
    return found


async def create(call: Caller, draft: Draft) -> Issue:
    data: dict[str, Any] = {"title": draft.title, "body": markdown(draft)}
    if draft.labels:
        data["labels"] = list(draft.labels)
    reply = await call("POST", _at(call), data)
    return _issue(reply.data)


async def find(call: Caller, draft: Draft, since: Instant) -> Issue | None:
    """An issue with our mark, among those made since. A list, not the search, which lags behind by minutes."""
    query, oldest = {"state": "all", "sort": "created", "direction": "desc"}, f"{since:%Y-%m-%dT%H:%M:%SZ}"
    for page in range(1, PAGES + 1):
        reply = await call("GET", _list(call, {**query, "page": page}))
        rows = [mapping(row) for row in listed(reply.data)]
        for row in rows:
            if draft.mark in text(row.get("body")):
                return _issue(row)
        if 'rel="next"' not in reply.headers.get("link", "") or text(rows[-1].get("created_at"), 40) < oldest:
            return None
    raise Fault(f"Whether the issue was made is not known: more than {PAGES * PER_PAGE} were made since.", slow=True)


async def read(call: Caller, id: str) -> Issue | Gone:
    project = call.tracker.place.project
    reply = await call("GET", f"{_at(call)}/{id}", accept=(404, 410))
    if reply.status in (404, 410):
        await _repository(call)  # where the whole of it cannot be seen, no issue is given up
        return Gone("It was deleted there.")
    issue = _issue(reply.data)
    home = text(mapping(reply.data).get("repository_url")).rpartition("/repos/")[2]
    if home and home.lower() != project.lower():
        if text((await _repository(call)).get("full_name")).lower() == home.lower():
            return issue  # the repository itself has another name now
        return Gone(f"It was moved to {home}: {issue.seen.url}")
    return issue


async def write(call: Caller, issue: Issue, draft: Draft, change: Change) -> Issue:
    data: dict[str, Any] = {}
    if change.title is not None:
        data["title"] = change.title
    if change.body:
        data["body"] = markdown(draft)
    if change.open is not None:
        data |= {"state": "open" if change.open else "closed"}
        data |= {} if change.open else {"state_reason": "not_planned" if draft.undone else "completed"}
    if not data:
        return issue  # GitHub knows no due day; the text says it
    return _issue((await call("PATCH", f"{_at(call)}/{issue.id}", data)).data)


async def comment(call: Caller, issue: Issue, words: str, again: Instant | None) -> None:
    """`again`: it was tried since then, and how that ended is not known: what stands there is not said twice."""
    at, body = f"{_at(call)}/{issue.id}/comments", harmless(words)
    if again is not None:
        query = urlencode({"since": f"{again:%Y-%m-%dT%H:%M:%SZ}", "per_page": 100})
        rows = (await call("GET", f"{at}?{query}")).data
        if any(digest(text(mapping(row).get("body"))) == digest(body) for row in listed(rows)):
            return
    await call("POST", at, {"body": body})


async def changed(call: Caller, since: str, etag: str, now: Instant) -> Listed:
    """Issues changed since, oldest first. Nothing new costs nothing: the same list is asked for by its ETag."""
    since = since or f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    query = {"state": "all", "sort": "updated", "direction": "asc", "since": since}
    found: list[Issue] = []
    mark = ""
    for page in range(1, PAGES + 1):
        reply = await call("GET", _list(call, {**query, "page": page}), accept=(304,), etag=etag if page == 1 else "")
        if reply.status == 304:
            return Listed((), since, etag)
        mark = reply.headers.get("etag", "") if page == 1 else ""
        rows = [mapping(row) for row in listed(reply.data)]
        found += [_issue(row) for row in rows if "pull_request" not in row]
        since = max([since, *(text(row.get("updated_at"), 40) for row in rows)])
        if 'rel="next"' not in reply.headers.get("link", ""):
            break
    # The ETag is of the list since the old instant: with a new one it would be asked of another list.
    return Listed(tuple(found), since, mark if since == query["since"] else "")


def knock(head: Mapping[str, str], body: bytes, secret: str) -> Knock:
    """Which issue the webhook speaks of. Raises `Forged` unless the body is signed with our secret."""
    matches(head.get("x-hub-signature-256", ""), body, secret)
    data = parsed(body)
    if head.get("x-github-event") != "issues" or data.get("action") not in _LOOKED_AT:
        return Knock("")
    return Knock(str(number(mapping(data.get("issue")).get("number")) or ""))


def _at(call: Caller) -> str:
    return f"/repos/{call.tracker.place.project}/issues"


def _list(call: Caller, query: Mapping[str, Any]) -> str:
    return f"{_at(call)}?{urlencode({**query, 'per_page': PER_PAGE})}"


def _issue(row: Any) -> Issue:
    found = number(row.get("number")) if isinstance(row, dict) else None
    if found is None:
        raise Fault("The answer is not GitHub's. Look at the base address.", slow=True, unsure=True)
    opened = row.get("state") != "closed"
    undone = not opened and row.get("state_reason") in ("not_planned", "duplicate")
    return Issue(
        str(found),
        Seen(
            key=f"#{found}",
            url=text(row.get("html_url"), 500),
            title=text(row.get("title"), 500),
            open=opened,
            status="open" if opened else "closed as not planned" if undone else "closed",
            reason="not-planned" if undone else "",
            body=digest(text(row.get("body"))),
            by="" if opened else text(mapping(row.get("closed_by")).get("login"), 80),
        ),
        text(row.get("updated_at"), 40),
    )
