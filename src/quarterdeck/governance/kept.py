"""What is kept beside the record: names and addresses of people, and digests of passwords, sessions and keys."""

from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from quarterdeck.record.tables import kept

profile = Table(
    "profile",
    kept,
    Column("person", String(40), primary_key=True),
    Column("login", String(63), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("zone", String(64), nullable=False),
)

password = Table(
    "password",
    kept,
    Column("person", String(40), primary_key=True),
    Column("argon2", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
)

session = Table(
    "session",
    kept,
    Column("digest", String(64), primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("person", String(40), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("session_person", "person"),
)

key_secret = Table(
    "key_secret",
    kept,
    Column("digest", String(64), primary_key=True),
    Column("key", String(40), nullable=False, unique=True),
    Column("used_at", BigInteger),
)
