from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Open deals are looked for by how long they have stood where they are."""

    dependencies: ClassVar = [("pipeline", "0006_newest_closed")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="opportunity",
            index=models.Index(
                fields=["stage_on", "id"], condition=models.Q(state="open"), name="deal_standing"
            ),
        )
    ]
