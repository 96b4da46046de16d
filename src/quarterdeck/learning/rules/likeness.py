"""How alike two incidents are, and why: words weighed by how rare they are, and facts that they share. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quarterdeck.learning.rules.wording import words

Fact = Literal["alert", "service", "factor", "type", "words"]
LEAST = 0.08
"""Less than this part of what could agree is no likeness worth showing in an incident."""
SHOWN_WORDS = 6
MOST_ASKED = 24
"""Words of the asked incident that are compared: the rarest."""


@dataclass(frozen=True)
class Weights:
    """`k` and `b`: BM25's saturation and length norm; `title`: how often a word of a title counts; the rest: a fact's
    rarity counts so often. docs/explanation/similar-incidents.md says how they were found."""

    k: float = 1.2
    b: float = 0.3
    title: float = 2.0
    service: float = 1.0
    type: float = 0.25
    factor: float = 1.0
    alert: float = 3.0


WEIGHTS = Weights()


@dataclass(frozen=True)
class Known:
    """What is known about an incident: its words with their counts, those of its title, and its facts.

    A fact is written `service:checkout`, `type:outage`, `factor:change`, `alert:disk full on db-1`.
    """

    words: Mapping[str, int]
    title: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()

    @property
    def length(self) -> int:
        return sum(self.words.values())


@dataclass(frozen=True)
class Statistics:
    """How many incidents there are, how long they are in words, and in how many a word or a fact stands."""

    total: int
    length: float
    frequency: Mapping[str, float]

    def rarity(self, term: str) -> float:
        """BM25's idf, which stays above zero: what half of all incidents have says next to nothing."""
        having = min(self.frequency.get(term, 0), self.total)
        return math.log(1 + (self.total - having + 0.5) / (having + 0.5))


@dataclass(frozen=True)
class Because:
    """One reason for a likeness: what is the same, and how much it says."""

    fact: Fact
    what: tuple[str, ...]
    points: float


@dataclass(frozen=True)
class Likeness:
    """`degree`: the part, from 0 to 1, of what could agree that does; reasons with the weightiest first."""

    degree: float
    points: float
    because: tuple[Because, ...]


def known(title: str, counts: Mapping[str, int], facts: frozenset[str]) -> Known:
    """`counts`: the words of title and text together."""
    return Known(counts, frozenset(words(title)), facts)


def asked_words(asked: Known, statistics: Statistics, weights: Weights = WEIGHTS) -> list[str]:
    """The words that are worth comparing: the ones that say most about the asked incident."""

    def says(word: str) -> float:
        return statistics.rarity(word) * (weights.title if word in asked.title else 1.0)

    return sorted(asked.words, key=lambda word: (-says(word), word))[:MOST_ASKED]


def likeness(
    asked: Known, other: Known, terms: Sequence[str], statistics: Statistics, weights: Weights = WEIGHTS
) -> Likeness:
    """How much of the asked incident stands in the other one. `terms`: from `asked_words`."""
    by_word = {word: _word(asked, other, word, statistics, weights) for word in terms if word in other.words}
    shared = sorted(by_word, key=lambda word: (-by_word[word], word))
    reasons = [
        Because(_kind(fact), (fact.partition(":")[2],), _fact(fact, statistics, weights))
        for fact in sorted(asked.facts & other.facts)
    ]
    if shared:
        reasons.append(Because("words", tuple(shared[:SHOWN_WORDS]), sum(by_word.values())))
    points = sum(reason.points for reason in reasons)
    whole = sum(_word(asked, asked, word, statistics, weights) for word in terms)
    whole += sum(_fact(fact, statistics, weights) for fact in asked.facts)
    reasons.sort(key=lambda reason: (-reason.points, reason.fact, reason.what))
    return Likeness(min(points / whole, 1.0) if whole else 0.0, points, tuple(reasons))


def _word(asked: Known, other: Known, word: str, statistics: Statistics, weights: Weights) -> float:
    count = other.words[word] + (weights.title - 1 if word in other.title else 0)
    norm = weights.k * (1 - weights.b + weights.b * other.length / max(statistics.length, 1.0))
    saturated = count * (weights.k + 1) / (count + norm)
    return statistics.rarity(word) * saturated * (weights.title if word in asked.title else 1.0)


def _fact(fact: str, statistics: Statistics, weights: Weights) -> float:
    weight: float = getattr(weights, _kind(fact))
    return weight * statistics.rarity(fact)


def _kind(fact: str) -> Fact:
    kind = fact.partition(":")[0]
    assert kind in ("alert", "service", "factor", "type"), fact
    return kind  # type: ignore[return-value]  # the line above narrows it
