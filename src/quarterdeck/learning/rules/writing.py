"""A review's texts: two who write at once lose nothing; observations with evidence; how the story is told. Pure."""

from collections.abc import Mapping

from quarterdeck.command.rules.words import line, text
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.learning.events import writing as ev
from quarterdeck.learning.events.factoring import Evidence
from quarterdeck.learning.rules import prompts
from quarterdeck.learning.rules.review import Observation, Review, TellingOf
from quarterdeck.learning.rules.reviewing import alive
from quarterdeck.plan.rules.lines import lines_changed

LONGEST = 200_000
"""Characters of one text."""
LONGEST_OBSERVATION = 4_000
LONGEST_TITLE = 300
MOST_OBSERVATIONS = 500
MOST_ENTRIES = 5_000
MOST_COMMENTS = 1_000


def write(state: Review, by: str, now: Instant, *, texts: Mapping[str, str], seen: int) -> list[Event]:
    """Save texts by prompt. `seen`: the version of the review that the author began from.

    What nobody else touched since is saved, what only somebody else touched stays theirs; `Refused` (`ReviewMovedOn`)
    with what differs where both wrote, and then nothing is saved. Sending the latest version as `seen` overrules.
    """
    alive(state)
    if not 0 <= seen <= state.version:
        raise Invalid("That version has not been written yet.", (f"seen: 0 to {state.version}",))
    given = {prompts.checked(prompt): text(prompt, _unix(value), LONGEST) for prompt, value in texts.items()}
    mine = {
        prompt: value for prompt, value in given.items() if value not in (state.text(prompt), base(state, prompt, seen))
    }
    if clashing := clashes(state, mine, seen):
        differ = " ".join(
            f"{prompts.PROMPTS[prompt][0]} In yours, compared with the saved one: "
            f"{lines_changed(state.text(prompt), mine[prompt])}."
            for prompt in clashing
        )
        raise Refused(
            "ReviewMovedOn",
            f"You began from version {seen} of this review, and version {state.version} has been saved since. "
            f"Yours was not saved: keep it, and take in what differs. {differ} "
            f"Then save it with the version {state.version}.",
        )
    return [ev.ReviewWritten(at=now, by=by, texts=mine)] if mine else []


def clashes(state: Review, texts: Mapping[str, str], seen: int) -> list[str]:
    """The prompts of `texts` (changed by their author) that somebody else has saved since `seen`."""
    return [prompt for prompt in texts if (saved := state.texts.get(prompt)) and saved[-1].version > seen]


def base(state: Review, prompt: str, seen: int) -> str:
    """The text as it was when the version `seen` was the latest."""
    known = [saved.text for saved in state.texts.get(prompt, ()) if saved.version <= seen]
    return known[-1] if known else ""


def observe(
    state: Review, by: str, now: Instant, *, prompt: str, words: str, evidence: tuple[Evidence, ...]
) -> list[ev.ObservationMade]:
    alive(state)
    if len(state.observations) >= MOST_OBSERVATIONS:
        raise Refused("TooManyObservations", f"This review has {MOST_OBSERVATIONS} observations. Put some together.")
    return [
        ev.ObservationMade(
            at=now,
            by=by,
            observation=f"O{len(state.observations) + 1}",
            prompt=prompts.checked(prompt, prompts.ASKED),
            text=text("text", words, LONGEST_OBSERVATION, needed=True),
            evidence=evidence,
        )
    ]


def revise_observation(
    state: Review, by: str, now: Instant, *, observation: str, prompt: str, words: str, evidence: tuple[Evidence, ...]
) -> list[Event]:
    """A withdrawn one returns by it."""
    alive(state)
    found = observed(state, observation)
    words = text("text", words, LONGEST_OBSERVATION, needed=True)
    prompts.checked(prompt, prompts.ASKED)
    if not found.withdrawn and (found.prompt, found.text, found.evidence) == (prompt, words, evidence):
        return []
    revised = ev.ObservationRevised(
        at=now, by=by, observation=observation, prompt=prompt, text=words, evidence=evidence
    )
    return [revised]


def withdraw_observation(state: Review, by: str, now: Instant, *, observation: str) -> list[Event]:
    alive(state)
    found = observed(state, observation)
    if found.lesson is not None:
        raise Refused("BecameLesson", f"{observation} has become L-{found.lesson}: it stays as where that came from.")
    return [] if found.withdrawn else [ev.ObservationWithdrawn(at=now, by=by, observation=observation)]


def grow(state: Review, observation: str) -> Observation:
    """The observation, if a lesson may be made of it; the lesson itself is the caller's."""
    found = observed(state, observation)
    if found.withdrawn:
        raise Refused("Withdrawn", f"{observation} was withdrawn. Revise it, if it is right after all.")
    if found.lesson is not None:
        raise Refused("BecameLesson", f"{observation} has become L-{found.lesson} already.")
    return found


def observed(state: Review, observation: str) -> Observation:
    found = state.observations.get(observation)
    if found is None:
        raise NotFound(f"observation {observation[:20]} of the review of INC-{state.number}")
    return found


def tell(
    state: Review,
    by: str,
    now: Instant,
    *,
    position: int,
    told: bool,
    title: str | None = None,
    occurred_at: Instant | None = None,
    reason: str = "",
) -> list[Event]:
    """Take an entry of the record into the story or leave it out, under this title, at this time.

    Another time than the recorded one wants its reason. The entry itself stays as it is.
    """
    alive(state)
    if position not in state.entries and len(state.entries) >= MOST_ENTRIES:
        raise Refused("TooManyEntries", f"{MOST_ENTRIES:,} entries are told otherwise than recorded: that is enough.")
    wanted = TellingOf(
        told,
        line("title", title, LONGEST_TITLE) if title and title.strip() else None,
        None if occurred_at is None else reachable("occurred_at", occurred_at),
        text("reason", reason, 1_000, needed=occurred_at is not None),
    )
    if state.entries.get(position) == wanted:
        return []
    return [
        ev.EntryTold(
            at=now,
            by=by,
            position=position,
            told=wanted.told,
            title=wanted.title,
            occurred_at=wanted.occurred_at,
            reason=wanted.reason,
        )
    ]


def comment(state: Review, by: str, now: Instant, *, words: str, about: str = "") -> list[ev.ReviewCommented]:
    """On a published review, too: that is where what comes late belongs."""
    alive(state)
    if len(state.comments) >= MOST_COMMENTS:
        raise Refused("TooManyComments", f"This review has {MOST_COMMENTS:,} comments. Talk to one another.")
    if about and about not in prompts.PROMPTS:
        observed(state, about)
    words = text("text", words, LONGEST_OBSERVATION, needed=True)
    return [ev.ReviewCommented(at=now, by=by, comment=len(state.comments) + 1, text=words, about=about)]


def settle_comment(state: Review, by: str, now: Instant, *, comment: int) -> list[Event]:
    alive(state)
    if comment not in state.comments:
        raise NotFound(f"comment {comment} on the review of INC-{state.number}")
    return [] if state.comments[comment] else [ev.CommentSettled(at=now, by=by, comment=comment)]


def _unix(value: str) -> str:
    """Forms send CRLF; a text is the same text whichever way it came."""
    return value.replace("\r\n", "\n").replace("\r", "\n")
