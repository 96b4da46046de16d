"""How well similar incidents are found in real texts, beside plain full-text search: precision at 3 and MRR.

python -m benchmarks.learning.alike [--data DIR] [--fit]

Each incident is asked about when it begins, with what was known then, among those that came before it. The first half
by date is what the weights were fitted on (`--fit` does it anew); the second half is what is reported.
"""

import argparse
import itertools
import random
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.learning import texts
from benchmarks.learning.texts import Case
from quarterdeck.app import wiring
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.command.rules.past import Past
from quarterdeck.governance import actions as governance
from quarterdeck.learning import views
from quarterdeck.learning.rules.likeness import WEIGHTS, Question, Statistics, Weights, known
from quarterdeck.learning.rules.wording import counted
from quarterdeck.record import open_store, schema
from quarterdeck.record.local import LOCAL

Labels = Mapping[str, frozenset[str]]
Ranking = dict[str, list[str]]
"""Case → the earlier cases that were found, the likest first."""
FOUND = 20


def by_house(cases: Sequence[Case], *, with_service: bool) -> Ranking:
    """What the program itself answers: each incident is brought in as it began, asked about, and then told whole."""
    with tempfile.TemporaryDirectory() as folder:
        record = wiring.house().record(open_store(f"sqlite:///{folder}/bench.db"))
        schema.create(record)
        services = {name: f"s{n}" for n, name in enumerate(sorted({c.service for c in cases if c.service}))}

        def furnish(tx: object) -> None:
            governance.add_team(tx, id="web", name="Web")  # type: ignore[arg-type]  # a Tx, handed on
            for name, id in services.items():
                catalog.add_service(tx, id=id, name=name[:80], team="web", tier=2)  # type: ignore[arg-type]  # the same

        record.perform(LOCAL, furnish)
        ranked, by_number = {}, dict[int, str]()
        for case in cases:
            service = services.get(case.service or "") if with_service else None
            past = Past(
                source=case.id,
                title=case.title,
                severity="SEV3",
                declared_at=case.at,
                ended_at=case.at,
                service=service,
                notes=[(case.at, case.first[:9_000])] if case.first.strip() else [],
            )
            number = record.perform(LOCAL, partial(command.bring_in, pasts=[past]))[0]
            with record.read() as conn:
                ranked[case.id] = [by_number[one.number] for one in views.similar_incidents(conn, number, FOUND)]
            by_number[number] = case.id
            rest = case.whole.strip()[:9_000]
            record.perform(LOCAL, partial(command.note, number=number, text=rest))
        record.close()
    return ranked


def by_full_text(cases: Sequence[Case]) -> Ranking:
    """SQLite's full-text search with Porter's stemmer: any of the words, ranked by its BM25."""
    store = sqlite3.connect(":memory:")
    store.execute("CREATE VIRTUAL TABLE bare USING fts5(title, body, tokenize='porter unicode61')")
    ranked = {}
    for case in cases:
        words = dict.fromkeys(re.findall(r"\w+", f"{case.title} {case.first}".casefold()))
        query = "SELECT rowid FROM bare WHERE bare MATCH ? ORDER BY bm25(bare), rowid DESC LIMIT ?"
        found = store.execute(query, (" OR ".join(f'"{word}"' for word in words), FOUND))
        ranked[case.id] = [cases[row - 1].id for (row,) in found]
        store.execute("INSERT INTO bare (title, body) VALUES (?, ?)", (case.title, case.whole))
    return ranked


def by_rule(cases: Sequence[Case], weights: Weights) -> Ranking:
    """The rule alone, over all earlier cases: quick enough to fit weights."""
    whole = {case.id: known(case.title, counted(f"{case.title}\n{case.whole}"), frozenset()) for case in cases}
    ranked: Ranking = {}
    for place, case in enumerate(cases):
        earlier = cases[:place]
        frequency = Counter(word for one in earlier for word in whole[one.id].words)
        length = sum(whole[one.id].length for one in earlier) / max(place, 1)
        asked = known(case.title, counted(f"{case.title}\n{case.first}"), frozenset())
        question = Question(asked, Statistics(place, length, frequency), weights)
        points = {one.id: question.likeness(whole[one.id]).points for one in earlier}
        ranked[case.id] = sorted(points, key=lambda id: -points[id])[:FOUND]
    return ranked


def scores(
    ranked: Ranking, labels: Labels, asked: Sequence[str], earlier: Mapping[str, frozenset[str]]
) -> list[tuple[float, float]]:
    """Precision at 3 and reciprocal rank of each question that has an answer among the earlier ones."""
    found = []
    for id in asked:
        right = labels[id] & earlier[id]
        if right:
            first = next((1 / place for place, one in enumerate(ranked[id], start=1) if one in right), 0.0)
            found.append((sum(one in right for one in ranked[id][:3]) / 3, first))
    return found


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where 95 of 100 resamplings of the questions put the mean difference."""
    chance = random.Random(5)  # the same resamplings every time
    means = sorted(mean(chance.choices(differences, k=len(differences))) for _ in range(2_000))
    return means[49], means[1949]


def report(name: str, cases: Sequence[Case], labels: Labels, ways: Mapping[str, Ranking], base: str) -> None:
    earlier = {case.id: frozenset(one.id for one in cases[:place]) for place, case in enumerate(cases)}
    half = [case.id for case in cases[len(cases) // 2 :]]
    print(f"\n{name}")
    against = scores(ways[base], labels, half, earlier)
    for way, ranked in ways.items():
        found = scores(ranked, labels, half, earlier)
        reached = f"P@3 {mean([p for p, _ in found]):.3f}   MRR {mean([r for _, r in found]):.3f}"
        line = f"  {way:<30} n {len(found):3}   {reached}"
        if way != base and len(found) > 1:
            for what, place in (("P@3", 0), ("MRR", 1)):
                low, high = interval([a[place] - b[place] for a, b in zip(found, against, strict=True)])
                line += f"   {what} {low:+.3f} to {high:+.3f}"
        print(line, flush=True)


def fit(sets: Sequence[tuple[Sequence[Case], Labels]]) -> Weights:
    """The weights of words with the best mean of P@3 and MRR over the first halves."""
    best, chosen = -1.0, WEIGHTS
    for k, b, title in itertools.product((0.6, 1.2, 2.0, 3.0), (0.0, 0.3, 0.75), (1.0, 2.0, 3.0, 4.0, 6.0)):
        weights = replace(WEIGHTS, k=k, b=b, title=title)
        reached = []
        for cases, labels in sets:
            half = cases[: len(cases) // 2]
            earlier = {case.id: frozenset(one.id for one in half[:place]) for place, case in enumerate(half)}
            found = scores(by_rule(half, weights), labels, [case.id for case in half], earlier)
            reached += [mean([p for p, _ in found]), mean([r for _, r in found])]
        if mean(reached) > best + 1e-9:
            best, chosen = mean(reached), weights
    print(f"fitted on the first halves: k {chosen.k}, b {chosen.b}, title {chosen.title} (mean {best:.3f})")
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"), help="holds postmortems-dfds and status-jenkins")
    parser.add_argument("--fit", action="store_true")
    given = parser.parse_args()
    dfds = sorted(texts.postmortems(given.data / "postmortems-dfds"), key=lambda case: (case.at, case.id))
    jenkins = texts.status_issues(given.data / "status-jenkins")
    if not dfds or not jenkins:
        print(f"The two sets are not in {given.data}.", file=sys.stderr)
        return 2
    print(f"{len(dfds)} post-mortems of DFDS, {len(jenkins)} status issues of Jenkins")
    if given.fit:
        fit([(dfds, texts.same_cause(dfds)), (jenkins, texts.same_thing(jenkins))])
        return 0
    for name, cases, rules in (
        ("DFDS", dfds, [("the same cause, filed by a reader", texts.same_cause)]),
        ("Jenkins", jenkins, [("the same thing affected", texts.same_thing), ("the same ticket", texts.same_ticket)]),
    ):
        ways = {
            "plain full-text search": by_full_text(cases),
            "similar incidents, words": by_house(cases, with_service=False),
        }
        if name == "Jenkins":
            ways["similar incidents, service too"] = by_house(cases, with_service=True)
        for what, labelled in rules:
            rule: Callable[[Sequence[Case]], Labels] = labelled
            report(f"{name}, {what}", cases, rule(cases), ways, "plain full-text search")
    return 0


if __name__ == "__main__":
    sys.exit(main())
