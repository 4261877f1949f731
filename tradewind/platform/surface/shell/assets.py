"""Plain names of built front-end files to their hashed addresses."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings


class UnknownAssetError(LookupError):
    """A page asks for a file that the front-end build does not make."""


@cache
def _manifest(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def address(name: str) -> str:
    """Where the browser gets a built file, such as "app.js".

    Without a build (fresh checkout, tests without Node) the plain name is kept: pages then work unstyled
    instead of failing.
    """
    try:
        hashed = _manifest(settings.FRONTEND_DIST)[name]
    except FileNotFoundError:
        hashed = name
    except KeyError:
        raise UnknownAssetError(name) from None
    return f"{settings.STATIC_URL}{hashed}"
