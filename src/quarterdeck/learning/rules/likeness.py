"""How alike two incidents are, and why: words weighed by how rare they are, and facts that they share. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
    """`k` and `b`: BM25's saturation and length norm; `title`: how often a word of a title counts; these three were
    fitted. The rest are a judgement: a fact's rarity counts so often. See docs/explanation/similar-incidents.md."""

    k: float = 2.0
    b: float = 0.3
    title: float = 4.0
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

    @cached_property
    def length(self) -> int:
        return sum(self.words.values())


@dataclass(frozen=True)
class Statistics:
    """How many other incidents there are, how long they are in words, and in how many a word or a fact stands.

    What stands in none of them is not asked about: nothing could agree with it.
    """

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


class Question:
    """An incident that is held against others: its words that say most, and what each word and fact is worth."""

    def __init__(self, asked: Known, statistics: Statistics, weights: Weights = WEIGHTS) -> None:
        self.asked = asked
        self._weights = weights
        self._length = max(statistics.length, 1.0)
        worth = {
            word: statistics.rarity(word) * (weights.title if word in asked.title else 1.0)
            for word in asked.words
            if statistics.frequency.get(word)
        }
        self.terms = sorted(worth, key=lambda word: (-worth[word], word))[:MOST_ASKED]
        self.worth = {word: worth[word] for word in self.terms}
        facts = {fact for fact in asked.facts if statistics.frequency.get(fact)}
        self.worth |= {fact: getattr(weights, _kind(fact)) * statistics.rarity(fact) for fact in facts}
        self.whole = sum(self._word(asked, word) for word in self.terms) + sum(self.worth[fact] for fact in facts)

    def likeness(self, other: Known) -> Likeness:
        """How much of the asked incident stands in the other one, and why."""
        by_word = {word: self._word(other, word) for word in self.terms if word in other.words}
        shared = sorted(by_word, key=lambda word: (-by_word[word], word))
        reasons = [
            Because(_kind(fact), (fact.partition(":")[2],), self.worth[fact])
            for fact in sorted(self.asked.facts & other.facts & self.worth.keys())
        ]
        if shared:
            reasons.append(Because("words", tuple(shared[:SHOWN_WORDS]), sum(by_word.values())))
        points = sum(reason.points for reason in reasons)
        reasons.sort(key=lambda reason: (-reason.points, reason.fact, reason.what))
        return Likeness(min(points / self.whole, 1.0) if self.whole else 0.0, points, tuple(reasons))

    def _word(self, other: Known, word: str) -> float:
        weights = self._weights
        count = other.words[word] + (weights.title - 1 if word in other.title else 0)
        norm = weights.k * (1 - weights.b + weights.b * other.length / self._length)
        return self.worth[word] * count * (weights.k + 1) / (count + norm)


def _kind(fact: str) -> Fact:
    kind = fact.partition(":")[0]
    assert kind in ("alert", "service", "factor", "type"), fact
    return kind  # type: ignore[return-value]  # the line above narrows it
