"""What may be kept, and where it goes. Pure."""

from collections.abc import Sequence

from tradewind.kernel.errors import Malformed, Refused
from tradewind.platform.surface.favourites.values import LONGEST_LABEL, LONGEST_URL, MOST, KeptPage


def page(url: str, label: str) -> KeptPage:
    """A page as it will be kept; raises for what is no address of this site.

    A browser reads //other.example, /\\\\other.example and control characters in strange ways: none of them.
    """
    plain = url.isprintable() and " " not in url and "\\" not in url
    if not url.startswith("/") or url.startswith("//") or not plain or len(url) > LONGEST_URL:
        raise Malformed("favourite.bad_address", field="url")
    words = " ".join(label.split())
    return KeptPage(url, words[:LONGEST_LABEL] or url[:LONGEST_LABEL])


def kept(pages: Sequence[KeptPage], new: KeptPage) -> list[KeptPage]:
    """With the new page at the end, or renamed where it stands already; raises when there are too many."""
    if any(one.url == new.url for one in pages):
        return [new if one.url == new.url else one for one in pages]
    if len(pages) >= MOST:
        raise Refused("favourite.too_many")
    return [*pages, new]


def without(pages: Sequence[KeptPage], url: str) -> list[KeptPage]:
    """Without the page at this address; removing it twice is no error."""
    return [one for one in pages if one.url != url]
