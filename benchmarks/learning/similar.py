"""Similar incidents and search among many, beside the bare full-text search of the store.

python -m benchmarks.learning.similar [--store sqlite|postgresql|both] [--incidents 100000] [--asked 100]
"""

import argparse
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from benchmarks.learning.made import SERVICES, fill, service
from quarterdeck.app import wiring
from quarterdeck.learning import views
from quarterdeck.record import Record, open_store, schema
from tests.house.postgres import start_postgres

SIMILAR_AIM, SEARCH_AIM = 100.0, 200.0
"""Milliseconds at p95: similar incidents among 100,000; search among 10,000."""


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    server = start_postgres()
    try:
        yield server.url
    finally:
        server.stop()


def bare(conn: Connection) -> Callable[[Connection, str], object]:
    """The store's own full-text search over the same texts, and a way to ask it for any of a text's words."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("CREATE VIRTUAL TABLE bare USING fts5(title, body, tokenize='porter unicode61')")
        conn.exec_driver_sql("INSERT INTO bare (rowid, title, body) SELECT document, title, text FROM knowledge")
        query = "SELECT rowid FROM bare WHERE bare MATCH :q ORDER BY bm25(bare) LIMIT 5"
        return lambda c, said: c.execute(text(query), {"q": " OR ".join(f'"{w}"' for w in _words(said))}).all()
    conn.exec_driver_sql(
        "CREATE TABLE bare AS SELECT document, to_tsvector('english', title || ' ' || text) AS t FROM knowledge"
    )
    conn.exec_driver_sql("CREATE INDEX ON bare USING gin (t)")
    conn.exec_driver_sql("ANALYZE bare")
    query = "SELECT document FROM bare, to_tsquery('english', :q) q WHERE t @@ q ORDER BY ts_rank(t, q) DESC LIMIT 5"
    return lambda c, said: c.execute(text(query), {"q": " | ".join(_words(said))}).all()


def _words(said: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\w+", said.casefold())))


Took = list[tuple[float, float]]
"""Milliseconds of each: by the clock, and of this process's own work."""


def timed(record: Record, ask: Callable[[Connection], object], times: int) -> Took:
    """The first is left out, since it fills caches."""
    took = []
    for _ in range(times + 1):
        with record.read() as conn:
            began, worked = time.perf_counter(), time.thread_time()
            ask(conn)
            took.append(((time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000))
    return took[1:]


def line(what: str, took: Took, aim: float | None = None) -> bool:
    clock, work = sorted(one[0] for one in took), sorted(one[1] for one in took)
    half, most = len(took) // 2, int(len(took) * 0.95)
    aimed = "" if aim is None else f"   aim {aim:.0f}"
    print(
        f"  {what:<46} p50 {clock[half]:6.1f}   p95 {clock[most]:6.1f} ms"
        f"   (own work {work[half]:6.1f} and {work[most]:6.1f}){aimed}",
        flush=True,
    )
    return aim is None or clock[most] <= aim


def measure(kind: str, count: int, asked: int) -> bool:
    chance = random.Random(7)  # the same questions every time
    few = max(asked // 4, 5)
    with database(kind) as url:
        record = wiring.house().record(open_store(url))
        schema.create(record)
        began = time.perf_counter()
        first = fill(record, count)
        took = time.perf_counter() - began
        with record.store.writing() as conn:
            words = conn.exec_driver_sql("SELECT count(*) FROM knowledge_word").scalar()
            ask_bare = bare(conn)
        print(f"{kind}: {count} incidents and {words} words of theirs, written in {took:.0f} s", flush=True)

        def one() -> Any:
            return chance.choice(first)

        kept = [
            line(
                "similar to a declared incident",
                timed(record, lambda conn: views.similar_incidents(conn, chance.randrange(1, count)), asked),
                SIMILAR_AIM if count <= 100_000 else None,
            ),
            line(
                "similar to a title and a service",
                timed(
                    record,
                    lambda conn: views.similar_to(conn, one().title, service(chance.randrange(SERVICES))),
                    asked,
                ),
                SIMILAR_AIM if count <= 100_000 else None,
            ),
        ]
        line(
            "bare full-text search, any of the same words",
            timed(record, lambda conn: ask_bare(conn, f"{(it := one()).title} {it.summary}"), few),
        )
        line(
            "bare full-text search, any word of the title",
            timed(record, lambda conn: ask_bare(conn, one().title), few),
        )
        two = timed(record, lambda conn: views.search(conn, " ".join(one().title.split()[1:3])), asked)
        kept.append(line("search, two words, with snippets", two, SEARCH_AIM))
        begun = timed(record, lambda conn: views.search(conn, one().title.split()[0][:4]), asked)
        kept.append(line("search, a word begun", begun, SEARCH_AIM))
        record.close()
        return all(kept)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--asked", type=int, default=100)
    given = parser.parse_args()
    stores = ("sqlite", "postgresql") if given.store == "both" else (given.store,)
    kept = [measure(kind, given.incidents, given.asked) for kind in stores]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
