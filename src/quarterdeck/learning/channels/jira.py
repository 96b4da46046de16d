"""Jira: Cloud by REST version 3 with texts as documents, Data Center and Server by version 2 with plain texts."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.tracking import Seen
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.rules.hooks import Knock, matches, parsed
from quarterdeck.learning.rules.issue import Change, Draft, Fault, Gone, Issue, digest, document, plain, spoken
from quarterdeck.learning.rules.reading import Listed, day, listed, mapping, text
from quarterdeck.learning.rules.tracker import Tracker

PAGES, PER_PAGE = 10, 50
FIELDS = ("summary", "description", "status", "resolution", "duedate", "updated", "project")
UNDONE = frozenset({"won't do", "won't fix", "duplicate", "cannot reproduce", "declined", "incomplete", "not a bug"})
"""Resolutions, as Jira comes with them, by which an issue is closed without having been done."""
RIGHTS = {
    "BROWSE_PROJECTS": "see the project",
    "CREATE_ISSUES": "create issues",
    "EDIT_ISSUES": "edit issues",
    "TRANSITION_ISSUES": "move issues on",
    "ADD_COMMENTS": "comment",
}


def headers(token: str, tracker: Tracker) -> dict[str, str]:
    shown = f"Bearer {token}"
    if tracker.kind == "jira-cloud":
        shown = f"Basic {b64encode(f'{tracker.place.account}:{token}'.encode()).decode()}"
    return {"Authorization": shown, "Accept": "application/json", "X-Atlassian-Token": "no-check"}


async def check(call: Caller) -> str:
    """What works, in a sentence. Raises `Fault` with what does not."""
    place = call.tracker.place
    await call("GET", _at(call, "/myself"))
    kinds = [mapping(one) for one in listed((await _project(call)).get("issueTypes"))]
    names = [text(one.get("name"), 60) for one in kinds if not one.get("subtask")]
    if names and place.issue_type.lower() not in [name.lower() for name in names]:
        known = ", ".join(names[:10])
        raise Fault(f"{place.project} has no issue type {place.issue_type!r}. It has: {known}.", slow=True)
    query = urlencode({"projectKey": place.project, "permissions": ",".join(RIGHTS)})
    rights = mapping(mapping((await call("GET", _at(call, f"/mypermissions?{query}"))).data).get("permissions"))
    lacking = [words for name, words in RIGHTS.items() if mapping(rights.get(name)).get("havePermission") is not True]
    if lacking:
        raise Fault(
            f"The account may not {', '.join(lacking)} in {place.project}: ask Jira's administrator.", slow=True
        )
    return f"The token works, and a {place.issue_type} can be made in {place.project}."


async def _project(call: Caller) -> dict[str, Any]:
    """The project, which can be seen. Raises `Fault`."""
    project = call.tracker.place.project
    reply = await call("GET", _at(call, f"/project/{quote(project, safe='')}"), accept=(404,))
    if reply.status == 404:
        raise Fault(f"There is no project {project}, or the account may not see it.", slow=True)
    return mapping(reply.data)


async def create(call: Caller, draft: Draft) -> Issue:
    place = call.tracker.place
    fields: dict[str, Any] = {
        "project": {"key": place.project},
        "issuetype": {"name": place.issue_type},
        "summary": draft.title,
        "description": _body(call, draft),
    }
    known = await _creatable(call)
    if known is None or "duedate" in known:
        fields["duedate"] = draft.due
    if draft.labels and (known is None or "labels" in known):
        fields["labels"] = list(draft.labels)
    reply = await call("POST", _at(call, "/issue"), {"fields": fields})
    id = text(mapping(reply.data).get("id"), 40)
    if not id:
        raise Fault("The answer is not Jira's. Look at the base address.", slow=True, unsure=True)
    try:
        made = await read(call, id)
    except Fault as fault:
        fault.unsure = True  # it stands; only how is not known yet
        raise
    if isinstance(made, Gone):
        raise Fault(f"The issue was made, and cannot be seen: {made.how}", slow=True, unsure=True)
    return made


async def _creatable(call: Caller) -> frozenset[str] | None:
    """The fields on the screen on which such an issue is made; another would be refused. None: Jira does not say."""
    place = call.tracker.place
    at = f"/issue/createmeta/{quote(place.project, safe='')}/issuetypes"
    kinds = mapping((await call("GET", _at(call, at), accept=(403, 404))).data)
    rows = [mapping(one) for one in listed(kinds.get("issueTypes") or kinds.get("values"))]
    id = next(
        (text(one.get("id"), 40) for one in rows if text(one.get("name")).lower() == place.issue_type.lower()), ""
    )
    if not id:
        return None
    found = mapping((await call("GET", _at(call, f"{at}/{quote(id, safe='')}?maxResults=200"), accept=(403, 404))).data)
    fields = [mapping(one) for one in listed(found.get("fields") or found.get("values"))]
    return frozenset(text(one.get("fieldId"), 100) for one in fields) or None


async def find(call: Caller, draft: Draft, since: Instant) -> Issue | None:
    """An issue with our mark, among those made since; a day more, since Jira reads instants in the account's zone."""
    from_day = f"{since - timedelta(days=1):%Y-%m-%d %H:%M}"
    jql = f'project = "{call.tracker.place.project}" AND created >= "{from_day}" ORDER BY created DESC'
    rows, complete = await _search(call, jql)
    found = next((_issue(row, call) for row in rows if draft.mark in json.dumps(row)), None)
    if found is None and not complete:
        raise Fault(
            f"Whether the issue was made is not known: more than {PAGES * PER_PAGE} were made since.", slow=True
        )
    return found


async def read(call: Caller, id: str) -> Issue | Gone:
    query = urlencode({"fields": ",".join(FIELDS)})
    reply = await call("GET", _at(call, f"/issue/{quote(id, safe='')}?{query}"), accept=(404,))
    if reply.status == 404:
        await _project(call)  # where the whole of it cannot be seen, no issue is given up
        return Gone("It was deleted there, or the account may not see it any more.")
    issue = _issue(reply.data, call)
    project = text(mapping(mapping(mapping(reply.data).get("fields")).get("project")).get("key"), 60)
    if project and project != call.tracker.place.project:
        return Gone(f"It was moved to {project}, as {issue.seen.key}: {issue.seen.url}")
    return issue


async def write(call: Caller, issue: Issue, draft: Draft, change: Change) -> Issue:
    fields: dict[str, Any] = {}
    if change.title is not None:
        fields["summary"] = change.title
    if change.body:
        fields["description"] = _body(call, draft)
    if change.due is not None and await _editable(call, issue, "duedate"):
        fields["duedate"] = change.due or None
    at = _at(call, f"/issue/{quote(issue.id, safe='')}")
    if fields:
        await call("PUT", at, {"fields": fields})
    if change.open is not None:
        try:
            await _move(call, at, draft, open=change.open, status=issue.seen.status)
        except Fault as fault:
            fault.unsure = fault.unsure or bool(fields)
            raise
    found = await read(call, issue.id)
    if isinstance(found, Gone):
        raise Fault(found.how, everywhere=False)
    return found


async def _editable(call: Caller, issue: Issue, field: str) -> bool:
    reply = await call("GET", _at(call, f"/issue/{quote(issue.id, safe='')}/editmeta"), accept=(403, 404))
    return reply.status == 200 and field in mapping(mapping(reply.data).get("fields"))


async def _move(call: Caller, at: str, draft: Draft, *, open: bool, status: str) -> None:
    """By the workflow's own step that leads to a status of the wanted category: names differ from house to house."""
    rows = [mapping(row) for row in listed(mapping((await call("GET", f"{at}/transitions")).data).get("transitions"))]
    fitting = [row for row in rows if (_category(row.get("to")) != "done") == open]
    if not fitting:
        wanted = "an open" if open else "a done"
        raise Fault(
            f"Jira's workflow offers no step from {status!r} to {wanted} status to this account. Move the issue by"
            " hand; it is noticed.",
            slow=True,
            everywhere=False,
        )
    undone = draft.undone and not open
    step = next((row for row in fitting if _drops(row) == undone), fitting[0])
    await call("POST", f"{at}/transitions", {"transition": {"id": text(step.get("id"), 40)}})


def _drops(step: Mapping[str, Any]) -> bool:
    name = f"{text(step.get('name'), 80)} {text(mapping(step.get('to')).get('name'), 80)}".lower()
    return any(word in name for word in ("cancel", "won't", "wont", "reject", "declin", "abandon"))


async def comment(call: Caller, issue: Issue, words: str, again: Instant | None) -> None:
    """`again`: it was tried since then, and how that ended is not known: what stands there is not said twice."""
    at = _at(call, f"/issue/{quote(issue.id, safe='')}/comment")
    body: Any = spoken(words) if _cloud(call) else words
    if again is not None:
        rows = [
            mapping(row) for row in listed(mapping((await call("GET", f"{at}?orderBy=-created")).data).get("comments"))
        ]
        since = f"{again - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"  # in whatever zone the account lives
        if any(_flat(r.get("body")) == _flat(body) and text(r.get("created"), 19) >= since for r in rows):
            return
    await call("POST", at, {"body": body})


async def changed(call: Caller, since: str, etag: str, now: Instant) -> Listed:
    """Issues changed since the last reading, by minutes before now: Jira reads instants in the account's time zone."""
    minutes = 60
    if since:
        gone = now - Instant.fromisoformat(since.replace("Z", "+00:00"))
        minutes = min(max(int(gone.total_seconds() // 60) + 3, 3), 14 * 24 * 60)
    project = call.tracker.place.project
    rows, complete = await _search(call, f'project = "{project}" AND updated >= -{minutes}m ORDER BY updated ASC')
    issues = tuple(_issue(row, call) for row in rows)
    return Listed(issues, f"{now:%Y-%m-%dT%H:%M:%SZ}" if complete else _utc(issues[-1].updated_at), "")


def _utc(said: str) -> str:
    """`2026-03-02T10:00:00.000+0100` as we write instants."""
    return f"{Instant.strptime(said, '%Y-%m-%dT%H:%M:%S.%f%z').astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def _search(call: Caller, jql: str) -> tuple[list[dict[str, Any]], bool]:
    """What is found, and whether that is all. Cloud pages by token, Data Center by number."""
    found: list[dict[str, Any]] = []
    asked: dict[str, Any] = {"jql": jql, "fields": ",".join(FIELDS), "maxResults": PER_PAGE}
    at = "/search/jql" if _cloud(call) else "/search"
    for _ in range(PAGES):
        data = mapping((await call("GET", _at(call, f"{at}?{urlencode(asked)}"))).data)
        rows = [mapping(row) for row in listed(data.get("issues"))]
        found += rows
        token, total = text(data.get("nextPageToken"), 4000), data.get("total")
        if not rows or (not token and (not isinstance(total, int) or len(found) >= total)):
            return found, True
        asked |= {"nextPageToken": token} if token else {"startAt": len(found)}
    return found, False


def knock(head: Mapping[str, str], body: bytes, secret: str) -> Knock:
    """Which issue the webhook speaks of. Raises `Forged` unless the body is signed with our secret."""
    matches(head.get("x-hub-signature", ""), body, secret)
    data = parsed(body)
    if not text(data.get("webhookEvent"), 60).startswith("jira:issue_"):
        return Knock("")
    return Knock(text(mapping(data.get("issue")).get("id"), 40))


def _cloud(call: Caller) -> bool:
    return call.tracker.kind == "jira-cloud"


def _at(call: Caller, path: str) -> str:
    return f"/rest/api/{3 if _cloud(call) else 2}{path}"


def _body(call: Caller, draft: Draft) -> Any:
    return document(draft) if _cloud(call) else plain(draft)


def _category(status: Any) -> str:
    return text(mapping(mapping(status).get("statusCategory")).get("key"), 40)


def _flat(body: Any) -> str:
    """The words of a text, whether it is a document or plain: attributes that Jira adds to a document do not count."""
    if isinstance(body, str):
        return " ".join(body.split())
    parts = [text(mapping(body).get("text"))] + [_flat(one) for one in listed(mapping(body).get("content"))]
    return " ".join(part for part in parts if part)


def _issue(row: Any, call: Caller) -> Issue:
    found = mapping(row)
    id, key, fields = text(found.get("id"), 40), text(found.get("key"), 60), mapping(found.get("fields"))
    if not id or not key:
        raise Fault("The answer is not Jira's. Look at the base address.", slow=True, unsure=True)
    status = mapping(fields.get("status"))
    opened = _category(status) != "done"
    resolution = text(mapping(fields.get("resolution")).get("name"), 80)
    undone = not opened and resolution.lower().replace("\u2019", "'") in UNDONE
    words = text(status.get("name"), 80) or ("open" if opened else "done")
    return Issue(
        id,
        Seen(
            key=key,
            url=f"{call.tracker.place.base_url}/browse/{quote(key, safe='-')}",
            title=text(fields.get("summary"), 500),
            open=opened,
            status=f"{words}: {resolution}" if undone else words,
            reason="not-planned" if undone else "",
            due=day(fields.get("duedate")),
            body=digest(_flat(fields.get("description"))),
        ),
        text(fields.get("updated"), 40),
    )
