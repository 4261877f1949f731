"""What can be seen from inside only, in a process of its own: `python -m benchmarks.inside WORD`.

Django's settings are read once per process, and every instance has its own. The question comes as JSON on
stdin; the answer is the last line of stdout.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tradewind.platform.operation.console import OperationError
from tradewind.platform.operation.instance import Instance

if TYPE_CHECKING:
    from django.test import Client

WORDS = {
    "facts": ("benchmarks.people", "gather"),
    "statements": ("benchmarks.inside", "statements"),
    "bulk": ("benchmarks.bulk", "measure"),
    "plans": ("benchmarks.plans", "examine"),
}
BACKEND = "tradewind.domains.organization.entry.SignIns"


def asked(instance: Instance, word: str, question: dict[str, Any] | None = None) -> Any:
    """Ask in a process of its own. Raises OperationError when it fails."""
    env = {**os.environ, "TRADEWIND_HOME": str(instance.home), "TRADEWIND_OWNER": ""}
    env["DJANGO_SETTINGS_MODULE"] = "tradewind.config.settings"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside", word],
        input=json.dumps(question or {}),
        stdout=subprocess.PIPE,
        env=env,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperationError(f"measuring from inside ({word}) failed; the lines above say why")
    return json.loads(done.stdout.strip().splitlines()[-1])


def main() -> int:
    """Answer one question."""
    import django

    django.setup()
    module, name = WORDS[sys.argv[1]]
    question = json.loads(sys.stdin.read())
    answer = getattr(import_module(module), name)(**question)
    sys.stdout.write("\n" + json.dumps(answer, ensure_ascii=True) + "\n")
    return 0


def browser(who: str) -> Client:
    """Somebody signed in, without a web server."""
    from django.test import Client

    from tradewind.platform.spine.access.actor import Actor
    from tradewind.platform.spine.access.session import scope
    from tradewind.platform.spine.models import User

    client = Client(headers={"Accept-Language": "zh-CN"}, SERVER_NAME="localhost")
    with scope(Actor.nobody()):
        client.force_login(User.objects.get(username=who), backend=BACKEND)
    return client


def statements(cases: list[dict[str, Any]]) -> dict[str, int]:
    """How many statements each request sends, by the key of its case; the second time, when all is warm."""
    browsers: dict[str, Client] = {}
    counted = {}
    for case in cases:
        client = browsers.setdefault(case["who"], browser(case["who"]))
        counted[case["key"]] = [_count(client, case) for _ in range(2)][-1]
    return counted


def _count(client: Client, case: dict[str, Any]) -> int:
    from django.db import connection

    path, sent, headers = case["path"], case["body"], {}
    if case["stages"]:
        seen = client.get(path)
        stage = next(key for key in case["stages"] if key != seen.json()["stage_key"])
        path, sent, headers = f"{path}/move", json.dumps({"stage": stage}), {"If-Match": seen["ETag"]}
    count = 0

    def one_more(execute: Any, *words: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*words)

    with connection.execute_wrapper(one_more):
        answer = (
            client.post(path, sent, content_type="application/json", headers=headers)
            if sent
            else client.get(path, headers=headers)
        )
    if answer.status_code >= 300:
        raise OperationError(f"{path} answers {answer.status_code}")
    return count


if __name__ == "__main__":
    sys.exit(main())
