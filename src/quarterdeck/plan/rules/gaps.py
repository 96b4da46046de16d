"""What each document of the framework still lacks, in words: stubs, blanks, no use, no aim, requirements unmet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quarterdeck.plan.rules.alignment_gaps import AlignmentGap, alignment_gaps
from quarterdeck.plan.rules.blanks import UNFILLED
from quarterdeck.plan.rules.choosing import procedure_for
from quarterdeck.plan.rules.completeness import Finding
from quarterdeck.plan.rules.framework import Document, documents
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.procedure import STUB


@dataclass(frozen=True)
class Gap:
    """`fix`: what to do about it; `page`: where more is said, a path of the console."""

    words: str
    fix: str
    page: str | None = None


def gaps(plan: Plan, findings: Iterable[Finding] = ()) -> dict[str, tuple[Gap, ...]]:
    """By document, those without a gap left out. `findings`: of the rule packs that apply."""
    missing = [one for one in findings if one.status == "missing"]
    aligned = {one.subject: one for one in alignment_gaps(plan)}
    found = {one.key: tuple(_gaps(plan, one, missing, aligned.get(one.key))) for one in documents(plan)}
    return {key: some for key, some in found.items() if some}


def _gaps(plan: Plan, document: Document, missing: list[Finding], aligned: AlignmentGap | None) -> Iterator[Gap]:
    if document.kind == "procedure":
        yield from _of_procedure(plan, document.id)
    elif document.text is None and document.kind in ("policy", "guideline"):
        yield Gap("it has no text", "write it, or drop the document")
    if blanks := len(UNFILLED.findall(_words(plan, document))):
        yield Gap(f"{_many(blanks, 'blank')} to fill in", "fill in what stands as TODO, TBD or in double braces")
    if aligned is not None:
        yield Gap("it serves no objective", aligned.fix, "/plan/alignment")
    own = [one for one in missing if _is_about(plan, document, one)]
    if own:
        packs = len({one.pack for one in own})
        said = f"{_many(len(own), 'requirement')} of {_many(packs, 'standard')} not met"
        yield Gap(said, "each has its fix on the page of standards", "/plan/standards")


def _of_procedure(plan: Plan, id: str) -> Iterator[Gap]:
    procedure = plan.procedures[id]
    if len(procedure.steps) < STUB:
        yield Gap(f"it is a stub with {_many(len(procedure.steps), 'step')}", "write its steps, or drop it")
    if not any(procedure_for(plan, type) == id for type in plan.types):
        yield Gap("no incident type uses it", "name it under `procedure` of a type, or drop it")
    if not any(step.mandatory for step in procedure.steps):
        yield Gap("no step of it is mandatory", "say which steps must be done, or nothing can be missed")


def _is_about(plan: Plan, document: Document, finding: Finding) -> bool:
    if finding.about == "policy":
        return document.key == f"policy:{plan.policy}"
    return document.kind == "plan"


def _words(plan: Plan, document: Document) -> str:
    """All prose of a document; braces in texts of communication are fields, and not looked at."""
    words = [document.title, document.scope, document.text or ""]
    if document.kind == "procedure":
        procedure = plan.procedures[document.id]
        words.append(procedure.purpose or "")
        words += [" ".join((one.title, one.details or "", one.evidence or "")) for one in procedure.steps]
    return "\n".join(words)


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
