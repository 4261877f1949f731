"""The live news, for any ASGI server; pages and API are in wsgi.py."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tradewind.config.settings")
django.setup()

from tradewind.platform.operation import postgres  # noqa: E402
from tradewind.platform.services.live.application import Live  # noqa: E402

application = Live(postgres.address("login").parameters())
