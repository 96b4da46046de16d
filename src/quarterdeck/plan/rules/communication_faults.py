"""Faults of the communication plan and of alignment: templates, audiences nobody reaches, reasons not given."""

import re

from quarterdeck.plan.rules.communication import FIELDS, INTERNAL
from quarterdeck.plan.rules.measurable import check_measured
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.reading import Reading
from quarterdeck.plan.rules.references import find

_BRACED = re.compile(r"\{([^{}]*)\}")
_TEMPLATES = (
    "communication.audiences.*.subject",
    "communication.audiences.*.says",
    "communication.elevation.*.says",
    "communication.elevation.*.decision",
)


def check_templates(reading: Reading) -> None:
    """Only known fields in braces; seen in the document as read."""
    for pattern in _TEMPLATES:
        for path, text in find(reading.document, pattern):
            if not isinstance(text, str):
                continue
            for name in _BRACED.findall(text):
                if name not in FIELDS:
                    reading.blame(path, f"`{{{name[:40]}}}` is no field", f"name one of {', '.join(FIELDS)}")
            if re.search(r"[{}]", _BRACED.sub("", text)):
                reading.blame(path, "a brace stands alone", "write fields as `{impact}`, and no other braces")


def check_communication(reading: Reading, plan: Plan) -> None:
    """Audiences that nothing reaches, and answers that a reader would ask for."""
    for name, audience in plan.communication.audiences.items():
        if not audience.to and not audience.outside and not plan.communication.is_public(name):
            problem = f"nothing reaches {audience.title}"
            remedy = "name targets under `to`, or say under `outside` how they are told"
            reading.blame(("communication", "audiences", name), problem, remedy, key=True)
    _check_status_page(reading, plan)
    for name, standard in plan.standards.items():
        if not standard.applies and not standard.why:
            path = ("standards", name, "applies")
            reading.blame(path, "is said not to apply, and not why", "give the reason under `why`")
    for name, measure in plan.measures.items():
        check_measured(reading, name, measure)
        if measure.statistic == "share" and measure.target > 1:
            problem = f"a share of {measure.target:g} is more than everything"
            reading.blame(("measures", name, "target"), problem, "give a share between 0 and 1")


def _check_status_page(reading: Reading, plan: Plan) -> None:
    """What anybody may read names nobody of the house, and nobody has to carry it to where it stands already."""
    page = plan.communication.status_page
    audience = plan.communication.audiences.get(page.audience) if page else None
    if page is None or audience is None:
        return
    here = ("communication", "audiences", page.audience)
    for name in dict.fromkeys(_BRACED.findall(audience.says)):
        if name in INTERNAL:
            problem = f"`{{{name}}}` would be public: {audience.title} read the status page"
            reading.blame((*here, "says"), problem, f"leave out {', '.join(f'`{{{one}}}`' for one in INTERNAL)}")
    if audience.outside:
        problem = f"{audience.title} read the status page, and yet somebody has to carry the text there"
        reading.blame((*here, "outside"), problem, "remove it: the page is written by Quarterdeck")
    holder: dict[str, str] = {}
    for place, part in enumerate(page.parts):
        for service in part.services:
            if (first := holder.setdefault(service, part.id)) == part.id:
                continue
            path = ("communication", "status_page", "parts", place, "services")
            reading.blame(path, f"`{service}` stands behind `{first}` already", "name a service in one part")
