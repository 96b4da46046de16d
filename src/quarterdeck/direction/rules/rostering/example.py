"""A task to begin with: the people who are here, one rotation, a year from a Monday. As it would be written. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

_HEAD = """\
title: On-call from {starts:%B %Y}
zone: {zone}
starts: {starts}           # a Monday, the day of the first handover
weeks: 26
handover: {{day: mon, time: "09:00"}}
rest: {rest}                      # weeks off after each turn, whatever the rotation

rotations:                   # each place becomes a schedule: primary-first, primary-second
  - id: primary
    title: Primary
    places: [first, second]
    seniors: {seniors}               # how many of them have to be senior
    skills: []               # everybody in it needs all of these
    load: 1.0                # how heavy a week is beside the other rotations'

heavy: {{}}                    # days whose week counts for more: {{2027-12-24: 2.0}}

people:                      # leave and spare: days or spans, 2027-07-05/2027-07-18
"""
_PERSON = "  - {{login: {login}, senior: {senior}, share: 1.0, skills: [], leave: [], spare: []}}\n"


def example(logins: Sequence[str], today: date, zone: str = "UTC") -> str:
    """`logins`: who is here. Everybody counts as senior until somebody says otherwise."""
    starts = today + timedelta(days=7 + (-today.weekday()) % 7)
    rest = 2 if len(logins) >= 6 else 1 if len(logins) >= 4 else 0
    head = _HEAD.format(starts=starts, zone=zone, rest=rest, seniors=1)
    return head + "".join(_PERSON.format(login=login, senior="true") for login in logins)
