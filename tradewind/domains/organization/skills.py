"""Changes of the list of skills, which positions ask for."""

from tradewind.domains.organization.models import Skill
from tradewind.domains.organization.policy import SKILLS
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.command import Given, command, creation
from tradewind.platform.spine.removal import removals


@creation("organization.skill.create", on=SKILLS)
def create_skill(actor: Actor, given: Given) -> Skill:
    """A further skill under a name of its own."""
    return Skill.objects.create(**given.values)


@command("organization.skill.edit", on=SKILLS)
def edit_skill(actor: Actor, skill: Skill, given: Given) -> Skill:
    """Call or describe it otherwise; positions that ask for it still do."""
    return skill.change(**given.values)


remove_skills = removals("organization.skill.remove", on=SKILLS)
