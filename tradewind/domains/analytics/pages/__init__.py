"""The first page, and the director's."""

from tradewind.domains.analytics.pages.home import home
from tradewind.domains.analytics.pages.overview import overview_page

__all__ = ["home", "overview_page"]
