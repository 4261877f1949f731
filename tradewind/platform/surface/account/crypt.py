"""Secrets that must be read again, like the seed of an authenticator app: encrypted by the instance."""

from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet
from django.conf import settings


def encrypt(text: str) -> str:
    """Unreadable without the instance's secret key, which is not in the database."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Raises `InvalidToken` when the instance's secret key is another one now."""
    return _box(settings.SECRET_KEY).decrypt(text.encode()).decode()


@cache
def _box(secret_key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"tradewind.second_factor:" + secret_key.encode()).digest()))
