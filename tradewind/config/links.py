"""One-time links for the command line: the same command as the page's, acting as the system."""

from tradewind.domains.organization import commands
from tradewind.domains.organization.pages import path_of
from tradewind.domains.organization.queries import person_ref
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.session import scope


def one_time_path(sign_in: str) -> str:
    """The path of a new one-time link for a person; raises `NotVisible` for an unknown name."""
    with scope(Actor.system("link")) as actor:
        return path_of(commands.invite(actor, person_ref(actor, sign_in), commands.Invitation()))
