"""Jira's REST interface, Cloud (3) and Data Center (2), as far as we use it: project, issues, workflow, search."""

import re
from base64 import b64encode
from datetime import datetime
from typing import Any

from tests.learning.trackers.server import START, Asked, Said, Tracker

PROJECT, ACCOUNT = "OPS", "robot@example.com"
STATUSES = {
    "To Do": {"id": "1", "name": "To Do", "statusCategory": {"id": 2, "key": "new", "name": "To Do"}},
    "In arbeit": {"id": "2", "name": "In arbeit", "statusCategory": {"id": 4, "key": "indeterminate", "name": "x"}},
    "Shipped": {"id": "3", "name": "Shipped", "statusCategory": {"id": 3, "key": "done", "name": "Done"}},
    "Won't Do": {"id": "4", "name": "Won't Do", "statusCategory": {"id": 3, "key": "done", "name": "Done"}},
}
RIGHTS = ("BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS")


class Jira(Tracker):
    """`cloud`: version 3 with documents and basic authentication; otherwise version 2, plain texts, bearer tokens."""

    def __init__(self, cloud: bool) -> None:
        super().__init__()
        self.cloud = cloud
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.rights = set(RIGHTS)
        self.screen: tuple[str, ...] = ("summary", "description", "duedate", "labels", "issuetype", "project")

    def respond(self, asked: Asked) -> Said:
        basic = f"Basic {b64encode(f'{ACCOUNT}:{self.token}'.encode()).decode()}"
        if asked.headers.get("authorization") != (basic if self.cloud else f"Bearer {self.token}"):
            return Said(401, {"errorMessages": ["You are not authenticated."], "errors": {}})
        here = f"/rest/api/{3 if self.cloud else 2}"
        if not asked.path.startswith(here):
            return Said(404, None, {"Content-Type": "text/html"}, raw=b"<html>not found</html>")
        path = asked.path.removeprefix(here)
        if path == "/myself":
            return Said(200, {"accountId": "1", "displayName": "Robot"})
        if path.startswith("/project/"):
            return self.project(path)
        if path == "/mypermissions":
            names = asked.query["permissions"].split(",")
            return Said(
                200, {"permissions": {one: {"key": one, "havePermission": one in self.rights} for one in names}}
            )
        if path.startswith("/issue/createmeta/"):
            return self.screens(path)
        if path == ("/search/jql" if self.cloud else "/search"):
            return self.search(asked)
        if path == "/issue":
            return self.make(asked.data["fields"])
        return self.one(path.removeprefix("/issue/").split("/"), asked)

    def project(self, path: str) -> Said:
        if path != f"/project/{PROJECT}":
            return Said(404, {"errorMessages": [f"No project could be found with key '{path[9:]}'."], "errors": {}})
        kinds = [{"id": "10", "name": "Task", "subtask": False}, {"id": "11", "name": "Sub-task", "subtask": True}]
        return Said(200, {"id": "1", "key": PROJECT, "issueTypes": kinds})

    def screens(self, path: str) -> Said:
        many = "issueTypes" if self.cloud else "values"
        if path.endswith("/issuetypes"):
            return Said(200, {many: [{"id": "10", "name": "Task", "subtask": False}], "total": 1})
        fields = [{"fieldId": name, "name": name, "required": False} for name in self.screen]
        return Said(200, {"fields" if self.cloud else "values": fields, "total": len(fields)})

    def make(self, fields: dict[str, Any]) -> Said:
        if unknown := sorted(set(fields) - set(self.screen)):
            said = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
            return Said(400, {"errorMessages": [], "errors": {name: said.format(name) for name in unknown}})
        if isinstance(fields["description"], dict) != self.cloud:
            return Said(400, {"errorMessages": [], "errors": {"description": "Operation value must be a document"}})
        id, now = str(10_000 + len(self.issues) + 1), self.stamp()
        key = f"{PROJECT}-{len(self.issues) + 1}"
        self.issues[id] = {
            "id": id,
            "key": key,
            "self": f"{self.url}/rest/api/2/issue/{id}",
            "fields": {
                "duedate": None,
                **{name: value for name, value in fields.items() if name != "issuetype"},
                "status": STATUSES["To Do"],
                "resolution": None,
                "created": now,
                "updated": now,
                "project": {"id": "1", "key": PROJECT},
            },
        }
        return Said(201, {"id": id, "key": key, "self": self.issues[id]["self"]})

    def one(self, rest: list[str], asked: Asked) -> Said:
        found = next((one for one in self.issues.values() if rest[0] in (one["id"], one["key"])), None)
        if found is None:
            said = "Issue does not exist or you do not have permission to see it."
            return Said(404, {"errorMessages": [said], "errors": {}})
        if rest[1:] == ["transitions"]:
            if asked.method == "GET":
                steps = [{"id": to["id"], "name": f"Move to {name}", "to": to} for name, to in STATUSES.items()]
                return Said(200, {"transitions": steps})
            to = next(name for name, one in STATUSES.items() if one["id"] == asked.data["transition"]["id"])
            self.move(found["id"], to)
            return Said(204)
        if rest[1:] == ["editmeta"]:
            return Said(200, {"fields": {name: {"name": name} for name in self.screen}})
        if rest[1:] == ["comment"]:
            rows = self.comments.setdefault(found["id"], [])
            if asked.method == "POST":
                rows.append({"id": str(len(rows)), "body": asked.data["body"], "created": self.stamp()})
                return Said(201, rows[-1])
            return Said(200, {"comments": rows[::-1], "total": len(rows)})
        if asked.method == "PUT":
            self.change(found["id"], **asked.data["fields"])
            return Said(204)
        return Said(200, found)

    def stamp(self) -> str:
        """In the account's time zone, as Jira writes instants."""
        return f"{datetime.fromisoformat(self.now()).replace(tzinfo=None):%Y-%m-%dT%H:%M:%S}.000+0000"

    def change(self, id: str, **fields: Any) -> None:
        self.issues[id]["fields"] |= {**fields, "updated": self.stamp()}

    def move(self, id: str, status: str) -> None:
        done = STATUSES[status]["statusCategory"]["key"] == "done"  # type: ignore[index]  # of a dict of mixed values
        resolution = {"name": "Won't Do" if status == "Won't Do" else "Done"} if done else None
        self.change(id, status=STATUSES[status], resolution=resolution)

    def delete(self, id: str) -> None:
        del self.issues[id]

    def close(self, id: str) -> None:
        self.move(id, "Shipped")

    def text(self, id: str) -> str:
        return flat(self.issues[id]["fields"]["description"])

    def said(self, id: str) -> list[str]:
        return [flat(row["body"]) for row in self.comments.get(id, ())]

    def search(self, asked: Asked) -> Said:
        jql = asked.query["jql"]
        rows = list(self.issues.values()) if f'project = "{PROJECT}"' in jql else []
        if since := re.search(r'created >= "([0-9 :-]+)"', jql):
            rows = [row for row in rows if row["fields"]["created"] >= since[1].replace(" ", "T")]
        if minutes := re.search(r"updated >= -(\d+)m", jql):
            assert int(minutes[1]) >= 3, START
        column = "updated" if "ORDER BY updated" in jql else "created"
        rows.sort(key=lambda row: row["fields"][column], reverse="DESC" in jql)
        size, start = 2, int(asked.query.get("nextPageToken", asked.query.get("startAt", 0)))
        page = {"issues": rows[start : start + size]}
        if not self.cloud:
            return Said(200, {**page, "startAt": start, "maxResults": size, "total": len(rows)})
        more = {"nextPageToken": str(start + size)} if start + size < len(rows) else {}
        return Said(200, {**page, **more, "isLast": not more})


def flat(body: Any) -> str:
    if not isinstance(body, dict):
        return str(body)
    own = [body["text"]] if "text" in body else []
    return " ".join([*own, *(flat(one) for one in body.get("content", ()))])
