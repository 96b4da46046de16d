"""An issue as every tracker knows one: what ours should say, how theirs stands, and what goes wrong. Pure."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from msgspec import structs

from quarterdeck.learning.events.tracking import Said, Seen

LONGEST_DETAILS = 8000
_QUICK = re.compile(r"^(\s*)/(?=[a-z_])", re.MULTILINE)
_NAMES = re.compile(r"(?<![\w/.])([@#!&~%$])(?=\w)")
_JOINER = "\u2060"


@dataclass(frozen=True)
class Fact:
    """One line under the details: `Why: INC-12: Payments fail`, with where that can be read."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True)
class Draft:
    """What an issue of ours should say. `mark` finds it again; `phase`: todo, done or over; `note`: in words."""

    title: str
    details: str
    facts: tuple[Fact, ...]
    mark: str
    due: str
    phase: str
    labels: tuple[str, ...] = ()
    note: str = ""
    undone: bool = False
    """It ended without having been done."""

    @property
    def open(self) -> bool:
        return self.phase == "todo"

    def said(self) -> Said:
        return Said(title=self.title, body=digest(self.details, *map(repr, self.facts)), due=self.due, phase=self.phase)


@dataclass(frozen=True)
class Change:
    """What is to be written over there; None: stays. `comment`: to be said beside it. `what`: all of it, in words."""

    title: str | None = None
    body: bool = False
    due: str | None = None
    open: bool | None = None
    comment: str = ""
    what: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """More than a comment."""
        return self.body or (self.title, self.due, self.open) != (None, None, None)


@dataclass(frozen=True)
class Issue:
    """One of theirs as it was read. `id`: by which it is asked for; `seen.body` is a digest of its text."""

    id: str
    seen: Seen
    updated_at: str = ""


@dataclass(frozen=True)
class Gone:
    """It stands no more where it stood; `how`, in words."""

    how: str


class Fault(Exception):
    """It could not be done. `said`: what is wrong and what to do, for people.

    `slow`: it will hardly work before somebody does something. `unsure`: it may have been done all the same. `wait`
    (seconds) and `reset` (epoch seconds): when the tracker says to come again. `everywhere`: not about this one issue.
    """

    def __init__(
        self,
        said: str,
        *,
        slow: bool = False,
        unsure: bool = False,
        wait: float | None = None,
        reset: float | None = None,
        everywhere: bool = True,
    ) -> None:
        super().__init__(said)
        self.said, self.slow, self.unsure = said, slow, unsure
        self.wait, self.reset, self.everywhere = wait, reset, everywhere


def digest(*texts: str) -> str:
    return sha256("\x00".join(text.replace("\r\n", "\n").strip() for text in texts).encode()).hexdigest()[:16]


def changes(draft: Draft, said: Said, base: Seen, seen: Seen, *, unsure: bool = False) -> Change:
    """What is to be written, so that theirs says what ours says now; what people there have changed is left to them.

    `said`: how ours stood, and `base`: how theirs stood when we had written last. `unsure`: we may have written since,
    so a text that is not as it was is more likely ours than theirs.
    """
    now = draft.said()
    change = Change()
    told: list[str] = []
    what: list[str] = []
    if now.title != said.title:
        if seen.title in (base.title, now.title):
            change, what = replace(change, title=now.title), [*what, "title"]
        else:
            told.append(f"In Quarterdeck it is called: {now.title}")
    if now.body != said.body:
        if seen.body == base.body or unsure:
            change, what = replace(change, body=True), [*what, "text"]
        else:
            told.append("What Quarterdeck says of it has changed: follow the link to read it.")
    if now.due != said.due:
        if seen.due in (base.due, now.due):
            change, what = replace(change, due=now.due), [*what, "due day"]
        else:
            told.append(f"In Quarterdeck it is due on {now.due}.")
    if now.phase != said.phase:
        told += [draft.note] if draft.note else []
        if seen.open != draft.open:
            change, what = replace(change, open=draft.open), [*what, "reopened" if draft.open else "closed"]
    if not told:
        return replace(change, what=tuple(what))
    return replace(change, comment="\n\n".join(told), what=(*what, "comment"))


def base_after(change: Change, base: Seen, seen: Seen) -> Seen:
    """How theirs stands now, but for what people had changed there and we left to them."""
    return structs.replace(
        seen,
        title=seen.title if change.title is not None else base.title,
        body=seen.body if change.body else base.body,
        due=seen.due if change.due is not None else base.due,
    )


def harmless(text: str) -> str:
    """Text of ours that over there calls nobody, links nothing by chance and is no command (GitLab's `/close`)."""
    text = _QUICK.sub(lambda found: f"{found[1]}{_JOINER}/", text.replace("<!--", "<!\u2060--"))
    return _NAMES.sub(rf"\1{_JOINER}", text)


def markdown(draft: Draft) -> str:
    """The issue's text for GitHub and GitLab; the mark is in a comment that nobody sees."""
    details = harmless(draft.details)[:LONGEST_DETAILS]
    facts = "\n".join(f"- **{fact.label}:** {_linked(fact)}" for fact in draft.facts)
    return "\n\n".join(part for part in (details, facts, f"<!-- quarterdeck:{draft.mark} -->") if part)


def plain(draft: Draft) -> str:
    """The same for Jira Data Center and Server, whose texts are plain or wiki markup."""
    facts = "\n".join(f"* {fact.label}: {fact.text}" + (f" ({fact.href})" if fact.href else "") for fact in draft.facts)
    return "\n\n".join((*filter(None, [_braceless(draft.details)[:LONGEST_DETAILS], _braceless(facts)]), draft.mark))


def _braceless(text: str) -> str:
    """Wiki markup runs macros between braces, and `[~name]` calls somebody."""
    return text.replace("{", "\\{").replace("[~", "[\u2060~").replace("!", "\\!")


def document(draft: Draft) -> dict[str, object]:
    """The same as Atlassian's document format, for Jira Cloud: each text is a text node, so nothing is markup."""
    blocks: list[object] = [
        _paragraph(_text(part.strip())) for part in draft.details[:LONGEST_DETAILS].split("\n\n") if part.strip()
    ]
    items = [
        {
            "type": "listItem",
            "content": [_paragraph(_text(f"{fact.label}: ", strong=True), _text(fact.text, fact.href))],
        }
        for fact in draft.facts
        if fact.text
    ]
    if items:
        blocks.append({"type": "bulletList", "content": items})
    return {"type": "doc", "version": 1, "content": [*blocks, _paragraph(_text(draft.mark))]}


def spoken(text: str) -> dict[str, object]:
    """A comment in Atlassian's document format."""
    parts = [part.strip() for part in text.split("\n\n") if part.strip()]
    return {"type": "doc", "version": 1, "content": [_paragraph(_text(part)) for part in parts]}


def _paragraph(*texts: object) -> dict[str, object]:
    return {"type": "paragraph", "content": list(texts)}


def _text(text: str, href: str = "", *, strong: bool = False) -> dict[str, object]:
    marks: list[object] = [{"type": "link", "attrs": {"href": href}}] if href else []
    marks += [{"type": "strong"}] if strong else []
    return {"type": "text", "text": text, **({"marks": marks} if marks else {})}


def _linked(fact: Fact) -> str:
    text = harmless(" ".join(fact.text.split()))
    if not fact.href:
        return text
    for sign in "\\[]*_`<":
        text = text.replace(sign, f"\\{sign}")
    return f"[{text}]({fact.href})"
