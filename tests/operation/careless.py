"""A program that starts a server and never takes notice of its end: the killed server stays as a zombie."""

from __future__ import annotations

import sys
from pathlib import Path

from tradewind.platform.operation import postmaster
from tradewind.platform.operation.console import say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.postgres import own_cluster

cluster = own_cluster(Instance.load(Path(sys.argv[1])))
cluster.bring_up()
found = postmaster.living(cluster.place.data)
say(f"{found.pid if found else None}")
sys.stdin.readline()
