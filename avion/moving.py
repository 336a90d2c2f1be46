"""Moving house at the desk: a WordPress site comes in, the whole site goes out.

What works for minutes is a job of its own (jobs.py); these pages start it and show how far it is.
"""

import json
import shutil
from functools import partial, wraps
from pathlib import Path, PurePath

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from articles.wordpress import report, wxr
from articles.wordpress.old_site import OldSite
from authors import audit
from authors.door.confirming import ask_again
from avion import faults
from avion.jobs import BusyError, Job
from avion.moving_forms import MAPPING, NONE, ZIP, MappingForm, UploadForm

FORMATS = {  # what is written, and the file's name after the day
    "wxr": (_("For WordPress (WXR)"), "wordpress.xml"),
    "json": (_("Everything, with its files, for another system (JSON)"), "json.zip"),
    "html": (_("The pages as readers see them, to be kept (HTML)"), "html.zip"),
}
WHAT = {  # the commands' words for what they count
    "files": _("files"),
    "posts": _("articles and pages"),
    "records": _("records"),
    "pages": _("pages"),
}


def movers_only(view):
    """Let those in who may change the site's settings."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.has_perm("avion.change_sitesettings"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked


@movers_only
def moving_view(request):
    """What can come in and go out, and what was done so far; takes an export in."""
    is_sent = request.method == "POST"
    if not is_sent:  # files cannot wait in a session until somebody confirmed who they are
        ask_again(request)
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        try:
            job = _take_in(form.cleaned_data, str(request.user))
            return HttpResponseRedirect(reverse("admin:moving_mapping", args=[job.token]))
        except wxr.WxrError as error:
            form.add_error("exports", str(error))
    context = {"title": _("Import and export"), "form": form, "jobs": Job.all(), "formats": FORMATS}
    return _page(request, "index", context)


@movers_only
@require_POST
def export_view(request):
    """Start an export in one of FORMATS."""
    ask_again(request)
    kind = request.POST.get("format", "")
    if kind not in FORMATS:
        raise Http404
    job = Job.create("export", str(request.user), options={"format": kind})
    name = f"{timezone.localdate():%Y-%m-%d}-{FORMATS[kind][1]}"
    command = ["export", kind, str(job.folder / name)]
    if _start(request, job, command=command, result=name):
        audit.record(audit.Act.EXPORTED, FORMATS[kind][0])
        return HttpResponseRedirect(reverse("admin:moving_job", args=[job.token]))
    job.forget()
    return HttpResponseRedirect(reverse("admin:moving"))


@movers_only
def mapping_view(request, token):
    """Who and what in the export becomes whom and what here; then the trial, or the import."""
    ask_again(request)
    job = _job(token, "import")
    if job.is_working:
        return HttpResponseRedirect(reverse("admin:moving_job", args=[token]))
    form = MappingForm(request.POST if request.method == "POST" else None, job)
    if request.method == "POST" and form.is_valid():
        (job.folder / MAPPING).write_text(form.mapping().text(), encoding="utf-8")
        options = job.options | {"prefer": form.cleaned_data["prefer"]}
        return _import(request, job, options, is_trial="_trial" in request.POST)
    context = {"title": _("Authors and categories"), "form": form, "job": job}
    return _page(request, "mapping", context)


@movers_only
def job_view(request, token):
    """How far a job is, and what became of it; starts it again. ?part: without the page around."""
    job = _job(token)
    if request.method == "POST":
        ask_again(request)
        if job.kind == "import":
            return _import(request, job, job.options, is_trial=False)
        if job.status != "done":
            _start(request, job)
        return HttpResponseRedirect(reverse("admin:moving_job", args=[token]))
    if job.kind == "import" and job.status == "waiting":
        return HttpResponseRedirect(reverse("admin:moving_mapping", args=[token]))
    summary = job.folder / report.SUMMARY
    context = {
        "title": _("Import") if job.kind == "import" else _("Export"),
        "job": job,
        "progress": _progress(job) if job.is_working else None,
        "summary": json.loads(summary.read_text("utf-8")) if summary.is_file() else None,
    }
    return _page(request, "_job" if "part" in request.GET else "job", context)


@movers_only
def report_view(request, token):
    """Show what the import wrote, line by line."""
    ask_again(request)
    path = _job(token, "import").folder / "report.html"
    if not path.is_file():
        raise Http404
    return faults.with_own_style(path.read_text("utf-8"))


@movers_only
def result_view(request, token):
    """Give the file that an export made."""
    ask_again(request)
    job = _job(token, "export")
    path = job.folder / job.result
    if job.status != "done" or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"avion-{job.result}")


def _progress(job) -> dict | None:
    found = job.progress()
    return found and {"what": WHAT.get(found[0], found[0]), "done": found[1], "total": found[2]}


def _take_in(data, by) -> Job:
    """Keep what was uploaded in the folder of a new job, and look what is in it.

    Raises WxrError for what is no whole export; nothing is kept then.
    """
    job = Job.create("import", by)
    try:
        names = []
        for number, file in enumerate(data["exports"]):
            suffix = ".xml.gz" if file.name.lower().endswith(".gz") else ".xml"
            names.append(_keep(file, job.folder / f"export-{number}{suffix}"))
        if data["files_from"] == ZIP:
            _keep(data["uploads"], job.folder / "uploads.zip")
        site = OldSite([partial(wxr.read, job.folder / name) for name in names])
        site.survey()
        if site.fault:
            raise site.fault
    except BaseException:
        job.forget()
        raise
    said = ", ".join(PurePath(file.name).name for file in data["exports"])
    found = {"total": site.total, "authors": site.authors, "categories": site.categories}
    found["uses"] = {f"{kind} {key}": count for (kind, key), count in site.uses.items()}
    files_from = data["files_from"]
    job.save(options={"exports": names, "files_from": files_from, "said": said, "found": found})
    return job


def _keep(file, path: Path) -> str:
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return path.name


def _import(request, job, options, *, is_trial):
    """Start an import with what was chosen, and lead to its page.

    What is done already stays as it is, with its report: a job of its own begins.
    """
    if not (job.folder / MAPPING).is_file():
        return HttpResponseRedirect(reverse("admin:moving_mapping", args=[job.token]))
    if job.status == "done":
        job = _copy(job, str(request.user))
    mapping = job.folder / MAPPING
    command = ["import_wordpress", *(str(job.folder / name) for name in options["exports"])]
    command += ["--report", str(job.folder), "--mapping", str(mapping)]
    command += {
        ZIP: ["--media", str(job.folder / "uploads.zip")],
        NONE: ["--no-media"],
    }.get(options["files_from"], [])
    command += [f"--{options['prefer']}"] if options.get("prefer") else []
    command += ["--dry-run"] if is_trial else []
    if _start(request, job, command=command, options=options | {"is_trial": is_trial}):
        kept = job.folder.parent / MAPPING  # proposed when another export of the site comes
        shutil.copyfile(mapping, kept)
        if not is_trial:
            audit.record(audit.Act.IMPORTED, options["said"])
    return HttpResponseRedirect(reverse("admin:moving_job", args=[job.token]))


def _copy(job, by) -> Job:
    """Return a new job with what another one was given."""
    new = Job.create(job.kind, by, options=job.options)
    for name in [*job.options["exports"], "uploads.zip"]:
        if (job.folder / name).is_file():
            (new.folder / name).hardlink_to(job.folder / name)
    shutil.copyfile(job.folder / MAPPING, new.folder / MAPPING)
    return new


def _start(request, job, **changes) -> bool:
    """Start a job; say so and return False while another one works."""
    try:
        job.start(**changes)
    except BusyError:
        messages.error(request, _("Another import or export is at work: wait for its end."))
        return False
    return True


def _job(token, kind="") -> Job:
    job = Job.find(token)
    if job is None or (kind and job.kind != kind):
        raise Http404
    return job


def _page(request, name, context):
    return render(request, f"admin/moving/{name}.html", admin.site.each_context(request) | context)
