"""Is it alive, will it page, and how much: for load balancers, watchdogs and Prometheus."""

from datetime import timedelta
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from quarterdeck.app.reacting import parked_reactions
from quarterdeck.governance.rules import Permission
from quarterdeck.notify.views import canary
from quarterdeck.record import Record, alarms
from quarterdeck.record.history import head

CANARY_WITHIN = timedelta(seconds=180)


@get("/healthz", opt={"public": "load balancers have no key"}, sync_to_thread=False)
def healthz() -> dict[str, str]:
    """The process answers. Says nothing about paging: that is `/readyz`."""
    return {"status": "alive"}


@get("/readyz", opt={"public": "load balancers and watchdogs have no key"}, sync_to_thread=True)
def readyz(record: NamedDependency[Record]) -> Response[dict[str, Any]]:
    """Ready only when a canary page has gone the whole way (alarm, lease, channel, outcome) within three minutes."""
    now = record.clock.now()
    with record.read() as conn:
        seen = canary(conn)
        late, since = alarms.waiting(conn, now)
    arrived = seen.arrived_at if seen else None
    ready = arrived is not None and now - arrived <= CANARY_WITHIN
    body = {
        "status": "ready" if ready else "not ready",
        "canary_arrived_at": arrived.isoformat() if arrived else None,
        "alarms_overdue": late,
        "oldest_overdue_since": since.isoformat() if since else None,
    }
    return Response(body, status_code=200 if ready else 503)


@get("/metrics", opt={"may": Permission.READ}, sync_to_thread=True, media_type="text/plain")
def metrics(record: NamedDependency[Record]) -> Response[bytes]:
    """Gauges in Prometheus' text format; scrape with a key that has the viewer role."""
    now = record.clock.now()
    registry = CollectorRegistry()
    with record.read() as conn:
        late, since = alarms.waiting(conn, now)
        values = {
            "quarterdeck_record_position": ("Last position of the record", head(conn)),
            "quarterdeck_alarms_overdue": ("Alarms that are due and not served yet", late),
            "quarterdeck_alarm_oldest_seconds": (
                "Age of the oldest alarm not served",
                (now - since).total_seconds() if since else 0,
            ),
            "quarterdeck_reactions_parked": ("Reactions that failed and wait", len(parked_reactions(conn))),
        }
        seen = canary(conn)
    if seen and seen.arrived_at:
        age = (now - seen.arrived_at).total_seconds()
        values["quarterdeck_canary_age_seconds"] = ("Since the last canary page arrived", age)
    for name, (text, value) in values.items():
        Gauge(name, text, registry=registry).set(value)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


ROUTES = [healthz, readyz, metrics]
