"""Units and people, declared for reading: lists, references and search; what changes them is by hand."""

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils.translation import gettext

from tradewind.domains.organization.bringing import PERSON_ROWS, UNIT_ROWS
from tradewind.domains.organization.models import MAIN, Assignment, Grant
from tradewind.domains.organization.policy import PEOPLE, SKILLS, UNITS
from tradewind.domains.organization.queries import OnDay, colleagues
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.skills import create_skill, edit_skill, remove_skills
from tradewind.domains.organization.values import KIND_NAMES
from tradewind.kernel.errors import phrase
from tradewind.platform.surface.columns import Field, Kind, Written
from tradewind.platform.surface.resource import Resource, View

UNIT = Resource(
    scope=UNITS,
    address="units",
    one=phrase("Unit"),
    many=phrase("Units"),
    about=phrase("The company, its regions and teams, and outside sales units."),
    icon="sitemap",
    title="name",
    fields=(
        Field("name", written=Written.NEVER, spoken=True),
        Field("code", written=Written.NEVER),
        Field("kind", written=Written.NEVER, choices=tuple(KIND_NAMES.items())),
        Field("parent", written=Written.NEVER),
    ),
    search=("name", "code"),
    keys=("code", "name"),
    facts=("code", "kind", "parent"),
    sort="code",
    in_files=UNIT_ROWS,
)


def _today(day: date) -> date:
    return day


def _of_today(column: str) -> Subquery:
    """A fact of the main assignment that somebody has today."""
    held = Assignment.objects.filter(
        MAIN & (Q(ends_on=None) | Q(ends_on__gt=OnDay(_today))),
        person=OuterRef("pk"),
        starts_on__lte=OnDay(_today),
    )
    return Subquery(held.order_by().values(column)[:1])


def _role_names() -> list[tuple[str, str]]:
    return [(role.key, gettext(role.name)) for role in roles().by_key.values()]


PERSON = Resource(
    scope=PEOPLE,
    address="people",
    one=phrase("Person"),
    many=phrase("People"),
    about=phrase("Everybody of the company."),
    icon="users",
    title="name",
    fields=(
        Field("name", label=phrase("Full name"), written=Written.NEVER, spoken=True),
        Field("sign_in", written=Written.NEVER),
        Field("unit_name", kind=Kind.TEXT, label=phrase("Unit"), of=_of_today("unit__name")),
        Field("position_title", kind=Kind.TEXT, label=phrase("Position"), of=_of_today("position__title")),
        Field(
            "role",
            kind=Kind.CHOICE,
            label=phrase("Role"),
            of=Subquery(Grant.objects.filter(person=OuterRef("pk")).order_by("role").values("role")[:1]),
            choices=_role_names,
        ),
        Field(
            "has_signed_in",
            kind=Kind.BOOL,
            label=phrase("Has signed in"),
            of=ExpressionWrapper(Q(user__last_login__isnull=False), output_field=BooleanField()),
        ),
    ),
    search=("name", "sign_in"),
    keys=("sign_in", "name"),
    facts=("unit_name", "position_title", "role"),
    sort="name",
    new_route="person_new",
    new_right="hire",
    views=(View("waiting", phrase("Not signed in yet"), {"has_signed_in": ("false",)}),),
    is_person=True,
    pointable_by=colleagues,
    in_files=PERSON_ROWS,
)

SKILL = Resource(
    scope=SKILLS,
    address="skills",
    one=phrase("Skill"),
    many=phrase("Skills"),
    about=phrase("What people must know or be able to do; positions ask for it at a level."),
    icon="school",
    title="name",
    fields=(Field("name", spoken=True), Field("area", bulk=True), Field("description")),
    search=("name", "area"),
    keys=("name",),
    facts=("area",),
    sort="name",
    create=create_skill,
    edit=edit_skill,
    remove_many=remove_skills,
)

RESOURCES = (UNIT, PERSON, SKILL)
