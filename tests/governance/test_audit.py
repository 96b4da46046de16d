"""The audit view: who changed what, when, from the record itself; both stores and all three doors."""

from functools import partial
from typing import Any

import pytest

from quarterdeck.governance import actions, views
from tests.cast import ADMIN, ALICE, BOB, DANA
from tests.conftest import House

BIDI = "Web \u200b shop"


@pytest.fixture
def busy(house: House) -> House:
    """Administered by the cast: names, a team, a key, roles."""
    from tests.people import settle

    settle(house.record)

    def act(tx: Any) -> None:
        actions.add_team(tx, id="red", name="Red team")
        actions.add_member(tx, team="red", person="bob")
        actions.grant_role(tx, person="bob", role="manager")
        actions.issue_key(tx, label="CI", roles=("viewer",), id="k1")

    house.clock.forward(minutes=5)
    house.perform(act, ADMIN)
    return house


def test_rows_say_who_did_what_when_and_to_whom(busy: House) -> None:
    rows = busy.ask(views.audit, limit=4)
    assert [(row.actor_name, row.type, row.stream, row.summary) for row in rows] == [
        ("Admin", "governance.KeyIssued", "key/k1", "label CI, roles viewer"),
        ("Admin", "governance.RoleGranted", "person/bob", "role manager"),
        ("Admin", "governance.MemberAdded", "team/red", "person Bob"),
        ("Admin", "governance.TeamAdded", "team/red", "name Red team"),
    ]
    assert {row.recorded_at for row in rows} == {busy.clock.now()}
    assert busy.ask(views.audit, type="governance.PersonAdded")[0].actor_name == "Quarterdeck"


def test_rows_are_chosen_by_actor_stream_and_type(busy: House) -> None:
    def types(**choice: Any) -> list[str]:
        return [row.type for row in busy.ask(views.audit, limit=1000, **choice)]

    everything = types()
    assert types(actor="person/admin") == everything[:4]
    assert types(stream="team/red") == ["governance.MemberAdded", "governance.TeamAdded"]
    assert types(stream="team") == types(stream="team/red")
    assert types(stream="te") == []
    assert types(stream="%") == types(stream="t_am") == []
    assert types(type="governance.RoleGranted") == ["governance.RoleGranted"]
    assert set(types(type="governance")) == {one for one in everything if one.startswith("governance.")}
    assert types(type="gov") == []
    assert types(actor="'; DROP TABLE record; --") == []


def test_pages_of_the_audit_neither_skip_nor_repeat(busy: House) -> None:
    whole = [row.position for row in busy.ask(views.audit, limit=1000)]
    assert whole == sorted(whole, reverse=True)
    walked: list[int] = []
    while True:
        rows = busy.ask(views.audit, before=walked[-1] if walked else None, limit=3)
        if not rows:
            break
        walked += [row.position for row in rows]
    assert walked == whole


def test_a_large_document_is_named_by_its_size(busy: House) -> None:
    from quarterdeck.catalog.actions import add_service

    needs = []
    for n in range(190):
        id = f"service-{n:03}-" + "x" * 40
        busy.perform(partial(add_service, id=id, name="S", team="red", tier=4))
        needs.append(id)
    busy.perform(lambda tx: add_service(tx, id="hub", name="Hub", team="red", tier=1, depends_on=needs))
    assert busy.ask(views.audit, stream="service/hub")[0].summary == "a document of 10 kB"


def test_invisible_characters_do_not_hide_what_was_done(busy: House) -> None:
    busy.perform(lambda tx: actions.add_team(tx, id="bidi", name=BIDI))
    assert busy.ask(views.audit, stream="team/bidi")[0].summary == "name Web   shop"


def test_only_auditors_read_the_audit(busy: House) -> None:
    for who, status in ((ADMIN, 200), (ALICE, 200), (BOB, 403), (DANA, 403)):
        # Bob was made a manager above; take that away again.
        busy.perform(lambda tx: actions.revoke_role(tx, person="bob", role="manager"))
        with busy.client(who) as client:
            assert client.get("/api/audit").status_code == status
            assert client.get("/audit", headers={"accept": "text/html"}).status_code == status
    with busy.client() as nobody:
        assert nobody.get("/api/audit").status_code == 401


def test_programs_and_people_page_through_the_audit(busy: House) -> None:
    with busy.client(ALICE) as alice:
        first = alice.get("/api/audit?limit=2&actor=person/admin").json()
        assert [item["type"] for item in first["items"]] == ["governance.KeyIssued", "governance.RoleGranted"]
        second = alice.get(f"/api/audit?limit=2&actor=person/admin&cursor={first['next']}").json()
        assert [item["type"] for item in second["items"]] == ["governance.MemberAdded", "governance.TeamAdded"]
        assert second["next"] is None
        for bad in ("limit=0", "limit=1000", "cursor=abc", "cursor=-1", "actor=" + "x" * 300):
            assert alice.get(f"/api/audit?{bad}").status_code == 400
        alice.headers["accept"] = "text/html"
        page = alice.get("/audit?actor=admin&type=governance.TeamAdded").text
        assert "Red team" in page
        assert "KeyIssued" not in page
        assert alice.get("/audit?before=nothing").status_code == 400
        assert "fits this choice" in alice.get("/audit?actor=<script>").text
        assert "<script>" not in alice.get("/audit?actor=<script>").text.partition("<main")[2]
