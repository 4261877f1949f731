"""An upload that is too big is thrown away while it comes in, whatever page it is sent to."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from tradewind.platform.surface.exchange.sheets import LARGEST


class Bounded(FileUploadHandler):
    """First of the handlers: counts, and keeps nothing beyond the largest file that any page takes."""

    def handle_raw_input(self, *args: object, **named: object) -> None:
        self.left = LARGEST

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            if self.request is not None:
                setattr(self.request, "is_upload_too_big", True)  # noqa: B010 the request knows no such thing
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""


def is_too_big(request: HttpRequest) -> bool:
    """Was a file of this request thrown away?"""
    return bool(getattr(request, "is_upload_too_big", False))
