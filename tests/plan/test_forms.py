"""The plan as forms: all that it can say can be asked, and a filled form changes what was changed and nothing else."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from quarterdeck.plan.rules import Plan, Step
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.editing import edited
from quarterdeck.plan.rules.forms import SECTIONS, Field, Form, Known, entries, filled, form_of, slug, step_form
from quarterdeck.plan.rules.forms.asking import Ask, every
from quarterdeck.plan.rules.forms.choices import choices
from quarterdeck.plan.rules.forms.documents import STEP
from quarterdeck.plan.rules.forms.layout import section_of
from quarterdeck.plan.rules.forms.structure import LEVEL
from quarterdeck.plan.rules.reading import read
from tests.plan.texts import example_files, small

KNOWN = Known({"alice": "Alice", "dana": "Dana"}, {"web": "Web"}, {"primary": "Primary"})


def form(files: Mapping[str, str], section: str, id: str = "") -> Form:
    checked = check(files)
    found = form_of(checked.reading.document, SECTIONS[section], id, KNOWN, checked.faults)
    assert found is not None
    return found


def as_posted(fields: tuple[Field, ...]) -> dict[str, str]:
    """What a browser sends back if nobody touches anything."""
    posted: dict[str, str] = {}
    for field in every(fields):
        kind, name = field.ask.kind, field.name
        if kind in ("yes", "several"):
            posted[f"shown:{name}"] = "1"
            ticked = [name] if kind == "yes" and field.is_on else [f"{name}:{one}" for one in field.ticked]
            posted |= dict.fromkeys(ticked if kind == "several" or field.is_on else [], "yes")
        elif kind in ("ordered", "targets"):
            posted |= {f"{name}:{place}": one for place, one in enumerate([*field.chosen, ""])}
        elif kind == "given" and isinstance(field.value, dict):
            posted[name] = "by-label"
        elif kind != "rows":
            posted[name] = field.shown.replace("\n", "\r\n")
    return posted


def changed(files: Mapping[str, str], found: Form, **typed: str) -> dict[str, str]:
    posted = as_posted(found.fields)
    names = {one.name for one in every(found.fields)}
    assert {one.removesuffix(":+") for one in typed} <= names, typed
    return edited(files, filled(found.fields, posted | typed))


def every_form(files: Mapping[str, str]) -> Iterator[Form]:
    document = check(files).reading.document
    for section in SECTIONS.values():
        ids = [""] if section.shape == "single" else [one.id for one in entries(document, section)]
        for id in ids:
            yield form(files, section.key, id)
    for procedure, entry in document["procedures"].items():
        for step in entry["steps"]:
            found = step_form(document, procedure, step["id"], KNOWN)
            assert found is not None
            yield found


def test_a_form_that_nobody_touched_changes_nothing() -> None:
    files = example_files()
    for found in every_form(files):
        assert filled(found.fields, as_posted(found.fields)) == [], found.path


def _asked(asks: tuple[Ask, ...]) -> set[str]:
    return {ask.name.split(".")[0] for ask in asks}


def test_everything_that_a_plan_can_say_is_asked_in_some_form() -> None:
    def fields_of(model: Any) -> set[str]:
        return set(model.model_fields)

    sections = {section.path[0] for section in SECTIONS.values() if section.path} | _asked(SECTIONS["plan"].asks)
    assert fields_of(Plan) == sections
    for section in SECTIONS.values():
        model = _model_at(section.path) if section.path and section.key != "severity" else None
        if model is not None:
            known = {section.key_field} if section.key_field else set()
            left = (
                fields_of(model) - _asked(section.asks) - known - ({"steps"} if section.key == "procedures" else set())
            )
            assert not left, (section.key, left)
    assert fields_of(Step) - _asked(STEP) == {"id", "only_if"}, "one is its name, the other is asked step by step"
    assert fields_of(_model_at(("severity", "levels"))) == _asked(LEVEL)


def _model_at(path: tuple[Any, ...]) -> Any:
    model: Any = Plan
    for part in path:
        model = model.model_fields[part].annotation
        model = next((one for one in _within(model) if issubclass(one, BaseModel)), model)
    return model


def _within(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and not get_args(annotation):
        return [annotation]
    return [found for one in get_args(annotation) for found in _within(one)]


@pytest.mark.parametrize(
    ("section", "id", "typed", "told"),
    [
        ("severity", "", {"severity.levels.SEV1.update_every": "2h"}, ["SEV1: now an update is due every 2 h"]),
        ("severity", "", {"severity.matrix.small.low": "SEV2"}, ["gives SEV2 instead of SEV3"]),
        ("roles", "incident-commander", {"roles.incident-commander.duties": "Decide\r\nListen"}, ["Listen"]),
        ("roles", "incident-commander", {"roles.incident-commander.deputies:+": "boss"}, ["Boss"]),
        ("types", "outage", {"types.outage.severity_floor": "SEV2"}, ["SEV2"]),
        ("escalation", "main", {"escalation.main.levels.0.notify:+": "person:dana"}, ["dana"]),
        ("escalation", "main", {"escalation.main.levels.0.acknowledge_within": "7 min"}, ["7 min"]),
        ("routing", "page", {"routing.0.match.0.op": "in", "routing.0.match.0.value": "page, ticket"}, ["ticket"]),
        ("plan", "", {"review_interval_days": "180"}, ["180"]),
        ("posts", "boss", {"posts.boss.login": "alice"}, ["alice"]),
    ],
)
def test_what_is_typed_is_said_in_words_and_nothing_else_changes(
    section: str, id: str, typed: dict[str, str], told: list[str]
) -> None:
    files = small()
    new = changed(files, form(files, section, id), **typed)
    sentences = [one.sentence for one in differences(check(files).sound(), check(new).sound())]
    assert len(sentences) == len(told), sentences
    for sentence, words in zip(sentences, told, strict=True):
        assert words.casefold() in sentence.casefold()


def test_comments_survive_and_untouched_items_keep_their_line_breaks() -> None:
    files = small(
        ("duties: [Decide]", "duties: # what counts\n      - |\n        Decide\n        at once\n      - Listen # too")
    )
    found = form(files, "roles", "incident-commander")
    field = next(one for one in found.fields if one.ask.name == "duties")
    assert field.shown == "Decide at once\nListen"
    new = changed(files, found, **{field.name: "Decide at once\nListen\nSpeak"})
    assert read(new).document["roles"]["incident-commander"]["duties"] == ["Decide\nat once\n", "Listen", "Speak"]
    assert "# what counts" in new["plan.yaml"]


def test_what_cannot_be_read_is_kept_as_it_was_typed_and_blamed_at_its_field() -> None:
    files = small()
    new = changed(files, form(files, "severity"), **{"severity.levels.SEV1.update_every": "soon"})
    after = form(new, "severity")
    blamed = [one for one in after.fields if one.faults]
    assert [(one.name, one.shown) for one in blamed] == [("severity.levels.SEV1.update_every", "soon")]
    assert "is no duration" in blamed[0].faults[0].problem


def test_a_step_is_asked_for_its_branch_its_anchor_and_the_steps_before_it() -> None:
    files = small(
        ("title: Look\n", "title: Look\n        decides: {question: Is it down?, answers: {yes: Yes, 'no': 'No'}}\n"),
    )
    document = check(files).reading.document
    found = step_form(document, "fix", "mend", KNOWN)
    assert found is not None
    posted = as_posted(found.fields)
    base = "procedures.fix.steps.1"
    new = edited(
        files,
        filled(
            found.fields,
            posted
            | {f"{base}.only_if.look:yes": "yes", f"{base}.after:look": "yes", f"{base}.within": "1 h"}
            | {f"{base}.counted_from": "step:look"},
        ),
    )
    step = check(new).sound().procedures["fix"].steps[1]
    assert (step.only_if, step.after, step.within, step.counted_from) == (
        {"look": ("yes",)},
        ("look",),
        60,
        "step:look",
    )


def test_a_grade_can_follow_from_a_label() -> None:
    files = small()
    found = form(files, "routing", "page")
    typed = {"routing.0.impact": "by-label", "routing.0.impact.label": "size", "routing.0.impact.otherwise": "small"}
    new = changed(files, found, **typed, **{"routing.0.impact.values": "big: large"})
    given: Any = check(new).sound().routing[0].impact
    assert (given.label, given.values, given.otherwise) == ("size", {"big": "large"}, "small")
    back = changed(new, form(new, "routing", "page"), **{"routing.0.impact": "large"})
    assert check(back).sound().routing[0].impact == "large"


def test_choices_name_people_and_targets_in_words() -> None:
    document = read(small()).document
    assert ("schedule:primary", "Whoever is on call in “Primary”") in choices(document, KNOWN, "targets")
    assert ("post:boss", "The post “Boss”") in choices(document, KNOWN, "targets")
    assert choices(document, KNOWN, "people")[0] == ("alice", "Alice (alice)")
    assert choices({"posts": 3, "severity": []}, KNOWN, "posts") == ()


def test_a_fault_leads_to_its_form() -> None:
    def told(path: str) -> tuple[str, str, str] | None:
        found = section_of(path)
        return (found[0].key, found[1], found[2]) if found else None

    assert told("types.outage.procedure") == ("types", "outage", "")
    assert told("procedures.fix.steps.1.role") == ("procedures", "fix", "1")
    assert told("communication.audiences.it.to.0") == ("audiences", "it", "")
    assert told("routing.2.match") == ("routing", "2", "")
    assert told("owner") == ("plan", "", "")
    assert slug("Ünsere Größe!", ()) == "unsere-grosse"
    assert slug("Look", {"look"}) == "look-2"
    assert slug("日本", ()) == "x"
