"""What the JSON endpoints share: the version that was seen, and text that the database can hold."""

from typing import Annotated

from ninja import Header
from pydantic import StringConstraints

from tradewind.kernel.errors import Malformed, declare, phrase

IfMatch = Annotated[str, Header(alias="If-Match")]
declare({"api.if_match": phrase('If-Match holds the version that was seen, like "3".')})
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=2000)]


def version_of(if_match: str) -> int:
    """The version in an `If-Match` header, as the ETag of the object wrote it. Raises `Malformed`."""
    number = if_match.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Malformed("api.if_match", field="If-Match")
    return int(number)
