"""Learning for programs."""

from quarterdeck.learning.api import (
    approving,
    exporting,
    factoring,
    finding,
    guiding,
    improving,
    lessoning,
    reviewing,
    writing,
)

ROUTES = [
    *reviewing.ROUTES,
    *writing.ROUTES,
    *approving.ROUTES,
    *exporting.ROUTES,
    *factoring.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
    *guiding.ROUTES,
]
