"""An update written once, in each audience's words: plain substitution of `{field}`, and nothing else. Total.

What people typed stays text: a brace in it is a brace. A field that nobody filled in is written "not known yet".
"""

import re
from collections.abc import Mapping

UNKNOWN = "not known yet"
_FIELD = re.compile(r"\{([a-z_]+)\}")
_SENTENCES = re.compile(r"((?<=[.!?}])\s+(?=[A-Z{]))")
_NAMES = {
    "impact": "Impact",
    "scope": "Scope",
    "symptom": "Symptom",
    "suspect": "Cause",
    "doing": "What is being done",
    "confidence": "Confidence",
    "workaround": "Workaround",
    "decision": "Decision",
}
"""Fields that hold sentences, and what they are called where nobody knows."""
_SAID_OTHERWISE = {"decision": "none", "decide_by": "no date"}
"""Nothing is unknown about a decision that nobody wants."""
_ENDS = ".!?…:;"


def rendered(template: str, values: Mapping[str, str]) -> str:
    """The template with its fields; a sentence that lacks its full stop gets one where another follows it."""
    parts, last = [], 0
    for found in _FIELD.finditer(template):
        before, after = template[last : found.start()], template[found.end() :]
        parts += [before, _said(found[1], values, template[: found.start()], after)]
        last = found.end()
    parts.append(template[last:])
    return "".join(parts).strip()


def last_words(template: str, values: Mapping[str, str]) -> str:
    """The last rendering: without the sentences that promise another, and without those of which nobody said anything.

    Where that would leave nothing of what was said, the whole of it stands.
    """
    parts = _SENTENCES.split(template)
    kept = [
        (sentence, gap)
        for sentence, gap in zip(parts[::2], [*parts[1::2], ""], strict=True)
        if "{next_update}" not in sentence and (not (said := _asked(sentence)) or any(values.get(one) for one in said))
    ]
    if not any(_asked(sentence) for sentence, _ in kept):
        return rendered(template, values)
    return rendered("".join(sentence + gap for sentence, gap in kept), values)


def _asked(sentence: str) -> list[str]:
    return [name for name in _FIELD.findall(sentence) if name in _NAMES]


def line(template: str, values: Mapping[str, str], longest: int) -> str:
    """One line for a subject: no line breaks, no full stop at its end, cut with an ellipsis."""
    text = " ".join(rendered(template, values).split()).rstrip(". ")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _said(field: str, values: Mapping[str, str], before: str, after: str) -> str:
    value = values.get(field, "").strip()
    if not value:
        value = _SAID_OTHERWISE.get(field) or UNKNOWN
        if field in _NAMES and _opens_a_sentence(before):
            value = f"{_NAMES[field]} {value}"
    if field not in _NAMES:
        return value
    follows = after.lstrip()
    if after[:1] in set(_ENDS) | {","} or follows[:1].islower():
        return value.rstrip(".")
    return value if value[-1] in _ENDS else f"{value}."


def _opens_a_sentence(before: str) -> bool:
    text = before.rstrip()
    return not text or text[-1] in ".!?}"
