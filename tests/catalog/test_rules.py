"""Catalogue rules, without I/O."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.catalog.events import ServiceAdded, ServiceRevised
from quarterdeck.catalog.rules import SERVICE, Entry, Listing, add, check, cycle, retire, revise
from quarterdeck.kernel.errors import Invalid, Refused

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOP = Entry("Shop", "web", 1, ("database",))


def test_an_entry_is_folded_from_its_events() -> None:
    added = add(None, "shop", SHOP, NOW)
    assert SERVICE.fold(added) == Listing(SHOP)
    listing = Listing(SHOP)
    revised = revise(listing, "shop", Entry("Shop", "web", 2), NOW)
    assert [type(event) for event in (*added, *revised)] == [ServiceAdded, ServiceRevised]
    retired = retire(listing, "shop", NOW)
    assert SERVICE.fold(retired, listing) == Listing(SHOP, active=False)


def test_what_changes_nothing_is_not_recorded() -> None:
    assert revise(Listing(SHOP), "shop", SHOP, NOW) == []
    assert retire(Listing(SHOP, active=False), "shop", NOW) == []


def test_a_service_in_use_is_not_added_twice_but_a_retired_one_returns() -> None:
    with pytest.raises(Refused) as refused:
        add(Listing(SHOP), "shop", SHOP, NOW)
    assert refused.value.reason == "ServiceExists"
    assert add(Listing(SHOP, active=False), "shop", SHOP, NOW)
    with pytest.raises(Refused) as refused:
        revise(Listing(SHOP, active=False), "shop", SHOP, NOW)
    assert refused.value.reason == "ServiceRetired"


def test_every_fault_of_an_entry_is_named() -> None:
    with pytest.raises(Invalid) as invalid:
        check("Shop!", Entry("", "", 5, ("<script>",), "../path"))
    assert [error.partition(":")[0] for error in invalid.value.errors] == [
        "id",
        "name",
        "team",
        "tier",
        "depends_on",
        "escalation_path",
    ]


def test_a_tier_is_a_whole_number_and_not_true() -> None:
    with pytest.raises(Invalid):
        check("shop", Entry("Shop", "web", True))


def test_a_circle_is_named_from_the_service_back_to_itself() -> None:
    needs = {"b": ("x", "c"), "c": ("a",), "x": ()}
    assert cycle("a", ("b",), lambda id: needs.get(id, ())) == ("a", "b", "c", "a")
    assert cycle("a", ("a",), lambda id: ()) == ("a", "a")
    assert cycle("d", ("a", "b"), lambda id: {**needs, "a": ("b",)}.get(id, ())) is None


@given(st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), max_size=10), st.integers(0, 9))
def test_a_circle_is_found_exactly_where_one_can_walk_back(graph: dict[int, list[int]], start: int) -> None:
    edges = {str(node): [str(needed) for needed in needs] for node, needs in graph.items()}
    id = str(start)
    reach: set[str] = set()
    frontier = set(edges.get(id, ()))
    while frontier - reach:
        reach |= frontier
        frontier = {needed for node in frontier for needed in edges.get(node, ())}
    found = cycle(id, edges.get(id, ()), lambda node: edges.get(node, ()))
    assert (found is not None) == (id in reach)
    if found is not None:
        assert found[0] == found[-1] == id
        assert all(after in edges[before] for before, after in pairwise(found))


def test_a_chain_of_ten_thousand_services_is_walked_without_recursion() -> None:
    assert cycle("0", ("1",), lambda id: (str(int(id) + 1),) if int(id) < 10_000 else ()) is None
