"""How expected answers are written down: by role, for pages, the API, declared objects."""

from dataclasses import dataclass

ROLES = ("admin", "director", "manager", "seller", "finance", "hr", "partner", "nobody")
SELLING = "admin director manager seller partner"
IMPORTING = "admin director manager"
DOOR = 302
NOBODYS = "7f3a1f64-5a51-4c1e-9d0f-2c5d1f0a9b10"


@dataclass(frozen=True)
class Expected:
    """Status by role in the order of ROLES; `nobody` is sent to the door (pages) or told so (API)."""

    get: tuple[int, ...]
    post: tuple[int, ...]
    address: str = ""


def by_role(status: int, **others: int) -> tuple[int, ...]:
    """The same answer for everybody, but for those named."""
    return tuple(others.get(role, status) for role in ROLES)


def page(get: int = 200, post: int = 200, address: str = "") -> Expected:
    return Expected(by_role(get, nobody=DOOR), by_role(post, nobody=DOOR), address)


def api(get: int, post: int, address: str = "") -> Expected:
    return Expected(by_role(get, nobody=401), by_role(post, nobody=401), address)


API_READ = api(200, 405)


def staffing(get: int = 200, post: int = 422) -> Expected:
    """For those who keep the directory; the others may not."""
    return Expected(
        by_role(403, admin=get, hr=get, nobody=DOOR), by_role(403, admin=post, hr=post, nobody=DOOR)
    )


def bringing(
    at: str, seen: tuple[int, ...], refused: tuple[int, ...], nobodys: tuple[int, ...]
) -> dict[str, Expected]:
    """The wizard that brings spreadsheets in."""
    made = {
        f"{at}/import": Expected(seen, refused),
        f"{at}/import/template.xlsx": Expected(seen, seen),
    }
    for route in ("", "/progress", "/result.xlsx"):
        address = f"{at}/import/{NOBODYS}{route}"
        made[f"{at}/import/<uuid:public_id>{route}"] = Expected(nobodys, nobodys, address)
    return made


def declared(
    at: str, create: str = "", edit: str = "", bring_in: str = "", hidden: str = "hr"
) -> dict[str, Expected]:
    """The routes of a declared object; `create`, `edit`, `bring_in` name who may, `hidden` who sees none."""

    def by(roles: str, yes: int, no: int = 403, nobody: int = DOOR) -> tuple[int, ...]:
        named = dict.fromkeys(roles.split(), yes)
        return by_role(no, nobody=nobody, **named)

    def of_one(roles: str, yes: int) -> tuple[int, ...]:
        unseen = dict.fromkeys(hidden.split(), 404)
        return by_role(403, nobody=DOOR, **{**dict.fromkeys(roles.split(), yes), **unseen})

    def told(roles: str) -> Expected:
        return Expected(by_role(405, nobody=401), by(roles, 422, nobody=401))

    unseen = dict.fromkeys(hidden.split(), 404)
    seen = by_role(200, nobody=DOOR, **unseen)
    one, api_at = f"{at}/<uuid:public_id>", f"api/v1/{at}"
    may_export = by("admin director manager finance", 200)
    made = {
        at: page(),
        f"{at}.<str:kind>": Expected(may_export, may_export, f"{at}.csv"),
        one: Expected(seen, seen),
        api_at: API_READ,
        f"{api_at}/summary": API_READ,
        f"{api_at}/<uuidstr:public_id>": Expected(by_role(200, nobody=401, **unseen), API_READ.post),
    }
    if create:
        made[f"{at}/new"] = Expected(by(create, 200), by(create, 422))
        made[api_at] = Expected(API_READ.get, told(create).post)
    if edit:
        made[f"{one}/edit"] = Expected(of_one(edit, 200), of_one(edit, 422))
        named = {"opportunities": "title", "activities": "subject"}.get(at, "name")
        field = f"{at}/<uuid:public_id>/field/{named}"
        made[f"{one}/field/<str:name>"] = Expected(of_one(edit, 200), of_one(edit, 422), field)
        made[f"{api_at}/bulk"] = told(edit)
    return made | (bringing(at, by(bring_in, 200), by(bring_in, 422), by(bring_in, 404)) if bring_in else {})
