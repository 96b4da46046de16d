"""Check a plan's files: a plan that may be published, or every fault at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.faults import Fault, Path, Place
from quarterdeck.plan.rules.hours import check_hours
from quarterdeck.plan.rules.model import Plan
from quarterdeck.plan.rules.reading import Reading, read
from quarterdeck.plan.rules.references import check_references
from quarterdeck.plan.rules.shape import validate
from quarterdeck.plan.rules.soundness import check_soundness


@dataclass(frozen=True)
class Checked:
    """`plan` is there if and only if there are no faults. `place` says where something stands in the files."""

    plan: Plan | None
    faults: tuple[Fault, ...]
    reading: Reading

    def place(self, path: Path) -> Place:
        return self.reading.place(path)

    def sound(self) -> Plan:
        """The plan. Raises `Invalid` with every fault if there is one."""
        if self.plan is None:
            count = len(self.faults)
            faults = f"{count} fault{'s' if count != 1 else ''}"
            raise Invalid(f"The plan has {faults} and was not published.", tuple(map(str, self.faults[:500])))
        return self.plan

    def document(self) -> dict[str, Any]:
        """The plan as JSON values, as it is recorded. Defaults are written out: a new one then changes no old plan."""
        return self.sound().model_dump(mode="json")


def check(files: Mapping[str, str], met: Iterable[Fault] = ()) -> Checked:
    """Read, join and check the files (name → text). `met`: faults that stood in the way of reading other files."""
    reading = read(files)
    for fault in met:
        reading.faults.append(fault)
        reading.unread.append(None)
    plan = None
    if reading.document or not reading.faults:
        unread = bool(reading.faults)
        plan = validate(reading)
        check_references(reading)
        check_soundness(reading, plan)
        check_hours(reading, plan)
        if unread:
            plan = None
    faults = tuple(sorted(set(reading.faults)))
    return Checked(None if faults else plan, faults, reading)
