"""The pipeline every company begins with, and every deal brought onto it."""

from django.db import migrations

AT_ONCE = 20_000
# Key, name, English name, kind, probability, expected days, what should be true before going on.
STAGES = (
    ("prospecting", "初步接触", "Prospecting", "open", "0.10", 14, ("客户确有需求", "已找到对口联系人")),
    (
        *("engaging", "需求分析", "Engaging", "open", "0.25", 21),
        ("需求已经客户确认", "已见到决策人", "预算和时间已了解"),
    ),
    ("proposal", "方案报价", "Proposal", "open", "0.50", 21, ("方案已向客户讲解", "报价已送达并得到反馈")),
    ("negotiation", "商务谈判", "Negotiation", "open", "0.75", 30, ("价格与付款条件谈妥", "合同条款双方无异议")),
    ("won", "赢单", "Won", "won", "1", None, ()),
    ("lost", "输单", "Lost", "lost", "0", None, ()),
)
REASONS = (
    ("won", "fit", "产品和方案合适", "Product and solution fit"),
    ("won", "price", "价格有优势", "Better price"),
    ("won", "service", "交付和服务好", "Delivery and service"),
    ("won", "relationship", "客户关系好", "Good relationship"),
    ("won", "references", "品牌和案例", "Brand and references"),
    ("won", "other", "其他", "Other"),
    ("lost", "price", "价格过高", "Price too high"),
    ("lost", "competitor", "竞争对手胜出", "Competitor won"),
    ("lost", "fit", "功能不满足", "Product does not fit"),
    ("lost", "budget", "预算不足或冻结", "No budget"),
    ("lost", "no_need", "需求取消", "No need any more"),
    ("lost", "timing", "项目延期", "Postponed"),
    ("lost", "no_contact", "失去联系", "Lost contact"),
    ("lost", "other", "其他", "Other"),
)
# A closed deal was engaging before: the only two stages there were are prospecting, before a deal begins,
# and engaging, from its first day on.
PLACE = """
WITH way AS (SELECT id, key FROM pipeline_stage WHERE pipeline_id = %(pipeline)s)
UPDATE pipeline_opportunity o SET stage_id = here.id, furthest_id = far.id, title = p.name,
    state = CASE WHEN o.stage_word IN ('won', 'lost') THEN o.stage_word ELSE 'open' END,
    stage_on = COALESCE(o.closed_on, o.opened_on)
FROM way here, way far, catalog_product p
WHERE here.key = o.stage_word AND p.id = o.product_id AND o.state IS NULL
  AND far.key = CASE o.stage_word WHEN 'lost' THEN 'engaging' ELSE o.stage_word END
  AND o.id > %(after)s AND o.id <= %(upto)s
"""
ENTER = """
INSERT INTO pipeline_stagemove (deal_id, opened_on, from_stage_id, to_stage_id, moved_on, moved_at, days, note,
                                is_undone)
SELECT o.id, o.opened_on, NULL, CASE WHEN o.state = 'open' THEN o.stage_id ELSE engaging.id END,
       o.opened_on, o.opened_on + time '04:00' AT TIME ZONE 'UTC', NULL, '', false
FROM pipeline_opportunity o, pipeline_stage engaging
WHERE engaging.pipeline_id = %(pipeline)s AND engaging.key = 'engaging'
  AND o.id > %(after)s AND o.id <= %(upto)s
ORDER BY o.id
"""
CLOSE = """
INSERT INTO pipeline_stagemove (deal_id, opened_on, from_stage_id, to_stage_id, moved_on, moved_at, days, note,
                                is_undone)
SELECT o.id, o.opened_on, engaging.id, o.stage_id, o.closed_on, o.closed_on + time '04:00' AT TIME ZONE 'UTC',
       o.closed_on - o.opened_on, o.reason, false
FROM pipeline_opportunity o, pipeline_stage engaging
WHERE engaging.pipeline_id = %(pipeline)s AND engaging.key = 'engaging' AND o.state <> 'open'
  AND o.id > %(after)s AND o.id <= %(upto)s
ORDER BY o.id
"""


def begin(apps, schema_editor):
    """The default pipeline with its stages, and the reasons."""
    pipelines, stages = apps.get_model("pipeline", "Pipeline"), apps.get_model("pipeline", "Stage")
    reasons = apps.get_model("pipeline", "ReasonCode")
    alias = schema_editor.connection.alias
    first, _ = pipelines.objects.using(alias).get_or_create(
        key="standard", defaults={"name": "标准销售流程", "name_en": "Standard", "is_default": True}
    )
    for position, (key, name, name_en, kind, rate, days, criteria) in enumerate(STAGES, start=1):
        stages.objects.using(alias).get_or_create(
            pipeline=first,
            key=key,
            defaults={
                "name": name,
                "name_en": name_en,
                "kind": kind,
                "position": position,
                "probability_rate": rate,
                "expected_days": days,
                "criteria": list(criteria),
            },
        )
    for position, (kind, key, name, name_en) in enumerate(REASONS, start=1):
        reasons.objects.using(alias).get_or_create(
            kind=kind, key=key, defaults={"name": name, "name_en": name_en, "position": position}
        )


def place(apps, schema_editor):
    """Bring every deal to its stage, in batches that can be repeated; the history tells of deeds, not of this."""
    first = apps.get_model("pipeline", "Pipeline").objects.using(schema_editor.connection.alias).get(key="standard")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(max(id), 0) FROM pipeline_opportunity")
        (last,) = cursor.fetchone()
    for after in range(0, last, AT_ONCE):
        _place(schema_editor, {"pipeline": first.pk, "after": after, "upto": after + AT_ONCE})


def _place(schema_editor, facts):
    from django.db import transaction

    with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pipeline_opportunity DISABLE TRIGGER USER")
        cursor.execute(PLACE, facts)
        if cursor.rowcount:
            cursor.execute(ENTER, facts)
            cursor.execute(CLOSE, facts)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE pipeline_opportunity ENABLE TRIGGER USER")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("pipeline", "0002_stages_as_rows"), ("catalog", "0001_initial")]
    operations = [
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.RunPython(place, migrations.RunPython.noop),
    ]
