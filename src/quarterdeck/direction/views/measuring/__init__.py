"""What the measures say: of a period, of a part of the incidents, in slices, and down to each incident."""

from quarterdeck.direction.views.measuring.asking import DAYS, Answer, Question, Sliced, asked
from quarterdeck.direction.views.measuring.loading import paging_load, read_ahead
from quarterdeck.direction.views.measuring.members import MOST, Member, Members, members
from quarterdeck.direction.views.measuring.overview import Overview, names_of, overview
from quarterdeck.direction.views.measuring.population import Population, population

__all__ = [
    "DAYS",
    "MOST",
    "Answer",
    "Member",
    "Members",
    "Overview",
    "Population",
    "Question",
    "Sliced",
    "asked",
    "members",
    "names_of",
    "overview",
    "paging_load",
    "population",
    "read_ahead",
]
