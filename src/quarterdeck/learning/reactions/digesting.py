"""The plan's calendar sets the digest's day; when it comes, everybody is told what was learnt."""

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.events.digesting import DigestDue
from quarterdeck.learning.rules.digesting import message
from quarterdeck.plan.events import PlanPublished
from quarterdeck.record import Reaction, Recorded, Tx


def on_plan_published(tx: Tx, recorded: Recorded) -> None:
    actions.plan_digest(tx)


def on_digest_due(tx: Tx, recorded: Recorded) -> None:
    """One text for everybody, and before it what each person's own teams learnt. Nobody is told of nothing."""
    month = recorded.event.month
    all_ = views.learned(tx.connection, month)
    texts = {}
    teams: dict[str, list[str]] = {}
    for one in [] if all_.nothing else people(tx.connection):
        if not one.active or not may(Principal(f"person/{one.id}", frozenset(one.roles)), Permission.READ):
            continue
        own = []
        for team in one.teams:
            teams.setdefault(team, views.learned(tx.connection, month, team).lines)
            own += teams[team]
        texts[one.id] = (f"What we learned in {all_.month_words}", message([*own, *all_.lines]))
    actions.send_digest(tx, month=month, texts=texts)


REACTIONS = (
    Reaction("learning.digest_on_plan_published", (PlanPublished,), on_plan_published),
    Reaction("learning.on_digest_due", (DigestDue,), on_digest_due),
)
