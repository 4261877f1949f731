"""Words of favourites: a kept page, and what is refused."""

from dataclasses import dataclass

from tradewind.kernel.errors import declare, phrase

MOST = 20
LONGEST_LABEL = 80
LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One page as its person named it: an address of this site, and its title then."""

    url: str
    label: str


declare(
    {
        "favourite.bad_address": phrase("Only pages of this site can be kept."),
        "favourite.too_many": phrase("Twenty favourites are the most; remove one first."),
    }
)
