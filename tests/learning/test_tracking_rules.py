"""What is sent, what follows, and when a ticket is due: rules alone, without a store or a network."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.learning.events import tracking as ev
from quarterdeck.learning.events.tracking import Said, Seen
from quarterdeck.learning.reactions.ticketing import APART, Turns
from quarterdeck.learning.rules import TICKET, TRACKER, Action, Ticket, Tracker, ticket
from quarterdeck.learning.rules import tracker as trackers
from quarterdeck.learning.rules.improving import Plans
from quarterdeck.learning.rules.issue import (
    Change,
    Draft,
    Fact,
    base_after,
    changes,
    digest,
    document,
    harmless,
    markdown,
    plain,
)
from quarterdeck.learning.rules.pulling import follows
from quarterdeck.learning.rules.tracker import Place, checked, choose
from tests.conftest import MONDAY as NOW

DRAFT = Draft("Ring earlier", "Sooner.", (Fact("Due", "1 April 2026"),), "A-7-m", "2026-04-01", "todo")
SEEN = Seen(key="#1", url="https://x.example/1", title="Ring earlier", open=True, status="open", body="b1")
SAID = DRAFT.said()


def test_nothing_is_written_where_nothing_has_changed() -> None:
    assert changes(DRAFT, SAID, SEEN, SEEN) == Change()
    theirs = structs.replace(SEEN, title="Renamed", body="b2", open=False, due="2027-01-01")
    assert changes(DRAFT, SAID, SEEN, theirs) == Change(), "what they did there is theirs"


def test_what_changed_here_is_written_where_nobody_there_touched_it() -> None:
    now = replace(DRAFT, title="At once", details="Now.", due="2026-05-01")
    change = changes(now, SAID, SEEN, SEEN)
    assert (change.title, change.body, change.due, change.comment) == ("At once", True, "2026-05-01", "")
    theirs = structs.replace(SEEN, title="Renamed", body="b2", due="2027-01-01")
    told = changes(now, SAID, SEEN, theirs)
    assert not told.writes and "it is called: At once" in told.comment and "due on 2026-05-01" in told.comment
    base = base_after(told, SEEN, theirs)
    assert (base.title, base.body) == ("Ring earlier", "b1"), "their name is not taken for ours afterwards"
    ours = structs.replace(SEEN, title="At once", body="b3")
    assert changes(now, SAID, SEEN, ours, unsure=True).body, "a try whose end nobody knew has written that"


@pytest.mark.parametrize(
    ("phase", "open", "wants"),
    [("done", True, False), ("done", False, None), ("over", True, False), ("over", False, None)],
)
def test_done_here_closes_there_unless_it_is_closed(phase: str, open: bool, wants: bool | None) -> None:
    change = changes(replace(DRAFT, phase=phase, note="Done"), SAID, SEEN, structs.replace(SEEN, open=open))
    assert (change.open, change.comment) == (wants, "Done")
    back = changes(DRAFT, structs.replace(SAID, phase=phase), SEEN, structs.replace(SEEN, open=open))
    assert back.open is (None if open else True)


def action(state: str = "doing") -> Action:
    return Action(7, state, "alice", Plans("Ring", "", NOW, "as agreed"))  # type: ignore[arg-type]  # one of the states


WEB = Tracker("web", "github", Place("GitHub web", "https://x.example", "a/b"), NOW)
CLOSED = structs.replace(SEEN, open=False, status="closed")
DROPPED = structs.replace(CLOSED, reason="not-planned")


@pytest.mark.parametrize(
    ("state", "before", "seen", "what"),
    [
        ("doing", SEEN, SEEN, ""),
        ("doing", SEEN, structs.replace(SEEN, title="x", status="In Review"), ""),
        ("agreed", SEEN, CLOSED, "finish"),
        ("doing", SEEN, CLOSED, "finish"),
        ("doing", CLOSED, CLOSED, ""),
        ("doing", DROPPED, CLOSED, "finish"),
        ("doing", SEEN, DROPPED, "tell"),
        ("proposed", SEEN, CLOSED, "tell"),
        ("done", SEEN, CLOSED, ""),
        ("verified", SEEN, CLOSED, ""),
        ("done", CLOSED, SEEN, "return"),
        ("verified", CLOSED, SEEN, "tell"),
        ("cancelled", CLOSED, SEEN, "tell"),
        ("doing", DROPPED, SEEN, ""),
    ],
)
def test_what_follows_here_from_what_was_done_there(state: str, before: Seen, seen: Seen, what: str) -> None:
    assert follows(action(state), WEB, before, seen).what == what


def lived(*events: Event) -> Ticket:
    asked = ev.TicketAsked(at=NOW, action=7, tracker="web", mark="A-7-m")
    state = TICKET.fold([asked, *events])
    assert state is not None
    return state


def at(minutes: float) -> dict[str, object]:
    return {"at": NOW + timedelta(minutes=minutes)}


def test_a_try_keeps_others_off_until_its_end_is_certain() -> None:
    assert TICKET.due(lived()) == NOW
    tried = lived(ev.TicketTried(at=NOW))
    assert TICKET.due(tried) == NOW + ticket.SETTLES
    changed = TICKET.evolve(tried, ev.TicketOutdated(at=NOW + timedelta(seconds=1)))
    assert TICKET.due(changed) == NOW + ticket.SETTLES, "nothing brings it forward"
    opened = ev.TicketOpened(at=NOW + timedelta(seconds=2), id="1", said=SAID, seen=SEEN)
    assert TICKET.due(TICKET.evolve(changed, opened)) == NOW + timedelta(seconds=1), "and what came meanwhile is due"
    assert TICKET.due(TICKET.evolve(tried, opened)) == NOW + timedelta(seconds=2) + ticket.LOOK_EVERY


def test_failures_wait_longer_each_time_and_never_end() -> None:
    state, waits = lived(), []
    for _ in range(7):
        [failed] = ticket.failed(state, "down", until=None, slow=False, unsure=False, now=NOW)
        assert isinstance(failed, ev.TicketFailed)
        state = TICKET.evolve(TICKET.evolve(state, ev.TicketTried(at=NOW)), failed)
        waits.append((failed.until - NOW).total_seconds())
    assert waits == [30, 120, 600, 3600, 21600, 21600, 21600]
    [slow] = ticket.failed(lived(), "401", until=None, slow=True, unsure=False, now=NOW)
    [told] = ticket.failed(lived(), "429", until=NOW + timedelta(days=9), slow=False, unsure=False, now=NOW)
    assert isinstance(slow, ev.TicketFailed) and slow.until == NOW + timedelta(hours=1)
    assert isinstance(told, ev.TicketFailed) and told.until == NOW + ticket.LONGEST_WAIT, "no answer stops us for ever"
    assert TICKET.due(TICKET.evolve(state, ev.TicketOutdated(at=NOW))) == NOW, "somebody may want it sooner"


def test_only_a_try_whose_end_is_unknown_is_looked_for() -> None:
    failed = ev.TicketFailed(at=NOW, error="x", until=NOW, unsure=False)
    assert lived(ev.TicketTried(at=NOW), failed).unsure_since is None
    assert lived(ev.TicketTried(at=NOW), structs.replace(failed, unsure=True)).unsure_since == NOW
    assert lived(ev.TicketTried(at=NOW)).unsure_since == NOW, "nor does one that nothing was heard of"


def test_it_is_asked_for_once_and_sent_anew_only_when_lost_or_stopped() -> None:
    assert ticket.ask(lived(), 7, "web", "m", None, NOW) == []
    with pytest.raises(Refused):
        ticket.ask(lived(), 7, "other", "m", None, NOW)
    for end in (ev.TicketLost(at=NOW, how="deleted"), ev.TicketStopped(at=NOW)):
        ended = lived(end)
        assert TICKET.due(ended) is None and ticket.outdate(ended, NOW) == []
        [asked] = ticket.ask(ended, 7, "other", "m2", "alice", NOW)
        assert TICKET.evolve(ended, asked).state == "waiting"


def test_what_was_stopped_goes_on_with_the_same_issue() -> None:
    opened = lived(ev.TicketOpened(at=NOW, id="1", said=SAID, seen=SEEN), ev.TicketStopped(at=NOW, by="alice"))
    [resumed] = ticket.ask(opened, 7, "web", "m2", "alice", NOW)
    state = TICKET.evolve(opened, resumed)
    assert (state.state, state.id, state.mark, TICKET.due(state)) == ("open", "1", "A-7-m", NOW)
    [anew] = ticket.ask(opened, 7, "other", "m2", "alice", NOW)
    assert isinstance(anew, ev.TicketAsked)


def test_a_knock_is_remembered_until_it_was_looked_at() -> None:
    opened = lived(ev.TicketOpened(at=NOW, id="1", said=SAID, seen=SEEN))
    knocked = TICKET.evolve(opened, ticket.look(opened, NOW)[0])
    assert TICKET.due(knocked) == NOW and ticket.look(knocked, NOW) == []
    looked = TICKET.evolve(knocked, ev.TicketSeen(at=NOW, seen=SEEN))
    assert TICKET.due(looked) == NOW + ticket.LOOK_EVERY
    over = TICKET.evolve(
        looked, ev.TicketSent(at=NOW, what=(), said=structs.replace(SAID, phase="over"), seen=SEEN, base=SEEN)
    )
    assert TICKET.due(over) is None and ticket.look(over, NOW), "it is over, and still heard of"


def test_an_action_goes_where_its_owners_team_works() -> None:
    web = ("web", Place("", "", "a/b", sends="team", teams=("web",)))
    ops = ("ops", Place("", "", "a/c", sends="all"))
    asked = ("desk", Place("", "", "a/d", sends="asked"))
    assert choose([asked, ops, web], ["web"]) == "web" and choose([asked, ops, web], ["db"]) == "ops"
    assert choose([asked, web], []) is None


PLACE = Place("", "", "a/b", labels=("x",), sends="asked")


@pytest.mark.parametrize(
    ("kind", "place", "fault"),
    [
        ("trello", PLACE, "kind"),
        ("github", replace(PLACE, project="a"), "owner/repository"),
        ("github", replace(PLACE, project="a/../b"), "project"),
        ("gitlab", replace(PLACE, project="a/b?x=1"), "project"),
        ("gitlab", replace(PLACE, base_url="https://u:p@x.example"), "base_url"),
        ("gitlab", replace(PLACE, base_url="file:///etc/passwd"), "base_url"),
        ("gitlab", replace(PLACE, base_url="https://x.example:99999"), "base_url"),
        ("gitlab", replace(PLACE, sends="team"), "which teams"),
        ("github", replace(PLACE, labels=("a\nb",) * 1 + tuple(map(str, range(11)))), "labels"),
        ("jira-cloud", replace(PLACE, project="OPS", base_url="https://x.example"), "account"),
        ("jira-server", replace(PLACE, project='O" OR 1=1', base_url="https://x.example"), "project"),
        ("jira-server", replace(PLACE, project="OPS", issue_type="Task", labels=("a b",)), "no spaces"),
    ],
)
def test_a_tracker_is_told_what_is_wrong_with_it(kind: str, place: Place, fault: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(kind, place)
    assert fault in str(refusal.value)


def test_a_tracker_keeps_its_name_and_is_tried_whenever_it_changes() -> None:
    events = trackers.add(None, "web", "github", PLACE, "t", "admin", NOW)
    state = TRACKER.fold(events)
    assert state is not None and state.asked_at == NOW and state.place.base_url == "https://api.github.com"
    assert trackers.try_it(state, "admin", NOW) == []
    state = TRACKER.fold(trackers.tried(state, True, "works", NOW), state)
    assert state is not None and state.works and trackers.revise(state, state.place, "admin", NOW) == []
    removed = TRACKER.fold(trackers.remove(state, "admin", NOW), state)
    assert removed is not None and TRACKER.due(removed) is None and trackers.tried(removed, True, "", NOW) == []
    with pytest.raises(Refused):
        trackers.replace_token(removed, "t", "admin", NOW)
    for token in ("", "a b", "a\nb", "x" * 1001, "\u00e9"):
        with pytest.raises(Invalid):
            trackers.add(None, "web", "github", PLACE, token, "admin", NOW)


def test_texts_of_ours_call_nobody_and_command_nothing_over_there() -> None:
    said = harmless("@all see #12 and !3\n/close\n  /assign @bob\na/b stays, me@example.com too <!-- x")
    for bad in ("@all", "#12", "!3", "\n/close", " /assign", "@bob", "<!-- x"):
        assert bad not in said, bad
    assert "a/b stays, me@example.com too" in said
    draft = replace(DRAFT, facts=(Fact("Because of", "INC-1: [x](http://evil.example) *b*", "https://im.example/1"),))
    assert "[x](http://evil" not in markdown(draft) and markdown(draft).endswith("<!-- quarterdeck:A-7-m -->")
    wiki = plain(replace(draft, details="{html}<b>{html} [~bob] !x.png!"))
    assert "{html}" not in wiki.replace("\\{html}", "") and "[~bob]" not in wiki and "\\!x.png\\!" in wiki
    text = str(document(replace(draft, details="*a*\n\nb")))
    assert "*a*" in text and "'href': 'https://im.example/1'" in text and "A-7-m" in text
    assert digest("a\r\nb ") == digest("a\nb") and Said is not None


def test_one_ticket_at_a_time_goes_to_a_tracker_and_the_others_come_one_after_another() -> None:
    turns = Turns()
    assert turns.take("web", NOW) is None and turns.take("desk", NOW) is None
    later = [turns.take("web", NOW) for _ in range(3)]
    assert later == [NOW + APART, NOW + 2 * APART, NOW + 3 * APART], "a hanging tracker holds up no page"
    turns.give_back("web")
    assert turns.take("web", NOW + APART) is None
