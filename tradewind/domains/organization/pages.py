"""What people are called in the corner of every page, and where a one-time link leads."""

from collections.abc import Sequence

from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from django.utils.translation import gettext as _

from tradewind.domains.organization import commands, queries
from tradewind.domains.organization.roles import names_of
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.models import User
from tradewind.platform.surface.shell.context import Who
from tradewind.platform.surface.shell.lists import listed


def who(actor: Actor) -> Who:
    """The person acting, for the corner of every page."""
    card = queries.card_of(actor)
    return Who(card.sign_in, card.name, role_names(card.roles), card.unit)


def role_names(roles: Sequence[str]) -> str:
    """What somebody is, in words."""
    return listed(_(name) for name in names_of(roles))


def path_of(invited: commands.Invited) -> str:
    """The address of a one-time link on this site."""
    key = {"uidb36": user_pk_to_url_str(User(pk=invited.user_id)), "key": invited.token}
    return reverse("account_reset_password_from_key", kwargs=key)
