"""Figures for Prometheus at /metrics, summed over the processes of this machine.

Processes share them by files in METRICS_FOLDER (prometheus_client's multiprocess mode), which is to
be emptied before the server starts. Who asks must know METRICS_TOKEN; without one there is no
/metrics. https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import os
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from avion.models import TimerRun
from avion.timers import lag

settings.METRICS_FOLDER.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(settings.METRICS_FOLDER))

import prometheus_client as prometheus  # noqa: E402  # it looks for the folder when it is imported
from prometheus_client import multiprocess  # noqa: E402  # the same

REQUESTS = prometheus.Counter(
    "avion_requests", "Requests that Django answered, by view and status.", ["view", "status"]
)
SECONDS = prometheus.Histogram(
    "avion_request_seconds",
    "Seconds in which Django answered, by view.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
PAGES = prometheus.Counter(
    "avion_page_cache",
    "Readers' requests by what the page cache did: hit, shared (another "
    "process made it), made, stale (others were making it, or "
    "the database was away), covered (a fault hidden by what the page was), refused (an unknown "
    "page while the database was away).",
    ["answer"],
)
WITHOUT_DATABASE = prometheus.Gauge(
    "avion_page_cache_without_database",
    "Processes that serve readers what they know alone, since the database is away.",
    multiprocess_mode="livesum",
)
PAGE_BYTES = prometheus.Gauge(
    "avion_page_cache_bytes", "Memory that readers' pages take.", multiprocess_mode="livesum"
)


def measured(get_response):
    """Count and time what Django answers."""

    def middleware(request):
        begun = perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = (match and match.view_name) or "none"
        REQUESTS.labels(view, response.status_code).inc()
        SECONDS.labels(view).observe(perf_counter() - begun)
        return response

    return middleware


@require_safe
def metrics(request):
    """Give the figures to whoever has the token; 404 as long as there is none."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        raise PermissionDenied
    _forget_the_dead()
    registry = prometheus.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    text = prometheus.generate_latest(registry) + _waiting().encode()
    return HttpResponse(text, content_type=prometheus.CONTENT_TYPE_LATEST)


def _forget_the_dead():
    """Leave out the gauges of processes that are over; what they counted stays."""
    for file in settings.METRICS_FOLDER.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path(f"/proc/{pid}").exists():
            multiprocess.mark_process_dead(pid)


def _waiting() -> str:
    """Return the figures of the queue, which the database knows."""
    try:
        return _of_the_queue()
    except Error:
        return _gauge("avion_database_up", "Whether the database answers.", 0)


def _of_the_queue() -> str:
    now = timezone.now()
    ready = DBTaskResult.objects.ready().aggregate(count=Count("pk"), oldest=Min("enqueued_at"))
    failed = DBTaskResult.objects.failed().count()
    late = (now - ready["oldest"]).total_seconds() if ready["oldest"] else 0
    figures = {
        "avion_database_up": ("Whether the database answers.", 1),
        "avion_tasks_waiting": ("Tasks that wait for a worker.", ready["count"]),
        "avion_tasks_lag_seconds": ("How long the oldest of them has waited.", late),
        "avion_tasks_failed": ("Tasks that failed and are still remembered.", failed),
        "avion_timers_lag_seconds": ("How long a timer has been due, without a worker.", lag()),
    }
    if settings.BACKUP_TO:
        words = "Time since the last backup was made at BACKUP_TO; +Inf if none was."
        figures["avion_backup_age_seconds"] = words, _backup_age(now)
    return "".join(_gauge(name, words, value) for name, (words, value) in figures.items())


def _backup_age(now) -> float | str:
    run = TimerRun.objects.filter(name="backup").first()
    return (now - run.done_at).total_seconds() if run and run.done_at else "+Inf"


def _gauge(name, words, value) -> str:
    return f"# HELP {name} {words}\n# TYPE {name} gauge\n{name} {value}\n"
