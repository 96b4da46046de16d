"""Every section of the plan that has forms, in the order in which people meet them."""

from quarterdeck.plan.rules.forms.documents import (
    AUDIENCES,
    ELEVATION,
    GUIDELINES,
    MEASURES,
    OBJECTIVES,
    POLICIES,
    PROCEDURES,
    STANDARDS,
    STATUS_PAGE,
)
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.forms.structure import ESCALATION, PLAN, POSTS, ROLES, ROUTING, SEVERITY, TYPES

SECTIONS: dict[str, Section] = {
    one.key: one
    for one in (
        *(PLAN, POSTS, ROLES, SEVERITY, TYPES, PROCEDURES, ESCALATION, AUDIENCES, STATUS_PAGE, ELEVATION, ROUTING),
        *(POLICIES, GUIDELINES, OBJECTIVES, MEASURES, STANDARDS),
    )
}
