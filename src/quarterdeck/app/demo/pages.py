"""The demo's own screen: the story on the left, the phone on the right, one button for what comes next."""

import threading
from hmac import compare_digest
from typing import Annotated, Any
from urllib.parse import urlsplit

import structlog
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import PathParameter
from litestar.response import Redirect, Template

from quarterdeck.app.demo import company
from quarterdeck.app.demo.stage import ALERTS
from quarterdeck.app.demo.story import STEPS, DidNotHappen, Story
from quarterdeck.app.gate import COOKIE
from quarterdeck.command.views import headline
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.principal import Principal

log = structlog.get_logger("quarterdeck.demo")

LABELS = {
    "storm": "Send 1,240 alerts",
    "acknowledge": "Answer the phone: press Acknowledge",
    "plug": "Pull the plug: kill -9 the engine in mid-page",
    "tick": "Work the plan: tick three steps",
    "resolve": "Resolve the incident",
    "verify": "Prove that nothing was lost",
    "end": "Look round: this is the whole product",
}


def routes(story: Story) -> list[Any]:
    """The demo's routes, bound to this story."""

    @get(
        "/demo/enter/{entry:str}",
        opt={"public": "the address that the demo prints opens the session"},
        sync_to_thread=False,
    )
    def enter(entry: Annotated[str, PathParameter()]) -> Redirect:
        if not compare_digest(entry, story.stage.entry):
            raise NotFoundException
        cookie = Cookie(key=COOKIE, value=story.stage.session, httponly=True, samesite="lax", path="/")
        return Redirect("/demo", cookies=[cookie], status_code=303)

    @get("/demo", opt={"may": Permission.READ}, sync_to_thread=True)
    def screen(who: NamedDependency[Principal]) -> Template:
        _begin(story)
        return Template("app/demo.html", context={**_context(story), "who": who})

    @get("/demo/story", opt={"may": Permission.READ}, sync_to_thread=True)
    def tell() -> Template:
        return Template("app/demo_story.html", context=_context(story))

    @get("/demo/phone", opt={"may": Permission.READ}, sync_to_thread=True)
    def phone() -> Template:
        return Template("app/demo_phone.html", context=_context(story))

    @post("/demo/steps/{name:str}", opt={"may": Permission.RESPOND}, sync_to_thread=True)
    def step(name: Annotated[str, PathParameter()]) -> Response[Any]:
        if name not in STEPS:
            raise NotFoundException
        if name == story.next and not story.busy:
            _take(story, name)
        return Redirect("/demo", status_code=303)

    return [enter, screen, tell, phone, step]


def _begin(story: Story) -> None:
    """The first step takes itself, a moment after the newcomer has seen the screen."""
    if story.next == "storm" and not story.busy and not story.lines:
        story.busy = True
        threading.Timer(2.0, _take, (story, "storm")).start()


def _take(story: Story, name: str) -> None:
    story.busy = True
    threading.Thread(target=_run, args=(story, name), daemon=True).start()


def _run(story: Story, name: str) -> None:
    try:
        if name == "acknowledge":
            story.acknowledge()
        else:
            getattr(story, name)()
        if story.next == "acknowledge":
            threading.Thread(target=_watch_the_thumb, args=(story,), daemon=True).start()
    except DidNotHappen as broken:
        story.say(str(broken), "quarterdeck doctor --home {home}")
    except Exception:
        log.exception("the demo's step failed", step=name)
        story.say("This step failed; the log says why.", "quarterdeck doctor --home {home}")
    finally:
        story.busy = False


def _watch_the_thumb(story: Story) -> None:
    """The newcomer may press Acknowledge on the phone itself, whenever they like."""
    while story.next == "acknowledge":
        if story._acknowledged_at() is not None and not story.busy:
            story.acknowledged()
            return
        threading.Event().wait(0.2)


def _context(story: Story) -> dict[str, Any]:
    messages = story.stage.messages()
    with story.stage.record.read() as conn:
        found = headline(conn, story.number) if story.number else None
    return {
        "lines": list(story.lines),
        "next": story.next,
        "label": LABELS[story.next],
        "busy": story.busy,
        "accepted": story.accepted,
        "alerts": ALERTS,
        "number": story.number,
        "incident": found,
        "messages": [{"row": message, "path": urlsplit(message.link).path} for message in messages[:6]],
        "rings": len(messages),
        "rang_for_it": sum(1 for m in messages if m.purpose == "page" and f"INC-{story.number}" in m.text),
        "incidents": company.INCIDENTS,
        "weeks": company.WEEKS,
    }
