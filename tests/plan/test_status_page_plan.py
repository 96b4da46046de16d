"""The status page in the plan: refused where it would tell too much, told as who may see what, kept by a form."""

import pytest

from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.forms import Known
from quarterdeck.plan.rules.forms.typed import typed
from tests.plan.texts import example_files, example_plan, faults_of

FILE = "communication.yaml"
AUDIENCE = "    audience: customers\n"


def example(old: str, new: str) -> dict[str, str]:
    files = example_files()
    assert files[FILE].count(old) == 1, old
    return {**files, FILE: files[FILE].replace(old, new)}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{impact} {workaround} We", "{impact} {owner}: we", "`{owner}` would be public"),
        ("      approver: incident-commander\n", "      outside: By post\n", "somebody has to carry the text there"),
        (AUDIENCE, "    audience: costumers\n", "there is no audience `costumers`: did you mean `customers`?"),
        ("[identity]", "[identity, checkout]", "`checkout` stands behind `paying` already"),
        ("services: [identity]", "services: []", "status_page.parts.2.services"),
        (AUDIENCE, f"{AUDIENCE}    address: javascript:alert(1)\n", "status_page.address"),
        (AUDIENCE, f"{AUDIENCE}    colour: green\n", "status_page.colour"),
    ],
)
def test_a_page_that_would_tell_too_much_or_nothing_is_refused_at_its_place(old: str, new: str, fault: str) -> None:
    assert fault.partition(":")[0] in " ".join(faults_of(example(old, new)))


def sentences(old: Plan, new: Plan) -> list[str]:
    return [one.sentence for one in differences(old, new)]


def test_a_change_says_who_may_see_what() -> None:
    plan = example_plan()
    without = plan.model_copy(update={"communication": plan.communication.model_copy(update={"status_page": None})})
    assert sentences(without, plan) == [
        (
            "Anybody may read what “Customers, by the status page” are told: "
            "the status page “Status of our services” is new"
        )
    ]
    assert sentences(plan, without) == ["Nobody outside may read anything any more: the status page is gone"]
    more = check(example("[identity]", "[identity, vault]")).sound()
    assert sentences(plan, more) == ["Status page, part “Signing in”: stands on identity, vault instead of identity"]


def test_a_plan_without_one_gets_one_by_its_form_and_only_if_something_is_typed() -> None:
    text = example_files()[FILE]
    begins, ends = text.index("  status_page:"), text.index("  # Elevation tells")
    files = {**example_files(), FILE: text[:begins] + text[ends:]}
    path = "communication.status_page"
    empty = {"part": "status-page", f"{path}.title": "", f"{path}.audience": "", f"{path}.address": "", "do": "save"}
    assert typed(files, empty, Known()) == files
    made = typed(files, {**empty, f"{path}.title": "Status", f"{path}.audience": "customers"}, Known())
    made = typed(made, {"part": "status-page", "do": f"add:{path}.parts"}, Known())
    page = check(made).sound().communication.status_page
    assert page is not None and (page.audience, page.parts[0].services) == ("customers", ("checkout",))
