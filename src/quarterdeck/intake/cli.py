"""`quarterdeck signal`: send one as the local operator, list what stands."""

from typing import Annotated

import typer

from quarterdeck.intake import actions, views
from quarterdeck.intake.events import Link
from quarterdeck.intake.rules import SEVERITIES, clean, clean_labels, clean_links, key_of, severity_of
from quarterdeck.intake.rules.arrival import LONGEST_KEY, Action, Arrival
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.ids import new_id
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="signal", help="Signals: send one, list what stands.", no_args_is_help=True)
SOURCE = "generic"
Titled = Annotated[str, typer.Option("--title", help="What is wrong, in one line.")]
Severity = Annotated[str, typer.Option("--severity", help=f"{', '.join(SEVERITIES)}.")]
Service = Annotated[str | None, typer.Option("--service", help="The id of the service concerned.")]
Labels = Annotated[list[str] | None, typer.Option("--label", help="NAME=VALUE; may be given more than once.")]
Links = Annotated[list[str] | None, typer.Option("--link", help="An http(s) address; may be given more than once.")]
DedupKey = Annotated[str | None, typer.Option("--dedup-key", help="Names the signal, to repeat or resolve it later.")]


@commands.command("send")
def send(
    ctx: typer.Context,
    home: Home,
    title: Titled = "",
    severity: Severity = "error",
    service: Service = None,
    label: Labels = None,
    link: Links = None,
    dedup_key: DedupKey = None,
    resolve: Annotated[bool, typer.Option("--resolve", help="Say that it is over.")] = False,
    acknowledge: Annotated[bool, typer.Option("--acknowledge", help="Say that it has been seen.")] = False,
    as_json: AsJson = False,
) -> None:
    """Raise a signal as a monitor would; with --dedup-key and --resolve, end it."""
    desk = open_desk(ctx, home)
    action: Action = "resolve" if resolve else "acknowledge" if acknowledge else "raise"
    if action == "raise" and not title.strip():
        raise Invalid("Say what is wrong, with --title.")
    if action != "raise" and not dedup_key:
        raise Invalid(f"Say which signal, with --dedup-key: the one you raised it with. `{action}` needs it.")
    key = clean(dedup_key or new_id(desk.record.clock.now()), LONGEST_KEY)
    arrival = Arrival(
        action=action,
        source=SOURCE,
        dedup_key=key,
        key=key_of(SOURCE, key),
        title=clean(title),
        severity=severity_of(severity),
        labels=clean_labels(_labels(label or [], service, severity)),
        links=clean_links([Link(address) for address in link or []]),
        sender=desk.who.id,
    )
    desk.record.perform(desk.who, lambda tx: actions.accept(tx, [arrival]))
    show({"dedup_key": key, "action": action} if as_json else f"{action}: {key}", as_json)


def _labels(given: list[str], service: str | None, severity: str) -> dict[str, str]:
    labels = {"severity": severity_of(severity)}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise Invalid(f"--label {text!r} is no NAME=VALUE.")
        labels[name] = value
    if service:
        labels["service"] = service
    return labels


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    state: Annotated[str | None, typer.Option("--state", help=f"Only {', '.join(views.STATES)}.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=views.MOST)] = 50,
    as_json: AsJson = False,
) -> None:
    """Signals, the last raised first."""
    if state is not None and state not in views.STATES:
        raise Invalid(f"There is no state {state!r}; there are {', '.join(views.STATES)}.")
    with open_desk(ctx, home).record.read() as conn:
        page = views.signals(conn, state=state, limit=limit)
    show(page.items, as_json, columns=("state", "severity", "count", "incident", "source", "title", "last_seen"))
