from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Won and lost deals are listed newest first."""

    dependencies: ClassVar = [("pipeline", "0005_deal_names")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                models.F("state"),
                models.OrderBy(models.F("closed_on"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="deal_newest_closed",
            ),
        )
    ]
