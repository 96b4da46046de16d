"""A plan written in Markdown → the files of a draft, and everything that a person has to look at.

Each text ends up whole in a document of the draft. What machines need and the text does not say is taken from the plan
that Quarterdeck ships, and listed, so that nobody mistakes it for a decision of theirs.
"""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from quarterdeck.plan.rules.blanks import UNFILLED
from quarterdeck.plan.rules.forms import slug
from quarterdeck.plan.rules.outstanding import CATCH_ALL, LOOKS_LIKE, NOT_SAID, UNWRITTEN, stubs
from quarterdeck.plan.rules.procedure import STUB
from quarterdeck.plan.rules.prose import Item, Prose, Section, plain, read_prose
from quarterdeck.plan.rules.reading import read

What = Literal["blank", "stub", "not-understood", "taken-from-example", "missing", "cut"]
MOST_STEPS = 100
_SLUG = re.compile(r"[^a-z0-9]+")
_ROLE = re.compile(r"^role:\s+(.+)$", re.IGNORECASE)
_PLAYBOOK = re.compile(r"^(playbook|runbook|procedure):?\s+(.+)$", re.IGNORECASE)
_SEVERITY = re.compile(r"^SEV[- ]?([1-5])\b[:.\s-]*(.*)$", re.IGNORECASE)
_DUTIES = re.compile(r"dut(y|ies)|responsibilit|what (are|do)|how to", re.IGNORECASE)
_AUTHORITY = re.compile(r"authorit|may decide|empower", re.IGNORECASE)


@dataclass(frozen=True)
class ImportFinding:
    """Something to look at. `place` is `file:line`, or a section of the draft."""

    what: What
    place: str
    text: str


@dataclass
class Imported:
    """The files of a draft that passes the check, and the findings in the order of the files."""

    files: dict[str, str] = field(default_factory=dict)
    findings: list[ImportFinding] = field(default_factory=list)

    def find(self, what: What, place: str, text: str) -> None:
        self.findings.append(ImportFinding(what, place, text))


def imported(texts: Mapping[str, str], *, example: Mapping[str, str], login: str) -> Imported:
    """`texts`: name → Markdown (other files are listed). `example`: the shipped plan. `login`: holds every post."""
    result = Imported()
    proses = []
    for name in sorted(texts, key=lambda name: (_is_example(name), name)):
        if name.lower().endswith(".md"):
            proses.append(read_prose(name, texts[name]))
        else:
            result.find("not-understood", f"{name}:1", "is no Markdown, and was left aside")
            _blanks(result, name, texts[name], 0)
    base = read(example).document
    roles = _roles(result, proses, base)
    ids: dict[str, str] = {}
    procedures, types = _procedures(result, proses, roles, ids)
    if not procedures:
        types, roles = base["types"], {**base["roles"], **roles}
        procedures = {
            id: {key: value for key, value in one.items() if key != "serves"} for id, one in base["procedures"].items()
        }
        result.find("taken-from-example", "procedures", "no text reads like a procedure; the example's stand in")
    _documents(result, proses, procedures, ids)
    plan = _plan(result, proses, base, roles, types, procedures, login)
    result.files["plan.yaml"] = _yaml(plan)
    result.files["procedures.yaml"] = _yaml({"procedures": procedures})
    return result


def _is_example(name: str) -> bool:
    return re.search(r"(^|/)examples?/", name.lower()) is not None


# -- what people are -----------------------------------------------------------------------------


def _roles(result: Imported, proses: list[Prose], base: dict[str, Any]) -> dict[str, Any]:
    roles: dict[str, Any] = {}
    for prose in proses:
        for title, line, sections in _role_sections(prose):
            id = _slug(re.sub(r"\(.*?\)", "", title)) or slug(title)
            if id in roles or id in ("all-participants",):
                continue
            duties = [item.text for one in sections if _DUTIES.search(one.title) for item in one.items if item.text]
            duties = duties or [item.text for one in sections for item in one.items if item.text]
            authority = [item.text for one in sections if _AUTHORITY.search(one.title) for item in one.items]
            place = f"{prose.name}:{line}"
            if not duties:
                result.find("missing", place, f"{title}: no duties are listed")
            if not authority:
                result.find("missing", place, f"{title}: nothing says what the role may decide alone")
            roles[id] = {
                "title": title[:200],
                "duties": _some(duties, 30),
                "authority": _some(authority, 30),
            }
    if not roles:
        result.find("taken-from-example", "roles", "no text describes roles; the example's stand in")
        return dict(base["roles"])
    return roles


def _some(texts: list[str], most: int) -> list[str]:
    return [text[:2000] for text in texts[:most]] or [NOT_SAID]


def _role_sections(prose: Prose) -> Iterator[tuple[str, int, list[Section]]]:
    """Title, line and sections of every role that a text describes."""
    about_roles = "role" in prose.name.lower().rsplit("/", 1)[-1]
    for index, section in enumerate(prose.sections):
        named = _ROLE.match(section.title)
        if not named and not (about_roles and section.level == 2 and "role" not in section.title.lower()):
            continue
        below: list[Section] = [section]
        for other in prose.sections[index + 1 :]:
            if other.level <= section.level:
                break
            below.append(other)
        title = (named[1] if named else section.title).strip()
        if named or any(_DUTIES.search(one.title) for one in below):
            yield title, section.line, below


# -- what is done --------------------------------------------------------------------------------


def _procedures(
    result: Imported, proses: list[Prose], roles: dict[str, Any], ids: dict[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Procedures and the types that they serve; `ids` learns which text became which procedure."""
    procedures: dict[str, Any] = {}
    types: dict[str, Any] = {}
    commander = _commander(roles)
    for prose in proses:
        kind = _kind(prose)
        if kind != "procedure":
            continue
        id = ids[prose.name] = _procedure_id(prose, procedures)
        title = _title(prose)
        steps = list(_steps(prose, roles, commander))
        if len(steps) > MOST_STEPS:
            steps = list(_steps(prose, roles, commander, only_numbered=True))
        if len(steps) > MOST_STEPS:
            result.find(
                "cut", f"{prose.name}:1", f"{len(steps)} steps; the first {MOST_STEPS} are steps, the rest is text"
            )
        steps = steps[:MOST_STEPS] or [{"id": UNWRITTEN, "title": "Write this procedure", "role": commander}]
        procedures[id] = {"title": title[:200], "owner": "incident-manager", "steps": steps}
        types[id] = {
            "title": title[:200],
            "declare_when": [f"{LOOKS_LIKE}{title}."[:500]],
            "procedure": id,
        }
        result.find("missing", f"types.{id}.declare_when", f"“{title}”: nothing says when it is declared")
    _find_stubs(result, procedures)
    return procedures, types


def _find_stubs(result: Imported, procedures: dict[str, Any]) -> None:
    for id, own in stubs(procedures):
        said = f"{own} step{'s' if own != 1 else ''} of its own" if own else "no step of its own"
        result.find(
            "stub", f"procedures.{id}", f"“{procedures[id]['title']}” is a stub with {said}; write it, or drop it"
        )


def _kind(prose: Prose) -> Literal["procedure", "role", "guideline"]:
    name = prose.name.lower()
    titled = any(_PLAYBOOK.match(one.title) for one in prose.sections[:3])
    if _is_example(name) or name.endswith(("index.md", "readme.md")):
        return "guideline"
    if titled or re.search(r"(^|/)(playbook|runbook|procedure)", name):
        return "procedure"
    if any(_ROLE.match(one.title) for one in prose.sections) or "role" in name or "training" in name:
        return "role"
    ordered = sum(item.ordered for one in prose.sections for item in one.items)
    acting = re.search(r"(^|/)(during|after|respon)|incident_response|response", name) is not None
    return "procedure" if acting and ordered >= STUB else "guideline"


def _title(prose: Prose) -> str:
    found = next((match[2] for one in prose.sections[:3] if (match := _PLAYBOOK.match(one.title))), None)
    own = next((one.title for one in prose.sections if one.level == 1), None)
    name = prose.name.rsplit("/", 1)[-1].removesuffix(".md")
    bare = plain(UNFILLED.sub("", found or own or name.replace("_", " ").replace("-", " ").capitalize()))
    return re.sub(r"\s+(for|of|at|by)$", "", bare.strip(" :")) or name


def _procedure_id(prose: Prose, taken: Iterable[str]) -> str:
    name = prose.name.rsplit("/", 1)[-1].removesuffix(".md")
    return slug(re.sub(r"^(playbook|runbook|procedure)[-_ ]", "", name), taken)


def _steps(
    prose: Prose, roles: dict[str, Any], commander: str, *, only_numbered: bool = False
) -> Iterator[dict[str, Any]]:
    taken: Counter[str] = Counter()
    for section in prose.sections:
        if re.match(r"reference\b|resources|don.t panic", section.title, re.IGNORECASE):
            continue
        role = next((id for id, one in roles.items() if _names(section.title, one["title"])), commander)
        for item in _items_of(section):
            if only_numbered and not item.ordered:
                continue
            title = plain(UNFILLED.sub("", item.text)).strip(" .,:`")
            if len(title) < 4:
                continue  # a blank, listed as such
            id = _slug(title)[:50].rstrip("-") or "step"
            taken[id] += 1
            step: dict[str, Any] = {
                "id": id if taken[id] == 1 else f"{id}-{taken[id]}",
                "title": title[:200],
                "role": role,
            }
            if item.more or len(title) > 200:
                step["details"] = LiteralScalarString((title + "\n\n" if len(title) > 200 else "") + item.more)[:20_000]
            yield step


def _items_of(section: Section) -> list[Item]:
    """What is numbered; where nothing is, what is listed."""
    ordered = [item for item in section.items if item.ordered]
    return ordered or section.items


def _names(title: str, role: str) -> bool:
    words = re.sub(r"\(.*?\)", "", role).strip().lower()
    return len(words) > 3 and words in title.lower()


def _commander(roles: dict[str, Any]) -> str:
    return next((id for id in roles if "commander" in id and "deputy" not in id), next(iter(roles)))


# -- what is written -----------------------------------------------------------------------------


def _documents(result: Imported, proses: list[Prose], procedures: dict[str, Any], ids: dict[str, str]) -> None:
    """Every text, whole: beside its procedure, or as a guideline that explains the first one."""
    first = next(iter(procedures))
    used: list[str] = []
    for prose in proses:
        _blanks(result, prose.name, prose.text, prose.offset)
        for oddity in prose.oddities:
            result.find("not-understood", f"{prose.name}:{oddity.line}", oddity.what)
        if not prose.text:
            continue
        if _kind(prose) == "procedure":
            result.files[f"procedures/{ids[prose.name]}.md"] = prose.text + "\n"
            continue
        id = slug(prose.name.removesuffix(".md"), used)
        used.append(id)
        name = f"guidelines/{id}.md"
        front = {"title": (_title(prose) or prose.name)[:200], "owner": "incident-manager", "procedure": first}
        result.files[name] = f"---\n{_yaml(front)}---\n\n{prose.text}\n"


def _blanks(result: Imported, name: str, text: str, offset: int) -> None:
    for number, line in enumerate(text.split("\n"), 1 + offset):
        for found in UNFILLED.finditer(line):
            result.find("blank", f"{name}:{number}", found[0].strip(" `")[:160])


def _plan(
    result: Imported,
    proses: list[Prose],
    base: dict[str, Any],
    roles: dict[str, Any],
    types: dict[str, Any],
    procedures: dict[str, Any],
    login: str,
) -> dict[str, Any]:
    title = next((_title(one) for one in proses if "plan" in _title(one).lower()), "Incident response plan")
    severity = {**base["severity"], "levels": {id: dict(level) for id, level in base["severity"]["levels"].items()}}
    found = _severities(proses)
    for id, meaning in found.items():
        severity["levels"][id]["meaning"] = meaning
    taken = ["escalation", "routing", "calendar", *([] if found else ["severity"])]
    for section in taken:
        result.find("taken-from-example", section, "nothing in the texts says it; read the example's and make it yours")
    result.find("missing", "posts", f"every post is held by {login}; name your own people")
    first = _usual(types)
    commander = _commander(roles)
    roles[commander].setdefault("filled_by", "post:incident-manager")
    return {
        "name": title[:200],
        "owner": "incident-manager",
        "approver": "chief-information-officer",
        "scope": base["scope"],
        "review_interval_days": 365,
        "commander": commander,
        "defaults": {**base["defaults"], "type": first},
        "calendar": base["calendar"],
        "posts": {id: {**post, "login": login} for id, post in base["posts"].items()},
        "roles": roles,
        "severity": severity,
        "types": types,
        "escalation": base["escalation"],
        "routing": [{"name": CATCH_ALL, "service": "{service}", "group_by": ["service", "alertname"], "type": first}],
    }


def _usual(types: dict[str, Any]) -> str:
    """The type that an incident is taken for at first: the one whose text is about any incident, if there is one."""
    general = re.compile(r"^(during|general|incident)|\bincident response\b|\bany incident\b", re.IGNORECASE)
    found = (id for id, type in types.items() if general.search(id.replace("-", " ")) or general.search(type["title"]))
    return next(found, next(iter(types)))


def _severities(proses: list[Prose]) -> dict[str, str]:
    """What a text says of SEV-1 … SEV-5, in headings or in the rows of a table, of Markdown or HTML."""
    found: dict[str, str] = {}
    for prose in proses:
        for section in prose.sections:
            match = _SEVERITY.match(section.title)
            words = " ".join([*(section.words[:1]), *(item.text for item in section.items[:4])])
            if match and words:
                found.setdefault(f"SEV{match[1]}", words[:2000])
        cells = re.findall(r"<td[^>]*>\s*SEV-?([1-5])\s*</td>\s*<td[^>]*>(.*?)</td>", prose.text, re.DOTALL)
        cells += re.findall(r"^\|?\s*SEV[- ]?([1-5])\s*\|([^|\n]+)\|", prose.text, re.MULTILINE)
        for level, meaning in cells:
            if words := plain(re.sub(r"<[^>]+>", " ", meaning)):
                found.setdefault(f"SEV{level}", words[:2000])
    return found


def _slug(text: str) -> str:
    slug = _SLUG.sub("-", text.lower()).strip("-")
    return slug if not slug or slug[0].isalpha() else f"x-{slug}"


def _yaml(document: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.width = 120
    writer.representer.ignore_aliases = lambda *_: True
    writer.dump(dict(document), stream)
    return stream.getvalue()
