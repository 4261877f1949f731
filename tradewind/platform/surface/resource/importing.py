"""Bringing a spreadsheet in: upload, which column is which field, what would happen, progress, result."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tradewind.kernel.errors import Invalid, Malformed, NotVisible, declare, phrase
from tradewind.platform.spine.access.actor import Actor
from tradewind.platform.spine.access.middleware import actor_of_request
from tradewind.platform.spine.access.scopes import found
from tradewind.platform.surface.columns import NUMBERS, Column, Kind
from tradewind.platform.surface.exchange import runs
from tradewind.platform.surface.exchange.models import ImportLine, ImportRun
from tradewind.platform.surface.exchange.planning import Plan, fields_of, needed, plan_of
from tradewind.platform.surface.exchange.results import counts_of, result_sheet, shown_lines, undone_counts
from tradewind.platform.surface.exchange.sheets import LARGEST
from tradewind.platform.surface.exchange.states import AT_WORK, UNDOABLE, State, Verdict
from tradewind.platform.surface.exchange.undoing import kept, may_undo, to_undo
from tradewind.platform.surface.exchange.uploads import is_too_big
from tradewind.platform.surface.exchange.workbook import Sheet, download, workbook
from tradewind.platform.surface.resource import Resource, resource_of
from tradewind.platform.surface.shell.lists import listed
from tradewind.platform.surface.shell.middleware import sentence

View = Callable[..., HttpResponse]
RECENT = 5
STEPS = ("file", "columns", "check", "result")
declare({"import.unknown_step": phrase("An import knows no such step.")})


def import_page(of: Resource) -> View:
    """Choose a file, or look at an earlier import."""

    def page(request: HttpRequest) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        resource.require(actor, "import")
        if request.method != "POST":
            return _upload(request, resource, actor)
        try:
            run = runs.begin(resource, actor, *_file(request))
        except Malformed as refusal:
            return _upload(request, resource, actor, sentence(refusal), refusal.status)
        return redirect(f"{resource.key}.import_run", public_id=run.public_id)

    return page


def _file(request: HttpRequest) -> tuple[str, bytes]:
    sent = request.FILES.get("file")
    if is_too_big(request) or (sent is not None and (sent.size or 0) > LARGEST):
        raise Malformed("import.too_big", field="file")
    if sent is None:
        raise Malformed("import.no_file", field="file")
    return str(sent.name), sent.read()


def _upload(
    request: HttpRequest, resource: Resource, actor: Actor, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **_frame(resource, "file"),
        "problem": problem,
        "largest": LARGEST,
        "template_url": reverse(f"{resource.key}.import_template"),
        "fields": _described(resource, actor),
        "recent": [
            {
                "url": reverse(f"{resource.key}.import_run", args=[run.public_id]),
                "name": run.file_name,
                "at": run.created_at,
                "state": _state(run.state),
                "total": run.total,
            }
            for run in runs.own_runs(actor, resource)[:RECENT]
        ],
    }
    return render(request, "surface/import_file.html", context, status=status)


def template_page(of: Resource) -> View:
    """An empty sheet with the right headers, and beside it what each may hold."""

    def page(request: HttpRequest) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        resource.require(actor, "import")
        told = _described(resource, actor)
        rows = [
            [one["label"], _("yes") if one["is_needed"] else "", one["holds"], one["example"]] for one in told
        ]
        header = [_("Column"), _("Needed"), _("What it holds"), _("Example")]
        content = workbook(
            Sheet(_(resource.many), [one["label"] for one in told], ()),
            Sheet(_("How to fill it in"), header, rows),
        )
        return download(content, f"{_(resource.many)}.xlsx")

    return page


def _described(resource: Resource, actor: Actor) -> list[dict[str, Any]]:
    """What a file may hold: each field with what is written into it."""
    wanted = {column.name for column in needed(resource, actor)}
    made = []
    for name, column in fields_of(resource).items():
        if column.is_written:
            holds, example = _holds(column)
            told = {"label": column.label, "is_needed": name in wanted, "holds": holds, "example": example}
            made.append(told)
    return made


def _holds(column: Column) -> tuple[str, str]:
    """What a column may hold, in words, and an example."""
    holds, example = _held(column)
    if column.declared.in_files:
        return _(column.declared.in_files), example
    return holds, example


def _held(column: Column) -> tuple[str, str]:
    if column.kind is Kind.CHOICE:
        labels = [label for value, label in column.choices() if value]
        return _("One of: %(choices)s") % {"choices": listed(labels)}, labels[0]
    if column.kind is Kind.REFERENCE:
        target = resource_of(column.target)
        known = [target.columns[name].label for name in target.keys if name in target.columns]
        return _("%(kind)s, by %(ways)s") % {"kind": _(target.one), "ways": " / ".join(known)}, ""
    if column.kind in NUMBERS:
        examples = {Kind.PERCENT: "13%", Kind.MONEY: "12,800.00", Kind.DECIMAL: "12.5"}
        return _("A number"), examples.get(column.kind, "")
    told = {
        Kind.DATE: (_("A day"), "2026-03-18"),
        Kind.BOOL: (_("Yes or no"), _("yes")),
        Kind.LONG: (_("Text, several lines"), ""),
    }
    return told.get(column.kind, (_("Text, up to %(length)s characters") % {"length": column.max_length}, ""))


def run_page(of: Resource) -> View:
    """One import where it stands: its columns, its check, its progress or its result."""

    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        resource = of.seen_by(actor)
        resource.require(actor, "import")
        rows = runs.own_runs(actor, resource)
        if request.method == "POST":
            run = found(rows.select_for_update(no_key=True), public_id)
            return _act(request, resource, actor, run)
        return _show(request, resource, actor, found(rows, public_id))

    return page


def _act(request: HttpRequest, resource: Resource, actor: Actor, run: ImportRun) -> HttpResponse:
    """One step on. Asked for twice it is done once: the second time shows where the import stands."""
    step, state = request.POST.get("step", ""), State(run.state)
    try:
        if step == "check" and state in (State.MAPPING, State.CHECKED):
            runs.check(run, actor, _plan(request, run))
        elif step == "run" and state is State.CHECKED:
            runs.start(run, actor, is_whole=request.POST.get("way") != "right")
        elif step == "undo" and state in UNDOABLE and may_undo(run):
            runs.undo(run, actor)
        elif step == "stop":
            runs.ask_to_stop(run)
        elif step not in ("check", "run", "undo"):
            raise Malformed("import.unknown_step", field="step")
    except Invalid as refusal:
        return _columns(request, resource, actor, run, refusal)
    return redirect(f"{resource.key}.import_run", public_id=run.public_id)


def _plan(request: HttpRequest, run: ImportRun) -> Plan:
    fields = tuple(request.POST.get(f"column-{place}", "") for place in range(len(run.header)))
    key = tuple(name for name in request.POST.get("key", "").split("+") if name)
    return Plan(fields, key, request.POST.get("empties") == "on")


def _show(request: HttpRequest, resource: Resource, actor: Actor, run: ImportRun) -> HttpResponse:
    state = State(run.state)
    if state in AT_WORK:
        return _progress(request, resource, run)
    wants_columns = request.GET.get("step") == "columns" and state is State.CHECKED
    if state is State.MAPPING or wants_columns:
        return _columns(request, resource, actor, run)
    if state is State.CHECKED:
        return _preview(request, resource, actor, run)
    return _result(request, resource, actor, run)


def _columns(
    request: HttpRequest, resource: Resource, actor: Actor, run: ImportRun, refusal: Invalid | None = None
) -> HttpResponse:
    plan = _plan(request, run) if refusal else plan_of(run.plan)
    problems = refusal.problems if refusal else {}
    fields = fields_of(resource)
    missing = [column.label for column in needed(resource, actor) if column.name not in plan.fields]
    context = {
        **_frame(resource, "columns", run),
        "problem": problems.get("", "") or run.problem,
        "key_problem": problems.get("key", ""),
        "columns": [
            {
                "place": place,
                "header": header,
                "samples": run.samples[place],
                "chosen": plan.fields[place],
                "problem": problems.get(f"column-{place}", ""),
            }
            for place, header in enumerate(run.header)
        ],
        "fields": [(name, column.label) for name, column in fields.items()],
        "keys": _keys(resource, plan),
        "empties": plan.empties,
        "missing": listed(missing),
    }
    return render(request, "surface/import_columns.html", context, status=refusal.status if refusal else 200)


def _keys(resource: Resource, plan: Plan) -> Iterator[dict[str, Any]]:
    for key in resource.recognised_by:
        labels = [resource.columns[name].label for name in key]
        yield {"value": "+".join(key), "label": " + ".join(labels), "is_chosen": key == plan.key}


def _preview(request: HttpRequest, resource: Resource, actor: Actor, run: ImportRun) -> HttpResponse:
    only = request.GET.get("only", "")
    if only not in ("", *Verdict):
        raise NotVisible("not_found")
    context = {
        **_frame(resource, "check", run),
        "problem": run.problem,
        "tabs": _tabs(run, only),
        "lines": shown_lines(resource, run, only),
        "counts": counts_of(run),
        "writes": run.counts["new"] + run.counts["update"],
        "errors": run.counts["error"],
        "columns_url": _address(resource, run) + "?step=columns",
        "errors_url": _address(resource, run) + "?only=error",
        "result_file_url": reverse(f"{resource.key}.import_result", args=[run.public_id]),
    }
    return render(request, "surface/import_preview.html", context)


def _tabs(run: ImportRun, only: str) -> list[dict[str, Any]]:
    every = {"key": "", "label": _("All rows"), "count": run.total, "is_current": not only, "tone": ""}
    return [every, *({**one, "is_current": one["key"] == only} for one in counts_of(run) if one["count"])]


def _progress(request: HttpRequest, resource: Resource, run: ImportRun) -> HttpResponse:
    titles = {
        State.CHECKING: _("Checking %(total)s rows"),
        State.RUNNING: _("Importing %(total)s rows"),
        State.UNDOING: _("Taking %(total)s rows back"),
    }
    context = {
        **_frame(resource, "result" if run.state != State.CHECKING else "check", run),
        "title_of_work": titles[State(run.state)] % {"total": f"{run.total:,}"},
        "progress_url": reverse(f"{resource.key}.import_progress", args=[run.public_id]),
        "far": how_far(resource, run),
        "is_stopping": run.is_cancel_asked,
    }
    return render(request, "surface/import_progress.html", context)


def progress_page(resource: Resource) -> View:
    """How far it is, for the page that waits; posted to, it stops the work."""

    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        resource.require(actor, "import")
        run = found(runs.own_runs(actor, resource), public_id)
        if request.method == "POST":
            runs.ask_to_stop(run)
        return JsonResponse(how_far(resource, run))

    return page


def how_far(resource: Resource, run: ImportRun) -> dict[str, Any]:
    """Percent and seconds left, from the pace so far."""
    if run.state not in AT_WORK:
        return {"state": "done", "percent": 100, "remaining_s": 0, "result_url": _address(resource, run)}
    share = min(run.done / run.total, 1) if run.total else 0
    gone = (timezone.now() - run.started_at).total_seconds() if run.started_at else 0
    left = round(gone / share - gone) if share else None
    message = _("Stopping…") if run.is_cancel_asked else ""
    state = "running" if run.done else "waiting"
    return {"state": state, "percent": int(share * 100), "remaining_s": left, "message": message}


def _result(request: HttpRequest, resource: Resource, actor: Actor, run: ImportRun) -> HttpResponse:
    open_lines, held = to_undo(run), kept(run).count()
    made = open_lines.filter(verdict=Verdict.NEW).count()
    changed = open_lines.filter(verdict=Verdict.UPDATE).count()
    has_lines = ImportLine.objects.filter(run=run).exists()
    context = {
        **_frame(resource, "result", run),
        "problem": run.problem,
        "state": _state(run.state),
        "is_expired": run.state == State.EXPIRED,
        "is_stopped": run.state == State.STOPPED,
        "is_undone": run.state == State.UNDONE,
        "left_over": run.total - sum(run.counts.values()) if run.state == State.STOPPED else 0,
        "counts": counts_of(run) if run.counts else (),
        "undone": undone_counts(run),
        "lines": shown_lines(resource, run, "left" if run.state == State.UNDONE else "error"),
        "can_undo": (made or changed or held) and run.state in UNDOABLE,
        "held": held,
        "made": made,
        "changed": changed,
        "removes": resource.remove_many is not None,
        "result_file_url": reverse(f"{resource.key}.import_result", args=[run.public_id])
        if has_lines
        else "",
        "again_url": reverse(f"{resource.key}.import"),
        "next": _next_step(resource) if run.state in (State.DONE, State.STOPPED) else None,
    }
    return render(request, "surface/import_result.html", context)


def _next_step(resource: Resource) -> dict[str, str] | None:
    if resource.then is None:
        return None
    view = f"?view={resource.then.view}" if resource.then.view else ""
    return {"label": _(resource.then.label), "url": f"{reverse(resource.then.route)}{view}"}


def result_page(resource: Resource) -> View:
    """The file again, with what became of each row."""

    def page(request: HttpRequest, public_id: UUID) -> HttpResponse:
        actor = actor_of_request(request)
        resource.require(actor, "import")
        run = found(runs.own_runs(actor, resource), public_id)
        name = run.file_name.rpartition(".")[0] or run.file_name
        return download(workbook(result_sheet(run)), f"{name}-{_('Result')}.xlsx")

    return page


def _address(resource: Resource, run: ImportRun) -> str:
    return reverse(f"{resource.key}.import_run", args=[run.public_id])


def _frame(resource: Resource, step: str, run: ImportRun | None = None) -> dict[str, Any]:
    """What every step shows: where it stands among the steps, and the file."""
    names = {"file": _("File"), "columns": _("Columns"), "check": _("Check"), "result": _("Result")}
    at = STEPS.index(step)
    return {
        "title": _("Import: %(kind)s") % {"kind": _(resource.many)},
        "kind": _(resource.many),
        "list_url": reverse(f"{resource.key}.list"),
        "steps": [
            {"label": names[one], "is_current": place == at, "is_done": place < at}
            for place, one in enumerate(STEPS)
        ],
        "run": run,
        "address": _address(resource, run) if run else "",
    }


def _state(state: str) -> str:
    words: Mapping[str, str] = {
        State.MAPPING: _("Waiting for its columns"),
        State.CHECKING: _("Being checked"),
        State.CHECKED: _("Checked, not imported"),
        State.RUNNING: _("Being imported"),
        State.DONE: _("Brought in"),
        State.STOPPED: _("Stopped"),
        State.UNDOING: _("Being undone"),
        State.UNDONE: _("Undone"),
        State.EXPIRED: _("Too old"),
    }
    return words[state]
