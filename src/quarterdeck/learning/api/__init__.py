"""Learning for programs."""

from quarterdeck.learning.api import (
    approving,
    digesting,
    exporting,
    factoring,
    finding,
    guiding,
    improving,
    lessoning,
    recurring,
    reviewing,
    tracking,
    writing,
)

ROUTES = [
    *recurring.ROUTES,
    *reviewing.ROUTES,
    *writing.ROUTES,
    *approving.ROUTES,
    *exporting.ROUTES,
    *factoring.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
    *guiding.ROUTES,
    *digesting.ROUTES,
    *tracking.ROUTES,
]
