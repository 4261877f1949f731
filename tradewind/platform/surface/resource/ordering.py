"""Lists put in order by what things are called, as fast as by number: an index for each spoken name."""

from tradewind.platform.spine.access.protect import register_function
from tradewind.platform.surface.resource import all_resources


def order_all() -> None:
    """Declare the indexes behind the names of declared objects."""
    for resource in all_resources():
        table = resource.scope.table
        for column in resource.columns.values():
            if column.is_spoken and column.stored is not None:
                by = f"tw_pinyin({column.stored.column}), id"
                register_function(f"CREATE INDEX IF NOT EXISTS spoken_{table} ON {table} ({by})")
