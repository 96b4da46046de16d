"""The page's one chart: incidents week by week, for the console and for paper."""

import msgspec

from quarterdeck.direction.events.reporting import ExecutivePage
from quarterdeck.paper.charts import Chart, Point, series
from quarterdeck.paper.document import Figure


def weekly(page: ExecutivePage) -> Chart | None:
    """None if there was nothing in any week."""
    if not any(one.count for one in page.weeks):
        return None
    points = [Point(f"{one.until.day} {one.until:%b}", float(one.count)) for one in page.weeks]
    counts = [one.count for one in page.weeks]
    most = page.weeks[counts.index(max(counts))]
    said = (
        f"{page.incidents} incidents in {len(counts)} weeks, {counts[-1]} in the last; "
        f"most in the week to {most.until.day} {most.until:%B}: {most.count}."
    )
    return series("weekly", "Incidents a week", points, said=said)


def on_paper(chart: Chart) -> Figure:
    """Drawn for half a page's width, below a heading that names it."""
    return msgspec.structs.replace(chart.figure(width=0.5), width=1.0, title="")
