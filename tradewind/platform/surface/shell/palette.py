"""What the search box finds without asking the server: pages, and things to do."""

from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext

from tradewind.platform.surface.shell.places import Entry, Shown

Line = dict[str, object]


def entries(sections: Sequence[Shown], to_create: Sequence[Entry]) -> list[Line]:
    """Every place and action with the letters under which somebody may look for it.

    `do` names a control of the page that the action presses; everything else has an address.
    """
    pages = [entry for section in sections for entry in section.entries]
    made = [_line("page", entry.label, entry.icon, url=entry.url) for entry in pages]
    made += [_line("do", _creating(entry.label), "plus", url=entry.url) for entry in to_create]
    return made + [_line("do", gettext(label), icon, do=name) for name, label, icon in _actions()]


def _actions() -> list[tuple[str, str, str]]:
    return [
        ("star", gettext("Keep or drop this page as a favourite"), "star"),
        ("theme", gettext("Switch colours"), "sun"),
        ("language", gettext("Switch language"), "language"),
        ("keys", gettext("Keyboard shortcuts"), "keyboard"),
        ("sign-out", gettext("Sign out"), "logout"),
    ]


def _creating(label: str) -> str:
    return gettext("New: %(what)s") % {"what": label}


def _line(group: str, label: str, icon: str, **target: str) -> Line:
    return {"group": group, "label": label, "icon": icon, "keys": latin(label), **target}


@cache
def latin(label: str) -> list[str]:
    """How Chinese words are typed without an input method: by initials and in full; 商机 is sj, shangji."""
    if label.isascii():
        return []
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a moment: not for every command line

    words = "".join(letter for letter in label if letter.isalnum())
    initials = "".join(lazy_pinyin(words, style=Style.FIRST_LETTER)).lower()
    return [initials, "".join(lazy_pinyin(words)).lower()]
