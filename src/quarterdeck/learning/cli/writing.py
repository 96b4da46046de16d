"""`quarterdeck review` goes on: write, observe, tell, comment; submit, return, approve, publish."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.learning import actions, views
from quarterdeck.learning.cli.reviewing import Number, commands, instant, shown
from quarterdeck.record.local import AsJson, Home, open_desk, show

Positions = Annotated[
    list[int] | None, typer.Option(help="A position on the record that shows it; may be repeated.", show_default=False)
]
Text = Annotated[str, typer.Argument(help="What to say.", show_default=False)]


@commands.command("write")
def write(
    ctx: typer.Context,
    number: Number,
    prompt: Annotated[str, typer.Argument(help="summary, surprised, helped, worse or change.", show_default=False)],
    home: Home,
    file: Annotated[Path | None, typer.Option(help="Markdown; left out: from standard input.")] = None,
    seen: Annotated[int | None, typer.Option(help="The version that you began from; left out: the latest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Save the answer to one prompt, whole. Refused if somebody else changed it since the version `--seen`."""
    desk = open_desk(ctx, home)
    try:
        text = file.read_text(encoding="utf-8") if file else sys.stdin.read()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid("The text cannot be read.", (f"file: {error}",)) from None
    with desk.record.read() as conn:
        found = views.review(conn, number)
    if found is None:
        raise NotFound(f"review of incident {number}")
    version = found.version if seen is None else seen
    desk.record.perform(
        desk.who, lambda tx: actions.write_review(tx, number=number, texts={prompt: text}, seen=version)
    )
    shown(desk, number, as_json)


@commands.command("observe")
def observe(
    ctx: typer.Context,
    number: Number,
    text: Text,
    home: Home,
    prompt: Annotated[str, typer.Option(help="surprised, helped, worse or change.", show_default=False)],
    evidence: Positions = None,
    as_json: AsJson = False,
) -> None:
    """Add one thing noticed, under the prompt that it answers."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who, lambda tx: actions.observe(tx, number=number, prompt=prompt, text=text, evidence=evidence or ())
    )
    shown(desk, number, as_json)


@commands.command("grow")
def grow(
    ctx: typer.Context,
    number: Number,
    observation: Annotated[str, typer.Argument(help="The observation, as O3.", show_default=False)],
    home: Home,
    as_json: AsJson = False,
) -> None:
    """Make a lesson of an observation."""
    desk = open_desk(ctx, home)
    lesson = desk.record.perform(desk.who, lambda tx: actions.grow_lesson(tx, number=number, observation=observation))
    show({"lesson": lesson} if as_json else f"L-{lesson}", as_json)


@commands.command("tell")
def tell(
    ctx: typer.Context,
    number: Number,
    position: Annotated[int, typer.Argument(help="The entry's position, as the timeline has it.", show_default=False)],
    home: Home,
    leave_out: Annotated[bool, typer.Option("--leave-out", help="Leave it out of the story.")] = False,
    title: Annotated[str | None, typer.Option(help="Tell it under this title.")] = None,
    at: Annotated[str | None, typer.Option(help="When it really happened, as 2026-03-09T10:00Z.")] = None,
    reason: Annotated[str, typer.Option(help="Why the recorded time is wrong.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take an entry of the timeline into the story, or leave it out; the entry itself stays as it was recorded."""
    desk, when = open_desk(ctx, home), instant(at, "at")
    desk.record.perform(
        desk.who,
        lambda tx: actions.tell_entry(
            tx, number=number, position=position, told=not leave_out, title=title, occurred_at=when, reason=reason
        ),
    )
    shown(desk, number, as_json)


@commands.command("comment")
def comment(
    ctx: typer.Context,
    number: Number,
    text: Text,
    home: Home,
    about: Annotated[str, typer.Option(help="A prompt or an observation (O3); left out: the whole.")] = "",
    as_json: AsJson = False,
) -> None:
    """Comment on it."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.comment_review(tx, number=number, text=text, about=about))
    shown(desk, number, as_json)


@commands.command("submit")
def submit(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Hand it in to be read by somebody else."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.submit_review(tx, number=number))
    shown(desk, number, as_json)


@commands.command("return")
def return_(
    ctx: typer.Context,
    number: Number,
    home: Home,
    comment: Annotated[str, typer.Option(help="What is wanted.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Give it back with what is wanted."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.return_review(tx, number=number, comment=comment))
    shown(desk, number, as_json)


@commands.command("approve")
def approve(
    ctx: typer.Context,
    number: Number,
    home: Home,
    approved_by: Annotated[str, typer.Option(help="Login of the person who approved it.", show_default=False)],
    seen: Annotated[int | None, typer.Option(help="The version that was read; left out: the latest.")] = None,
    comment: Annotated[str, typer.Option(help="What the approver said.")] = "",
    as_json: AsJson = False,
) -> None:
    """Write down that somebody approved it, who did not write it alone; the record says who wrote that down."""
    desk = open_desk(ctx, home)
    desk.record.perform(
        desk.who,
        lambda tx: actions.approve_review(tx, number=number, seen=seen, comment=comment, approved_by=approved_by),
    )
    shown(desk, number, as_json)


@commands.command("publish")
def publish(
    ctx: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(help="What those told are sent, beside the link.", show_default=False)],
    home: Home,
    to: Annotated[list[str] | None, typer.Option(help="An audience of the plan; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make it known to those who took part and to audiences; says where somebody has to carry the text."""
    desk = open_desk(ctx, home)
    outside = desk.record.perform(
        desk.who, lambda tx: actions.publish_review(tx, number=number, text=text, audiences=to or ())
    )
    shown(desk, number, as_json)
    for place in outside if not as_json else ():
        typer.echo(f"Carry the text to: {place}")
