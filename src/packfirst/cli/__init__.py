"""The command line: parse, call, print."""

import os
import signal
import sys

from packfirst.errors import EXIT_INTERRUPTED


def main() -> None:
    """Entry point. Ends the process with an exit code of `packfirst.errors`."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stop)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without a letter is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    from packfirst.cli.app import run

    sys.exit(run(sys.argv[1:]))


def _stop(*_: object) -> None:
    """Stops cleanly when it is first told to, and at once the second time."""
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, _stop_now)
    raise KeyboardInterrupt


def _stop_now(*_: object) -> None:
    # A study survives it: SQLite writes all or nothing, and workers end with their parent.
    os._exit(EXIT_INTERRUPTED)
