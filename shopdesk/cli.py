"""`shopdesk`: the command line behind `make run`, and the shop's tool for its data and credentials."""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import typer

from shopdesk.home import prepare_home
from shopdesk_schemas.problems import ShopdeskError

if TYPE_CHECKING:
    from pydantic import ValidationError

COMMANDS = (
    "up",
    "demo",
    "import_",
    "export",
    "unify",
    "data_quality",
    "rebuild",
    "analyse",
    "train",
    "review_worker",
    "agent",
    "identity_token",
    "api_key",
    "audit",
    "backup",
    "encryption",
    "people",
)
"""The modules of `shopdesk.commands`, in the order of the help. Each has `register(app)` and imports what is heavy
inside its functions, so that `shopdesk --help` answers at once."""

FAILED = 1
WRONG_USE = 2

app = typer.Typer(
    help="Shopdesk: a self-hosted customer-service desk for online shops.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _before_every_command() -> None:
    if not {"-h", "--help"} & set(sys.argv):
        prepare_home()


for _name in COMMANDS:
    import_module(f"shopdesk.commands.{_name}").register(app)


def main() -> None:
    """Runs the command line. An error that a person can do something about is one sentence, never a traceback.

    Exit status: 0 done, 1 could not be done, 2 wrong use or a wrong setting.
    """
    from pydantic import ValidationError

    # A stop from outside unwinds like Ctrl-C, so that a command ends what it started and leaves nothing half done.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        app()
    except ShopdeskError as error:
        _stop(error.detail or error.title, *(f"{problem.field}: {problem.message}" for problem in error.errors))
    except ValidationError as error:
        # Settings are the only models that a command builds from what a person gave outside its arguments.
        if not error.title.endswith("Settings"):
            raise
        _stop("A setting cannot be used.", *_setting_problems(error), status=WRONG_USE)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        _stop(f"The disk that holds {os.environ['SHOPDESK_HOME']} is full. Free some space and try again.")


def _setting_problems(error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in problem["loc"]).upper()
        words = problem["msg"].removeprefix("Value error, ")
        lines.append(f"SHOPDESK_{name}: {words}" if name else words)
    return lines


def _stop(*lines: str, status: int = FAILED) -> None:
    typer.echo("\n".join(("shopdesk: " + lines[0], *("  " + line for line in lines[1:]))), err=True)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
