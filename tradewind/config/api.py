"""The JSON API: the same questions and commands as the pages, under the same rights."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import django_auth

from tradewind.domains.activities import api as _activities  # noqa: F401 adds to the declared object
from tradewind.domains.analytics.api import router as overview
from tradewind.domains.approvals.api import router as approvals
from tradewind.domains.ledger.api import router as figures
from tradewind.domains.ledger.month_api import router as months
from tradewind.domains.orders import api as _orders  # noqa: F401
from tradewind.domains.pipeline import api as _pipeline  # noqa: F401
from tradewind.domains.planning.api import router as plans
from tradewind.domains.planning.api import tracking_router as tracking
from tradewind.platform.spine.trace import request_id
from tradewind.platform.surface.resource import wiring
from tradewind.platform.surface.search import router as search

PROBLEM = {
    "title": "Problem",
    "description": "A refusal (RFC 9457): a stable code, a sentence, and the field it is about.",
    "type": "object",
    "required": ["type", "title", "status", "code", "request"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "code", "request")},
        "status": {"type": "integer"},
        "field": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}
REFUSAL = {
    "description": "Refused; nothing was written.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

API_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of one's own account, tw_…: acts as its person within what it was made for.",
}


class Contract(NinjaAPI):
    """The API with its refusals described: every operation has the same."""

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**named)
        schema["components"]["schemas"]["Problem"] = PROBLEM
        schema["components"]["securitySchemes"]["ApiToken"] = API_TOKEN
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["responses"]["4XX"] = REFUSAL
                if "security" in operation:
                    operation["security"].append({"ApiToken": []})
        return schema


api = Contract(
    title="Tradewind",
    version="1",
    description="One company, as far as the signed-in person sees it: customers, deals, plans, figures.",
    auth=django_auth,
    docs_url=None,
)
wiring.serve(api)
api.add_router("/approvals", approvals)
api.add_router("/figures", figures)
api.add_router("/months", months)
api.add_router("/search", search)
api.add_router("/plans", plans)
api.add_router("/tracking", tracking)
api.add_router("/overview", overview)


def _problem(status: int, code: str, title: str, **more: object) -> HttpResponse:
    body = {"type": f"/problems/{code}", "title": title, "status": status, "code": code, **more}
    body["request"] = request_id.get()
    return JsonResponse(body, status=status, content_type="application/problem+json")


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"field": str(found["loc"][-1]), "in": str(found["loc"][0]), "problem": found["msg"]}
        for found in error.errors
    ]
    field = errors[0]["field"] if errors else None
    title = "; ".join(f"{found['field']}: {found['problem']}" for found in errors)
    return _problem(422, "malformed", title, field=field, errors=errors)


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(error.status_code, "refused", str(error))
