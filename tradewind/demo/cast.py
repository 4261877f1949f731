"""The people of the demo company. The eight named first are the cast of every test and screenshot."""

from dataclasses import dataclass

PASSWORD = "tradewind-demo"  # noqa: S105 the demo binds to this machine only and prints it


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the demo company. Without a role they stand in the directory but do not sign in yet."""

    sign_in: str
    name: str
    title: str
    unit: str
    role: str = ""
    is_head: bool = False


CAST = (
    Member("admin", "周正", "系统管理员 administrator", "company", "admin"),
    Member("director", "许远航", "销售总监 sales director", "company", "director", is_head=True),
    Member("manager", "林岚", "销售经理 sales manager", "sh1", "manager", is_head=True),
    Member("seller", "陈小雨", "销售 seller", "sh1", "seller"),
    Member("field", "赵海", "外勤销售 field seller", "hz1", "seller"),
    Member("finance", "钱敏", "财务 finance", "company"),
    Member("hr", "孙悦", "人力资源 HR", "company"),
    Member("partner", "李致远", "合作伙伴 partner", "gz1"),
)

OTHERS = (
    Member("wu.qiang", "吴强", "", "sh1", "seller"),
    Member("zheng.yi", "郑毅", "", "hz1", "manager", is_head=True),
    Member("wang.fang", "王芳", "", "hz1", "seller"),
    Member("feng.lei", "冯磊", "", "gz1", "manager", is_head=True),
    Member("chu.ning", "褚宁", "", "gz1", "seller"),
    Member("wei.ran", "卫然", "", "gz1", "seller"),
    Member("jiang.nan", "蒋楠", "", "sz1", "manager", is_head=True),
    Member("shen.bo", "沈博", "", "sz1", "seller"),
    Member("han.xue", "韩雪", "", "sz1", "seller"),
)

UNITS = (
    ("east", "华东大区", "region", ""),
    ("south", "华南大区", "region", ""),
    ("sh1", "上海销售部", "team", "east"),
    ("hz1", "杭州销售部", "team", "east"),
    ("gz1", "广州销售部", "team", "south"),
    ("sz1", "深圳销售部", "team", "south"),
)
