"""What the environment says about signing in: who needs a second factor, which other doors there are."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from tradewind.kernel.errors import phrase

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Door:
    """One outside system to sign in with: its variables, and which of what it tells is the sign-in name."""

    key: str
    provider: str
    prefix: str
    needs: tuple[str, ...]
    name: str
    claims: tuple[str, ...]

    def value(self, environment: Environment, word: str) -> str:
        return environment.get(f"TRADEWIND_{self.prefix}_{word}", "").strip()

    def missing(self, environment: Environment) -> list[str]:
        """The variables that are not set, where others of this door are."""
        unset = [word for word in self.needs if not self.value(environment, word)]
        named = [] if len(unset) == len(self.needs) else unset
        return [f"TRADEWIND_{self.prefix}_{word}" for word in named]

    def is_open(self, environment: Environment) -> bool:
        return all(self.value(environment, word) for word in self.needs)


DOORS = (
    Door(
        "oidc",
        "openid_connect",
        "OIDC",
        ("URL", "CLIENT_ID", "CLIENT_SECRET"),
        phrase("Single sign-on"),
        ("preferred_username",),
    ),
    Door("wecom", "wecom", "WECOM", ("CORP_ID", "AGENT_ID", "SECRET"), phrase("WeCom"), ("userid",)),
    Door("feishu", "feishu", "FEISHU", ("APP_ID", "APP_SECRET"), phrase("Feishu"), ("user_id",)),
    Door("dingtalk", "dingtalk", "DINGTALK", ("APP_KEY", "APP_SECRET"), phrase("DingTalk"), ("email",)),
)


def providers(environment: Environment) -> dict[str, dict[str, Any]]:
    """The configured doors as the library takes them; secrets stay in memory."""
    return {
        door.provider: {"APPS": [_app(door, environment)], "OAUTH_PKCE_ENABLED": door.key == "oidc"}
        for door in DOORS
        if door.is_open(environment)
    }


def _app(door: Door, environment: Environment) -> dict[str, Any]:
    identity, *rest = (word for word in door.needs if word != "URL")
    settings = {"url": door.value(environment, "URL").rstrip("/")}
    if door.key == "oidc":
        settings = {"server_url": settings["url"]}
    if door.key == "wecom":
        settings["agent_id"] = door.value(environment, "AGENT_ID")
    return {
        "provider_id": door.key,
        "name": door.value(environment, "LABEL") or door.name,
        "client_id": door.value(environment, identity),
        "secret": door.value(environment, rest[-1]),
        "settings": settings,
    }


def name_claims(environment: Environment) -> dict[str, tuple[str, ...]]:
    """What each door tells that is a sign-in name here; a variable may name another claim."""
    return {
        door.key: (chosen,) if (chosen := door.value(environment, "NAME_CLAIM")) else door.claims
        for door in DOORS
    }


def roles(environment: Environment) -> tuple[str, ...]:
    """The roles whose people need a second factor, separated by commas or spaces."""
    return tuple(environment.get("TRADEWIND_SECOND_FACTOR", "").replace(",", " ").split())


def problems(environment: Environment) -> list[str]:
    """What is set half or wrongly, by the name of the setting; empty is fine."""
    found = [
        f"{name} is not set, but others of its kind are"
        for door in DOORS
        for name in door.missing(environment)
    ]
    url = environment.get("TRADEWIND_OIDC_URL", "")
    if url and not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        found.append("TRADEWIND_OIDC_URL must begin with https://")
    return found


def described(environment: Environment, built_in: Container[str]) -> list[str]:
    """What is configured, in lines to print; no secret among them."""
    lines = []
    for door in DOORS:
        if door.is_open(environment):
            app = _app(door, environment)
            where = app["settings"].get("server_url") or app["settings"].get("url") or "its usual address"
            lines.append(f"{app['name']}: {app['client_id']} at {where}")
    if roles(environment):
        lines.append(f"second factor required of {', '.join(roles(environment))}")
        own = [role for role in roles(environment) if role not in built_in]
        if own:
            lines.append(f"not built in, so these must be roles of your own: {', '.join(own)}")
    return lines
