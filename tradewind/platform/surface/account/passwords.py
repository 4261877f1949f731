"""Passwords that are easy to guess are refused, and it is said why. All is looked up on this machine."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tradewind.kernel.errors import phrase

ENOUGH = 3
"""Of 4. Three means that more than 10^8 guesses are needed, by people who know how passwords are made."""
READ_UP_TO = 72  # what comes after makes no password weaker, and long ones take long to judge
# What is common in China and stands in no Western list.
COMMON = (
    "woaini", "woaini1314", "5201314", "1314520", "520520", "aini1314", "wodemima", "mima", "zhongguo",
    "nihao", "nihaoma", "woshishui", "wangyi", "taobao", "weixin", "qqmima", "caonima", "asd123", "qwe123",
    "a123456", "aa123456", "abc123", "woaiwojia", "gongsi", "xiaoshou", "kehu", "guanliyuan", "houtai",
    "admin888", "xinfeng", "tradewind",
)  # fmt: skip
LEAKED = phrase("This password is on lists of stolen passwords. Choose one that nobody else has.")
NEARLY_LEAKED = phrase(
    "This is too close to a stolen password. Three or four words that do not belong together are better."
)
ABOUT_YOU = phrase("It is made of your name, your sign-in name or the company's. Others guess that first.")
NAMES = phrase("Names alone are easy to guess. Add words that have nothing to do with them.")
WORD = phrase("One or two common words are easy to guess. Take three or four.")
REPEATED = phrase("Repeated characters are easy to guess. Use more different ones.")
SEQUENCE = phrase("Rows like abc or 4321 are easy to guess. Leave them out.")
KEYBOARD = phrase("Neighbouring keys are easy to guess. Leave them out.")
DATE = phrase("Dates and years are easy to guess. Leave them out.")
SHORT = phrase("This password is easy to guess. Make it longer, with words that do not belong together.")
BY_PATTERN = {"repeat": REPEATED, "sequence": SEQUENCE, "spatial": KEYBOARD, "regex": DATE, "date": DATE}


class HardToGuess:
    """How many guesses it would take, judged by lists of stolen passwords, words, names and patterns."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raises `ValidationError` with the reason that weighs most."""
        reason = weakness(password, own_words(user))
        if reason:
            raise ValidationError(_(reason), code="password_easy")

    def get_help_text(self) -> str:
        return _("Not one that others use or can guess: three or four unrelated words are easy to remember.")


def own_words(user: AbstractBaseUser | None) -> list[str]:
    """Words that people who know somebody try first."""
    name = user.get_username() if user else ""
    parts = [part for part in name.replace("-", ".").replace("_", ".").split(".") if len(part) > 2]
    company = [word for word in settings.COMPANY_NAME.split() if len(word) > 1]
    return [word.lower() for word in (name, name.replace(".", ""), *parts, *company) if word]


def weakness(password: str, own: Sequence[str]) -> str:
    """Why this is easy to guess, as an English sentence; empty for a good password."""
    from zxcvbn import zxcvbn  # its lists take 15 MB: only a process that is asked for a password loads them

    judged = zxcvbn(password[:READ_UP_TO], [*own, *COMMON])
    if judged["score"] >= ENOUGH:
        return ""
    return _reason(max(judged["sequence"], key=lambda match: len(match["token"])), judged, own)


def _reason(match: Mapping[str, Any], judged: Mapping[str, Any], own: Sequence[str]) -> str:
    if match["pattern"] != "dictionary":
        return BY_PATTERN.get(match["pattern"], SHORT)
    listed = match["dictionary_name"]
    if listed == "user_inputs" and match["matched_word"] in own:
        return ABOUT_YOU
    if listed in ("passwords", "user_inputs"):
        return LEAKED if len(judged["sequence"]) == 1 else NEARLY_LEAKED
    return NAMES if "names" in listed else WORD
