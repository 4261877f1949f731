"""Form parts that Django lacks."""

from collections.abc import Sequence
from typing import Any

from django.forms import TextInput


class DataList(TextInput):
    """A text field that proposes known values while somebody types; the browser does the searching."""

    template_name = "shell/data_list.html"

    def __init__(self, proposals: Sequence[str]) -> None:
        super().__init__({"autocomplete": "off"})
        self.proposals = proposals

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        list_id = f"{context['widget']['attrs'].get('id', name)}_list"
        context["widget"]["attrs"]["list"] = list_id
        return context | {"list_id": list_id, "proposals": self.proposals}
