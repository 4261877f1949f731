"""The door: nobody signs up; people come in by the link an administrator hands them."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's behaviour without open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
