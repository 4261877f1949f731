"""Asking the four doors of a list the same question, and judging what each answers."""

import json
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from django.urls import resolve

from tradewind.platform.surface.resource import Resource

Answer = Any
"""What the test client answers; it has no public type."""
Words = Sequence[tuple[str, str]]
LONG = "长x" * 5_000
SCRIPT = "<script>alert(1)</script>"
OF_ONE_ROW = "7f3a1f64-5a51-4c1e-9d0f-2c5d1f0a9b10"
"""Exports are asked for this row alone: what is asked matters here, not how much is written."""


def problem_of(answer: Answer, field: str | None = None) -> str:
    """What is wrong with a refusal of the API; nothing, if it names code, sentence and field."""
    if answer["Content-Type"] != "application/problem+json":
        return f"is {answer['Content-Type']} and no problem"
    body = json.loads(answer.content)
    missing = [name for name in ("type", "code", "title", "request") if not body.get(name)]
    if missing or body.get("status") != answer.status_code:
        return f"lacks {missing or 'its status'}"
    named = [body.get("field"), *(one["field"] for one in body.get("errors", []))]
    if field is not None and field not in named:
        return f"is at {body.get('field')}, not at {field}"
    return ""


def _says(page: str, said: dict[str, Any]) -> bool:
    """Does the page show the sentence of the refusal, and the word it is about?"""
    return bool(said.get("title")) and said["title"] in page and f"<code>{said.get('field')}</code>" in page


class Doors:
    """The list page, the API's list, the summary and the export of one declared object."""

    def __init__(self, client: Client, resource: Resource) -> None:
        client.raise_request_exception = False
        self.client, self.resource = client, resource
        self.troubles: list[str] = []
        self.page, self.api = f"/{resource.address}", f"/api/v1/{resource.address}"
        self.has_page = resolve(self.page).url_name == f"{resource.key}.list"  # another stands before it
        others: tuple[tuple[str, dict[str, str]], ...] = (
            (self.page, {"limit": "1"}),
            (f"{self.api}/summary", {}),
            (f"{self.page}.csv", {"ids": OF_ONE_ROW}),
            (f"{self.page}.xlsx", {"ids": OF_ONE_ROW}),
        )
        self._others = cycle(others if self.has_page else others[1:])

    def ask(self, words: Words, field: str | None = None, status: Iterable[int] = (200, 422)) -> Any:
        """Ask the API's list and, in turn, one of the other doors; returns what the API answered."""
        allowed = tuple(status)
        first = self._get(self.api, words, {"limit": "1"})
        self._judge(self.api, words, first, field, allowed)
        body = json.loads(first.content) if "json" in first["Content-Type"] else {}
        at, few = next(self._others)
        if at != self.page and any(word == "after" for word, _ in words):
            return body  # the whole has no place to go on from
        other = self._get(at, words, few)
        self._judge(at, words, other, field, (first.status_code,))
        if at == self.page:
            self._judge_page(at, words, other, body)
        return body

    def _get(self, at: str, words: Words, few: dict[str, str]) -> Answer:
        named = {word for word, _ in words}
        also = [(word, value) for word, value in few.items() if word not in named]
        answer: Answer = self.client.get(f"{at}?{urlencode([*words, *also])}")
        return answer

    def _judge(
        self, at: str, words: Words, answer: Answer, field: str | None, allowed: Sequence[int]
    ) -> None:
        asked = f"{at}?{urlencode(words)[:160]}"
        if answer.status_code not in allowed:
            self.troubles.append(f"{asked} answers {answer.status_code}, not {allowed}")
        elif answer.status_code >= 400 and at.startswith("/api/"):
            wrong = problem_of(answer, field)
            if wrong:
                self.troubles.append(f"{asked} {wrong}")

    def _judge_page(self, at: str, words: Words, answer: Answer, said: dict[str, Any]) -> None:
        page = answer.content.decode()
        if SCRIPT in page:
            self.troubles.append(f"{at}?{urlencode(words)[:160]} runs what it was asked for")
        if answer.status_code >= 400 and not _says(unescape(page), said):
            self.troubles.append(
                f"{at}?{urlencode(words)[:160]} does not say: {said.get('title')} {said.get('field')}"
            )

    def judged(self) -> None:
        """Fail with every trouble that was met."""
        assert not self.troubles, "\n" + "\n".join(self.troubles[:40])
