"""The journal's own tables, and the two families that rooms add to: kept (never rebuilt), read (always rebuildable)."""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

journal = MetaData()
"""The record itself, and what moves with it in the same transaction."""
kept = MetaData()
"""What rooms keep beside the record and never rebuild: secrets, addresses, counters. Changed by migrations."""
read = MetaData()
"""Read tables: dropped and rebuilt from the record whenever their shape changes."""

views: dict[str, Callable[[str], str]] = {}
"""SQL views over read tables, for tools that read databases: name → the query for a dialect; made in this order."""

record = Table(
    "record",
    journal,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", String(80), nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("cause", BigInteger),
    Column("data", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("stream", "version"),
    Index("record_type", "type", "position"),
)

seal = Table(
    "seal",
    journal,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False),
)

alarm = Table(
    "alarm",
    journal,
    Column("stream", Text, primary_key=True),
    Column("due", BigInteger, nullable=False),
    Column("leased", SmallInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("lease_until", BigInteger),
    Column("fence", BigInteger, nullable=False, server_default="0"),
    Index("alarm_due", "leased", "urgency", "due"),
    Index(
        "alarm_lease",
        "lease_until",
        sqlite_where=text("lease_until IS NOT NULL"),
        postgresql_where=text("lease_until IS NOT NULL"),
    ),
)

cursor = Table(
    "cursor",
    journal,
    Column("reaction", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
)

parked = Table(
    "parked",
    journal,
    Column("reaction", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", BigInteger, nullable=False),
)

number = Table(
    "number",
    journal,
    Column("name", String(40), primary_key=True),
    Column("last", BigInteger, nullable=False),
)

shape = Table(
    "shape",
    journal,
    Column("name", String(40), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
)


def make_read(conn: Connection, tables: Sequence[Table] | None = None) -> None:
    """The read tables, or these of them; and every view."""
    read.create_all(conn, tables=tables)
    _drop_views(conn)
    for name, query in views.items():
        conn.exec_driver_sql(f'CREATE VIEW "{name}" AS {query(conn.dialect.name)}'.replace("%", "%%"))


def drop_read(conn: Connection, tables: Sequence[Table] | None = None) -> None:
    """The same, gone. The views go in any case: PostgreSQL drops no table that one rests on."""
    _drop_views(conn)
    read.drop_all(conn, tables=tables)


def _drop_views(conn: Connection) -> None:
    for name in reversed(views):
        conn.exec_driver_sql(f'DROP VIEW IF EXISTS "{name}"')
