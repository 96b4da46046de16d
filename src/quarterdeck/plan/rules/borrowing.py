"""Put a section of the example in a plan's place for it, with whatever that section names and the plan lacks."""

from collections.abc import Mapping
from typing import Any

from quarterdeck.plan.rules.editing import edited
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import read
from quarterdeck.plan.rules.references import find, references_in

BORROWED = ("communication", "policies", "objectives")


def borrowed(files: Mapping[str, str], example: Mapping[str, Any], section: str) -> dict[str, str]:
    """The files with the example's section, and with the posts, roles and paths of the example that it refers to."""
    assert section in BORROWED, section
    holder = _usual_holder(read(files).document)
    texts = edited(files, [((section,), _plain(section, example[section]))])
    for _ in range(6):  # what is brought may itself name something: a role its post
        missing = _missing(texts, example)
        if not missing:
            break
        changes = [(path, _held(path, value, holder)) for path, value in missing.items()]
        texts = edited(texts, changes)
    if section == "policies" and "policy" not in read(texts).document:
        texts = edited(texts, [(("policy",), next(iter(example["policies"])))])
    return texts


def _missing(files: Mapping[str, str], example: Mapping[str, Any]) -> dict[Path, Any]:
    """What is named and not there, as far as the example has it."""
    document = read(files).document
    found: dict[Path, Any] = {}
    for among, name in references_in(document):
        home = next((value for _, value in find(document, among)), None) or {}
        theirs = next((value for _, value in find(example, among)), None)
        if isinstance(home, dict) and isinstance(theirs, dict) and name not in home and name in theirs:
            found[(*among.split("."), name)] = theirs[name]
    return found


def _plain(section: str, value: Any) -> Any:
    """Policies are asked for without the objectives that they serve: those are another section."""
    if section == "policies":
        return {id: {key: one for key, one in policy.items() if key != "serves"} for id, policy in value.items()}
    return value


def _usual_holder(document: Mapping[str, Any]) -> str | None:
    """Who holds the first of the plan's posts: until somebody says otherwise, the posts that are brought along too."""
    logins = [value for _, value in find(document, "posts.*.login") if isinstance(value, str)]
    return logins[0] if logins else None


def _held(path: Path, value: Any, holder: str | None) -> Any:
    return {**value, "login": holder} if path[0] == "posts" and holder and isinstance(value, dict) else value
