"""Units and people, declared for reading: lists, references and search; what changes them is by hand."""

from tradewind.domains.organization.policy import PEOPLE, UNITS
from tradewind.kernel.errors import phrase
from tradewind.platform.surface.columns import Field, Written
from tradewind.platform.surface.resource import Resource

UNIT = Resource(
    scope=UNITS,
    address="units",
    one=phrase("Unit"),
    many=phrase("Units"),
    about=phrase("The company, its regions and teams, and outside sales units."),
    icon="sitemap",
    title="name",
    fields=(
        Field("name", written=Written.NEVER),
        Field("code", written=Written.NEVER),
        Field("kind", written=Written.NEVER),
        Field("parent", written=Written.NEVER),
    ),
    search=("name", "code"),
    keys=("code", "name"),
    facts=("code", "kind", "parent"),
    sort="code",
)

PERSON = Resource(
    scope=PEOPLE,
    address="people",
    one=phrase("Person"),
    many=phrase("People"),
    about=phrase("Everybody of the company."),
    icon="users",
    title="name",
    fields=(
        Field("name", label=phrase("Full name"), written=Written.NEVER),
        Field("sign_in", written=Written.NEVER),
    ),
    search=("name", "sign_in"),
    keys=("sign_in", "name"),
    facts=("sign_in",),
    sort="name",
    is_person=True,
)

RESOURCES = (UNIT, PERSON)
