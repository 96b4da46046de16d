"""One sheet is one sheet: sentences are cut and lists shortened, step by step, until the page fits. Pure."""

from collections.abc import Sequence

import msgspec

from quarterdeck.direction.events.reporting import ExecutivePage, Line
from quarterdeck.direction.rules.reporting.wanting import cut

STEPS: tuple[tuple[int, int], ...] = ((40, 6), (24, 4), (14, 3), (14, 2), (8, 2))
"""Words of a sentence and lines of a list at most. What was issued stays whole; only the paper is shorter."""


def shortened(page: ExecutivePage, words: int, lines: int) -> ExecutivePage:
    """No sentence longer and no list longer than that, in the end no chart; what is cut ends in an ellipsis."""
    replace = msgspec.structs.replace
    return replace(
        page,
        headline=cut(page.headline, max(words, 30)),
        note=cut(page.note, max(words, 30)),
        exposure=_cut((page.exposure,), words, 1)[0] if page.exposure else None,
        at_ease=cut(page.at_ease, words),
        standings=tuple(
            replace(
                one,
                name=cut(one.name, 6),
                text=cut(one.text, words),
                beneath=_cut(one.beneath, words, 2 if lines > 2 else 1),
            )
            for one in page.standings[: max(lines, 3)]
        ),
        weeks=page.weeks if lines > 2 else (),
        trends=tuple(replace(one, text=cut(one.text, words)) for one in page.trends),
        decisions=tuple(
            replace(
                one, question=cut(one.question, words), waiting=cut(one.waiting, words), advice=cut(one.advice, words)
            )
            for one in page.decisions
        ),
        since_last=_cut(page.since_last, words, lines),
        overdue=_cut(page.overdue, words, lines),
        debt=_cut(page.debt, words, lines),
        clocks=_cut(page.clocks, words, lines),
    )


def _cut(rows: Sequence[Line], words: int, lines: int) -> tuple[Line, ...]:
    return tuple(msgspec.structs.replace(one, text=cut(one.text, words)) for one in rows[:lines])
