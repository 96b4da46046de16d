"""A chart is well-formed at any width, carries its words for who cannot see it, and escapes what people wrote."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from quarterdeck.paper import charts
from quarterdeck.paper.charts import Bar, Chart, Curve, Level, Point
from quarterdeck.paper.document import Document
from quarterdeck.paper.pdf import pdf

HOSTILE = "</text><script>alert('1')</script>&\""
CURVE = Curve([60, 600, 7200], [0.8, 0.5, 0.0], [0.5, 0.2, 0.0], [0.9, 0.8, 0.4])
MONTHS = [Point("Jan", 60.0, 30, 90, 8), Point(HOSTILE, None), Point("Mar", 80.0, n=2), Point("Apr", 50.0, 20, 70, 9)]


def every(words: str) -> list[Chart]:
    many = [60.0 * i for i in range(1, 800)]
    return [
        charts.distribution("dots", words, [60, 60, 0.5, 9e8], still_open=[90], median=(60, 30, 90), target=3600),
        charts.distribution("histogram", words, many, still_open=many[:50], median=(24000, None, None)),
        charts.distribution("nothing", words, []),
        charts.survival("survival", words, CURVE, target=3600, marks=[700], said=words),
        charts.exceedance("loss", words, CURVE, target=100, said=words, words=lambda v: f"€{v:,.0f}"),
        charts.exceedance("no-loss", words, Curve([], []), said=words),
        charts.series("months", words, MONTHS, durations=True, target=3600, said=words),
        charts.series(
            "weeks", words, [Point(words, float(i)) for i in range(60)], levels=[Level(0, 59, 30)], said=words
        ),
        charts.series("never", words, [], said=words),
        charts.bars("pareto", words, [Bar(words, 12), Bar("b", 3)], pareto=True, said=words),
        charts.bars("shares", words, [Bar(words, 0.3, 0.1, 0.6, words), Bar("b", None)], target=0.8, said=words),
        charts.bars("logs", words, [Bar("a", 300, 20, 4000)], log=True, words=charts.duration, said=words),
        charts.heat("heat", words, ["Mon", words], ["00", "01"], [[0, 3], [1, 12]], said=words),
    ]


def test_every_chart_is_well_formed_and_says_what_it_shows() -> None:
    for chart in every(HOSTILE):
        for width in (charts.chart.NARROW, charts.chart.WIDE):
            svg = chart.svg(width, "narrow")
            root = ElementTree.fromstring(svg)
            title, desc = root[0], root[1]
            assert title.text == HOSTILE and desc.text and root.get("role") == "img"
            assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
            assert "<script" not in svg and "nan" not in svg and "inf" not in svg and "style" not in svg, chart.id
            assert float(root.get("height") or 0) > 0


def test_a_page_has_the_wide_and_the_narrow_drawing_under_names_of_their_own() -> None:
    html = every("Words")[0].__html__()
    assert html.count("<svg") == 2 and 'id="dots-wide-t"' in html and 'id="dots-narrow-t"' in html


def test_every_chart_prints() -> None:
    figures = tuple(chart.figure("A caption", width=0.6) for chart in every(HOSTILE))
    assert all(figure.alt and "<style>" in figure.svg for figure in figures)
    assert pdf(Document(title="Charts", blocks=figures), datetime(2026, 3, 1, tzinfo=UTC)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (45, "45 s"),
        (60, "1 min"),
        (3600, "1 h"),
        (4800, "80 min"),
        (5400, "1.5 h"),
        (86_400, "1 d"),
        (108_000, "30 h"),
        (9 * 86_400, "9 d"),
        (800 * 86_400, "2.2 years"),
        (float("inf"), "no end yet"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert charts.duration(seconds) == words


def test_an_interval_says_a_unit_once_that_both_ends_have() -> None:
    assert charts.time_words(720, 2400) == "12 to 40 min"
    assert charts.time_words(3000, 12_240) == "50 min to 3.4 h"
    assert charts.time_words(3000, float("inf")) == "50 min to no end yet"
