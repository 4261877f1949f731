"""What a real company must not be served with, and the address under which people reach it. Pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

LOCAL = "127.0.0.1"
DEFAULT_PORT = 8000


@dataclass(frozen=True, slots=True)
class Exposure:
    """Where the pages listen, and what TRADEWIND_HOSTS and TRADEWIND_HTTPS say."""

    bind: str
    hosts: Sequence[str]
    is_https: bool

    @property
    def is_local(self) -> bool:
        """Can it be reached from this machine only? A named host means a proxy in front."""
        return is_loopback(self.bind) and not self.hosts

    def unsafe(self) -> list[str]:
        """What is missing for being reached from elsewhere, by the name of the setting; empty is safe."""
        if self.is_local:
            return []
        problems = []
        if not self.hosts:
            problems.append("TRADEWIND_HOSTS is not set: name the host people type, like sales.example.com")
        if any("*" in host for host in self.hosts):
            problems.append("TRADEWIND_HOSTS has a *: name the hosts, or anybody can forge links to you")
        if not self.is_https:
            problems.append(
                "TRADEWIND_HTTPS is not 1: put HTTPS in front, then set it, or passwords can be read"
            )
        return problems


def named_hosts(text: str) -> list[str]:
    """The hosts in TRADEWIND_HOSTS, separated by commas or spaces."""
    return text.replace(",", " ").split()


def is_loopback(bind: str) -> bool:
    """Does this address belong to this machine alone? Names other than localhost do not count as such."""
    try:
        return bind == "localhost" or ip_address(bind).is_loopback
    except ValueError:
        return False


def site_address(hosts: Sequence[str], bind: str = LOCAL, port: int = DEFAULT_PORT) -> str:
    """The address people type, without a slash at the end: the first named host, else this machine."""
    named = [host.lstrip(".") for host in hosts if "*" not in host]
    if named:
        return f"https://{named[0]}"
    shown = f"[{bind}]" if ":" in bind else bind
    return f"http://{shown}:{port}"
