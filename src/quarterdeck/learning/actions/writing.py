"""What can be written in a review: texts, observations with evidence, how the story is told, comments."""

from collections.abc import Mapping, Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.actions.lessoning import identify_lesson
from quarterdeck.learning.events import ObservationGrew
from quarterdeck.learning.rules import REVIEW
from quarterdeck.learning.rules import writing as rules
from quarterdeck.learning.state import evidence_at, factors, streams_at, streams_of
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def write_review(tx: Tx, *, number: int, texts: Mapping[str, str], seen: int) -> int:
    """Save texts by prompt; returns the review's version.

    `seen`: the version that the author began from. What others changed since is kept; `Refused` (`ReviewMovedOn`)
    with what differs where both changed the same text.
    """
    rule = partial(rules.write, by=_actor(tx), now=tx.now, texts=texts, seen=seen)
    return tx.decide(REVIEW, number, rule).version


@permitted(Permission.RESPOND)
def observe(tx: Tx, *, number: int, prompt: str, text: str, evidence: Sequence[int] = ()) -> str:
    """Add one thing noticed, under the prompt that it answers, shown by facts at these positions; its id (`O3`)."""
    shown = evidence_at(tx, evidence)
    state = tx.existing(REVIEW, number)
    events = rules.observe(state, _actor(tx), tx.now, prompt=prompt, words=text, evidence=shown)
    tx.append(REVIEW, number, events)
    return events[0].observation


@permitted(Permission.RESPOND)
def revise_observation(
    tx: Tx, *, number: int, observation: str, prompt: str, text: str, evidence: Sequence[int] = ()
) -> None:
    """Say it otherwise, whole. A withdrawn one returns by it."""
    shown = evidence_at(tx, evidence)
    rule = partial(
        rules.revise_observation,
        by=_actor(tx),
        now=tx.now,
        observation=observation,
        prompt=prompt,
        words=text,
        evidence=shown,
    )
    tx.decide(REVIEW, number, rule)


@permitted(Permission.RESPOND)
def withdraw_observation(tx: Tx, *, number: int, observation: str) -> None:
    tx.decide(REVIEW, number, partial(rules.withdraw_observation, by=_actor(tx), now=tx.now, observation=observation))


@permitted(Permission.RESPOND)
def grow_lesson(tx: Tx, *, number: int, observation: str) -> int:
    """Make a lesson of an observation, word for word, with the factors agreed on; the lesson's number."""
    found = rules.grow(tx.existing(REVIEW, number), observation)
    named = factors(tx, number)
    agreed = dict.fromkeys(one.code for one in named.by_id.values() if one.state == "agreed") if named else {}
    lesson = identify_lesson(tx, source=f"INC-{number}", observation=found.text, factors=tuple(agreed))
    grown = ObservationGrew(at=tx.now, by=_actor(tx), observation=observation, lesson=lesson)
    tx.append(REVIEW, number, [grown])
    return lesson


@permitted(Permission.RESPOND)
def tell_entry(
    tx: Tx,
    *,
    number: int,
    position: int,
    told: bool = True,
    title: str | None = None,
    occurred_at: Instant | None = None,
    reason: str = "",
) -> None:
    """Take an entry of the timeline into the story, or leave it out; under another title; at another time, and why.

    The entry itself stays as it was recorded.
    """
    state = tx.existing(REVIEW, number)
    if position not in state.entries and streams_at(tx, [position]).get(position) not in streams_of(number):
        raise Invalid("That is not on the timeline.", (f"position: INC-{number} has no entry {position}",))
    rule = partial(
        rules.tell,
        by=_actor(tx),
        now=tx.now,
        position=position,
        told=told,
        title=title,
        occurred_at=occurred_at,
        reason=reason,
    )
    tx.decide(REVIEW, number, rule)


@permitted(Permission.RESPOND)
def comment_review(tx: Tx, *, number: int, text: str, about: str = "") -> int:
    """Comment on the review, a prompt of it or an observation; the comment's number."""
    events = rules.comment(tx.existing(REVIEW, number), _actor(tx), tx.now, words=text, about=about)
    tx.append(REVIEW, number, events)
    return events[0].comment


@permitted(Permission.RESPOND)
def settle_comment(tx: Tx, *, number: int, comment: int) -> None:
    """What was asked for has been done, or answered."""
    tx.decide(REVIEW, number, partial(rules.settle_comment, by=_actor(tx), now=tx.now, comment=comment))


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id
