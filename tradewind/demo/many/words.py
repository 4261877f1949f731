"""The words that many rows are made of: names of people and firms, trades, what is done and how it ends."""

from tradewind.demo.activities import LIKELY, OUTCOMES, WORK
from tradewind.demo.customers import TRADES as FEW_TRADES
from tradewind.demo.deals import PURPOSES, REASONS, SEASON, SOURCES, STEPS

SURNAMES = [
    "王 wang",
    "李 li",
    "张 zhang",
    "刘 liu",
    "陈 chen",
    "杨 yang",
    "赵 zhao",
    "黄 huang",
    "周 zhou",
    "吴 wu",
    "徐 xu",
    "孙 sun",
    "胡 hu",
    "朱 zhu",
    "高 gao",
    "林 lin",
    "何 he",
    "郭 guo",
    "马 ma",
    "罗 luo",
    "梁 liang",
    "宋 song",
    "郑 zheng",
    "谢 xie",
    "韩 han",
    "唐 tang",
    "冯 feng",
    "于 yu",
    "董 dong",
    "萧 xiao",
    "程 cheng",
    "曹 cao",
    "袁 yuan",
    "邓 deng",
    "许 xu",
    "傅 fu",
    "沈 shen",
    "曾 zeng",
    "彭 peng",
    "吕 lv",
    "苏 su",
    "卢 lu",
    "蒋 jiang",
    "蔡 cai",
    "贾 jia",
    "丁 ding",
    "魏 wei",
]
GIVEN = [
    "建国 jianguo",
    "伟 wei",
    "磊 lei",
    "志强 zhiqiang",
    "晓东 xiaodong",
    "俊 jun",
    "鹏飞 pengfei",
    "海涛 haitao",
    "明 ming",
    "立新 lixin",
    "丽 li",
    "静 jing",
    "晓燕 xiaoyan",
    "芳 fang",
    "雪梅 xuemei",
    "敏 min",
    "慧 hui",
    "婷婷 tingting",
    "思远 siyuan",
    "嘉怡 jiayi",
    "浩然 haoran",
    "子轩 zixuan",
    "雨桐 yutong",
    "梓涵 zihan",
    "宇航 yuhang",
    "文博 wenbo",
    "佳琪 jiaqi",
    "欣怡 xinyi",
    "国庆 guoqing",
    "卫东 weidong",
    "秀英 xiuying",
    "建华 jianhua",
    "志远 zhiyuan",
    "晓峰 xiaofeng",
    "雅婷 yating",
    "俊杰 junjie",
    "丹 dan",
    "勇 yong",
    "超 chao",
    "娜 na",
    "强 qiang",
    "洋 yang",
    "艳 yan",
    "杰 jie",
    "涛 tao",
    "平 ping",
    "红霞 hongxia",
    "春梅 chunmei",
    "新宇 xinyu",
    "天佑 tianyou",
    "家豪 jiahao",
    "诗涵 shihan",
    "一鸣 yiming",
]
# A firm's word is one of the first signs and one of the second.
BEGINS = (
    "恒远华博金瑞中永凯天鼎海联嘉宏盛泰安达信诚德兴隆福昌明光耀辉腾飞翔宇龙祥顺和亿众新创科智慧云"
    "星晨东南北方正大同润泽源丰茂森林峰川江河长"
)
ENDS = (
    "信达盛远辉丰恒泰越成新纳创禾宇通联康业升利隆源铭晟润诚凯嘉瑞博腾翔航洋峰杰森林泽浩鑫益美优奇"
    "捷锐力强固坚立世纪元亨贞贵荣昌旺"
)
FORMS = (
    "有限公司",
    "股份有限公司",
    "科技有限公司",
    "实业有限公司",
    "集团有限公司",
    "发展有限公司",
    "制造有限公司",
    "工贸有限公司",
)
# Kind of business, its section of GB/T 4754, and how large such firms are.
TRADES = (
    *FEW_TRADES,
    ("新能源", "制造业", (90, 2800)),
    ("纺织", "制造业", (60, 1500)),
    ("食品", "制造业", (50, 1800)),
    ("生物制药", "制造业", (80, 2200)),
    ("仪器仪表", "制造业", (40, 900)),
    ("五金", "制造业", (20, 500)),
    ("家居", "批发和零售业", (30, 600)),
    ("环保工程", "水利、环境和公共设施管理业", (40, 700)),
    ("建筑装饰", "建筑业", (60, 1200)),
    ("农业", "农、林、牧、渔业", (30, 500)),
    ("电力设备", "电力、热力、燃气及水生产和供应业", (100, 2400)),
    ("化工", "制造业", (80, 1600)),
    ("印务", "制造业", (20, 400)),
    ("教育咨询", "教育", (20, 300)),
)
STREETS = (
    "创新大道",
    "工业三路",
    "港城路",
    "科技园南路",
    "迎宾大道",
    "高新一路",
    "东环路",
    "解放路",
    "长江路",
    "人民东路",
)
CUSTOMER_SOURCES = ("visit", "visit", "referral", "referral", "fair", "web", "call", "partner", "tender")
# The head of a customer decides; two of the others take part.
JOBS = ("采购经理", "信息部主管", "生产副总", "设备科长", "财务经理")
PARTS = ("gatekeeper", "user", "influencer", "coach", "influencer")
DEPARTMENTS = ("采购部", "信息部", "生产部", "设备科", "财务部")
ATTITUDES = ("for", "for", "neutral", "neutral", "neutral", "against", "")
STAGES = tuple(STEPS)
NEXT_STEPS = [step for steps in STEPS.values() for step in steps]
WON, LOST = REASONS["won"], REASONS["lost"]
# One slot for each time of how often a kind is done; the words of a slot stand in one text.
_SLOTS = [(kind.value, words) for kind, often, words in WORK for _ in range(often)]
KINDS = [kind for kind, _ in _SLOTS]
SUBJECTS, SUBJECT_COUNTS = ["|".join(words) for _, words in _SLOTS], [len(words) for _, words in _SLOTS]
_ENDED = [
    (result.value, words)
    for (result, words), often in zip(OUTCOMES.items(), LIKELY, strict=True)
    for _ in range(often)
]
RESULTS = [result for result, _ in _ENDED]
TOLD, TOLD_COUNTS = ["|".join(words) for _, words in _ENDED], [len(words) for _, words in _ENDED]
_UNITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")
_TENS = ("", "十", *(f"{unit}十" for unit in _UNITS[2:]))
NUMERALS = [f"{_TENS[n // 10]}{_UNITS[n % 10]}" for n in range(1, 100)]
CARE = "年度运维服务"
CANCELLED = ("客户预算被收回", "客户改选其他型号", "客户项目取消", "重复下单")
__all__ = ["PURPOSES", "SEASON", "SOURCES"]
