"""Every right that a role can be given has words; without them the page of roles breaks or hides it."""

import tradewind.config.urls  # noqa: F401 every room is open then
from tests.permissions.test_commands import COMMANDS
from tradewind.domains.organization.rules import BUILT_IN
from tradewind.domains.organization.wording import (
    RESOURCES,
    TAKEN_FOR_GRANTED,
    VERBS,
    offered,
    resource_of,
    verb_of,
)
from tradewind.platform.spine.command import all_commands


def test_every_right_that_can_be_given_has_words_for_its_object_and_its_verb() -> None:
    wordless = [r for r in offered() if resource_of(r) not in RESOURCES or verb_of(r) not in VERBS]
    assert len(offered()) > 80
    assert wordless == [], "add them to RESOURCES and VERBS in tradewind/domains/organization/wording.py"


def test_every_command_that_a_role_may_do_is_offered_or_taken_for_granted() -> None:
    held = set().union(*(role.rights for role in BUILT_IN.values()))
    needed = {one.right for one in all_commands() if COMMANDS[one.name]}
    hidden = {r for r in needed & held if r not in offered() and resource_of(r) not in TAKEN_FOR_GRANTED}
    assert hidden == set()
