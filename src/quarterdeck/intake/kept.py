"""Two small hot tables that are counted in, not recorded: the signals seen, and the groups that stand."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from quarterdeck.record.tables import kept

dedupe = Table(
    "dedupe",
    kept,
    Column("key", String(32), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("group", String(20)),
    Column("count", BigInteger, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""One row per signal that ever arrived; the text stays in the record, so that the row stays small."""

grouping = Table(
    "grouping",
    kept,
    Column("id", String(20), primary_key=True),
    Column("group_key", String(32), nullable=False),
    Column("state", String(8), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("impact", String(64), nullable=False),
    Column("urgency", String(64), nullable=False),
    Column("auto_resolve", Boolean, nullable=False),
    Column("window", BigInteger, nullable=False),
    Column("signals", BigInteger, nullable=False),
    Column("firing", BigInteger, nullable=False),
    Column("active_at", BigInteger, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Index("grouping_key", "group_key", "active_at"),
)
"""One row per group. `state` may say quiet after the record says cleared: whoever acts on quiet asks the record."""
