"""Several things in one sentence."""

from collections.abc import Iterable

from django.utils.translation import gettext


def listed(words: Iterable[object]) -> str:
    """Them all, as the reader's language separates them: 上海、杭州 or Shanghai, Hangzhou."""
    return gettext(", ").join(map(str, words))
