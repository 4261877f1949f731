"""A command that uses the database of an instance until it is told to end by a line on stdin."""

from __future__ import annotations

import sys
from pathlib import Path

from tradewind.platform.operation.console import say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running

with running(Instance.load(Path(sys.argv[1]))) as server:
    say(f"{server.pid}")
    sys.stdin.readline()
say("ended")
