"""The closed lists of the customer file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """How the customer came to us."""

    VISIT = "visit", _("Own visit")
    REFERRAL = "referral", _("Referral")
    FAIR = "fair", _("Trade fair")
    WEB = "web", _("Website")
    CALL = "call", _("Call")
    PARTNER = "partner", _("Sales unit")
    TENDER = "tender", _("Tender")
    OTHER = "other", _("Other")


class Size(TextChoices):
    """Size of a company, as the statistics office names them."""

    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Large")


class Grade(TextChoices):
    """How much we want to do for this customer."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class LifeStage(TextChoices):
    """Where the customer stands with us."""

    PROSPECT = "prospect", _("Prospect")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    LOST = "lost", _("Gone")


class Part(TextChoices):
    """A contact's role in the decision to buy."""

    DECIDER = "decider", _("Decider")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", _("User")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    COACH = "coach", _("Coach")


class Attitude(TextChoices):
    """How a contact stands towards us."""

    FOR = "for", _("In favour")
    NEUTRAL = "neutral", _("Neutral")
    AGAINST = "against", _("Against")
