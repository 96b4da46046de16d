"""`quarterdeck service`: add, list and retire services, or apply a whole file of them."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from quarterdeck.catalog import actions, views
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.catalog.rules import Entry
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer(name="service", help="The services that can break: add, list, retire.", no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The service's id, such as web-shop.", show_default=False)]
_LARGEST_FILE, _DEEPEST = 1_000_000, 6


class _Loss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    amount: float
    currency: str
    source: str


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...] = ()
    escalation_path: str | None = None
    tolerance: int | None = None
    loss: _Loss | None = None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    services: dict[str, _Entry]


@commands.command("add")
def add(
    ctx: typer.Context,
    id: Id,
    home: Home,
    name: Annotated[str, typer.Option(help="As people call it.", show_default=False)],
    team: Annotated[str, typer.Option(help="The id of the team that owns it.", show_default=False)],
    tier: Annotated[int, typer.Option(help="1 (most critical) to 4.", min=1, max=4)] = 3,
    depends_on: Annotated[list[str] | None, typer.Option(help="A service that it needs; may be repeated.")] = None,
    escalation_path: Annotated[str | None, typer.Option(help="An escalation path of the plan.")] = None,
    tolerance: Annotated[int | None, typer.Option(help="Minutes of interruption that its owner tolerates.")] = None,
    loss: Annotated[float | None, typer.Option(help="What an hour without it costs; with --currency.")] = None,
    currency: Annotated[str, typer.Option(help="Of --loss, as EUR.")] = "",
    loss_source: Annotated[str, typer.Option(help="Who says what an hour costs, and when they said so.")] = "",
) -> None:
    """Add a service."""
    desk = open_desk(ctx, home)
    priced = None if loss is None else HourlyLoss(amount=loss, currency=currency.upper(), source=loss_source)
    desk.record.perform(
        desk.who,
        lambda tx: actions.add_service(
            tx,
            id=id,
            name=name,
            team=team,
            tier=tier,
            depends_on=depends_on or (),
            escalation_path=escalation_path,
            tolerance=tolerance,
            loss=priced,
        ),
    )
    typer.echo(f"The service {id} is in the catalogue.")


@commands.command("list")
def list_(
    ctx: typer.Context,
    home: Home,
    retired: Annotated[bool, typer.Option("--retired", help="Retired services, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Services, most critical first."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.services(conn, retired=retired)
    plain: list[dict[str, Any]] = [
        {
            "tier": row.tier,
            "id": row.id,
            "name": row.name,
            "team": row.team,
            "needs": ", ".join(row.depends_on),
            "state": "in use" if row.active else "retired",
        }
        for row in rows
    ]
    show(rows if as_json else plain, as_json, ("tier", "id", "name", "team", "needs", "state"))


@commands.command("retire")
def retire(ctx: typer.Context, id: Id, home: Home) -> None:
    """Take a service out of use. Its history stays."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.retire_service(tx, id=id))
    typer.echo(f"The service {id} is retired.")


@commands.command("apply")
def apply(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML or JSON: services: {id: {name, team, tier, …}}")],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Add or revise every service of a file, all or none. Services that the file leaves out stay as they are."""
    entries = read_entries(file)
    desk = open_desk(ctx, home)
    added, revised = desk.record.perform(desk.who, lambda tx: actions.apply_services(tx, entries=entries))
    if as_json:
        show({"added": added, "revised": revised, "unchanged": len(entries) - added - revised}, True)
    else:
        typer.echo(f"{added} added, {revised} revised, {len(entries) - added - revised} unchanged.")


def read_entries(file: Path) -> dict[str, Entry]:
    """The services of a YAML or JSON file. Refuses aliases, deep nesting and files above 1 MB."""
    try:
        with file.open("rb") as opened:
            raw = opened.read(_LARGEST_FILE + 1)
        if len(raw) > _LARGEST_FILE:
            raise Invalid(f"{file}: larger than 1 MB. Apply it in parts.")
        text = raw.decode("utf-8")
        _refuse_bombs(file, text)
        document = YAML(typ="safe", pure=True).load(text)
        read = msgspec.convert(document, _File)
    except OSError as error:
        raise Invalid(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{file}: not UTF-8 text") from error
    except (YAMLError, ValueError) as error:
        raise Invalid(f"{file}: {error}") from error
    return {
        id: Entry(
            one.name.strip(),
            one.team,
            one.tier,
            tuple(dict.fromkeys(one.depends_on)),
            one.escalation_path,
            one.tolerance,
            HourlyLoss(**msgspec.structs.asdict(one.loss)) if one.loss else None,
        )
        for id, one in read.services.items()
    }


def _refuse_bombs(file: Path, text: str) -> None:
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent) or depth > _DEEPEST:
            raise Invalid(f"{file}:{event.start_mark.line + 1}: aliases and deep nesting are not allowed here")
