"""The worked examples of a pack: what each says, and what the clocks make of it. Pure."""

from datetime import UTC, datetime

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules.clocks import Reckoning
from quarterdeck.obligations.rules.loading import Example, Pack
from quarterdeck.obligations.rules.state import Answer, Attested, Duty, HandedIn

_THEN = datetime(2000, 1, 1, tzinfo=UTC)


def duty_of(regime: Regime, example: Example) -> Duty:
    """The duty that the example describes: to be notified, with its instants attested."""
    return Duty(
        number=1,
        regime=regime,
        options=dict.fromkeys(example.options, True),
        zone=example.zone,
        holidays=example.holidays,
        post=None,
        severity="SEV1",
        times={},
        asked_at=_THEN,
        answer_by=_THEN,
        because="",
        answer=Answer(at=_THEN, by="", reason="", notifiable=True),
        anchors={id: Attested(instant=at, source="", by="", at=at) for id, at in example.anchors.items()},
        notices={
            id: (HandedIn(instant=at, reference="", text="", by="", at=at),) for id, at in example.submitted.items()
        },
    )


def reckoned(regime: Regime, example: Example) -> dict[str, Instant]:
    """Clock → its end, of those that have one."""
    reckoning = Reckoning(duty_of(regime, example))
    found = {id: reckoning.reckon(id) for id in regime.clocks}
    return {id: one.due for id, one in found.items() if one is not None and one.due is not None}


def faults(pack: Pack) -> list[str]:
    """Each example that gives something else than it says; empty: the file means what it says."""
    said = []
    for index, example in enumerate(pack.examples):
        found = reckoned(pack.regime, example)
        wrong = [id for id in example.due if found.get(id) != example.due[id]]
        if wrong:
            words = "; ".join(f"{id} comes to {_word(found.get(id))}, not {_word(example.due[id])}" for id in wrong)
            said.append(f"examples.{index}: {words}")
    return said


def hold(pack: Pack, name: str = "pack.yaml") -> Pack:
    """The pack, if its examples come out: one that contradicts itself was misread by somebody. Raises `Invalid`."""
    wrong = faults(pack)
    if wrong:
        raise Invalid("The worked examples come to something else.", tuple(f"{name}: {fault}" for fault in wrong))
    return pack


def _word(at: Instant | None) -> str:
    return "no end" if at is None else at.isoformat()
