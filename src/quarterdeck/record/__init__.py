"""The record: an append-only journal with alarms, cursors and seals, on SQLite or PostgreSQL."""

from quarterdeck.record.codec import Codec
from quarterdeck.record.record import Record
from quarterdeck.record.recorded import Claim, LeaseLost, Projections, Projector, Reaction, Recorded
from quarterdeck.record.stores import is_down, open_store
from quarterdeck.record.tx import Tx

__all__ = [
    "Claim",
    "Codec",
    "LeaseLost",
    "Projections",
    "Projector",
    "Reaction",
    "Record",
    "Recorded",
    "Tx",
    "is_down",
    "open_store",
]
