"""What stories about people out of files share: the file, and how people stand after it."""

from datetime import date

from tests.conftest import system
from tradewind.domains.organization.models import Assignment, Grant
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun

PERSON = "organization.person"
HEAD = ["姓名", "登录名", "部门", "岗位", "角色", "负责人", "入职日期"]
NEW = (
    HEAD,
    ["何平", "he.ping", "sh1", "销售", "销售", "", "2026/3/2"],
    ["马达", "ma.da", "sh1", "方案顾问", "", "否", ""],
    ["高远", "gao.yuan", "sh1", "方案顾问", "manager", "", "2026-03-02"],
)


def posts(sign_in: str) -> list[tuple[str, str, bool, date, date | None]]:
    with system():
        rows = Assignment.objects.filter(person__sign_in=sign_in).order_by("starts_on", "id")
        return [
            (
                row.unit.code,
                row.position.title if row.position else "",
                row.is_head,
                row.starts_on,
                row.ends_on,
            )
            for row in rows.select_related("unit", "position")
        ]


def roles(sign_in: str) -> list[str]:
    with system():
        return list(
            Grant.objects.filter(person__sign_in=sign_in).order_by("role").values_list("role", flat=True)
        )


def undone(run: ImportRun) -> dict[str, str]:
    return dict(ImportLine.objects.filter(run=run).exclude(undone="").values_list("label", "undone"))
