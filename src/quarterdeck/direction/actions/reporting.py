"""Tell senior management: issue the page, ask for decisions and record what was decided, send the page by itself."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.direction.events.reporting import ExecutivePage
from quarterdeck.direction.rules.reporting import deciding, issues, mailing
from quarterdeck.direction.rules.reporting.deciding import BOARD_DECISION
from quarterdeck.direction.rules.reporting.issues import ISSUE
from quarterdeck.direction.rules.reporting.mailing import BOARD_MAIL, KEY
from quarterdeck.direction.rules.reporting.wording import by_when, day
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import members, people_who_may
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx

_QUIET = 4
"""It wakes nobody."""


@permitted(Permission.REVIEW)
def issue_page(tx: Tx, *, page: ExecutivePage, period: str = "") -> int:
    """Freeze the page as senior management gets it; returns its number."""
    number = tx.next_number("board-page")
    tx.append(ISSUE, number, issues.issue(number, page, tx.now, by=tx.by.id, period=period))
    return number


@permitted(Permission.REVIEW)
def ask_board(
    tx: Tx, *, question: str, due: Instant | None = None, waiting: str = "", advice: str = "", href: str = ""
) -> int:
    """Ask senior management to decide; returns the decision's number."""
    number = tx.next_number("board-decision")
    events = deciding.ask(
        number, tx.now, question=question, due=due, waiting=waiting, advice=advice, href=href, by=tx.by.id
    )
    tx.append(BOARD_DECISION, number, events)
    return number


@permitted(Permission.REVIEW)
def take_board_decision(tx: Tx, *, number: int, decision: str, decided_by: str) -> None:
    """Record what was decided, and by whom."""
    rule = partial(deciding.take, now=tx.now, decision=decision, decided_by=decided_by, by=tx.by.id)
    tx.decide(BOARD_DECISION, number, rule)


@permitted(Permission.REVIEW)
def follow_board_decision(tx: Tx, *, number: int, text: str) -> None:
    """Record what came of it."""
    tx.decide(BOARD_DECISION, number, partial(deciding.follow, now=tx.now, text=text, by=tx.by.id))


@permitted(Permission.REVIEW)
def withdraw_board_decision(tx: Tx, *, number: int, reason: str) -> None:
    """It is no longer asked for."""
    tx.decide(BOARD_DECISION, number, partial(deciding.withdraw, now=tx.now, reason=reason, by=tx.by.id))


# -- mail ------------------------------------------------------------------------------------------


@permitted(Permission.REVIEW)
def schedule_board_mail(tx: Tx, *, every: str, to: Sequence[str]) -> None:
    """From now on the page goes out by itself, to people with these posts and roles, in these teams, or so called."""
    events = mailing.schedule(tx.now, every=every, to=to, by=tx.by.id)
    tx.load(BOARD_MAIL, KEY)
    tx.append(BOARD_MAIL, KEY, events)


@permitted(Permission.REVIEW)
def stop_board_mail(tx: Tx) -> None:
    tx.append(BOARD_MAIL, KEY, mailing.stop(tx.load(BOARD_MAIL, KEY), tx.now, by=tx.by.id))


@permitted(Permission.REVIEW)
def send_page(tx: Tx, *, period: str, page: ExecutivePage) -> None:
    """Issue the page of a period and send it, with the sheet attached, once to each who is to get it."""
    state = tx.existing(BOARD_MAIL, KEY)
    if not mailing.wants(state, period):
        return
    number = issue_page(tx, page=page, period=period)
    people, unreached = _recipients(tx, state.to)
    tx.append(
        BOARD_MAIL, KEY, mailing.sent(state, tx.now, period=period, issue=number, people=people, unreached=unreached)
    )
    for person in people:
        request(
            tx,
            person=person,
            about=f"board-page/{number}",
            purpose="update",
            urgency=_QUIET,
            subject=f"Incident management, {day(page.as_of)}: {page.headline}"[:200],
            text=_text(page),
            url_path=f"/executive/issues/{number}",
            attachment=f"board-page/{number}",
        )


def _recipients(tx: Tx, to: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who may read and is meant, each person once; and which recipients gave nobody, with why."""
    plan = in_force(tx)
    posts = {id: post.login for id, post in plan.plan.posts.items()} if plan else {}
    readers = [mailing.Reader(one.id, one.login, one.email, one.roles) for one in people_who_may(tx, Permission.READ)]
    wanted = [one.partition(":")[2] for one in to if one.startswith("team:")]
    teams = {id: frozenset(one.id for one in members(tx, id)) for id in wanted}
    return mailing.recipients(to, readers, posts, teams)


def _text(page: ExecutivePage) -> str:
    """What stands in the mail itself: the three answers. The sheet is attached."""
    lines = [page.headline, *([page.note] if page.note else [])]
    for one in page.decisions:
        due = f" ({by_when(one.due, page.as_of)})"
        lines += ["", f"To decide{due}: {one.question}", f"Cost of waiting: {one.waiting or 'not known'}"]
        lines += [f"Our advice: {one.advice}"] if one.advice else []
    return "\n".join(lines)[:3_500]
