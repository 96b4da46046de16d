"""Which declarations have been answered already, by idempotency key: kept for a day, no part of the record."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text

from quarterdeck.record.tables import kept

declared_once = Table(
    "declared_once",
    kept,
    Column("principal", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)
