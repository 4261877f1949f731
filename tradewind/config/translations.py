"""The Chinese catalogue: what is missing in it, and its compiled form.

English texts in code and templates are the keys; `tradewind/locale/zh_Hans` holds the Chinese ones.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

Key = tuple[str | None, str]  # context and English text
Text = str | tuple[str, ...] | list[str]  # several when there is a plural

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "phrase": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Names and symbols that are the same in every language.
NOT_TRANSLATED = {"信风 Tradewind", "中文", "English"}
SPOKEN_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label"}
# A word in quotes inside a tag, such as {% button "Save" %}, that is not wrapped in _().
LOOSE_WORDS = re.compile(r"""(?<!_\()(["'])([A-Z][a-z]+[^"']*)\1""")


ENTRY = r'^(?:msgctxt ".*"\n)?msgid ".+"$'


def missing() -> list[str]:
    """Everything that would show English to a Chinese reader, and what the catalogue keeps in vain."""
    used = _used()
    catalogue = _catalogue()
    known = {(message.context, _singular(message.id)): message for message in catalogue if message.id}
    found = [f"{place}: not in the catalogue: {key[1]!r}" for key, place in used.items() if key not in known]
    for key, message in known.items():
        if key not in used:
            found.append(f"catalogue: not used any more: {key[1]!r}")
        elif message.fuzzy:
            found.append(f"catalogue: fuzzy: {key[1]!r}")
        elif not _is_filled(message.string):
            found.append(f"{used[key]}: no translation: {key[1]!r}")
        found.extend(f"catalogue: {error}: {key[1]!r}" for error in message.check(catalogue))
    # The reader keeps the first of two silently: one English word, two meanings, one of them wrong.
    entries = Counter(re.findall(ENTRY, CATALOGUE.read_text("utf-8"), re.M))
    found.extend(f"catalogue: twice: {entry!r}" for entry, times in entries.items() if times > 1)
    for path in _files("*.html", "*.txt"):
        found.extend(
            f"{_shown(path)}: not translatable: {text!r}" for text in _bare_texts(path.read_text("utf-8"))
        )
    return sorted(found)


def compile() -> Path:  # noqa: A001
    """Write the .mo file that Django reads, beside the catalogue."""
    target = CATALOGUE.with_suffix(".mo")
    packed = io.BytesIO()
    write_mo(packed, _catalogue())
    target.write_bytes(packed.getvalue())
    return target


def _catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _used() -> dict[Key, str]:
    """Each English text with the first file that uses it."""
    found: dict[Key, str] = {}
    for path in _files("*.html", "*.txt"):
        for key in _keys(_as_python(path)):
            found.setdefault(key, _shown(path))
    for path in _files("*.py"):
        for key in _keys(path.read_bytes()):
            found.setdefault(key, _shown(path))
    return found


def _as_python(path: Path) -> bytes:
    # Indentation means nothing in a template, but Python's reader would stumble over it.
    code = templatize(path.read_text("utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in code.splitlines()).encode()


def _keys(code: bytes) -> Iterator[Key]:
    for _line, texts, _notes, context in extract("python", io.BytesIO(code), keywords=KEYWORDS):
        yield context, _singular(texts)


def _files(*patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted(ROOT.rglob(pattern)):
            inside = path.relative_to(ROOT).parts
            if "tests" not in inside and (path.suffix == ".py" or "templates" in inside):
                yield path


def _shown(path: Path) -> str:
    return path.relative_to(ROOT.parent).as_posix()


def _singular(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def _is_filled(text: Text | None) -> bool:
    return all(text) if isinstance(text, tuple | list) else bool(text)


def _bare_texts(source: str) -> list[str]:
    """Words a reader sees that no translate tag surrounds."""
    reader = _Words()
    for text in _without_tags(source, reader.found):
        reader.feed(text)
    reader.close()
    return [text for text in reader.found if text not in NOT_TRANSLATED and re.search(r"[^\W\d_]{2}", text)]


def _without_tags(source: str, loose: list[str]) -> Iterator[str]:
    """The plain HTML of a template; words left bare inside a tag are added to `loose`."""
    skipped_until = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if skipped_until:
                skipped_until = "" if name == skipped_until else skipped_until
            elif name in {"blocktranslate", "blocktrans", "comment"}:
                skipped_until = f"end{name}"
            elif name not in {"translate", "trans"}:
                loose.extend(match[2] for match in LOOSE_WORDS.finditer(token.contents))
        elif token.token_type == TokenType.TEXT and not skipped_until:
            yield token.contents


class _Words(HTMLParser):
    """Collects the texts and spoken attributes of HTML, but not scripts, styles or the names of keys."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"script", "style", "kbd"}
        self.found.extend(value.strip() for name, value in attrs if name in SPOKEN_ATTRIBUTES and value)

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data.strip())
