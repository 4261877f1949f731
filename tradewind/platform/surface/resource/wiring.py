"""The addresses of every declared object. A page that stands before them in the list wins."""

from collections.abc import Iterator

from django.urls import URLPattern, path
from ninja import NinjaAPI

from tradewind.platform.surface.resource import Resource, all_resources
from tradewind.platform.surface.resource.api import router
from tradewind.platform.surface.resource.exporting import export_page
from tradewind.platform.surface.resource.importing import (
    import_page,
    progress_page,
    result_page,
    run_page,
    template_page,
)
from tradewind.platform.surface.resource.listing import list_page
from tradewind.platform.surface.resource.pages import edit_page, field_page, new_page
from tradewind.platform.surface.resource.record import record_page


def pages() -> list[URLPattern]:
    """List, export, record and forms of every declared object."""
    return [pattern for resource in all_resources() for pattern in pages_of(resource)]


def pages_of(resource: Resource) -> Iterator[URLPattern]:
    """The addresses made of one declared object, each with its name."""
    at, key = resource.address, resource.key
    one = f"{at}/<uuid:public_id>"
    yield path(at, list_page(resource), name=f"{key}.list")
    yield path(f"{at}.<str:kind>", export_page(resource), name=f"{key}.export")
    if resource.create is not None:
        yield path(f"{at}/new", new_page(resource), name=f"{key}.new")
    if resource.is_imported:
        run, brought = f"{at}/import/<uuid:public_id>", resource.brought
        yield path(f"{at}/import", import_page(brought), name=f"{key}.import")
        yield path(f"{at}/import/template.xlsx", template_page(brought), name=f"{key}.import_template")
        yield path(run, run_page(brought), name=f"{key}.import_run")
        yield path(f"{run}/progress", progress_page(brought), name=f"{key}.import_progress")
        yield path(f"{run}/result.xlsx", result_page(brought), name=f"{key}.import_result")
    yield path(one, record_page(resource), name=key)
    if resource.edit is not None:
        yield path(f"{one}/edit", edit_page(resource), name=f"{key}.edit")
        yield path(f"{one}/field/<str:name>", field_page(resource), name=f"{key}.field")


def serve(api: NinjaAPI) -> None:
    """The same objects for integrators, under /api/v1/."""
    for resource in all_resources():
        api.add_router(f"/{resource.address}", router(resource))
