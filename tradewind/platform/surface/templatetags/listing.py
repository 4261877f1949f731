"""What the list page asks of its own address."""

from collections.abc import Mapping, Sequence

from django import template

register = template.Library()


@register.filter
def asked_for(asked: Mapping[str, str | Sequence[str]], name: str) -> list[str]:
    """The values that the address asks of this name, always as a list; none when it does not ask."""
    found = asked.get(name, [])
    return [found] if isinstance(found, str) else list(found)
