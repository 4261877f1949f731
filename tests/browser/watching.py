"""Everything in a page that its reader does not see but that should not be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation",
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
"""
STATUS = "Failed to load resource: the server responded"  # told by the responses, with their address
LEFT = "net::ERR_ABORTED"  # the reader went on before everything had come


class Watch:
    """Console errors, script errors, policy violations, failed requests and refusals nobody expected."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self._expected: tuple[int, ...] = ()

    def over(self, context: BrowserContext) -> None:
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        context.on("requestfailed", self._on_failure)
        context.on("response", self._on_response)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Refusals that belong to the story."""
        self._expected = statuses
        yield
        self._expected = ()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS):
            self.troubles.append(f"console: {message.text}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != LEFT:
            self.troubles.append(f"failed: {request.failure} {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.troubles.append(f"{response.status}: {urlsplit(response.url).path}")
