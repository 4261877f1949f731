"""Give people of an instance a password: `python -m tests.faults.let_in PASSWORD NAME…`."""

from __future__ import annotations

import os
import sys

import django


def let_in(password: str, names: list[str]) -> None:
    """As the link does that an administrator hands out."""
    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope
    from tradewind.platform.spine.models import User

    with scope(Actor.system("test")):
        for user in User.objects.filter(username__in=names):
            user.set_password(password)
            user.save(update_fields=["password"])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
    django.setup()
    let_in(sys.argv[1], sys.argv[2:])
