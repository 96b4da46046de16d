"""Under which kind a factor is filed at first, by its words: a proposal for people to judge. Pure."""

import re

from quarterdeck.learning.rules.taxonomy import OTHER

UNFILED = f"organisation.{OTHER}"
_LACK = r"(?:no|not|lack|insufficient|missing|unclear|didn't|without)\b"
_BY_WORDS = tuple(
    (re.compile(rf"\b(?:{words})", re.I), code)
    for words, code in (
        (r"certificat|expir|licen[cs]e|token ran out", "dependency.expiry"),
        (r"too much noise|noisy|drown", "detection.noise"),
        (r"threshold|too late|delayed alert", "detection.late"),
        (rf"{_LACK}.{{0,40}}\b(?:monitor|alert|alarm|watch)", "detection.missing"),
        (r"(?:users?|customers?|developers?)\b.{0,30}\b(?:report|notic|complain)", "detection.by-users"),
        (rf"{_LACK}.{{0,40}}\b(?:document|procedure|process|runbook|steps|notes)", "procedure.missing"),
        (r"outdated|out of date", "procedure.outdated"),
        (r"(?:lack|few|no)\b.{0,40}\b(?:knowledge|understanding|experience|knew)", "diagnosis.knowledge"),
        (r"logs?\b.{0,30}\b(?:missing|not available|lost)|no logs", "diagnosis.blind"),
        (r"(?:not|no|lack|insufficient|without)\b.{0,40}\b(?:test|verif|sandbox)", "software.test-gap"),
        (r"communicat|not informed|not told|message", "communication.untold"),
        (r"hand-?over", "staffing.handover"),
        (r"(?:out of|exhaust|starv|ran out|full|leak)", "capacity.exhaustion"),
        (r"quota|limit(?:s|ed|range)?\b", "capacity.limit"),
        (r"automat|unexpectedly triggered|pipeline .{0,30}trigger", "interface.automation"),
        (r"terraform|infrastructure|subnet|node|network|dns", "change.infrastructure"),
        (r"config|flag|setting|parameter", "change.configuration"),
        (r"upgrad|releas|deploy|version|helm chart|roll-?out", "change.release"),
        (r"bug|defect|regression", "software.defect"),
        (r"(?:third.party|vendor|provider|supplier|aws|azure)\b", "third-party.change"),
        (r"prioriti[sz]|focus on|backlog|postpon|put off", "organisation.deferred"),
    )
)


def filed(text: str) -> str:
    """A code of the taxonomy: of the first words that are known, or else something else of the organisation."""
    return next((code for words, code in _BY_WORDS if words.search(text)), UNFILED)
