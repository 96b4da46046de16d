"""What a review asks: the prompts that its texts and observations answer. There is no box for a root cause."""

from collections.abc import Mapping
from types import MappingProxyType

from quarterdeck.kernel.errors import Invalid

SUMMARY = "summary"
PROMPTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        SUMMARY: ("In short", "What happened and what it meant, for somebody who was not there."),
        "surprised": ("What surprised us?", "Where did things turn out otherwise than we had thought they work?"),
        "helped": ("What helped?", "People, tools, habits, luck: what made it end sooner or hurt less?"),
        "worse": ("What made it worse?", "What made it hard to see, to understand, to decide or to mend?"),
        "change": ("What do we change?", "In the plan, the system, the way we work; and what do we leave as it is?"),
    }
)
"""Prompt → title, and the question behind it. In the order in which they are read."""
ASKED = tuple(prompt for prompt in PROMPTS if prompt != SUMMARY)
"""The four that observations answer."""


def checked(prompt: str, known: tuple[str, ...] = tuple(PROMPTS)) -> str:
    if prompt not in known:
        raise Invalid("There is no such prompt.", (f"prompt: {prompt[:40]!r}; use one of {', '.join(known)}",))
    return prompt
