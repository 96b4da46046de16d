"""A roster's task as a form: what stands in its fields, and what a filled form asks for. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quarterdeck.direction.rules.rostering.document import MOST_ROTATIONS, NeedsText, check
from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.forms import slug

HEAD = ("title", "zone", "starts", "weeks", "rest", "handover_day", "handover_time", "heavy")
ROTATION = ("id", "title", "places", "seniors", "skills", "load")
PERSON = ("on", "senior", "share", "most", "skills", "leave", "spare", "free_from")
SPARE_ROWS = 2
"""Rotations that are not there yet; each building shows two more."""


@dataclass(frozen=True)
class Filled:
    """The fields as texts: of the whole, of each rotation, and of each person who is here, by login."""

    head: Mapping[str, str]
    rotations: tuple[Mapping[str, str], ...]
    people: Mapping[str, Mapping[str, str]]


def fields_of(task: Mapping[str, Any], logins: Sequence[str]) -> Filled:
    """`task` as it is written; who is in it but not here any more stays in it until somebody takes them out."""
    handover = task.get("handover") or {}
    heavy = "\n".join(f"{day} {_number(factor)}" for day, factor in (task.get("heavy") or {}).items())
    head = {name: _text(task.get(name)) for name in HEAD}
    head |= {"handover_day": _text(handover.get("day")), "handover_time": _text(handover.get("time")), "heavy": heavy}
    asked = {str(one["login"]): one for one in task.get("people") or ()}
    rotations = [{name: _text(one.get(name)) for name in ROTATION} for one in task.get("rotations") or ()]
    rotations += [dict.fromkeys(ROTATION, "") for _ in range(min(SPARE_ROWS, MOST_ROTATIONS - len(rotations)))]
    everybody = dict.fromkeys((*asked, *logins))
    return Filled(head, tuple(rotations), {login: _person(asked.get(login)) for login in everybody})


def _person(one: Mapping[str, Any] | None) -> Mapping[str, str]:
    if one is None:
        return {**dict.fromkeys(PERSON, ""), "share": "100"}
    share = _number(100 * float(one.get("share", 1)))
    return {**{name: _text(one.get(name)) for name in PERSON}, "on": "yes", "share": share}


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    return f"{float(value):g}"


def task_of(form: Mapping[str, str]) -> NeedsText:
    """What the form asks for. `Invalid` names every fault by the rotation's or the person's name."""
    rotations: dict[int, dict[str, str]] = {}
    people: dict[str, dict[str, str]] = {}
    head: dict[str, str] = {}
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        whose, _, field = rest.rpartition(".")
        if name in HEAD:
            head[name] = value.strip()
        elif kind == "rotation" and field in ROTATION and whose.isascii() and whose.isdigit() and len(whose) < 3:
            rotations.setdefault(int(whose), {})[field] = value.strip()
        elif kind == "person" and field in PERSON and whose:
            people.setdefault(whose, {})[field] = value.strip()
        else:
            raise Invalid("The form has no such field.", (f"{name[:80]!r}: unknown",))
    wanted = [one for _, one in sorted(rotations.items()) if one.get("title")]
    serving = {login: one for login, one in people.items() if one.get("on")}
    faults: list[str] = []
    task = {
        **{name: head[name] for name in ("title", "zone", "starts") if head.get(name)},
        **{name: _whole(head[name], name, faults) for name in ("weeks", "rest") if head.get(name)},
        "handover": {"day": head.get("handover_day", ""), "time": head.get("handover_time", "")},
        "heavy": _heavy(head.get("heavy", ""), faults),
        "rotations": list(_rotations(wanted, faults)),
        "people": [_asked(login, one, faults) for login, one in serving.items()],
    }
    if faults:
        raise Invalid("The roster's task is not right.", tuple(faults))
    try:
        return check(task)
    except Invalid as error:
        named = {"rotations": [one["title"] for one in wanted], "people": list(serving)}
        raise Invalid(error.detail, tuple(_said(fault, named) for fault in error.errors)) from None


def _rotations(wanted: Sequence[Mapping[str, str]], faults: list[str]) -> Iterable[dict[str, Any]]:
    taken = [one["id"] for one in wanted if one.get("id")]
    for one in wanted:
        id = one.get("id") or slug(one["title"], taken)[:40]
        taken.append(id)
        yield {
            "id": id,
            "title": one["title"],
            "skills": _list(one.get("skills", "")),
            **({"places": _list(one["places"])} if one.get("places") else {}),
            **({"seniors": _whole(one["seniors"], f"{one['title']}, seniors", faults)} if one.get("seniors") else {}),
            **({"load": _real(one["load"], f"{one['title']}, load", faults)} if one.get("load") else {}),
        }


def _asked(login: str, one: Mapping[str, str], faults: list[str]) -> dict[str, Any]:
    return {
        "login": login,
        "senior": bool(one.get("senior")),
        "share": _real(one.get("share") or "100", f"{login}, share", faults) / 100,
        "skills": _list(one.get("skills", "")),
        "leave": _list(one.get("leave", "")),
        "spare": _list(one.get("spare", "")),
        **({"most": _whole(one["most"], f"{login}, turns at most", faults)} if one.get("most") else {}),
        **({"free_from": one["free_from"]} if one.get("free_from") else {}),
    }


def _list(text: str) -> list[str]:
    return [one for one in re.split(r"[,;\s]+", text) if one]


def _heavy(text: str, faults: list[str]) -> dict[str, float]:
    found = {}
    for line in (line.split() for line in text.splitlines() if line.strip()):
        if len(line) != 2:
            faults.append(f"heavy: {' '.join(line)[:60]!r}: write a day and a factor, `2027-12-24 2`")
            continue
        found[line[0]] = _real(line[1], f"heavy, {line[0][:20]}", faults)
    return found


def _whole(text: str, what: str, faults: list[str]) -> int:
    if text.isascii() and text.isdigit() and len(text) < 6:
        return int(text)
    faults.append(f"{what}: {text[:20]!r} is no whole number")
    return 0


def _real(text: str, what: str, faults: list[str]) -> float:
    if re.fullmatch(r"\d{1,5}(\.\d{1,4})?", text, re.ASCII):
        return float(text)
    faults.append(f"{what}: {text[:20]!r} is no number; write 2 or 1.5")
    return 1.0


def _said(fault: str, named: Mapping[str, Sequence[str]]) -> str:
    """`people.3.leave: …` as `carol, leave: …`."""
    place, _, words = fault.partition(": ")
    kind, *rest = place.split(".")
    if kind not in named or not rest or not rest[0].isdigit() or int(rest[0]) >= len(named[kind]):
        return fault
    return f"{named[kind][int(rest[0])]}, {rest[1] if len(rest) > 1 else kind}: {words}"
