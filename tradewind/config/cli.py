"""The commands of `./tw`: what each is called and takes. The work is done in `commands/`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tradewind.config.safety import DEFAULT_PORT
from tradewind.demo.many.sizes import customers_of
from tradewind.platform.operation.console import OperationError, note
from tradewind.platform.operation.instance import ROOT, home_folder

INTERRUPTED = 130
STARTS_OTHERS = {"demo", "init", "serve", "worker"}  # looked over first (0.1 s): their children cannot heal


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; refusals are one plain line, not a traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0].startswith("_"):
        return run("hidden", argparse.Namespace(words=words), words)
    # What follows `test` belongs to pytest, options included.
    args, rest = build_parser().parse_known_args(words)
    if rest and args.command != "test":
        build_parser().error(f"unknown arguments: {' '.join(rest)}")
    args.rest = rest
    return run(str(args.module), args, words)


def run(module: str, args: argparse.Namespace, words: Sequence[str]) -> int:
    """Load the command's module and run it, from any folder, for one instance."""
    os.environ["TRADEWIND_HOME"] = str(home_folder())
    os.environ["PYTHONPATH"], os.environ["PYTHONSAFEPATH"] = str(ROOT), "1"
    try:
        if module in STARTS_OTHERS:
            repair(words)
        command = importlib.import_module(f"tradewind.config.commands.{module}")
        return int(command.run(args))
    except OperationError as refusal:
        note(str(refusal))
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ImportError, AttributeError, FileNotFoundError):
        repair(words)
        raise


def repair(words: Sequence[str]) -> None:
    """Start again on a rebuilt environment when files of the packages are missing; returns when none are."""
    from tradewind.platform.operation.environment import damaged_file

    tw = ROOT / "tw"
    if os.environ.get("TW_REPAIRED") or not tw.exists() or not is_our_environment():
        return
    missing = damaged_file()
    if missing is None:
        return
    note(f"a file of the environment is missing or cut short ({missing}); preparing it again")
    os.environ["TW_REPAIR"] = os.environ["TW_REPAIRED"] = "1"
    os.execv(str(tw), [str(tw), *words])  # noqa: S606 - our own script


def is_our_environment() -> bool:
    """Do we run on `.venv`? Another environment is not ours to rebuild."""
    from tradewind.platform.operation.environment import VENV

    return Path(sys.prefix).resolve() == VENV.resolve()


# -- The commands ------------------------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """All commands with their arguments."""
    parser = argparse.ArgumentParser(
        prog="tw",
        description="Tradewind 信风: an open sales management system, from plan to pay.",
        epilog="TRADEWIND_HOME names the instance folder (default: var), DATABASE_URL a server of your own.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_running(commands)
    add_business(commands)
    add_development(commands)
    return parser


Commands = argparse._SubParsersAction  # the type has no public name


def add(
    commands: Commands[argparse.ArgumentParser], name: str, text: str, module: str = ""
) -> argparse.ArgumentParser:
    """One command, whose work is in the module of the same name."""
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(module=module or name)
    return parser


def add_running(commands: Commands[argparse.ArgumentParser]) -> None:
    """Commands that make and run an instance."""
    demo = add(commands, "demo", "Run a demonstration company; makes it the first time.")
    demo.add_argument("--port", type=port, default=DEFAULT_PORT)
    demo.add_argument("--size", type=size, help="small, medium, large, or how many customers; default: small")
    demo.add_argument("--today", type=day, metavar="DATE", help="stop the clock at this date, for good")
    demo.add_argument("--fresh", action="store_true", help="throw the present demo away and make it again")
    init = add(commands, "init", "Make an instance for a real company.")
    init.add_argument("--company", required=True, metavar="NAME")
    init.add_argument("--currency", default="CNY", help="default: CNY")
    init.add_argument("--timezone", default="Asia/Shanghai", help="default: Asia/Shanghai")
    serve = add(commands, "serve", "Serve the pages of a real instance.")
    serve.add_argument("--port", type=port, default=DEFAULT_PORT)
    serve.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS", help="default: 127.0.0.1")
    add(commands, "worker", "Run the background jobs of an instance.")
    link = add(commands, "link", "Print a one-time sign-in link.")
    link.add_argument("name", metavar="NAME")
    link.add_argument(
        "--port", type=port, help="where it is served on this machine, if not where it was last"
    )


def add_business(commands: Commands[argparse.ArgumentParser]) -> None:
    """Commands that read and write business data."""
    load = add(commands, "import", "Import a file.", module="import_")
    load.add_argument("path", type=Path, metavar="PATH")
    load.add_argument("--as", dest="kind", required=True, metavar="KIND", help="customers, contacts, …")
    load.add_argument("--dry-run", action="store_true", help="check everything, change nothing")
    load.add_argument("--as-person", metavar="NAME", help="with the rights of whoever signs in so")
    load.add_argument("--update", action="store_true", help="of customers, also change those known already")
    load.add_argument("--keep-good", action="store_true", help="import the right rows even if some are wrong")
    figure = add(commands, "figure", "Print a figure, and what it is made of.")
    figure.add_argument("measure", metavar="MEASURE")
    figure.add_argument("--by", metavar="DIMENSION")
    figure.add_argument("--level", type=int, metavar="N")
    figure.add_argument("--from", dest="start", type=day, metavar="DATE")
    figure.add_argument("--to", dest="end", type=day, metavar="DATE")
    figure.add_argument("--json", action="store_true")
    figure.add_argument("--explain", action="store_true", help="the entries behind it, a page at a time")
    figure.add_argument("--key", help="explain one row of the breakdown")
    figure.add_argument("--part", default="", help="explain the numerator or the denominator alone")
    figure.add_argument("--after", default="", help="explain from this cursor on")
    describe = add(
        commands, "describe", "Print a declared command, measure or resource and what hangs on it."
    )
    describe.add_argument("name", metavar="NAME", nargs="?", help="default: list all names")
    add(commands, "verify", "Check that the books agree with the documents.")


def add_development(commands: Commands[argparse.ArgumentParser]) -> None:
    """Commands for whoever changes the program."""
    test = add(commands, "test", "Run the tests; further arguments go to pytest.")
    test.add_argument("--long", action="store_true", help="explore more, run what is marked long")
    check = add(commands, "check", "Run every check of the source.")
    check.add_argument("--fix", action="store_true", help="first put the source into the form of the house")
    bench = add(commands, "bench", "Measure the program beside plain SQL, and as the company grows.")
    bench.add_argument(
        "names", metavar="NAME", nargs="*", help="list, search, move, …, plans; default: all but plans"
    )
    bench.add_argument("--sizes", metavar="10k,100k,1m", help="default: those made already, else small")
    bench.add_argument(
        "--seconds", type=float, default=2.0, metavar="S", help="for each measurement; default: 2"
    )
    bench.add_argument("--home", type=Path, metavar="DIR", help="where the measured instances are kept")
    bench.add_argument("--report", type=Path, metavar="FILE.html", help="default: report.html there")
    made = add(commands, "migration", "Write the migration of changed models.")
    made.add_argument("app", metavar="APP", help="such as customers")
    made.add_argument("name", metavar="NAME", help="what it does, such as purchasing_volume")


def port(text: str) -> int:
    """A port number as typed."""
    number = int(text)
    if not 1 <= number <= 65534:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65534; the one after it is taken too")
    return number


def size(text: str) -> str:
    """How large a demo is, as typed."""
    try:
        customers_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def day(text: str) -> date:
    """A date as typed, like 2026-03-31."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-03-31") from error
