"""What a signal means: the lives of signals and groups, where the plan puts them, the ledger of a batch. Pure."""

from quarterdeck.intake.rules.arrival import (
    SEVERITIES,
    Action,
    Arrival,
    Parsed,
    clean,
    clean_body,
    clean_labels,
    clean_links,
    graver,
    key_of,
    scalars,
    severity_of,
)
from quarterdeck.intake.rules.ledger import Ledger, Seen, Standing, opened
from quarterdeck.intake.rules.lives import (
    CHANGE,
    GROUP,
    LIFECYCLES,
    SIGNAL,
    Group,
    Signal,
    attach,
    close,
)
from quarterdeck.intake.rules.placing import NO_PLAN, NO_ROUTE, Place, place

__all__ = [
    "CHANGE",
    "GROUP",
    "LIFECYCLES",
    "NO_PLAN",
    "NO_ROUTE",
    "SEVERITIES",
    "SIGNAL",
    "Action",
    "Arrival",
    "Group",
    "Ledger",
    "Parsed",
    "Place",
    "Seen",
    "Signal",
    "Standing",
    "attach",
    "clean",
    "clean_body",
    "clean_labels",
    "clean_links",
    "close",
    "graver",
    "key_of",
    "opened",
    "place",
    "scalars",
    "severity_of",
]
