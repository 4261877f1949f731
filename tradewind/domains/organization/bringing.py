"""How files bring units and people in: the columns of a spreadsheet, what their headers may be called."""

from collections.abc import Collection, Mapping

from django.db import models
from django.utils.translation import gettext

from tradewind.domains.organization.models import Unit
from tradewind.domains.organization.person_judging import judge_people
from tradewind.domains.organization.person_rows import (
    remove_people,
    restore_person,
    take_on_people,
    take_on_person,
    update_person,
)
from tradewind.domains.organization.policy import PEOPLE, UNITS
from tradewind.domains.organization.roles import roles
from tradewind.domains.organization.unit_rows import (
    arrange_units,
    judge_units,
    remove_units,
    set_up_unit,
    set_up_units,
    update_unit,
)
from tradewind.domains.organization.values import KIND_NAMES
from tradewind.kernel.errors import declare, phrase
from tradewind.platform.surface.columns import Field, Written
from tradewind.platform.surface.resource import NextStep, Resource


class UnitInFile(models.Model):
    """A row about a unit. `parent` is the code or the name of another, also of one in the same file."""

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="department")
    parent = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class PersonInFile(models.Model):
    """A row about a person and the post they hold from a day on."""

    sign_in = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    position = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=30, blank=True)
    is_head = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


KINDS = tuple(sorted(KIND_NAMES.items(), key=lambda kind: kind[0] == "company"))
"""The company itself last: a file seldom holds its row."""


def _roles() -> list[tuple[str, str]]:
    """The administrator's last: few get it, and whoever reads an example should not think otherwise."""
    open_roles = [role for role in roles().by_key.values() if not role.is_retired]
    open_roles.sort(key=lambda role: role.key == "admin")
    return [(role.key, gettext(role.name)) for role in open_roles]


def _units_called(codes: Collection[str]) -> Mapping[str, str]:
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


UNIT_ROWS = Resource(
    scope=UNITS,
    address="units",
    one=phrase("Unit"),
    many=phrase("Units"),
    about="",
    icon="sitemap",
    title="name",
    shape=UnitInFile,
    fields=(
        Field(
            "code",
            label=phrase("Number"),
            written=Written.ONCE,
            headers=("编码", "代码", "部门代码", "组织编码", "部门ID"),
            in_files=phrase("By it a unit is known again: letters, digits, points and dashes"),
        ),
        Field("name", label=phrase("Name"), headers=("部门", "组织", "组织名称", "department")),
        Field(
            "kind",
            label=phrase("Kind"),
            written=Written.ONCE,
            choices=KINDS,
            headers=("级别", "层级", "type"),
        ),
        Field(
            "parent",
            label=phrase("Above"),
            called=_units_called,
            headers=(
                "上级",
                "上级编号",
                "上级编码",
                "上级组织",
                "上级名称",
                "父级",
                "隶属",
                "parent",
                "parent unit",
            ),
            in_files=phrase(
                "Number or name of the unit above, here or in the same file;"
                " empty: directly below the company"
            ),
        ),
    ),
    search=(),
    sort="code",
    known_by=(("code",),),
    create=set_up_unit,
    create_many=set_up_units,
    edit=update_unit,
    judge=judge_units,
    arrange=arrange_units,
    remove_many=remove_units,
    then=NextStep(phrase("Now bring in the people"), "organization.person.import"),
)

PERSON_ROWS = Resource(
    scope=PEOPLE,
    address="people",
    one=phrase("Person"),
    many=phrase("People"),
    about="",
    icon="users",
    title="name",
    shape=PersonInFile,
    is_person=True,
    fields=(
        Field("name", label=phrase("Full name"), headers=("名字", "员工", "员工姓名", "人员")),
        Field(
            "sign_in",
            label=phrase("Sign-in name"),
            written=Written.ONCE,
            headers=("账号", "帐号", "用户名", "登录账号", "系统账号", "username", "login", "account"),
            in_files=phrase("By it somebody is known again; no spaces"),
        ),
        Field(
            "unit",
            label=phrase("Unit"),
            headers=("所属部门", "所在部门", "部门编号", "部门名称", "组织", "department"),
        ),
        Field(
            "position",
            label=phrase("Position"),
            headers=("职位", "职务", "岗位名称", "职称", "title", "job title"),
            in_files=phrase("A position of the unit; one that is missing there is made"),
        ),
        Field("role", label=phrase("Role"), choices=_roles, headers=("系统角色", "权限角色", "权限")),
        Field(
            "is_head",
            label=phrase("Head"),
            headers=("负责人", "是否负责人", "主管", "部门主管", "经理", "manager", "is head"),
        ),
        Field(
            "starts_on",
            label=phrase("Starts on"),
            headers=(
                "入职日期",
                "入职时间",
                "入职",
                "到岗日期",
                "生效日期",
                "调动日期",
                "start date",
                "from",
            ),
            in_files=phrase("The first day of this post, also of a move; empty: today"),
        ),
    ),
    search=(),
    sort="name",
    known_by=(("sign_in",),),
    create=take_on_person,
    create_many=take_on_people,
    edit=update_person,
    judge=judge_people,
    remove_many=remove_people,
    restore=restore_person,
    then=NextStep(phrase("Who has not signed in yet"), "organization.person.list", "waiting"),
)

declare(
    {
        "organization.no_unit_above": phrase(
            "No unit has this number or name, neither here nor in a right row of this file."
        ),
        "organization.several_units": phrase("%(count)s units are called so. Write the number instead."),
        "organization.company_is_there": phrase(
            "The company itself is here already, with the number %(number)s: leave this row out, or give it"
            " that number. Units directly below it name nothing above."
        ),
        "organization.second_head": phrase("In this file %(name)s is head of this unit already."),
        "organization.several_roles": phrase(
            "This person has several roles: change them on the person's page."
        ),
        "organization.recorded_otherwise": phrase(
            "On %(day)s this person begins in %(unit)s, as recorded here. For a move write its own day;"
            " what was recorded wrongly is corrected on the person's page."
        ),
        "organization.title_too_long": phrase("A title has at most 80 characters."),
        "organization.no_such_position": phrase("This unit has no such position, only: %(titles)s"),
        "organization.cannot_restore": phrase("What was planned since stands in the way."),
    }
)
