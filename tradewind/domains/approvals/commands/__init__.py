"""Changes of requests and processes."""

from tradewind.domains.approvals.commands.deciding import (
    Handing,
    Note,
    Outcome,
    Sending,
    Signing,
    Verdict,
    add_signer,
    approve,
    comment,
    copy_in,
    decide_many,
    delegate,
    reject,
    remind,
    send_back,
    withdraw,
)
from tradewind.domains.approvals.commands.processes import arrange, publish, switch_off
from tradewind.domains.approvals.commands.submitting import Resubmission, resubmit, submit
from tradewind.domains.approvals.commands.timing import escalate_overdue

__all__ = [
    "Handing",
    "Note",
    "Outcome",
    "Resubmission",
    "Sending",
    "Signing",
    "Verdict",
    "add_signer",
    "approve",
    "arrange",
    "comment",
    "copy_in",
    "decide_many",
    "delegate",
    "escalate_overdue",
    "publish",
    "reject",
    "remind",
    "resubmit",
    "send_back",
    "submit",
    "switch_off",
    "withdraw",
]
