"""An incident for somebody who reads one paragraph: at most 60 words, no component names, at most one decision."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_WORDS = 60
_BUDGET = {"impact": 19, "scope": 8, "workaround": 8, "confidence": 6, "decision": 14}


@dataclass(frozen=True)
class Brief:
    """`sentences` say what is the matter; `decision` is what is asked of the reader, with its time, if anything is."""

    sentences: tuple[str, ...]
    decision: str | None

    @property
    def words(self) -> int:
        return len(" ".join((*self.sentences, self.decision or "")).split())


def brief(fields: Mapping[str, str], *, statement: str, components: Iterable[str]) -> Brief:
    """`fields` of the latest update; `statement`: what the incident itself says, where no update does."""
    known = {"impact": statement, **{name: value for name, value in fields.items() if value}}
    plain = {name: without_components(value, components) for name, value in known.items()}
    sentences = tuple(
        _sentence(cut(plain[name], _BUDGET[name]))
        for name in ("impact", "scope", "workaround", "confidence")
        if plain.get(name)
    )
    decision = cut(plain["decision"], _BUDGET["decision"]) if plain.get("decision") else None
    if decision and plain.get("decide_by"):
        decision = f"By {cut(plain['decide_by'], 4)}: {decision}"
    return Brief(sentences, decision)


def without_components(text: str, components: Iterable[str]) -> str:
    """Ids and names of services give way to `the service`: this reader does not know them."""
    names = sorted({name for name in components if name}, key=len, reverse=True)
    if not names:
        return text
    pattern = "|".join(re.escape(name) for name in names)
    return re.sub(rf"(?<![\w-])(?:the )?(?:{pattern})(?![\w-])", "the service", text, flags=re.IGNORECASE)


def cut(text: str, words: int) -> str:
    """The first words, with an ellipsis where there were more; no word longer than a line."""
    found = [word if len(word) <= 40 else f"{word[:39]}…" for word in text.split()]
    return " ".join(found) if len(found) <= words else " ".join(found[:words]).rstrip(".,;:") + "…"


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?…" else f"{text}."
