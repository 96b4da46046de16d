"""From an import to a plan that can be published: what is open is seen in the text, and settled many at once."""

from collections.abc import Mapping
from typing import Any

import pytest

from quarterdeck.kernel.errors import Refused
from quarterdeck.plan.events import Source
from quarterdeck.plan.rules.blanks import filled_in
from quarterdeck.plan.rules.borrowing import BORROWED, borrowed
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.dropping import as_guideline, without_document, without_procedure
from quarterdeck.plan.rules.mending import asked, mended
from quarterdeck.plan.rules.outstanding import WHATS, Outstanding, What, outstanding, remaining
from quarterdeck.plan.rules.reading import read
from quarterdeck.plan.sources.beginnings import example_held_by, least_files
from quarterdeck.plan.sources.example import example_files
from quarterdeck.plan.sources.importing import imported
from tests.plan.test_importing import TEXTS
from tests.plan.texts import small

EXAMPLE = read(example_files()).document
FILES = imported(TEXTS, example=example_files(), login="alice").files


def found(files: Mapping[str, str] = FILES, source: Source = "import") -> tuple[Outstanding, ...]:
    return outstanding(files, read(files).document, EXAMPLE, source)


def of(what: What, files: Mapping[str, str] = FILES) -> tuple[Outstanding, ...]:
    return tuple(one for one in found(files) if one.what == what)


def settled(
    what: What, form: Mapping[str, str], files: Mapping[str, str] = FILES
) -> tuple[dict[str, str], tuple[str, ...]]:
    done = mended(what, files, EXAMPLE, form, of(what, files))
    assert not check(done.files).faults
    return done.files, done.left


def test_what_is_open_is_told_in_the_order_in_which_it_is_best_settled() -> None:
    keys = [one.key for one in found()]
    assert [one.what for one in found()] == sorted((one.what for one in found()), key=WHATS.index)
    assert {"posts", "routing", "criteria:phishing", "authority:incident-commander", "stub:supply-chain"} <= set(keys)
    assert {"blank:COMPANY", "to-do:TODO: say who decides", "example:severity", "absent:communication"} <= set(keys)
    assert next(one for one in found() if one.key == "blank:COMPANY").places == ("procedures/during.md:1",)
    assert "as-text:procedures/during.md" in keys


def test_what_was_mended_is_gone_and_what_was_left_is_left() -> None:
    files, left = settled("posts", {"posts.incident-manager.login": "bob", "do": "save"})
    assert (of("posts", files), left) == ((), ())
    assert settled("posts", {"do": "leave"})[1] == ("posts",)
    files, _ = settled("posts", {"new:title": "Head of legal", "new:login": "carol"})
    assert check(files).sound().posts["head-of-legal"].login == "carol"
    files, left = settled("blank", {"blank:COMPANY": "Acme & Sons\nLtd", "do": "leave"})
    assert (of("blank", files), left) == ((), ())
    assert "# Incident response plan for Acme & Sons Ltd" in files["procedures/during.md"]
    assert settled("to-do", {"do": "leave"})[1] == tuple(one.key for one in of("to-do"))
    assert settled("as-text", {"do": "leave"})[1] == tuple(one.key for one in of("as-text"))
    assert settled("example", {"keep:example:severity": "yes"})[1] == ("example:severity",)


def test_criteria_and_authority_are_asked_one_by_one_with_the_examples_words_where_it_has_them() -> None:
    document = read(FILES).document
    fields = {one.name: one.shown for one in asked(document, EXAMPLE, of("authority"))}
    commander = "roles.incident-commander.authority"
    assert fields[commander].startswith(EXAMPLE["roles"]["incident-commander"]["authority"][0].split()[0])
    files, left = settled("authority", {commander: "Anything\r\nthat helps", "do": "leave"})
    assert check(files).sound().roles["incident-commander"].authority == ("Anything", "that helps")
    assert commander not in {".".join(map(str, one.path)) for one in of("authority", files)}
    assert left == ()
    typed = {"types.phishing.declare_when": "Mail asks for a password", "is:during": "guideline"}
    files, left = settled("criteria", typed | {"do": "leave"})
    plan = check(files).sound()
    assert plan.types["phishing"].declare_when == ("Mail asks for a password",)
    assert "during" not in plan.procedures
    assert plan.guidelines["during"].text == TEXTS["during.md"].strip()
    assert left == ("criteria:supply-chain",)


def test_a_stub_is_dropped_left_or_kept_as_a_text() -> None:
    assert settled("stub", {"stub:supply-chain": "leave"})[1] == ("stub:supply-chain",)
    files, _ = settled("stub", {"stub:supply-chain": "drop"})
    assert "supply-chain" not in check(files).sound().types
    assert "procedures/supply-chain.md" not in files
    files, _ = settled("stub", {"stub:supply-chain": "guideline"})
    assert check(files).sound().guidelines["supply-chain"].text
    with pytest.raises(Refused, match="at least one"):
        without_procedure(small(), "fix")


def test_dropping_what_the_defaults_name_lets_nothing_dangle() -> None:
    files = dict(FILES)
    default = check(files).sound().defaults.type
    assert not check(without_procedure(files, default)).faults
    assert not check(as_guideline(files, default)).faults
    example = example_files()
    for id in ("general", "security-incident", "service-outage"):
        assert not check(without_procedure(example, id)).faults, id
    assert not check(without_document(example, "policies", "incident-management")).faults
    assert not check(without_document(example, "guidelines", "first-update")).faults


@pytest.mark.parametrize("section", BORROWED)
def test_a_section_of_the_example_comes_with_whatever_it_names(section: str) -> None:
    after = borrowed(FILES, EXAMPLE, section)
    assert not check(after).faults
    assert read(after).document[section]
    logins = {post["login"] for post in read(borrowed(FILES, EXAMPLE, "communication")).document["posts"].values()}
    assert logins == {"alice"}, "whoever holds the others holds what comes along"


def test_what_is_absent_is_put_in_place_if_it_is_wanted() -> None:
    files, left = settled("absent", {"put:communication": "yes", "do": "leave"})
    assert check(files).sound().communication.audiences
    assert left == ("example:communication", "absent:policies", "absent:objectives")


def test_every_step_taken_nothing_is_open() -> None:
    files, left = dict(FILES), dict[str, str]()
    for what in WHATS:
        done = mended(what, files, EXAMPLE, {"do": "leave", "stub:supply-chain": "leave"}, of(what, files))
        files, left = done.files, {**left, **dict.fromkeys(done.left, "person/alice")}
    assert remaining(found(files), left, ()) == ()


def test_ordinary_drafts_are_asked_only_for_what_they_brought() -> None:
    old, new = small(), small(("title: Fix it", "title: Fix it {{WHERE}}"))
    before = outstanding(old, read(old).document, EXAMPLE, "")
    now = outstanding(new, read(new).document, EXAMPLE, "")
    assert [one.key for one in remaining(now, {}, before)] == ["blank:WHERE"]
    template = {"a.yaml": "says: '{impact} {title}'\n"}
    assert outstanding(template, {}, EXAMPLE, "") == (), "fields of templates are no blanks"


@pytest.mark.parametrize("files", [least_files("alice"), example_held_by("alice")], ids=["least", "example"])
def test_a_plan_can_be_begun_with_the_least_or_with_the_example(files: dict[str, str]) -> None:
    plan = check(files).sound()
    assert {post.login for post in plan.posts.values()} == {"alice"}
    assert of("posts", files)


def test_blanks_are_filled_in_wherever_they_stand() -> None:
    files = {"a.md": "{{NAME}} and {{ NAME }} and {NAME{}} but {name} and {{OTHER}}", "b.yaml": "x: '{{NAME}}'"}
    texts: Any = filled_in(files, {"NAME": "Acme", "OTHER": ""})
    assert texts == {"a.md": "Acme and Acme and Acme but {name} and {{OTHER}}", "b.yaml": "x: 'Acme'"}
