"""Paths for people: the picture, where the time goes, each path, hand-overs, and the plan's beside it."""

from itertools import pairwise
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Template

from quarterdeck.direction.pages.measuring import Chosen, Days, Type, around
from quarterdeck.direction.rules.measures.wording import percent
from quarterdeck.direction.rules.paths import DETAILS, SAYS, Detail, drawing, verdict, wording, words_of
from quarterdeck.direction.views import measuring, tracing
from quarterdeck.governance.rules import Permission
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
Cover = Annotated[int, Parameter(ge=1, le=100)]
COVERS = (50, 70, 80, 90, 95, 100)
WALKERS = 40
"""Incidents on a path's page; the command line lists them all."""
SHOWN = 15
"""Links, hand-overs, steps and relations in a table; the API has them all."""


@get("/paths", opt=_READ, sync_to_thread=True)
def paths_page(
    record: NamedDependency[Record],
    detail: FromQuery[Detail] = "course",
    cover: Cover = tracing.COVER,
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
) -> Template:
    """The real paths as a picture, beside the plan's."""
    chosen = _chosen(days, service, type_, severity, team, source)
    asked = measuring.asked(record.clock.now(), days=days, filters=chosen.filters)
    with record.read() as conn:
        found = tracing.Tracing(conn, asked, detail).answer(cover)
        context = around(conn, chosen, asked)
    said = wording.how_many(found.n, found.paths, found.drawn_paths, found.covered)
    relations = found.against.expected
    never = [one.step for one in found.against.steps if not one.done] if detail in ("steps", "everything") else []
    verdicts = {edge: verdict(edge.before, edge.after, relations) for edge in found.drawn.edges}
    context |= {
        "found": found,
        "said": said,
        "kept": wording.as_planned(found.kept, found.against.planned),
        "lasted": drawing.lasted,
        "percent": percent,
        "picture": drawing.picture(found.drawn, relations, found.titles, said, never),
        "undrawn": max(0, len(found.drawn.edges) - drawing.LINKS),
        "waiting": drawing.waiting(found.graph, found.titles),
        "waits": wording.waits(found.graph),
        "worst": [(edge, drawing.link_words(edge, found.titles)) for edge in found.graph.bottlenecks()],
        "handing": drawing.handing(found.handovers),
        "hand_overs": wording.hand_overs(found.handovers),
        "links": [
            (edge, drawing.link_words(edge, found.titles), wording.verdict_words(*verdicts[edge], found.titles))
            for edge in found.drawn.edges[: drawing.LINKS]
        ],
        "broken": [wording.relation_words(one, found.titles) for one in found.against.relations if one.kept < one.n][
            :SHOWN
        ],
        "beyond": [
            (edge, drawing.link_words(edge, found.titles))
            for edge in found.graph.edges
            if verdict(edge.before, edge.after, relations)[0] == "beyond"
        ][:SHOWN],
        "steps": [(one, words_of(one.step, found.titles)) for one in found.against.steps if one.done < one.n][:SHOWN],
        "words": [(one, wording.path_words(one.keys, found.titles)) for one in found.variants],
        "detail": detail,
        "details": [(one, SAYS[one]) for one in DETAILS],
        "cover": cover,
        "covers": sorted({*COVERS, cover}),
        "shown": SHOWN,
    }
    return Template(template_name="direction/paths.html", context=context)


@get("/paths/{id:str}", opt=_READ, sync_to_thread=True)
def path_page(
    record: NamedDependency[Record],
    id: FromPath[str],
    detail: FromQuery[Detail] = "course",
    days: Days = measuring.DAYS,
    service: FromQuery[str] = "",
    type_: Type = "",
    severity: FromQuery[str] = "",
    team: FromQuery[str] = "",
    source: FromQuery[str] = "",
) -> Template:
    """One path: how long it took from step to step, and the incidents that took it."""
    chosen = _chosen(days, service, type_, severity, team, source)
    asked = measuring.asked(record.clock.now(), days=days, filters=chosen.filters)
    with record.read() as conn:
        found = tracing.Tracing(conn, asked, detail).taken(id, WALKERS)
    way = list(pairwise(found.variant.keys))
    edges = sorted(found.graph.edges, key=lambda edge: way.index((edge.before, edge.after)))
    context = {
        "found": found,
        "chosen": chosen,
        "detail": detail,
        "words": wording.path_words(found.variant.keys, found.titles),
        "lasted": drawing.lasted,
        "percent": percent,
        "waiting": drawing.waiting(found.graph, found.titles),
        "links": [(edge, drawing.link_words(edge, found.titles)) for edge in edges],
    }
    return Template(template_name="direction/path.html", context=context)


def _chosen(days: int, service: str, type_: str, severity: str, team: str, source: str) -> Chosen:
    given = {"service": service, "type": type_, "severity": severity, "team": team, "source": source}
    return Chosen(days, {name: value for name, value in given.items() if value})


ROUTES = [paths_page, path_page]
