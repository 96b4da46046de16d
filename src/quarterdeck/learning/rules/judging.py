"""When to look whether a lesson's change helped, and who says so: figures that leave no doubt, or a person."""

from datetime import timedelta

from quarterdeck.governance.rules.words import refuse_faults
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import effects as ev
from quarterdeck.learning.events.effects import Expectation, Verdict
from quarterdeck.learning.events.lessoning import LessonReopened
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.lessoning import Lesson, evolve
from quarterdeck.learning.rules.weighing import Weighed

LOOKS = 4
"""So often it is looked by itself; then a person has to say, or ask for another look."""


def tried(state: Lesson, now: Instant, *, incident: int) -> list[Event]:
    """Another use; the one that makes enough of them opens the check. The same incident counts once."""
    if not _awaited(state) or incident in state.tried:
        return []
    used = ev.LessonTried(at=now, incident=incident)
    after = evolve(state, used)
    return [used, *([_opened(after, now, "uses")] if _enough(after) else [])]


def expect(state: Lesson, by: str, now: Instant, *, expects: Expectation) -> list[Event]:
    """Say afterwards what it should do; looking begins afresh."""
    _closed_by_change(state)
    said = effects.checked(expects)
    return [] if said == state.expects else [ev.EffectExpected(at=now, by=by, expects=said)]


def ask(state: Lesson, now: Instant) -> list[Event]:
    """Look now."""
    _expecting(state)
    return [] if state.check == "open" else [_opened(state, now, "asked")]


def looked(state: Lesson, now: Instant, *, because: str, weighed: Weighed) -> list[Event]:
    """What was measured. Where it leaves no doubt the verdict follows, and what did not help is open again."""
    if state.check != "open" or state.expects is None:
        return []
    look = ev.EffectLooked(
        at=now,
        because=because,
        measure=state.expects.measure,
        before=weighed.before,
        after=weighed.after,
        better=weighed.better,
        finding=weighed.finding,
    )
    if weighed.finding == "cannot-tell":
        return [look]
    return [look, *_judged(state, "engine", now, weighed.finding, weighed.sentence)]


def judge(state: Lesson, by: str, now: Instant, *, verdict: Verdict, reason: str) -> list[Event]:
    """A person says it; what did not help is open again."""
    _expecting(state)
    faults = [
        None if verdict in ("helped", "did-not", "cannot-tell") else "verdict: use helped, did-not or cannot-tell",
        None if reason.strip() else "reason: say what it is seen by",
        "reason: at most 2,000 characters, without NUL" if len(reason) > 2_000 or "\x00" in reason else None,
    ]
    refuse_faults("The verdict is not right.", faults)
    return _judged(state, by, now, verdict, reason.strip())


def due(state: Lesson) -> Instant | None:
    """When the time to look has come, if the uses have not made it come before."""
    if not _awaited(state) or state.expects is None or state.look_from is None:
        return None
    return state.look_from + timedelta(days=state.expects.days)


def wake(state: Lesson, now: Instant) -> list[Event]:
    when = due(state)
    return [_opened(state, when, "time")] if when is not None and when <= now else []


def _awaited(state: Lesson) -> bool:
    """It is looked by itself: not looked at yet, or looked at with too little to say."""
    return state.check == "waiting" or (state.check == "looked" and state.looks < LOOKS)


def _enough(state: Lesson) -> bool:
    return state.expects is not None and len(state.tried) - state.uses_at_look >= state.expects.uses


def _opened(state: Lesson, at: Instant, because: str) -> ev.EffectCheckOpened:
    return ev.EffectCheckOpened(at=at, because=because, uses=len(state.tried))


def _judged(state: Lesson, by: str, now: Instant, verdict: Verdict, reason: str) -> list[Event]:
    judged: list[Event] = [ev.EffectJudged(at=now, by=by, verdict=verdict, reason=reason)]
    if verdict == "did-not":
        judged.append(LessonReopened(at=now, by=by, reason=f"It did not help: {reason}"))
    return judged


def _closed_by_change(state: Lesson) -> None:
    if state.state != "closed" or state.closing == "rejection":
        raise Refused("NothingChanged", f"{state.name} has changed nothing yet: there is no effect to look at.")


def _expecting(state: Lesson) -> None:
    _closed_by_change(state)
    if state.expects is None:
        raise Refused("NothingExpected", f"Nobody has said what {state.name} should change. Say that first.")


LESSON: Lifecycle[Lesson] = Lifecycle("lesson", evolve, due, wake)
