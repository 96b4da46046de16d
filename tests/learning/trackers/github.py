"""GitHub's REST interface (2022-11-28), as far as we use it: repository, issues, comments, ETag, Link, rate limits."""

import hashlib
import json
from typing import Any

from tests.learning.trackers.server import Asked, Said, Tracker

REPO = "example/web"


class GitHub(Tracker):
    def __init__(self) -> None:
        super().__init__()
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.rights = {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True}
        self.read_only = False
        self.gone: dict[int, Said] = {}
        self.elsewhere: dict[str, Any] = {}

    def respond(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Said(401, {"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest"})
        if asked.path == "/rate_limit":
            return Said(200, {"resources": {"core": {"limit": 5000, "remaining": 4999, "reset": 1}}})
        if asked.path in self.elsewhere:
            return Said(200, self.elsewhere[asked.path])
        here = f"/repos/{REPO}"
        if asked.path == here:
            return Said(200, {"full_name": REPO, "has_issues": True, "archived": False, "permissions": self.rights})
        if not asked.path.startswith(f"{here}/issues"):
            return Said(404, {"message": "Not Found"})
        rest = asked.path.removeprefix(f"{here}/issues").strip("/").split("/")
        if rest == [""]:
            return self.make(asked.data) if asked.method == "POST" else self.list(asked)
        number = int(rest[0])
        if number in self.gone:
            return self.gone[number]
        if number not in self.issues:
            return Said(404, {"message": "Not Found"})
        if rest[1:] == ["comments"]:
            return self.comment(number, asked)
        if asked.method == "PATCH":
            self.change(number, **asked.data)
        return Said(200, self.issues[number])

    def make(self, data: dict[str, Any]) -> Said:
        if not any(self.rights[one] for one in ("push", "triage")):
            return Said(403, {"message": "Must have push access"})
        if self.read_only:
            return Said(403, {"message": "Resource not accessible by personal access token"})
        if "title" not in data:
            return Said(422, {"message": 'Invalid request. "title" wasn\'t supplied.'})
        number, now = len(self.issues) + 1, self.now()
        self.issues[number] = {
            "id": 1000 + number,
            "number": number,
            "title": data["title"],
            "body": data.get("body"),
            "state": "open",
            "state_reason": None,
            "labels": [{"name": name} for name in data.get("labels", ())],
            "html_url": f"https://github.example/{REPO}/issues/{number}",
            "repository_url": f"{self.url}/repos/{REPO}",
            "created_at": now,
            "updated_at": now,
            "user": {"login": "quarterdeck-bot"},
        }
        return Said(201, self.issues[number])

    def change(self, number: int, **fields: Any) -> None:
        """As PATCH does, and as people do in the browser."""
        if fields.get("state") == "closed":
            fields = {"state_reason": "completed", "closed_by": {"login": "octocat"}, **fields}
        if fields.get("state") == "open":
            fields["state_reason"] = "reopened"
        self.issues[number] |= {**fields, "updated_at": self.now()}

    def comment(self, number: int, asked: Asked) -> Said:
        rows = self.comments.setdefault(number, [])
        if asked.method == "POST":
            rows.append({"id": len(rows) + 1, "body": asked.data["body"], "created_at": self.now()})
            return Said(201, rows[-1])
        return Said(200, rows)

    def list(self, asked: Asked) -> Said:
        query = asked.query
        column = {"created": "created_at", "updated": "updated_at"}[query["sort"]] if "sort" in query else "created_at"
        rows = [row for row in self.issues.values() if row["updated_at"] >= query.get("since", "")]
        rows.sort(key=lambda row: row[column], reverse=query.get("direction", "desc") == "desc")
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        shown = rows[(page - 1) * size : page * size]
        etag = f'W/"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()}"'
        headers = {"ETag": etag}
        if page * size < len(rows):
            headers["Link"] = f'<{self.url}{asked.path}?page={page + 1}>; rel="next"'
        if asked.headers.get("if-none-match") == etag:
            return Said(304, None, headers)
        return Said(200, shown, headers)


def limited(wait: int) -> Said:
    """The secondary rate limit."""
    said = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
    return Said(403, said, {"Retry-After": str(wait)})


def spent(reset: int) -> Said:
    """The primary rate limit."""
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(reset)}
    return Said(403, {"message": "API rate limit exceeded for user ID 1."}, headers)
