"""A scenario's YAML → a scenario that may be run, or every fault at once with its place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.faults import Fault, Path
from quarterdeck.plan.rules.reading import Reading, read
from quarterdeck.plan.rules.shape import validate_as
from quarterdeck.plan.rules.values import DURATION
from quarterdeck.readiness.rules.scenario import Scenario

NAME = "scenario.yaml"
LONGEST = 100_000
_REMEDIES = {
    "objectives": "say what the exercise is to find out: a list of `id`, `title` and `criteria`",
    "criteria": "list by what one sees that the objective is met",
    "injects": "say what happens when: a list of `id`, `at` and one happening",
    "type": "name the incident type of the plan that is tried",
    "kind": "write tabletop, drill or functional",
    "minutes": "say how long it lasts at most, such as `60 min`",
    "objective": "name the objective that it tells for",
}


@dataclass(frozen=True)
class Checked:
    """`scenario` is there if and only if there are no faults."""

    scenario: Scenario | None
    faults: tuple[Fault, ...]
    reading: Reading

    def sound(self) -> Scenario:
        """The scenario. Raises `Invalid` with every fault if there is one."""
        if self.scenario is None:
            count = len(self.faults)
            raise Invalid(
                f"The scenario has {count} fault{'s' if count != 1 else ''}.", tuple(map(str, self.faults[:500]))
            )
        return self.scenario


def check(text: str, name: str = NAME) -> Checked:
    """Read and check one scenario by itself; `fitting` holds it against a plan."""
    if len(text) > LONGEST:
        raise Invalid("The scenario is too long.", (f"{name}: at most {LONGEST:,} characters",))
    reading = read({name: text})
    scenario = validate_as(Scenario, reading, _REMEDIES) if reading.document or not reading.faults else None
    _check_names(reading)
    _check_clock(reading)
    return verdict(scenario, reading)


def verdict(scenario: Scenario | None, reading: Reading) -> Checked:
    faults = tuple(sorted(set(reading.faults)))
    return Checked(None if faults else scenario, faults, reading)


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scenario.model_json_schema(),
        "title": "Quarterdeck scenario",
        "description": "One exercise: objectives, injects on a clock, and what ought to be done about them.",
    }


def entries(document: Any, section: str) -> list[tuple[int, dict[str, Any]]]:
    """The entries of a list of maps, with their places in it; what has another shape is passed over."""
    found = document.get(section) if isinstance(document, dict) else None
    return [(at, one) for at, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def _check_names(reading: Reading) -> None:
    document = reading.document
    ids = {name: _ids(reading, name) for name in ("objectives", "injects", "expected")}
    for at, one in entries(document, "expected"):
        for key, section in (("objective", "objectives"), ("after", "injects")):
            known = ids[section]
            if isinstance(one.get(key), str) and known and one[key] not in known:
                reading.blame(("expected", at, key), f"there is no {key_of(key)} `{one[key]}`", _choose(known))
    keys = [one["signal"].get("key") for _, one in entries(document, "injects") if isinstance(one.get("signal"), dict)]
    for at, one in entries(document, "injects"):
        cleared = one.get("clear")
        if isinstance(cleared, str) and cleared not in keys:
            reading.blame(("injects", at, "clear"), f"no signal here has the key `{cleared}`", _choose(keys))
    told = {one.get("objective") for _, one in entries(document, "expected")}
    for at, one in entries(document, "objectives"):
        if ids["expected"] and isinstance(one.get("id"), str) and one["id"] not in told:
            problem = f"nothing that is expected tells for the objective `{one['id']}`"
            reading.blame(("objectives", at), problem, "add an expectation, `what: observed` if only people can see it")


def key_of(key: str) -> str:
    return "objective" if key == "objective" else "inject"


def _ids(reading: Reading, section: str) -> list[str]:
    found = [(at, one["id"]) for at, one in entries(reading.document, section) if isinstance(one.get("id"), str)]
    twice = {id for id, count in Counter(id for _, id in found).items() if count > 1}
    for at, id in found:
        if id in twice:
            twice.discard(id)
            path: Path = (section, at, "id")
            reading.blame(path, f"the id `{id}` occurs twice", "give each its own")
    return [id for _, id in found]


def _choose(known: Iterable[str | None]) -> str:
    names = [name for name in dict.fromkeys(known) if name][:8]
    return f"name one of {', '.join(names)}" if names else "define it first"


def _check_clock(reading: Reading) -> None:
    """Injects and deadlines lie within the exercise."""
    document = reading.document
    length = minutes_of(document.get("minutes"))
    if length is None:
        return
    begins = {one["id"]: minutes_of(one.get("at")) for _, one in entries(document, "injects") if "id" in one}
    for at, one in entries(document, "injects"):
        when = minutes_of(one.get("at"))
        if when is not None and when >= length:
            problem = f"happens at minute {when}, and the exercise lasts {length}"
            reading.blame(("injects", at, "at"), problem, "move it forward, or give `minutes` more")
    for at, one in entries(document, "expected"):
        within, after = minutes_of(one.get("within")), begins.get(one.get("after") or "", 0)
        if within is not None and after is not None and after + within > length:
            problem = f"is due at minute {after + within}, and the exercise lasts {length}"
            reading.blame(("expected", at, "within"), problem, "shorten it, or give `minutes` more")


def minutes_of(value: Any) -> int | None:
    """A duration as the model would take it; None for what it would refuse."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    found = DURATION.match(value) if isinstance(value, str) else None
    return int(found[1]) * {"min": 1, "h": 60, "d": 1440}[found[2]] if found else None
