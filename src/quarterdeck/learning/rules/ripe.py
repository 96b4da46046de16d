"""What a review still lacks before somebody else reads it: told, never enforced. Pure."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from quarterdeck.learning.rules.gaps import Gap
from quarterdeck.learning.rules.prompts import PROMPTS


class Shown(Protocol):
    """A factor or an observation."""

    @property
    def id(self) -> str: ...
    @property
    def evidence(self) -> Sequence[object]: ...


class Stated(Shown, Protocol):
    """A factor."""

    @property
    def state(self) -> str: ...


def lacking(
    *,
    texts: Mapping[str, str],
    observations: Sequence[Shown],
    factors: Sequence[Stated],
    facilitator: str | None,
    comments_open: int,
) -> list[Gap]:
    found = []
    if facilitator is None:
        found.append(Gap("NoFacilitator", "people", "Nobody has been asked to lead it."))
    empty = [title for prompt, (title, _) in PROMPTS.items() if not texts.get(prompt, "").strip()]
    if empty:
        found.append(Gap("Unanswered", "texts", f"Not answered yet: {', '.join(f'“{title}”' for title in empty)}."))
    if unshown := [one.id for one in observations if not one.evidence]:
        found.append(Gap("NoEvidence", "texts", f"Nothing on the record is linked to {', '.join(unshown[:10])}."))
    if not factors:
        found.append(Gap("NoFactors", "factors", "No contributing factor has been named."))
    elif open_ := [one.id for one in factors if one.state == "found"]:
        found.append(Gap("NotAgreed", "factors", f"Not agreed on yet: {', '.join(open_[:10])}."))
    if comments_open:
        comments = "One comment is" if comments_open == 1 else f"{comments_open} comments are"
        found.append(Gap("OpenComments", "texts", f"{comments} not settled."))
    return found
