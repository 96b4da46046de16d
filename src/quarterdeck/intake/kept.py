"""Two small hot tables that are counted in, not recorded: the signals seen, and the groups that stand."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text, text

from quarterdeck.record.tables import kept

dedupe = Table(
    "dedupe",
    kept,
    Column("key", String(32), primary_key=True),
    Column("source", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("group", String(20)),
    Column("position", BigInteger, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
    Index("dedupe_position", "position"),
    Index("dedupe_group", "group", "position"),
    Index(
        "dedupe_standing",
        "position",
        sqlite_where=text("state <> 'resolved'"),
        postgresql_where=text("state <> 'resolved'"),
    ),
)
"""One row per signal that ever arrived. `position` is where the record tells of its last raising: the text stays there,
so that this row stays small and a storm writes it once."""

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
    Column("raises", BigInteger, nullable=False),
    Column("firing", BigInteger, nullable=False),
    Column("active_at", BigInteger, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Index("grouping_key", "group_key", "active_at"),
)
"""One row per group. `state` may say quiet after the record says cleared: whoever acts on quiet asks the record."""
