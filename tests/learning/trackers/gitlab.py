"""GitLab's REST interface (version 4), as far as we use it: project, issues, notes, X-Next-Page, moved issues."""

from typing import Any

from tests.learning.trackers.server import Asked, Said, Tracker

PROJECT = "example/web"


class GitLab(Tracker):
    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.level = 20
        self.read_only = False

    def respond(self, asked: Asked) -> Said:
        if asked.headers.get("private-token") != self.token:
            return Said(401, {"message": "401 Unauthorized"})
        if asked.path == "/api/v4/version":
            return Said(200, {"version": "17.5.1", "revision": "0"})
        here = "/api/v4/projects/example%2Fweb"
        if asked.path == here:
            rights = {"project_access": {"access_level": self.level, "notification_level": 3}, "group_access": None}
            enabled = {"issues_enabled": True, "issues_access_level": "enabled", "archived": False}
            return Said(200, {"id": 7, "path_with_namespace": PROJECT, "permissions": rights, **enabled})
        if not asked.path.startswith(f"{here}/issues"):
            return Said(404, {"message": "404 Project Not Found"})
        rest = asked.path.removeprefix(f"{here}/issues").strip("/").split("/")
        if rest == [""]:
            return self.make(asked.data) if asked.method == "POST" else self.list(asked)
        iid = int(rest[0])
        if iid not in self.issues:
            return Said(404, {"message": "404 Not found"})
        if rest[1:] == ["notes"]:
            return self.note(iid, asked)
        if asked.method == "PUT":
            data = dict(asked.data)
            event = data.pop("state_event", None)
            self.change(iid, **data, **({"state": {"close": "closed", "reopen": "opened"}[event]} if event else {}))
        return Said(200, self.issues[iid])

    def make(self, data: dict[str, Any]) -> Said:
        if self.read_only:
            return Said(403, {"error": "insufficient_scope", "error_description": "needs higher privileges"})
        if "title" not in data:
            return Said(400, {"error": "title is missing"})
        iid, now = len(self.issues) + 1, self.now()
        self.issues[iid] = {
            "id": 5000 + iid,
            "iid": iid,
            "project_id": 7,
            "title": data["title"],
            "description": data.get("description"),
            "state": "opened",
            "labels": data["labels"].split(",") if data.get("labels") else [],
            "due_date": data.get("due_date"),
            "web_url": f"https://gitlab.example/{PROJECT}/-/issues/{iid}",
            "references": {"short": f"#{iid}", "relative": f"#{iid}", "full": f"{PROJECT}#{iid}"},
            "moved_to_id": None,
            "created_at": now,
            "updated_at": now,
        }
        return Said(201, self.issues[iid])

    def change(self, iid: int, **fields: Any) -> None:
        self.issues[iid] |= {**fields, "updated_at": self.now()}

    def delete(self, iid: int) -> None:
        del self.issues[iid]

    def close(self, iid: int) -> None:
        self.change(iid, state="closed")

    def text(self, iid: int) -> str:
        return str(self.issues[iid]["description"])

    def said(self, iid: int) -> list[str]:
        return [row["body"] for row in self.notes.get(iid, ())]

    def note(self, iid: int, asked: Asked) -> Said:
        rows = self.notes.setdefault(iid, [])
        if asked.method == "POST":
            rows.append({"id": len(rows) + 1, "body": asked.data["body"], "created_at": self.now(), "system": False})
            return Said(201, rows[-1])
        return Said(200, rows[::-1])

    def list(self, asked: Asked) -> Said:
        query = asked.query
        column = query.get("order_by", "created_at")
        rows = [
            row
            for row in self.issues.values()
            if row["updated_at"] >= query.get("updated_after", "")
            and row["created_at"] >= query.get("created_after", "")
        ]
        rows.sort(key=lambda row: row[column], reverse=query.get("sort", "desc") == "desc")
        size, page = int(query.get("per_page", 20)), int(query.get("page", 1))
        following = str(page + 1) if page * size < len(rows) else ""
        return Said(200, rows[(page - 1) * size : page * size], {"X-Next-Page": following})
