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
    position: str = ""
    is_head: bool = False


# Who stands behind the sellers and does not sign in yet: unit, title, duties, names with their sign-in.
BEHIND = (
    ("sh1", "售前工程师", "准备方案和演示，答复技术问题", "秦川 qin.chuan|尤佳 you.jia"),
    ("sh1", "销售助理", "录入合同和订单，跟进用印", "许可 xu.ke|何苗 he.miao"),
    ("sh1", "客户成功经理", "安排培训，定期回访", "吕蒙 lv.meng|施雨 shi.yu"),
    ("hz1", "售前工程师", "准备方案和演示，答复技术问题", "张弛 zhang.chi|孔亮 kong.liang"),
    ("hz1", "销售助理", "录入合同和订单，跟进用印", "曹颖 cao.ying|严谨 yan.jin"),
    ("hz1", "客户成功经理", "安排培训，定期回访", "华磊 hua.lei|金秋 jin.qiu"),
    ("gz1", "售前工程师", "准备方案和演示，答复技术问题", "魏东 wei.dong|陶然 tao.ran"),
    ("gz1", "销售助理", "录入合同和订单，跟进用印", "姜黎 jiang.li|戚薇 qi.wei"),
    ("gz1", "客户成功经理", "安排培训，定期回访", "谢安 xie.an|邹敏 zou.min"),
    ("sz1", "售前工程师", "准备方案和演示，答复技术问题", "喻言 yu.yan|柏林 bai.lin"),
    ("sz1", "销售助理", "录入合同和订单，跟进用印", "水清 shui.qing|窦文 dou.wen"),
    ("sz1", "客户成功经理", "安排培训，定期回访", "章程 zhang.cheng|云飞 yun.fei"),
    (
        "company",
        "销售运营",
        "维护流程和报表，组织经营例会",
        "苏晨 su.chen|潘越 pan.yue|葛平 ge.ping|范宁 fan.ning",
    ),
    (
        "company",
        "市场专员",
        "筹备展会，维护官网和案例",
        "彭博 peng.bo|郎朗 lang.lang|鲁冰 lu.bing|韦庄 wei.zhuang",
    ),
    (
        "company",
        "商务专员",
        "准备投标文件，核对合同条款",
        "马跃 ma.yue|苗青 miao.qing|方圆 fang.yuan|俞飞 yu.fei",
    ),
    ("company", "法务", "审核合同，处理纠纷", "任真 ren.zhen|袁野 yuan.ye"),
    ("company", "财务专员", "开票，登记回款", "柳絮 liu.xu|史诗 shi.shi"),
    ("company", "信息化专员", "支持员工使用系统", "唐果 tang.guo|费翔 fei.xiang"),
)

CAST = (
    Member("admin", "周正", "系统管理员 administrator", "company", "admin", "系统管理员"),
    Member("director", "许远航", "销售总监 sales director", "company", "director", "销售总监", is_head=True),
    Member("manager", "林岚", "销售经理 sales manager", "sh1", "manager", "销售经理", is_head=True),
    Member("seller", "陈小雨", "销售 seller", "sh1", "seller", "销售"),
    Member("field", "赵海", "外勤销售 field seller", "hz1", "seller", "外勤销售"),
    Member("finance", "钱敏", "财务 finance", "company", "finance", "财务"),
    Member("hr", "孙悦", "人力资源 HR", "company", "hr", "人力资源"),
    Member("partner", "李致远", "合作伙伴 partner", "ny1", "partner", "渠道经理", is_head=True),
)

OTHERS = (
    Member("wu.qiang", "吴强", "", "sh1", "seller", "销售"),
    Member("zheng.yi", "郑毅", "", "hz1", "manager", "销售经理", is_head=True),
    Member("wang.fang", "王芳", "", "hz1", "seller", "销售"),
    Member("feng.lei", "冯磊", "", "gz1", "manager", "销售经理", is_head=True),
    Member("chu.ning", "褚宁", "", "gz1", "seller", "销售"),
    Member("wei.ran", "卫然", "", "sz1", "seller", "销售"),
    Member("jiang.nan", "蒋楠", "", "sz1", "manager", "销售经理", is_head=True),
    Member("shen.bo", "沈博", "", "sz1", "seller", "销售"),
    Member("han.xue", "韩雪", "", "sz1", "seller", "销售"),
    Member("yang.liu", "杨柳", "", "sh1", "", "销售"),
    Member("luo.ying", "骆英", "", "ny1", "partner", "渠道销售"),
    Member("nie.feng", "聂风", "", "yt1", "partner", "渠道经理", is_head=True),
    *(
        Member(name.split()[1], name.split()[0], "", unit, "", title)
        for unit, title, _, names in BEHIND
        for name in names.split("|")
    ),
)

UNITS = (
    ("east", "华东大区", "region", ""),
    ("south", "华南大区", "region", ""),
    ("sh1", "上海销售部", "team", "east"),
    ("hz1", "杭州销售部", "team", "east"),
    ("gz1", "广州销售部", "team", "south"),
    ("sz1", "深圳销售部", "team", "south"),
    ("ny1", "南粤信息代理商", "sales_unit", "south"),
    ("yt1", "甬泰科技经销商", "sales_unit", "east"),
)

_MANAGES = "带领团队完成季度签约与回款目标\n每周复盘在手商机，审核报价折扣\n培养新人，每月陪访不少于四次"
_SELLS = "开发并维护负责区域的客户\n推进商机，按时提交周报\n跟进合同签订与回款"
_TRAVELS = "按周计划上门拜访，当天提交拜访记录\n收集客户现场的设备与竞品信息"
_DEALS = "在授权区域内推广产品，报备客户与商机\n遵守价格纪律与行为准则，按月提交进销存"
# Unit, title, for how many, duties; what is not filled is a vacancy.
POSITIONS = (
    ("company", "系统管理员", 1, "维护账号、权限和基础数据"),
    ("company", "销售总监", 1, "对全公司签约额、回款和团队建设负责"),
    ("company", "财务", 1, "核对订单与回款，出具对账单"),
    ("company", "人力资源", 1, "维护组织架构、岗位与任职\n办理入职、调动和离职"),
    *((team, "销售经理", 1, _MANAGES) for team in ("sh1", "hz1", "gz1", "sz1")),
    *((team, "销售", count, _SELLS) for team, count in (("sh1", 3), ("hz1", 2), ("gz1", 2), ("sz1", 3))),
    ("hz1", "外勤销售", 1, _TRAVELS),
    *((unit, "渠道经理", 1, _DEALS) for unit in ("ny1", "yt1")),
    ("ny1", "渠道销售", 2, _DEALS),
    *((unit, title, len(names.split("|")), duties) for unit, title, duties, names in BEHIND),
)

SKILLS = {
    "产品": ("ERP 产品知识", "MES 产品知识", "方案演示"),
    "销售": ("需求挖掘", "商务谈判", "招投标", "客户拜访"),
    "管理": ("商机评审", "团队辅导", "数据分析"),
    "法务与财务": ("合同审核", "回款管理"),
}
# What positions of a title ask for, and at which level of four.
ASKED = {
    "销售": (("ERP 产品知识", 3), ("需求挖掘", 3), ("商务谈判", 2), ("回款管理", 2)),
    "外勤销售": (("客户拜访", 4), ("需求挖掘", 3), ("ERP 产品知识", 2)),
    "销售经理": (("团队辅导", 3), ("商机评审", 4), ("商务谈判", 3), ("数据分析", 2)),
    "销售总监": (("数据分析", 3), ("团队辅导", 4), ("商务谈判", 4)),
    "售前工程师": (("方案演示", 4), ("ERP 产品知识", 4), ("MES 产品知识", 3)),
    "渠道经理": (("ERP 产品知识", 2), ("需求挖掘", 3)),
    "法务": (("合同审核", 4),),
}
# Unit, kind, contract number, contact here, contact there with phone, days the contract still runs.
AGREED = (
    ("ny1", "agent", "QD-2025-011", "feng.lei", "李致远", "13800001101", 300),
    ("yt1", "distributor", "QD-2024-036", "zheng.yi", "聂风", "13800001102", 40),
)
CONDUCT = """一、价格纪律：按授权价格体系报价，不低于底价成交，不跨价倾销。
二、区域纪律：在授权区域内销售，不向区域外客户供货，发现窜货主动报告。
三、诚信经营：不行贿、不受贿，向客户馈赠不超过公司规定的限额并如实登记。
四、客户信息：只为履行合同使用客户资料，不外传，合作结束后归还或删除。
五、真实报备：客户、商机、进销存数据真实、及时；接受公司的定期与不定期检查。"""
