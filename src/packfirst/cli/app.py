"""The commands, and how every error becomes one clear line and an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from packfirst import __version__, errors
from packfirst.cli import (
    base,
    calibrate,
    catalog,
    envelope,
    explain,
    hindcast,
    init,
    qualify,
    reliability,
    rfq,
    route,
    schedule,
    seal,
    study,
    thermal,
    validate,
    warpage,
)

app = typer.Typer(
    name="packfirst", add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None, help="Choose the package before the die: explore, assess, and hand on the limits.",
)  # fmt: skip
app.add_typer(catalog.app, name="catalog")
study.register(app)
init.register(app)
envelope.register(app)
explain.register(app)
validate.register(app)
calibrate.register(app)
hindcast.register(app)
thermal.register(app)
warpage.register(app)
reliability.register(app)
route.register(app)
qualify.register(app)
seal.register(app)
rfq.register(app)
schedule.register(app)
base.register(app)


# typer carries its own copy of click in some releases: this is the root of whichever errors it raises.
_COMMAND_LINE_ERROR: Any = typer.BadParameter.__mro__[2]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version and end."),
) -> None:
    if version:
        typer.echo(__version__)
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(errors.EXIT_BAD_INPUT)


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code; no traceback reaches the user."""
    try:
        code = _called(list(arguments))
        sys.stdout.flush()
        return code
    except _COMMAND_LINE_ERROR as error:
        return _say(f"{error.format_message().rstrip('.')}; see 'packfirst --help'", errors.EXIT_BAD_INPUT)
    except errors.PackfirstError as error:
        return _say(str(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        resumes = (
            "; the same command resumes where it was" if arguments[:1] in (["explore"], ["hindcast"]) else ""
        )
        return _say(f"stopped{resumes}", errors.EXIT_INTERRUPTED)
    except BrokenPipeError:
        _close_stdout()  # whoever read our output has gone, as `head` does; that is no error
        return errors.EXIT_DONE
    except OSError as error:
        _close_stdout()
        return _say(f"{error.filename or 'output'}: {error.strerror or error}", errors.EXIT_BAD_INPUT)
    except Exception as error:  # the last line of defence: our own fault, said in one line
        if os.environ.get("PACKFIRST_TRACEBACK"):
            raise
        reason = " ".join([*str(error).splitlines()[:1], *getattr(error, "__notes__", [])])
        return _say(
            f"our fault, {type(error).__name__}: {reason}; run again with PACKFIRST_TRACEBACK=1 and send us what "
            "it prints",
            errors.EXIT_OUR_FAULT,
        )


def _called(arguments: list[str]) -> int:
    """Calls the command. Not by typer's own `main`, which has its own mind on interrupts and broken pipes."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("packfirst", arguments) as context:
            command.invoke(context)
    except typer.Exit as end:
        return end.exit_code
    return errors.EXIT_DONE


def _close_stdout() -> None:
    """Lets what is still to be written go nowhere, so that Python does not complain of it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str, code: int) -> int:
    for line in text.splitlines():
        print(f"packfirst: {line}", file=sys.stderr)
    return code
