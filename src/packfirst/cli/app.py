"""The commands, and how every error becomes one clear line and an exit code."""

import os
import sys
from collections.abc import Sequence

import click
import typer

from packfirst import __version__, errors
from packfirst.cli import catalog, envelope, init, study, thermal

app = typer.Typer(
    name="packfirst", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None, help="Choose the package before the die: explore, assess, and hand on the limits.",
)  # fmt: skip
app.add_typer(catalog.app, name="catalog")
study.register(app)
init.register(app)
envelope.register(app)
thermal.register(app)


@app.callback(invoke_without_command=True)
def _root(version: bool = typer.Option(False, "--version", help="Print the version and end.")) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Runs a command line and returns its exit code; no traceback reaches the user."""
    try:
        code = typer.main.get_command(app).main(list(arguments), prog_name="packfirst", standalone_mode=False)
        return int(code or errors.EXIT_DONE)
    except click.exceptions.NoArgsIsHelpError as help_text:
        typer.echo(help_text.format_message())
        return errors.EXIT_BAD_INPUT
    except click.ClickException as error:
        return _say(f"{error.format_message()}; see 'packfirst --help'", errors.EXIT_BAD_INPUT)
    except errors.PackfirstError as error:
        return _say(str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _say("stopped; the same command resumes where it was", errors.EXIT_INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; that is no error, but stdout must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return errors.EXIT_DONE
    except Exception as error:  # noqa: BLE001 - the last line of defence: our own fault, said in one line
        if os.environ.get("PACKFIRST_TRACEBACK"):
            raise
        reason = str(error).splitlines()[0] if str(error) else ""
        return _say(
            f"packfirst failed: {type(error).__name__}: {reason}. This is our fault; run again with "
            "PACKFIRST_TRACEBACK=1 and send us what it prints",
            errors.EXIT_OUR_FAULT,
        )


def _say(text: str, code: int) -> int:
    for line in text.splitlines():
        print(f"packfirst: {line}", file=sys.stderr)
    return code
