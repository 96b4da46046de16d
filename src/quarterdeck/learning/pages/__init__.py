"""Learning for people."""

from quarterdeck.learning.pages import (
    digesting,
    editor,
    finding,
    guiding,
    improving,
    lessoning,
    recurring,
    reviewing,
    story,
    tracking,
    writing,
)

ROUTES = [
    *recurring.ROUTES,
    *reviewing.ROUTES,
    *editor.ROUTES,
    *story.ROUTES,
    *writing.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
    *guiding.ROUTES,
    *digesting.ROUTES,
    *tracking.ROUTES,
]
PANELS = (
    *recurring.PANELS,
    *reviewing.PANELS,
    *lessoning.PANELS,
    *finding.PANELS,
)
REFERENCES = (*lessoning.REFERENCES, *improving.REFERENCES)
