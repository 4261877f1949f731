"""`./tw demo`: a demonstration company on this machine only."""

from __future__ import annotations

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

from tradewind.config.commands.steps import (
    Listening,
    Prepared,
    ending_politely,
    jobs,
    live,
    load_demo,
    prepare,
    remember,
    web,
)
from tradewind.platform.operation.console import OperationError, note, say
from tradewind.platform.operation.instance import Identity, Instance, holds_instance, home_folder
from tradewind.platform.operation.ownership import running
from tradewind.platform.operation.ports import next_free, require_free
from tradewind.platform.operation.removal import remove_demo
from tradewind.platform.operation.supervisor import Supervisor

LOOPBACK = "127.0.0.1"
COMPANY = "信风演示公司"
TIMEZONE = "Asia/Shanghai"


def run(args: argparse.Namespace) -> int:
    """Make the demo when there is none, then run it until told to stop."""
    require_free(LOOPBACK, args.port)
    instance = demo_instance(args)
    with ending_politely(), running(instance):
        prepared = fill(instance, args)
        require_free(LOOPBACK, args.port)
        at = Listening(LOOPBACK, args.port, next_free(LOOPBACK, args.port + 1))
        remember(instance, at)
        children = [web(instance, at), jobs(instance), live(instance, at)]
        return Supervisor(children, lambda: announce(args.port, prepared)).run()


def demo_instance(args: argparse.Namespace) -> Instance:
    """The demo in the instance folder: the present one, or a new one."""
    home = home_folder()
    if holds_instance(home):
        instance = Instance.load(home)
        if instance.kind != "demo":
            raise OperationError(
                f"{home} (TRADEWIND_HOME) holds {instance.company}, a real company; choose another folder"
            )
        if instance.is_complete and not args.fresh:
            refuse_other_demo(instance, args)
            return instance
        if not args.fresh and instance.loading_with() == wanted(instance, args):
            note("the demo was not loaded to its end; going on where it stopped")
            return instance
        note("making the demo again" if args.fresh else "the demo was not loaded to its end; making it again")
        remove_demo(instance)
    return Instance.create(home, Identity("demo", COMPANY, timezone=TIMEZONE, today=args.today))


def refuse_other_demo(instance: Instance, args: argparse.Namespace) -> None:
    """Another date or size would be another demo, and is not made behind anybody's back."""
    if args.today not in {None, instance.today}:
        lives = f"on {instance.today}" if instance.today else "today"
        raise OperationError(f"this demo lives {lives}; add --fresh to make it again for {args.today}")
    size = instance.completed_with("size")
    if args.size not in {None, size}:
        raise OperationError(f"this demo is {size}; add --fresh to make it again as {args.size}")


def wanted(instance: Instance, args: argparse.Namespace) -> dict[str, str]:
    """What is to be loaded: the size, and the day the demo lives on while it is loaded."""
    today = args.today or instance.today or datetime.now(ZoneInfo(instance.timezone)).date()
    return {"size": args.size or "small", "today": str(today)}


def fill(instance: Instance, args: argparse.Namespace) -> Prepared:
    """Load the data once; the mark comes last, so that a killed load is noticed."""
    if instance.is_complete:
        return prepare(instance)
    facts = wanted(instance, args)
    instance.mark_loading(**facts)
    note(f"loading the demo ({facts['size']}, {facts['today']})")
    prepared = load_demo(instance, facts["size"], facts["today"])
    instance.mark_complete(size=facts["size"])
    return prepared


def announce(port: int, prepared: Prepared) -> None:
    """The address and who may sign in."""
    say(f"\nTradewind 信风 demo: http://{LOOPBACK}:{port}/   (Ctrl-C stops it)\n")
    width = max((len(name) for name, _, _ in prepared.accounts), default=0)
    for name, role, password in prepared.accounts:
        say(f"  {name:<{width}}  {password}  {role}")
    say()
