"""The command line: parse, call, print."""

import sys


def main() -> None:
    """Entry point. Ends the process with an exit code of `packfirst.errors`."""
    from packfirst.cli.app import run

    sys.exit(run(sys.argv[1:]))
