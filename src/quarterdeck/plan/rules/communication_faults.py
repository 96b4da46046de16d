"""Faults of the communication plan and of alignment: templates, audiences nobody reaches, reasons not given."""

import re

from quarterdeck.plan.rules.communication import FIELDS
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
        if not audience.to and not audience.outside:
            problem = f"nothing reaches {audience.title}"
            remedy = "name targets under `to`, or say under `outside` how they are told"
            reading.blame(("communication", "audiences", name), problem, remedy, key=True)
    for name, standard in plan.standards.items():
        if not standard.applies and not standard.why:
            path = ("standards", name, "applies")
            reading.blame(path, "is said not to apply, and not why", "give the reason under `why`")
    for name, measure in plan.measures.items():
        check_measured(reading, name, measure)
        if measure.statistic == "share" and measure.target > 1:
            problem = f"a share of {measure.target:g} is more than everything"
            reading.blame(("measures", name, "target"), problem, "give a share between 0 and 1")
