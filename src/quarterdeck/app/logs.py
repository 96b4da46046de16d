"""What a line of the log looks like: no values of variables, which may be secrets; nothing that moves a terminal."""

import sys

import structlog


class _Lines:
    """Where log lines go. A full disk or a closed pipe under the log must not end a loop that pages people."""

    def msg(self, line: str) -> None:
        try:
            print(line, flush=True)
        except (OSError, ValueError):
            return

    log = debug = info = warn = warning = error = err = critical = exception = fatal = failure = msg


def configure() -> None:
    """For every process that serves. The library's own tracebacks show local variables: cookies, keys, passwords."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stdout.isatty(),
                exception_formatter=structlog.dev.plain_traceback,
                repr_native_str=True,  # a path or a title from outside may hold line ends and terminal escapes
            ),
        ],
        logger_factory=lambda *_: _Lines(),
    )
