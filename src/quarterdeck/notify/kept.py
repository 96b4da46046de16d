"""What is kept beside the record: addresses, codes, links, pacing, the demo's phone and the canary."""

from hashlib import sha256

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from quarterdeck.record.tables import kept

contact_address = Table(
    "contact_address",
    kept,
    Column("method", String(40), primary_key=True),
    Column("person", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Index("contact_address_person", "person"),
)

contact_code = Table(
    "contact_code",
    kept,
    Column("delivery", String(40), primary_key=True),
    Column("method", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("code", String(6), nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("spent", Integer, nullable=False),
    Index("contact_code_person", "person", "sent_at"),
)
"""Codes of the last hour; rows older than that are deleted when the next is made."""

page_link = Table(
    "page_link",
    kept,
    Column("digest", String(64), primary_key=True),
    Column("delivery", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("about", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("answer", String(20)),
    Index("page_link_expires", "expires_at"),
)

delivery_pending = Table(
    "delivery_pending",
    kept,
    Column("delivery", String(40), primary_key=True),
    Column("about", Text, nullable=False),
    Column("person", String(40), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("held_on", String(40)),
    Column("leader", String(40)),
    Index("delivery_pending_about", "about"),
    Index("delivery_pending_held", "held_on"),
    Index("delivery_pending_leader", "leader"),
)
"""Deliveries not ended. `held_on`: the method whose pacing holds it. `leader`: the delivery it is to go along with."""

page_slot = Table(
    "page_slot",
    kept,
    Column("delivery", String(40), primary_key=True),
    Column("method", String(40), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("drill", Boolean, nullable=False, default=False),
    Index("page_slot_method", "method", "at"),
)
"""One row per message that went, or may have gone, to a method: what pacing counts. Drills count for drills alone."""

page_told = Table(
    "page_told",
    kept,
    Column("person", String(40), primary_key=True),
    Column("about", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
)
"""About what a person has been paged already."""

demo_phone = Table(
    "demo_phone",
    kept,
    Column("key", String(60), primary_key=True),
    Column("phone", String(80), nullable=False),
    Column("delivery", String(40), nullable=False),
    Column("purpose", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
    Index("demo_phone_at", "phone", "at"),
)
"""What the demo's phone shows; a resend with the same key counts up `times` instead of ringing twice."""

canary = Table(
    "canary",
    kept,
    Column("name", String(20), primary_key=True),
    Column("sent_at", BigInteger),
    Column("arrived_at", BigInteger),
)


def digest(token: str) -> str:
    """How a link's token is stored: nobody who reads the database can follow a link."""
    return sha256(token.encode()).hexdigest()
