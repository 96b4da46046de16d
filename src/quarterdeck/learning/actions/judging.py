"""What can be done to learn whether a lesson's change helped: count uses, look, and say so."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.events.effects import Expectation, Verdict
from quarterdeck.learning.rules import LESSON
from quarterdeck.learning.rules import judging as rules
from quarterdeck.learning.rules.weighing import Weighed
from quarterdeck.record import Tx


@permitted(Permission.REVIEW)
def note_use(tx: Tx, *, numbers: Sequence[int], incident: int) -> None:
    """An incident like theirs was worked on under what these lessons changed."""
    for key, lesson in tx.load_many(LESSON, numbers).items():
        tx.append(LESSON, key, rules.tried(lesson, tx.now, incident=incident))


@permitted(Permission.REVIEW)
def state_effect(tx: Tx, *, number: int, expects: Expectation) -> None:
    """Say what a closed lesson's change should do; looking begins afresh."""
    tx.decide(LESSON, number, partial(rules.expect, by=actor(tx), now=tx.now, expects=expects))


@permitted(Permission.REVIEW)
def look_now(tx: Tx, *, number: int) -> None:
    """Look at the effect without waiting for more uses or time."""
    tx.decide(LESSON, number, partial(rules.ask, now=tx.now))


@permitted(Permission.REVIEW)
def record_look(tx: Tx, *, number: int, because: str, weighed: Weighed) -> None:
    """What was measured; where it leaves no doubt the verdict follows by itself."""
    tx.decide(LESSON, number, partial(rules.looked, now=tx.now, because=because, weighed=weighed))


@permitted(Permission.REVIEW)
def judge_effect(tx: Tx, *, number: int, verdict: Verdict, reason: str) -> None:
    """A person says whether it helped. What did not is open again."""
    tx.decide(LESSON, number, partial(rules.judge, by=actor(tx), now=tx.now, verdict=verdict, reason=reason))
