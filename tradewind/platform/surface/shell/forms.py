"""Form parts that Django lacks."""

from collections.abc import Sequence
from typing import Any

from django.forms import DecimalField, IntegerField, TextInput

from tradewind.platform.surface.shell.numbers import plain_number


class DataList(TextInput):
    """A text field that proposes known values while somebody types; the browser does the searching."""

    template_name = "shell/data_list.html"

    def __init__(self, proposals: Sequence[str | tuple[str, str]]) -> None:
        super().__init__({"autocomplete": "off"})
        self.proposals = [(one, "") if isinstance(one, str) else one for one in proposals]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = list_id
        return context | {"list_id": list_id, "proposals": self.proposals}


class NumberText(TextInput):
    """A number typed as text: a browser's own number field sends nothing for what it cannot read."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


class Amount(DecimalField):
    """A number as people write it: 1,234.50, ¥10万."""

    widget = NumberText

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)


class Whole(IntegerField):
    """A whole number as people write it: 1,200 or 3万."""

    widget = NumberText

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)
