"""`./tw verify`: the books agree with the documents, the sums with the books, the record with its seals."""

from __future__ import annotations

import argparse

from tradewind.config.commands.steps import ending_politely, with_django
from tradewind.platform.operation.console import say
from tradewind.platform.operation.instance import Instance
from tradewind.platform.operation.ownership import running


def run(args: argparse.Namespace) -> int:
    """Check everything; 1 when anything is wrong, and say what."""
    del args
    instance = Instance.load()
    with ending_politely(), running(instance):
        with_django(instance)
        from tradewind.config.verification import verify

        findings = verify()
    for finding in findings:
        say(f"{'ok ' if finding.is_right else 'BAD'}  {finding.what}: {finding.result}")
    return 0 if all(finding.is_right for finding in findings) else 1
