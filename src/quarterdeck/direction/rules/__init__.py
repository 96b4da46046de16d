"""The rules of looking ahead: a plan run against recorded incidents. Pure."""

from quarterdeck.direction.rules.facts import KINDS, Deadline, Fact, Kind, Otherwise, Replayed, Settled, Totals
from quarterdeck.direction.rules.replay import Replaying

__all__ = ["KINDS", "Deadline", "Fact", "Kind", "Otherwise", "Replayed", "Replaying", "Settled", "Totals"]
