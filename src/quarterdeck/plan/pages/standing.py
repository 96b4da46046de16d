"""How the plan stands: against standards and laws, requirement by requirement, and against its own objectives."""

from itertools import groupby

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from quarterdeck.kernel.panel import Hung
from quarterdeck.plan import views
from quarterdeck.plan.pages.forms import READ
from quarterdeck.plan.pages.library import exercised, library_of
from quarterdeck.plan.rules import documents, step_words, wording
from quarterdeck.plan.rules.alignment_gaps import alignment_gaps
from quarterdeck.plan.sources.packs import packs
from quarterdeck.record import Record

ORDER = ("missing", "unknown", "answered", "met", "not-applicable")
"""What has to be done stands first."""
SAYS = {
    "missing": "not met",
    "unknown": "not known",
    "answered": "answered",
    "met": "met",
    "not-applicable": "does not apply",
}
GAPS = {
    "objective-without-measure": "No measure tells whether it is met",
    "objective-served-by-nothing": "No document serves it",
    "document-serves-nothing": "It serves no objective",
}


@get("/plan/standards", opt=READ, sync_to_thread=True)
def standards_page(record: NamedDependency[Record], hung: NamedDependency[Hung]) -> Template:
    """Every rule pack for the plan in force: what it asks, where that is cited, and whether it is met."""
    now = record.clock.now()
    with record.read() as conn:
        found = library_of(conn, hung, now)
        kept = exercised(conn, hung) is not None
    if found is None:
        return Template("plan/none.html")
    by_pack = {pack: list(some) for pack, some in groupby(found.findings, key=lambda one: one.pack)}
    shown = [
        {
            "pack": pack,
            "standard": found.found.plan.standards.get(pack.id),
            "findings": sorted(by_pack.get(pack.id, ()), key=lambda one: ORDER.index(one.status)),
            "counts": _counts([one.status for one in by_pack.get(pack.id, ())]),
            "in_effect": pack.in_effect(now.date()),
        }
        for pack in packs()
    ]
    context = {"found": found.found, "packs": shown, "says": SAYS, "exercises_kept": kept}
    return Template("plan/standards.html", context=context)


def _counts(statuses: list[str]) -> list[tuple[str, int]]:
    return [(SAYS[one], statuses.count(one)) for one in ORDER if one in statuses]


@get("/plan/alignment", opt=READ, sync_to_thread=True)
def alignment_page(record: NamedDependency[Record]) -> Template:
    """Objectives with their measures and the documents that serve them, and where one of the two is missing."""
    with record.read() as conn:
        found = views.in_force(conn)
    if found is None:
        return Template("plan/none.html")
    plan, every = found.plan, documents(found.plan)
    gaps = alignment_gaps(plan)
    context = {
        "found": found,
        "plan": plan,
        "objectives": [
            {
                "id": id,
                "objective": one,
                "measures": [(key, each) for key, each in plan.measures.items() if each.objective == id],
                "documents": [each for each in every if id in each.serves],
                "gaps": [gap for gap in gaps if gap.subject == f"objectives.{id}"],
            }
            for id, one in plan.objectives.items()
        ],
        "aimless": [gap for gap in gaps if gap.gap == "document-serves-nothing"],
        "gaps": gaps,
        "words": GAPS,
        "say": wording,
        "step_say": step_words,
    }
    return Template("plan/alignment.html", context=context)


ROUTES = [standards_page, alignment_page]
