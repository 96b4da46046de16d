"""Losses in words, each with its unit, its n and how sure it is."""

from quarterdeck.direction.rules.exposure.losses import CUSTOMERS, HOURS, PEOPLE
from quarterdeck.direction.rules.exposure.weighing import FEWEST, Exposure, too_short
from quarterdeck.paper.charts.scales import number

UNITS = {
    CUSTOMERS: "customer-minutes",
    PEOPLE: "person-hours of responders",
    HOURS: "hours of harm",
}
MEANINGS = {
    CUSTOMERS: "customers hit, as somebody counted them, times the minutes of harm",
    PEOPLE: "the time of everybody who took part, from one thing they did to the next",
    HOURS: "from the beginning of the impact, or its detection, until it ended",
}


def unit_words(unit: str) -> str:
    return UNITS.get(unit, unit)


def meaning(unit: str) -> str:
    return MEANINGS.get(unit, "hours of harm, times what an hour without the service costs")


def amount(value: float, unit: str) -> str:
    """`EUR 12,300`, `34 hours of harm`."""
    said = figures(value)
    return f"{said} {UNITS[unit]}" if unit in UNITS else f"{unit} {said}"


def short(value: float, unit: str) -> str:
    """`EUR 12,300`, `34 h`: for tables and axes, where the unit is named above."""
    said = figures(value)
    if unit in UNITS:
        return said if unit == CUSTOMERS else f"{said} h"
    return f"{unit} {said}"


def range_words(low: float, high: float, unit: str) -> str:
    """`EUR 195,000 to 1.8 M`, `161 to 366 h`."""
    both = f"{figures(low)} to {figures(high)}"
    if unit in UNITS:
        return both if unit == CUSTOMERS else f"{both} h"
    return f"{unit} {both}"


def figures(value: float) -> str:
    """Three figures are as many as such estimates bear: `12,300`."""
    if abs(value) >= 1e6 or abs(value) < 1000:
        return number(value)
    digits = len(f"{abs(value):.0f}") - 3
    return f"{round(value, -digits):,.0f}"


def between(found: Exposure, unit: str) -> str:
    """` (95 %: 12 to 60)`, or nothing."""
    annual = found.annual
    if annual.low is None or annual.high is None:
        return ""
    return f" (95 %: {figures(annual.low)} to {figures(annual.high)})"


def sentence(found: Exposure, unit: str) -> str:
    """`About 120 hours of harm a year (95 %: 80 to 190), from 64 incidents in 12 weeks.`"""
    if found.n == 0:
        return "No incident with a loss that is known."
    seen = f"{'one incident' if found.n == 1 else f'{found.n:,} incidents'} in {span(found.years)}"
    if found.annual.value == 0:
        return f"Nothing was lost by {seen}."
    if too_short(found.years):
        return f"So far {amount(found.so_far, unit)}, by {seen}: of less than 4 weeks no year is made."
    said = f"About {amount(found.annual.value or 0, unit)} a year"
    if not found.enough:
        return f"{said}, as a bare sum: {seen}; {FEWEST} with a loss are needed to say more."
    return f"{said}{between(found, unit)}, from {seen}."


def bad_year(found: Exposure, unit: str) -> str:
    if found.bad_year is None:
        return "Too few to say what a bad year takes."
    return f"One year in twenty takes more than {amount(found.bad_year, unit)}."


def span(years: float) -> str:
    """`5 days`, `12 weeks`, `2.5 years`."""
    days = years * 365.25
    if days < 13.5:
        return "1 day" if round(days) == 1 else f"{days:.0f} days" if days >= 0.5 else "less than a day"
    if days < 560:
        return f"{days / 7:.0f} weeks"
    return f"{years:.1f}".removesuffix(".0") + " years"
