"""Incidents as they stand inside a transaction: what actions and reactions of this and of higher rooms may ask."""

from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.record import Tx


def incident(tx: Tx, number: int) -> Incident:
    """The incident with this number. Raises `NotFound`."""
    return tx.existing(INCIDENT, number)


def followed(tx: Tx, number: int) -> Incident:
    """The incident, or the one it was merged into, and so on."""
    found = incident(tx, number)
    while found.merged_into is not None:
        found = incident(tx, found.merged_into)
    return found
