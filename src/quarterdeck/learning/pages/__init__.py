"""Learning for people."""

from quarterdeck.learning.pages import editor, finding, guiding, improving, lessoning, reviewing, story, writing

ROUTES = [
    *reviewing.ROUTES,
    *editor.ROUTES,
    *story.ROUTES,
    *writing.ROUTES,
    *lessoning.ROUTES,
    *improving.ROUTES,
    *finding.ROUTES,
    *guiding.ROUTES,
]
PANELS = (
    *reviewing.PANELS,
    *lessoning.PANELS,
    *finding.PANELS,
)
REFERENCES = (*lessoning.REFERENCES, *improving.REFERENCES)
