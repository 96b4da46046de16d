"""Which words a text is found by, and which part of it to show: the same on every store and in every language. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

LONGEST = 60
"""Characters of a word; longer ones (hashes, encoded blobs) say nothing that a reader would look for."""
MOST_WORDS = 2_000
"""Different words of one text that are kept, the first ones: a huge text is found by how it begins."""
MOST_TEXT = 100_000
"""Characters of one text that are looked at."""

_COMPOUND = re.compile(r"[^\W_]+(?:[._:/@-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
"""Scripts that do not put spaces between words: two neighbours count as one word."""
_ACCENT = re.compile("[\u0300-\u036f]")
_SIGNS = re.compile(r"(?<!\S)[#>|*`=_:-]+(?!\S)|[*`]{1,3}")
"""What Markdown is written with, and says nothing where it is not shown as such."""
_EVERYDAY = frozenset(
    re.findall(
        r"\w+",
        """
        a about after again all also an and any are as at be because been before being but by can could did do does
        doing for from had has have having he her here his how i if in into is it its just me more most my no nor not
        now of on once only or other our own she so some such than that the their them then there these they this
        those to too under until very was we were what when where which while who whom why will with would you your
        http https www com
        """,
    )
)


def words(text: str) -> list[str]:
    """The words of a text in their order, each as it is looked up; `KubePodNotReady` and `db-1` also by their parts."""
    return [form for compound in _COMPOUND.findall(text[:MOST_TEXT]) for form in _forms(compound)]


@lru_cache(maxsize=20_000)
def _forms(compound: str) -> tuple[str, ...]:
    parts = [hump for part in _PART.findall(compound) for hump in _HUMP.split(part)]
    whole = [] if len(parts) == 1 else [_plain(compound)]
    return tuple(
        form
        for one in (*whole, *(form for part in parts for form in _split(_plain(part))))
        if len(form := _stem(one)) <= LONGEST and form not in _EVERYDAY and (len(form) > 1 or not form.isascii())
    )


def _plain(word: str) -> str:
    """Without case, accents and typographic variants."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKD", word).casefold()
    return unicodedata.normalize("NFC", _ACCENT.sub("", folded))


def _split(word: str) -> Iterator[str]:
    if not _UNSPACED.search(word):
        yield word
        return
    for run in re.split(f"({_UNSPACED.pattern})", word):
        if _UNSPACED.fullmatch(run) and len(run) > 2:
            yield from (run[i : i + 2] for i in range(len(run) - 1))
        elif run:
            yield run


def _stem(word: str) -> str:
    """English plurals and the commonest endings of verbs; a word of another language loses no more than those."""
    if not word.isascii() or len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith(("sses", "shes", "ches", "xes")) else word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and re.search("[aeiouy]", word[: -len(ending)]):
            word = word[: -len(ending)]
            return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz" else word
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def counted(text: str) -> dict[str, int]:
    """How often each word stands in a text; at most `MOST_WORDS` different ones, the first."""
    found = Counter(words(text))
    return dict(found if len(found) <= MOST_WORDS else islice(found.items(), MOST_WORDS))


def written(text: str) -> dict[str, str]:
    """Each word of a text as it first stands there, by the form under which it is looked up."""
    found: dict[str, str] = {}
    for match in _COMPOUND.finditer(text[:MOST_TEXT]):
        for piece in (match.group(), *_PART.findall(match.group())):
            forms = _forms(piece)
            if forms:
                found.setdefault(forms[0], piece)
    return found


def opening(text: str, length: int) -> str:
    """The first plain words of a text in Markdown: no headings, tables or signs."""
    lines = (line for line in text[:MOST_TEXT].splitlines() if not line.lstrip().startswith(("#", "|", "---")))
    said = " ".join(_SIGNS.sub(" ", " ".join(lines)).split())
    return said if len(said) <= length else said[: said.rfind(" ", length // 2, length)].rstrip() + " …"


def snippet(text: str, wanted: frozenset[str], length: int = 200) -> tuple[tuple[str, bool], ...]:
    """The part of a text with the most of these words, cut into pieces; True marks what was looked for.

    A word that begins with one of `wanted` counts where that one ends in `*`.
    """
    text = " ".join(_SIGNS.sub(" ", text[:MOST_TEXT]).split())
    hits = [match.span() for match in _COMPOUND.finditer(text) if _wanted(match.group(), wanted)]
    start = _densest(hits, length)
    if start > 0:
        start = text.find(" ", max(0, start - 40), start) + 1
    end = start + length
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + length // 2)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    at = start
    for begin, finish in hits:
        if begin >= at and finish <= end:
            pieces += [(text[at:begin], False), (text[begin:finish], True)]
            at = finish
    pieces.append((text[at:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def _wanted(compound: str, wanted: frozenset[str]) -> bool:
    beginnings = tuple(word[:-1] for word in wanted if word.endswith("*"))
    return any(form in wanted or (beginnings and form.startswith(beginnings)) for form in _forms(compound))


def _densest(hits: list[tuple[int, int]], length: int) -> int:
    """Where a window of this length holds the most hits, the first of them."""
    best, start = 0, 0
    for index, (begin, _) in enumerate(hits):
        inside = sum(1 for _, end in hits[index : index + 40] if end <= begin + length)
        if inside > best:
            best, start = inside, begin
    return start
