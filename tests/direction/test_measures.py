"""Every measure says what it means; open, negative and unknown times are counted for what they are."""

from typing import Any

import numpy as np
import pytest

from quarterdeck.direction.rules.measures import (
    DAY,
    MEASURES,
    MISSING,
    Asked,
    Columns,
    Duration,
    Words,
    chosen,
    evaluate,
    named,
    recurrences,
    slices,
    trend,
)
from quarterdeck.direction.rules.measures.wording import left_out, sentence
from quarterdeck.kernel.errors import Invalid, NotFound

MINUTE = 60_000_000
NOW = 400 * DAY
INSTANTS = ("started", "detected", "paged", "acknowledged", "declared", "mitigated", "restored", "resolved", "closed")


def incidents(*rows: dict[str, Any]) -> Columns:
    """Incidents detected, if nothing else is said, a day apart from day 300 on; instants in minutes after detection."""
    numbers: dict[str, list[int]] = {"number": list(range(1, len(rows) + 1)), "drill": [], "when": [], "monitored": []}
    numbers |= {name: [] for name in (*INSTANTS, *(f"{one}_recorded" for one in INSTANTS))}
    numbers |= {name: [] for name in ("resolutions", "reopened", "promised")}
    words: dict[str, list[str | None]] = {name: [] for name in ("state", "service", "severity", "source")}
    for i, row in enumerate(rows):
        began = (300 + row.get("day", i)) * DAY
        given = {"detected": 0, "declared": 0} | row
        for name in INSTANTS:
            at = MISSING if given.get(name) is None else began + round(given[name] * MINUTE)
            numbers[name].append(at)
            numbers[f"{name}_recorded"].append(at if at == MISSING else at + row.get("told_later", 0) * MINUTE)
        numbers["when"].append(numbers["declared"][-1])
        numbers["drill"].append(row.get("drill", 0))
        numbers["monitored"].append(row.get("monitored", 0))
        numbers["resolutions"].append(int(row.get("resolved") is not None))
        numbers["reopened"].append(row.get("reopened", 0))
        numbers["promised"].append(row.get("promised", MISSING))
        state = "closed" if given.get("closed") else "resolved" if given.get("resolved") else "active"
        words["state"].append(row.get("state", state))
        words["severity"].append(row.get("severity", "SEV2"))
        words["service"].append(row.get("service"))
        words["source"].append(row.get("source"))
    return Columns(
        {name: np.array(values, dtype=np.int64) for name, values in numbers.items()},
        {name: coded(values) for name, values in words.items()},
    )


def coded(values: list[str | None]) -> Words:
    names = tuple(dict.fromkeys(value for value in values if value is not None))
    return Words(np.array([-1 if value is None else names.index(value) for value in values], np.int32), names)


def everything(columns: Columns) -> Any:
    return np.ones(len(columns), dtype=np.bool_)


def figure(id: str, columns: Columns, **more: Any) -> Any:
    return evaluate(named(id), columns, everything(columns), NOW, 90, **more)


def test_every_measure_says_exactly_what_it_is() -> None:
    for id, one in MEASURES.items():
        assert id == one.id and one.version >= 1 and one.definition.endswith(".") and one.unit
        if isinstance(one, Duration) and one.of == "incidents":
            last, first = one.letters.split(" - ")
            assert len(last) == len(first) == 1, "a duration names its letters"


@pytest.mark.parametrize("name", ["MTTR", "mttr", "MTTA", "mtbf"])
def test_a_mean_is_refused_with_what_to_ask_for(name: str) -> None:
    with pytest.raises(Invalid, match="Ask for") as refused:
        named(name)
    assert ("does not say which R" in str(refused.value)) == (name.lower() == "mttr")


def test_a_name_that_is_nearly_right_is_asked_about() -> None:
    with pytest.raises(NotFound, match="time-to-resolve"):
        named("time-to-resolv")
    with pytest.raises(NotFound, match="measure list"):
        named("happiness")


def test_durations_run_between_their_letters() -> None:
    columns = incidents(
        {"started": -10, "paged": 1, "acknowledged": 4, "mitigated": 30, "restored": 50, "resolved": 60, "closed": 600}
    )
    minutes = {id: figure(id, columns).values / 60 for id, one in MEASURES.items() if _of_incidents(one)}
    assert {id: list(values) for id, values in minutes.items()} == {
        "time-to-detect": [10],
        "time-to-acknowledge": [3],
        "time-to-mitigate": [30],
        "time-of-impact": [40],
        "time-to-restore": [50],
        "time-to-resolve": [60],
        "time-to-close": [600],
    }


def _of_incidents(one: object) -> bool:
    return isinstance(one, Duration) and one.of == "incidents"


def test_an_open_incident_counts_as_open_and_a_resolved_one_without_the_instant_by_its_resolution() -> None:
    columns = incidents({"resolved": 60}, {"mitigated": 20}, {})
    assert list(figure("time-to-mitigate", columns).values / 60) == [20, 60]
    found = figure("time-to-resolve", columns)
    assert (found.n, found.still_open) == (3, 2) and list(found.ages / DAY * 1e6) == [98, 99]
    assert "2 are still open" in sentence(found)


def test_what_can_have_no_duration_is_left_out_and_counted_by_its_reason() -> None:
    columns = incidents(
        {"paged": 1, "acknowledged": 5},
        {"acknowledged": 5},
        {"paged": 1, "resolved": 9},
        {"paged": 10, "acknowledged": 5},
        {"paged": 1, "acknowledged": 5, "drill": 1},
        {"paged": 1, "acknowledged": 5, "state": "merged"},
    )
    found = figure("time-to-acknowledge", columns)
    assert found.n == 1
    assert found.left_out == {
        "drills": 1,
        "declined, merged or cancelled": 1,
        "nobody was paged": 1,
        "ended without an acknowledgement": 1,
        "ended before they began, by their own times": 1,
    }
    assert left_out(found).startswith("Left out: 1 drills; 1 declined")


def test_the_clock_of_the_record_shows_what_was_written_down_later() -> None:
    columns = incidents({"paged": 1, "acknowledged": 5}, {"paged": 1, "acknowledged": 5, "source": "other"})
    found = figure("time-to-acknowledge", columns, clock="recorded")
    assert found.n == 1 and found.left_out == {"brought in, so written down long after": 1}
    with pytest.raises(Invalid, match="one clock only"):
        figure("incidents", columns, clock="recorded")


def test_few_have_no_interval_and_many_have_their_percentiles() -> None:
    few = figure("time-to-resolve", incidents(*({"resolved": 10 + i} for i in range(5))))
    assert few.median.value == 12 * 60 and not few.median.enough
    assert sentence(few) == "Too few to say: 5 incidents, and a median needs 6. Every one is shown."
    many = figure("time-to-resolve", incidents(*({"resolved": 10 + i} for i in range(60))))
    assert many.median.enough and many.p90.enough and many.p95.enough
    assert sentence(many).startswith("Half of 60 were resolved within 40 min (95 %: ")
    some = figure("time-to-resolve", incidents(*({"resolved": 10 + i} for i in range(30))))
    assert some.p90.enough and not some.p95.enough, "the 95th percentile needs 59"


def test_nothing_one_and_only_open_ones_are_said_to_be_so() -> None:
    assert sentence(figure("time-to-resolve", incidents())) == "Nothing to measure yet."
    assert "One incident" in sentence(figure("time-to-resolve", incidents({"resolved": 3})))
    assert "most are still open" in sentence(figure("time-to-resolve", incidents(*[{}] * 9)))
    assert figure("reopened", incidents()).share.value is None


def test_shares_and_counts_say_of_how_many() -> None:
    columns = incidents({"monitored": 1}, {"monitored": 1}, {}, {"severity": "SEV5"}, {"drill": 1, "monitored": 1})
    assert sentence(figure("found-by-monitoring", columns)).startswith(
        "2 of 4 were found by monitoring, the others by people: 50 %"
    )
    assert (figure("incidents", columns).n, figure("near-misses", columns).n) == (4, 1)
    assert figure("incidents", columns).rate.value == pytest.approx(4 / 3)


def test_acknowledged_in_time_is_due_once_the_time_has_passed() -> None:
    columns = incidents(
        {"paged": 0, "acknowledged": 4, "promised": 5 * MINUTE},
        {"paged": 0, "acknowledged": 6, "promised": 5 * MINUTE},
        {"paged": 0, "promised": 5 * MINUTE},
        {"paged": 0, "acknowledged": 4},
        {"day": 99.999, "paged": 0, "promised": 5 * MINUTE},
    )
    found = figure("acknowledged-in-time", columns)
    assert (found.some, found.n) == (1, 3), "the last one still has time, the fourth was promised nothing"


def test_a_period_and_its_filters_choose_the_rows() -> None:
    columns = incidents({"service": "a"}, {"service": "b"}, {"service": "a"}, {})
    asked = Asked(301 * DAY, 303 * DAY)
    assert np.flatnonzero(chosen(columns, asked, {})).tolist() == [1, 2]
    only = Asked(300 * DAY, 400 * DAY, (("service", "a"),))
    assert np.flatnonzero(chosen(columns, only, {})).tolist() == [0, 2]
    assert not chosen(columns, Asked(300 * DAY, 400 * DAY, (("service", "c"),)), {}).any()
    none = Asked(300 * DAY, 400 * DAY, (("service", "-"),))
    assert np.flatnonzero(chosen(columns, none, {})).tolist() == [3]
    causes = {"load": np.array([1, 3])}
    assert np.flatnonzero(chosen(columns, Asked(0, NOW, (("cause", "load"),)), causes)).tolist() == [1, 3]


def test_slices_are_groups_by_size_and_months_in_order_with_the_empty_ones() -> None:
    columns = incidents({"service": "a", "day": 0}, {"service": "b", "day": 1}, {"service": "b", "day": 70})
    asked = Asked(300 * DAY, 400 * DAY)
    rows = chosen(columns, asked, {})
    found, more = slices(columns, rows, "service", asked, {})
    assert [(one.name, len(one.rows)) for one in found] == [("b", 2), ("a", 1)] and more == 0
    months, _ = slices(columns, rows, "month", asked, {})
    assert [(one.name, len(one.rows)) for one in months] == [
        ("1970-10", 2),
        ("1970-11", 0),
        ("1970-12", 0),
        ("1971-01", 1),
    ]
    assert slices(columns, rows & False, "month", asked, {}) == ([], 0)
    with pytest.raises(Invalid, match="no month"):
        chosen(columns, Asked(0, NOW, (("month", "spring"),)), {})


def test_ten_years_of_silence_are_months_of_nothing() -> None:
    columns = incidents({"day": 0}, {"day": 3652})
    asked = Asked(0, 9000 * DAY)
    months, _ = slices(columns, everything(columns), "month", asked, {})
    assert len(months) == 121 and sum(len(one.rows) for one in months) == 2


def test_a_factor_recurs_when_its_service_had_it_not_long_before() -> None:
    rows = np.array([0, 1, 2, 3, 3])
    codes = np.zeros(5, dtype=np.int64)
    service = np.array([1, 1, 2, 1])
    when = np.array([0, 100 * DAY, 110 * DAY, 300 * DAY])
    assert recurrences(rows, codes, service, when).tolist() == [0, 1, 0, 0], "another service; and 200 days later"
    assert recurrences(rows[:0], codes[:0], service, when).tolist() == [MISSING] * 4


def test_better_and_worse_follow_the_measure() -> None:
    die = np.random.default_rng(1)
    slow = figure("time-to-resolve", incidents(*({"resolved": 100 + i} for i in range(40))))
    fast = figure("time-to-resolve", incidents(*({"resolved": 30 + i} for i in range(40))))
    found = trend(slow, fast, 90, die)
    assert found.verdict == "better" and found.sentence.startswith("Better: 0.")
    assert (found.chance or 1) < 0.01 and trend(fast, slow, 90, die).verdict == "worse"
    few, many = (figure("found-by-monitoring", incidents(*({"monitored": i % d} for i in range(60)))) for d in (1, 2))
    assert trend(few, many, 90, die).verdict == "better", "a higher share found by monitoring"
    none = figure("incidents", incidents())
    assert trend(none, figure("incidents", incidents({})), 90, die).verdict == "too few to say"
