"""The demo, run: in the terminal from beginning to end, or in a browser with a button for each step."""

import signal
import time
import webbrowser

import typer

from quarterdeck.app import logs
from quarterdeck.app.demo import company, stage
from quarterdeck.app.demo.pages import routes
from quarterdeck.app.demo.story import STEPS, DidNotHappen, Story
from quarterdeck.kernel.time import monotonic


def run(*, headless: bool, port: int, keep: bool) -> int:
    """Set the stage and tell the story; returns the exit code."""
    began = monotonic()
    logs.configure()
    signal.signal(signal.SIGTERM, _end)
    made = stage.set_up(port)
    story = Story(made)
    try:
        if headless:
            stage.open_doors(made, [])
            seconds = monotonic() - began
            typer.echo(f"A company with {company.INCIDENTS} incidents is ready after {seconds:.1f} s, in {made.home}.")
            return _tell(story)
        return _show(story, began)
    finally:
        made.close(keep=keep)


def _end(signum: int, frame: object) -> None:
    """Ended from outside it ends as by Ctrl-C: the engine's process goes with it."""
    raise SystemExit(0)


def _tell(story: Story) -> int:
    for name in STEPS:
        said = len(story.lines)
        try:
            getattr(story, name)()
        except DidNotHappen as broken:
            typer.echo(str(broken), err=True)
            return 1
        for line in story.lines[said:]:
            typer.echo(f"{line.at:6.1f} s  {line.text}\n          $ {line.command}")
    return 0


def _show(story: Story, began: float) -> int:
    stage.open_doors(story.stage, routes(story))
    address = f"{story.stage.base_url}/demo/enter/{story.stage.entry}"
    typer.echo(f"Ready after {monotonic() - began:.1f} s. Open {address}")
    typer.echo(f"Sign in elsewhere as `{company.YOU}` with {story.stage.password}. Ctrl-C ends the demo.")
    webbrowser.open(address)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0
