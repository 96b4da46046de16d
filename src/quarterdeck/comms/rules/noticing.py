"""A word after the incident, for the public: only where the plan, as the incident pinned it, has a page for them."""

from quarterdeck.comms import events as ev
from quarterdeck.comms.rules.state import Comms
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


def publish(state: Comms, now: Instant, audience: str, text: str, by: str) -> list[Event]:
    """Nothing for an audience that is told in private."""
    if audience not in state.begun.public:
        return []
    return [ev.NoticePublished(at=now, audience=audience, text=text.strip(), by=by)]
