"""What is kept beside the record: secrets of trackers, and how far each has been read."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from quarterdeck.record.tables import kept

tracker_secret = Table(
    "tracker_secret",
    kept,
    Column("tracker", String(40), primary_key=True),
    Column("token", Text, nullable=False),
    Column("secret", Text, nullable=False),
)
"""`token`: what we show to the tracker; `secret`: what its webhook shows to us."""

tracker_reading = Table(
    "tracker_reading",
    kept,
    Column("tracker", String(40), primary_key=True),
    Column("since", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("read_at", BigInteger),
    Column("paused_until", BigInteger),
    Column("fault", Text, nullable=False),
)
"""`since`: the last change read, as the tracker writes instants; `paused_until`: nothing is asked of it before."""
