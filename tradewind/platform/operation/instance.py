"""One instance is one folder: which company it serves, its secrets, its database.

`instance.json` is written last, so a folder without it is half made and may be made again.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewind.platform.operation.console import OperationError

Kind = Literal["demo", "real"]
ROOT = Path(__file__).resolve().parents[3]
PASSWORDS = ("superuser", "owner", "login", "jobs")


@dataclass(frozen=True)
class Secrets:
    """What nobody may read: the signing key and the database passwords by role."""

    secret_key: str
    passwords: Mapping[str, str]


@dataclass(frozen=True)
class Identity:
    """What an instance is, as told at its creation. `today` fixes the date of a demo for good."""

    kind: Kind
    company: str
    currency: str = "CNY"
    timezone: str = "Asia/Shanghai"
    today: date | None = None

    def __post_init__(self) -> None:
        """Refuse what would only fail much later, in a page."""
        if self.kind not in get_args(Kind):
            raise OperationError(f"unknown kind of instance: {self.kind!r}")
        if not self.company.strip():
            raise OperationError("the company needs a name: --company NAME")
        if not (len(self.currency) == 3 and self.currency.isascii() and self.currency.isupper()):
            raise OperationError(f"{self.currency!r} is not a currency code; write it like CNY or EUR")
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise OperationError(
                f"{self.timezone!r} is not a time zone; write it like Asia/Shanghai"
            ) from error


@dataclass(frozen=True)
class Instance:
    """One running place of the system: a folder and what it holds."""

    home: Path
    kind: Kind
    company: str
    currency: str
    timezone: str
    today: date | None
    created_at: datetime

    @classmethod
    def load(cls, home: Path | None = None) -> Self:
        """The instance in this folder, by default the one TRADEWIND_HOME names."""
        home = home or home_folder()
        try:
            stored = json.loads((home / "instance.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise OperationError(
                f"there is no instance in {home} (TRADEWIND_HOME). "
                "Make one with `./tw demo` or `./tw init --company NAME`."
            ) from error
        except PermissionError as error:
            raise OperationError(
                f"{home} (TRADEWIND_HOME) belongs to another user; run as that user"
            ) from error
        return cls(
            home=home,
            kind=stored["kind"],
            company=stored["company"],
            currency=stored["currency"],
            timezone=stored["timezone"],
            today=date.fromisoformat(stored["today"]) if stored["today"] else None,
            created_at=datetime.fromisoformat(stored["created_at"]),
        )

    @classmethod
    def create(cls, home: Path, identity: Identity) -> Self:
        """Make the folder and its secrets; refused where an instance lives already."""
        if holds_instance(home):
            raise OperationError(f"{home} (TRADEWIND_HOME) already holds an instance; choose another folder")
        make_home(home)
        if not (home / "secrets.json").exists():
            # A half-made instance keeps its secrets: its database may already have been made with them.
            write_json(home / "secrets.json", new_secrets(), mode=0o600)
        stored = {
            "kind": identity.kind,
            "company": identity.company.strip(),
            "currency": identity.currency,
            "timezone": identity.timezone,
            "today": identity.today.isoformat() if identity.today else None,
            "created_at": datetime.now(UTC).isoformat(),
        }
        write_json(home / "instance.json", stored, mode=0o644)
        return cls.load(home)

    def secrets(self) -> Secrets:
        """Read the secrets, which only the owner of the folder may."""
        path = self.home / "secrets.json"
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
        except PermissionError as error:
            raise OperationError(f"{path} belongs to another user; run as that user") from error
        except FileNotFoundError as error:
            raise OperationError(f"{path} is missing; restore it from a backup") from error
        return Secrets(secret_key=stored["secret_key"], passwords=stored["passwords"])

    @property
    def is_complete(self) -> bool:
        """Did the set-up (company row, demo data) reach its end?"""
        return (self.home / "completed.json").exists()

    def mark_complete(self, **facts: str) -> None:
        """Remember that the set-up reached its end, and with what."""
        write_json(self.home / "completed.json", facts, mode=0o644)
        (self.home / "loading.json").unlink(missing_ok=True)

    def mark_loading(self, **facts: str) -> None:
        """Remember what is being loaded, so that a killed load can go on."""
        write_json(self.home / "loading.json", facts, mode=0o644)

    def loading_with(self) -> dict[str, str]:
        """What was being loaded when it was killed; nothing when nothing was."""
        try:
            return dict(json.loads((self.home / "loading.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return {}

    def completed_with(self, fact: str) -> str | None:
        """What the finished set-up noted under this name."""
        if not self.is_complete:
            return None
        stored = json.loads((self.home / "completed.json").read_text(encoding="utf-8"))
        return str(stored[fact]) if fact in stored else None


def home_folder() -> Path:
    """The instance folder: TRADEWIND_HOME, or `var` beside the program."""
    named = os.environ.get("TRADEWIND_HOME")
    return Path(named).expanduser().absolute() if named else ROOT / "var"


def holds_instance(home: Path) -> bool:
    """Is there a whole instance here? Half-made ones do not count."""
    try:
        json.loads((home / "instance.json").read_text(encoding="utf-8"))
    except PermissionError as error:
        raise OperationError(f"{home} (TRADEWIND_HOME) belongs to another user; run as that user") from error
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return False
    return True


def make_home(home: Path) -> None:
    """Create the folder; root leaves it passable, because the database runs as somebody else."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not stat.S_ISDIR(home.stat().st_mode) or not os.access(home, os.W_OK | os.X_OK):
            raise OperationError(f"{home} (TRADEWIND_HOME) cannot be written; choose another folder")
        if not any(home.iterdir()):
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise OperationError(f"{home} (TRADEWIND_HOME) cannot be made: {error.strerror}") from error


def new_secrets() -> dict[str, object]:
    """Fresh secrets; hexadecimal so that they need no quoting anywhere."""
    return {
        "secret_key": secrets.token_urlsafe(64),
        "passwords": {role: secrets.token_hex(24) for role in PASSWORDS},
    }


def write_json(path: Path, content: object, *, mode: int) -> None:
    """Write a file whole or not at all, also when the power fails."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
