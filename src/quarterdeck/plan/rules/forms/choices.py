"""What a choice in a form offers: ids of the document with their titles, people and targets, and the fixed sets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from quarterdeck.plan.rules.governed import TRIGGERS, Classification
from quarterdeck.plan.rules.measurable import MEASURABLE
from quarterdeck.plan.rules.references import find
from quarterdeck.plan.rules.values import DAYS, SEVERITIES

Choices = tuple[tuple[str, str], ...]

_FIXED: Mapping[str, Choices] = {
    "days": tuple(
        zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
    ),
    "triggers": tuple((one, one.replace("-", " ").capitalize()) for one in TRIGGERS),
    "classifications": tuple((one, one) for one in get_args(Classification)),
    "skipping": (
        ("with-reason", "whoever works on it, with a reason"),
        ("by-commander", "only the commander, with a reason"),
        ("never", "nobody"),
    ),
    "operators": (
        ("=", "is"),
        ("!=", "is not"),
        ("in", "is one of"),
        ("not_in", "is none of"),
        ("prefix", "begins with"),
        ("exists", "is there at all"),
    ),
    "statistics": tuple((one, one) for one in ("median", "p90", "p95", "share", "count", "rate")),
    "figures": tuple((one, one.replace("-", " ").capitalize()) for one in MEASURABLE),
    "directions": (("lower", "lower"), ("higher", "higher")),
}
_ANCHORS: Choices = (
    ("declared", "the declaration"),
    ("detected", "the detection"),
    ("acknowledged", "the acknowledgement"),
    ("mitigated", "the mitigation"),
    ("resolved", "the resolution"),
    ("ready", "the moment at which the steps before it are settled"),
)
_MAPS = {"posts", "roles", "types", "procedures", "escalation", "policies", "objectives"}


@dataclass(frozen=True)
class Known:
    """What a form offers that no plan holds: people by login, teams by id, schedules by id."""

    people: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    schedules: Mapping[str, str] = field(default_factory=dict)


def choices(document: Mapping[str, Any], known: Known, of: str, steps: list[Any] | None = None) -> Choices:
    """The values of a set, each with its words. `steps`: those of the procedure that is being written."""
    if of in _FIXED:
        return _FIXED[of]
    match of:
        case "levels":
            levels = _map(_map(document.get("severity")).get("levels"))
            return tuple((id, f"{id}: {_title(levels[id], id)}") for id in SEVERITIES if id in levels)
        case "impacts" | "urgencies":
            scale = _map(document.get("severity")).get("impact" if of == "impacts" else "urgency")
            return tuple(_listed(scale, "id"))
        case "audiences":
            told = _map(_map(document.get("communication")).get("audiences"))
            return tuple((id, _title(entry, id)) for id, entry in told.items())
        case "people":
            return tuple((login, f"{name} ({login})") for login, name in known.people.items())
        case "targets":
            return tuple(_targets(document, known))
        case "steps":
            return tuple(_listed(steps, "id"))
        case "anchors":
            return (*_ANCHORS, *((f"step:{id}", f"the step “{words}”") for id, words in _listed(steps, "id")))
    assert of in _MAPS, of
    return tuple((id, _title(entry, id)) for id, entry in _map(document.get(of)).items())


def target_words(document: Mapping[str, Any], known: Known, target: str) -> str:
    """`schedule:primary` → `Whoever is on call in “primary”`."""
    kind, _, id = target.partition(":")
    match kind:
        case "schedule":
            return f"Whoever is on call in “{known.schedules.get(id, id)}”"
        case "post":
            return f"The post “{_title(_map(document.get('posts')).get(id), id)}”"
        case "team":
            return f"Everybody in the team “{known.teams.get(id, id)}”"
        case "person":
            return f"{known.people.get(id, id)} in person"
    return target


def _targets(document: Mapping[str, Any], known: Known) -> Iterator[tuple[str, str]]:
    named = ["escalation.*.levels.*.notify.*", "roles.*.filled_by", "communication.audiences.*.to.*"]
    used = [value for pattern in named for _, value in find(document, pattern) if isinstance(value, str)]
    every = [
        *(f"schedule:{id}" for id in known.schedules),
        *(one for one in used if one.startswith("schedule:")),
        *(f"post:{id}" for id in _map(document.get("posts"))),
        *(f"team:{id}" for id in known.teams),
        *(f"person:{login}" for login in known.people),
    ]
    for one in dict.fromkeys(every):
        yield one, target_words(document, known, one)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _listed(items: Any, key: str) -> Iterator[tuple[str, str]]:
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and isinstance(item.get(key), str):
            yield item[key], _title(item, item[key])


def _title(entry: Any, id: str) -> str:
    title = entry.get("title") if isinstance(entry, dict) else None
    return title if isinstance(title, str) and title.strip() else id
