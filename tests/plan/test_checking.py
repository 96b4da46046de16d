"""Every kind of fault is found, at its exact place, in words that say what to do; several are found at once."""

import pytest

from quarterdeck.plan.rules.checking import check
from tests.plan.texts import SMALL, example_files, faults_of, small

ONE_FAULT = [
    pytest.param(
        ("owner: boss\n", "owner: bos\n"),
        "plan.yaml:2:8: owner: there is no post `bos`; did you mean `boss`?",
        id="a dead reference to a post",
    ),
    pytest.param(
        (
            "      - id: look\n        title: Look\n        role: incident-commander\n",
            "      - id: look\n        title: Look\n        role: scribe\n",
        ),
        "plan.yaml:43:15: procedures.fix.steps.0.role: there is no role `scribe`; "
        "define it under `roles`, or name one of incident-commander",
        id="a dead reference to a role",
    ),
    pytest.param(
        ("procedure: fix", "procedure: mend"),
        "plan.yaml:35:16: types.outage.procedure: there is no procedure `mend`; "
        "define it under `procedures`, or name one of fix",
        id="a dead reference to a procedure",
    ),
    pytest.param(
        ("escalation: main", "escalation: mian"),
        "plan.yaml:28:19: severity.levels.SEV1.escalation: there is no escalation path `mian`; did you mean `main`?",
        id="a dead reference to a path",
    ),
    pytest.param(
        ("type: outage", "type: outrage"),
        "plan.yaml:6:18: defaults.type: there is no incident type `outrage`; did you mean `outage`?",
        id="a dead reference to a type",
    ),
    pytest.param(
        ('"schedule:primary"', '"post:nobody"'),
        "plan.yaml:53:18: escalation.main.levels.0.notify.0: there is no post `nobody`; "
        "define it under `posts`, or name one of boss",
        id="a dead reference to a post as a target",
    ),
    pytest.param(
        ("impact: large,", "impact: huge,"),
        "plan.yaml:6:34: defaults.impact: there is no impact `huge`; "
        "define it under `severity.impact`, or name one of large, small",
        id="a dead reference to a grade",
    ),
    pytest.param(
        ("        within: 10\n", "        witin: 10\n"),
        "plan.yaml:44:9: procedures.fix.steps.0.witin: unknown key; did you mean `within`? Otherwise remove it",
        id="an unknown key",
    ),
    pytest.param(
        ("within: 10", "within: soon"),
        'plan.yaml:44:17: procedures.fix.steps.0.within: "soon" is no duration; '
        "write whole minutes, or `15 min`, `2 h`, `3 d`",
        id="a duration that is none",
    ),
    pytest.param(
        ("within: 10", "within: 1.5"),
        "plan.yaml:44:17: procedures.fix.steps.0.within: 1.5 is not a whole number; write digits without quotes",
        id="a wrong type: number",
    ),
    pytest.param(
        ("mandatory: true", "mandatory: yes"),
        'plan.yaml:48:20: procedures.fix.steps.1.mandatory: "yes" is not true or false; '
        "write true or false without quotes",
        id="a wrong type: yes is text in YAML 1.2",
    ),
    pytest.param(
        ("title: Fix it", "title: 7"),
        "plan.yaml:38:12: procedures.fix.title: 7 is not text; put it in quotes",
        id="a wrong type: text",
    ),
    pytest.param(
        ("duties: [Decide]", "duties: Decide"),
        'plan.yaml:12:13: roles.incident-commander.duties: "Decide" is not a list; '
        "write a list: one item a line with `- `, or `[a, b]`",
        id="a wrong type: list",
    ),
    pytest.param(
        ("    title: Outage\n", ""),
        "plan.yaml:32:3: types.outage.title: is missing; add it",
        id="a missing key stands where its owner does",
    ),
    pytest.param(
        ("name: Small plan\n", ""), "plan.yaml:1:1: name: is missing; add it", id="a missing key of the plan itself"
    ),
    pytest.param(
        ("    final: boss\n", ""),
        "plan.yaml:50:3: escalation.main.final: is missing; name the post of the senior manager at whom the path ends, "
        "such as `final: chief-information-officer`",
        id="a path without a senior manager",
    ),
    pytest.param(
        ("acknowledge_within: 5", "acknowledge_within: 0"),
        "plan.yaml:54:29: escalation.main.levels.0.acknowledge_within: 0 minutes cannot be kept by anybody; "
        "give at least 1",
        id="a deadline that nobody can keep",
    ),
    pytest.param(
        ("- id: mend", "- id: look"),
        "plan.yaml:45:13: procedures.fix.steps.1.id: `look` is taken already at plan.yaml:41:13; give each its own id",
        id="a step id used twice",
    ),
    pytest.param(
        ("owner: boss\n", "owner: boss\nowner: boss\n"),
        "plan.yaml:3:1: owner: the key occurs twice (first at plan.yaml:2:1); keep one of the two",
        id="a key used twice",
    ),
    pytest.param(
        ("small: {high: SEV2, low: SEV3}", "small: {high: SEV2}"),
        "plan.yaml:23:5: severity.matrix.small.low: the matrix has no severity for impact `small` at urgency `low`; "
        "add the cell",
        id="a hole in the matrix",
    ),
    pytest.param(
        ("    small: {high: SEV2, low: SEV3}\n", ""),
        "plan.yaml:21:3: severity.matrix.small: the matrix has no row for the impact `small`; "
        "add it: every case needs a severity",
        id="a missing row",
    ),
    pytest.param(
        ("low: SEV3}", "low: SEV3, none: SEV3}"),
        "plan.yaml:23:36: severity.matrix.small.none: the scale has no urgency `none`; "
        "use high, low, or add it to `severity.urgency`",
        id="a foreign cell",
    ),
    pytest.param(
        ("small: {high: SEV2, low: SEV3}", "small: {high: SEV3, low: SEV2}"),
        "plan.yaml:23:30: severity.matrix.small.low: SEV2 is more severe than the SEV3 of `small` at `high`, "
        "whose urgency is greater; severity may not fall as urgency rises: correct one of the two",
        id="a matrix that falls as urgency rises",
    ),
    pytest.param(
        ("SEV2: {title: Major, meaning: Less bad}", "SEV2: {title: Major, meaning: Less bad, urgent: true}"),
        "plan.yaml:29:53: severity.levels.SEV2.urgent: urgent, and yet nobody is paged; "
        "name an escalation path, or remove it",
        id="urgent, but nobody is paged",
    ),
    pytest.param(
        ("      escalation: main\n", "      escalation: main\n      urgent: false\n"),
        "plan.yaml:29:15: severity.levels.SEV1.urgent: its pages would wait for support hours, and the plan has none; "
        "give `calendar.opens`, or write `urgent: true`",
        id="not urgent, but there are no support hours",
    ),
    pytest.param(
        ("posts:\n", 'calendar: {opens: "18:00", closes: "08:00"}\nposts:\n'),
        "plan.yaml:7:19: calendar.opens: support hours would begin at 18:00 and end at 08:00 of the same day; "
        "open before you close",
        id="support hours that end before they begin",
    ),
    pytest.param(
        ("posts:\n", 'calendar: {opens: "8:00"}\nposts:\n'),
        'plan.yaml:7:19: calendar.opens: "8:00" is not written as it should be; write a time such as 17:00',
        id="support hours that are no time",
    ),
    pytest.param(
        ("    procedure: fix\n", ""),
        "plan.yaml:32:3: types.outage: has no procedure, and no parent that has one; name one with `procedure:`",
        id="a type without a procedure",
    ),
    pytest.param(
        ("    procedure: fix\n", "    procedure: fix\n    parent: outage\n"),
        "plan.yaml:36:13: types.outage.parent: the types are their own ancestors: outage → outage; break the circle",
        id="a type that is its own parent",
    ),
    pytest.param(
        ("  - name: rest\n", "  - name: rest\n  - name: never\n"),
        "plan.yaml:62:5: routing.2: can never match: `rest` above takes every signal; "
        "move it above that route, or remove it",
        id="a route behind the catch-all",
    ),
    pytest.param(
        ('op: "=", value: page', "op: in, value: page"),
        "plan.yaml:59:9: routing.0.match.0: `in` wants a list of texts as value; write `value: [a, b]`",
        id="a matcher whose value does not fit",
    ),
    pytest.param(
        ('op: "=", value: page', "op: like, value: page"),
        'plan.yaml:59:31: routing.0.match.0.op: "like" is no choice here; '
        "choose from '=', '!=', 'in', 'not_in', 'prefix' or 'exists'",
        id="an unknown operator",
    ),
    pytest.param(
        ("  outage:\n", "  Out age:\n"),
        'plan.yaml:32:3: types.Out age: "Out age" is not written as it should be; '
        "use lower case letters, digits and `-`, and begin with a letter",
        id="an id that is none",
    ),
    pytest.param(
        ('["schedule:primary"]', '["primary"]'),
        'plan.yaml:53:18: escalation.main.levels.0.notify.0: "primary" is not written as it should be; '
        "write `schedule:…`, `person:…`, `team:…` or `post:…`",
        id="a target that is none",
    ),
    pytest.param(
        ('["schedule:primary"]', '["schedule:primary", "schedule:primary"]'),
        "plan.yaml:53:17: escalation.main.levels.0.notify: `schedule:primary` is named 2 times; name it once",
        id="the same target twice on one level",
    ),
    pytest.param(
        ("  - name: rest\n", "  - name: rest\n    urgency: {label: severity, values: {page: high}}\n"),
        "plan.yaml:62:5: routing.1.urgency.otherwise: is missing; add it",
        id="a grade by label without an otherwise",
    ),
    pytest.param(
        ("scope: Everything\n", "scope: Everything\ncalendar: {zone: Mars/Olympus}\n"),
        'plan.yaml:5:18: calendar.zone: "Mars/Olympus" is no time zone of the IANA database; '
        "write one such as `Europe/Berlin` or `UTC`",
        id="an unknown time zone",
    ),
    pytest.param(
        ("owner: boss\n", "owner: boss: no\n"),
        "plan.yaml:2:12: (document): not YAML: mapping values are not allowed here; "
        "correct the syntax here or just above",
        id="a syntax error",
    ),
]


@pytest.mark.parametrize(("change", "fault"), ONE_FAULT)
def test_a_fault_is_named_with_its_place_and_remedy(change: tuple[str, str], fault: str) -> None:
    faults = faults_of(small(change))
    assert fault in faults
    if "type: outrage" not in change[1] and "Out age" not in change[1]:
        assert len(faults) == 1, faults


def test_the_small_plan_is_sound() -> None:
    assert faults_of({"plan.yaml": SMALL}) == []


def test_all_faults_of_all_files_are_told_at_once_in_order() -> None:
    files = example_files()
    files["roles.yaml"] = files["roles.yaml"].replace("deputies: [head-of-operations]", "deputies: [nobody-there]", 1)
    files["severity.yaml"] = files["severity.yaml"].replace("low: SEV5", "low: SEV1")
    files["types.yaml"] = files["types.yaml"].replace(
        "title: Data loss or corruption", "titel: Data loss or corruption"
    )
    files["escalation.yaml"] += "\n  more: [\n"
    faults = faults_of(files)
    assert [fault.split(":")[0] for fault in faults] == [
        "escalation.yaml",
        "roles.yaml",
        "severity.yaml",
        "severity.yaml",
        "types.yaml",
        "types.yaml",
    ]
    assert "(document): not YAML" in faults[0]
    assert "types.data-loss.title: is missing" in faults[4]
    assert "types.data-loss.titel: unknown key; did you mean `title`?" in faults[5]


def test_what_may_stand_in_an_unreadable_file_is_not_reported_missing() -> None:
    files = example_files()
    files["roles.yaml"] += "\n  : : :\n"
    faults = faults_of(files)
    assert [fault.split(":")[0] for fault in faults] == ["roles.yaml"]


def test_entries_of_one_section_may_be_spread_over_files() -> None:
    head, tail = SMALL.split("procedures:\n")
    body, rest = tail.split("escalation:\n")
    files = {
        "plan.yaml": f"{head}escalation:\n{rest}",
        "procedures/fix.yaml": f"procedures:\n{body}",
        "procedures/more.yaml": "procedures:\n" + body.replace("  fix:", "  more:"),
    }
    plan = check(files).sound()
    assert list(plan.procedures) == ["fix", "more"]


def test_an_entry_given_in_two_files_is_a_fault_that_names_both() -> None:
    files = small() | {"types.yaml": "types:\n  outage:\n    title: Again\n"}
    assert faults_of(files) == [
        "types.yaml:2:3: types.outage: the key occurs twice (first at plan.yaml:32:3); keep one of the two"
    ]


def test_a_section_that_is_no_collection_may_stand_only_once() -> None:
    files = small() | {"more.yaml": "routing: []\n"}
    assert faults_of(files) == ["more.yaml:1:1: routing: stands already at plan.yaml:56:1; keep one of the two"]


def test_news_promised_faster_than_updates_are_made_is_a_fault() -> None:
    told = (
        "communication: {audiences: {customers: {title: Customers, by: incident-commander, says: Wait,\n"
        "  outside: By post, cadence: {SEV1: {first_within: 5, every: 20}}}}}\n"
    )
    files = small(("name: Small plan\n", f"name: Small plan\n{told}"))
    (fault,) = faults_of(files)
    assert "cadence.SEV1.every: Customers expect news every 20 min, but SEV1 is updated at no set interval" in fault


def test_durations_may_be_written_for_people() -> None:
    plan = check(small(("within: 10", "within: 2 h"), ("acknowledge_within: 5", "acknowledge_within: 15 min"))).sound()
    assert plan.procedures["fix"].steps[0].within == 120
    assert plan.escalation["main"].levels[0].acknowledge_within == 15


def test_the_worse_may_not_wait_while_the_lesser_pages() -> None:
    changes = (
        ("posts:\n", 'calendar: {opens: "08:00"}\nposts:\n'),
        ("      escalation: main\n", "      escalation: main\n      urgent: false\n"),
        ("SEV2: {title: Major, meaning: Less bad}", "SEV2: {title: Major, meaning: Less bad, escalation: main}"),
    )
    [fault] = faults_of(small(*changes))
    assert fault == (
        "plan.yaml:30:15: severity.levels.SEV1.urgent: waits for support hours, while SEV2, which is less severe, "
        "pages at any hour; write `urgent: true` here, or `urgent: false` at SEV2"
    )
