"""Texts: whatever the plan's template and whatever people type, a rendering never raises and leaves no field behind."""

import re

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.comms.rules import brief, last_words, line, rendered
from quarterdeck.comms.rules.brief import MOST_WORDS
from quarterdeck.plan.rules.communication import FIELDS
from tests.plan.texts import example_plan

NAMES = st.sampled_from(sorted(FIELDS))
PLAIN = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=60)
HOSTILE = st.one_of(
    PLAIN,
    st.sampled_from(["{impact}", "{{impact}}", "{0}", "{a.__class__}", "{%", "<script>", "%s", "\\1", "\\g<0>", "}{"]),
)
TEMPLATES = st.lists(st.one_of(PLAIN, NAMES.map(lambda name: f"{{{name}}}")), max_size=12).map("".join)


@given(TEMPLATES, st.dictionaries(NAMES, PLAIN))
def test_a_rendering_leaves_no_brace(template: str, fields: dict[str, str]) -> None:
    assert not set("{}") & set(rendered(template, fields))
    assert "\n" not in line(template, fields, 80)
    assert len(line(template, fields, 80)) <= 80


@given(TEMPLATES, st.dictionaries(NAMES, HOSTILE))
def test_what_people_type_stays_text(template: str, fields: dict[str, str]) -> None:
    text = rendered(template, fields)
    for name in set(re.findall(r"\{([a-z_]+)\}", template)):
        typed = fields.get(name, "").strip().rstrip(".")
        assert typed.strip() in text


@given(st.text(max_size=200), st.dictionaries(NAMES, HOSTILE))
def test_any_template_at_all_renders(template: str, fields: dict[str, str]) -> None:
    assert isinstance(rendered(template, fields), str)


def test_unknown_is_written_not_known_yet() -> None:
    assert rendered("{impact} Suspect: {suspect}.", {}) == "Impact not known yet. Suspect: not known yet."
    assert rendered("{impact} Suspect: {suspect}.", {"impact": "Cards fail", "suspect": "Release 812."}) == (
        "Cards fail. Suspect: Release 812."
    )


def test_the_last_words_promise_no_other_and_say_nothing_of_what_nobody_said() -> None:
    says, fields = "{impact} {workaround} We will say more at {next_update}.", {"impact": "All can pay"}
    assert last_words(says, fields) == "All can pay."
    assert last_words(says, {"workaround": "PayPal works."}) == "PayPal works."
    assert last_words("Since {since}: {doing} Next {next_update}.", fields).startswith("Since not known yet")


def test_each_audience_of_the_example_reads_sentences() -> None:
    fields = {
        "impact": "EU customers cannot pay by card",
        "scope": "About 4 in 10.",
        "symptom": "5xx 38 % on checkout-eu.",
        "suspect": "release 812",
        "doing": "Rollback at 40 %.",
        "workaround": "PayPal works",
        "confidence": "Improving.",
        "decision": "switch to the reserve provider?",
        "decide_by": "04:00 UTC",
        "since": "02:58 UTC",
        "next_update": "03:30 UTC",
        "owner": "Alice",
    }
    says = {name: rendered(one.says, fields) for name, one in example_plan().communication.audiences.items()}
    assert says == {
        "it": "5xx 38 % on checkout-eu since 02:58 UTC. Suspect: release 812. Rollback at 40 %. "
        "Next update 03:30 UTC. Alice.",
        "business": "EU customers cannot pay by card. About 4 in 10. PayPal works. Next update 03:30 UTC.",
        "management": "EU customers cannot pay by card. About 4 in 10. Improving. Decision wanted: switch to the "
        "reserve provider? By 04:00 UTC. Owner: Alice. Next update 03:30 UTC.",
        "customers": "EU customers cannot pay by card. PayPal works. We will say more at 03:30 UTC.",
    }


@given(
    st.dictionaries(st.sampled_from(["impact", "scope", "workaround", "confidence", "decision", "decide_by"]), HOSTILE),
    st.text(max_size=900),
)
def test_a_brief_has_at_most_sixty_words(fields: dict[str, str], statement: str) -> None:
    many = {name: f"{value} " * 30 for name, value in fields.items()}
    assert brief(many, statement=statement, components=["checkout"]).words <= MOST_WORDS


def test_a_brief_names_no_component_and_one_decision() -> None:
    found = brief(
        {"impact": "checkout-eu refuses cards; Checkout EU is slow", "decision": "Switch?", "decide_by": "04:00"},
        statement="",
        components=["checkout-eu", "Checkout EU", "pay"],
    )
    assert found.sentences == ("The service refuses cards; the service is slow.",)
    assert found.decision == "By 04:00: Switch?"
