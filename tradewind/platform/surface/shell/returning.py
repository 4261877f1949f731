"""Where to go after an act: within this site only."""

from django.utils.http import url_has_allowed_host_and_scheme


def within_site(target: str) -> str:
    """The target, when it is a path of this site as every browser reads it; else nothing."""
    is_plain = target.startswith("/") and target.isprintable() and "\\" not in target
    return target if is_plain and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else ""
