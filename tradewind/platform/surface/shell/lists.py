"""Several things in one sentence, or one below the other."""

from collections.abc import Iterable

from django.utils.translation import gettext


def listed(words: Iterable[object]) -> str:
    """Them all, as the reader's language separates them: 上海、杭州 or Shanghai, Hangzhou."""
    return gettext(", ").join(map(str, words))


def spoken(name: str) -> bytes:
    """The place of a name among others, as `tw_pinyin` in the database: `sorted(names, key=spoken)`."""
    return name.lower().encode("gb18030")
