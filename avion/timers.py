"""What is done again and again: by `manage.py worker`, of which any number may run.

Each timer has a row that says when it is due and who is at it. A worker that is killed lets go of
it after a while; none of this does harm when it is done twice.
"""

import logging
from collections.abc import Callable
from datetime import datetime, time, timedelta
from io import StringIO
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import announcing
from avion.models import TimerRun

logger = logging.getLogger(__name__)
NIGHT = time(3, 30)  # in the site's time zone
MOST_WORKERS = 3
LEFT = timedelta(minutes=15)  # after which a task, or a timer, was left by a worker that was killed


class Timer(NamedTuple):
    """every: how long after one run the next is due; None: every night. lease: how long nobody else
    takes it up, so longer than it ever takes.
    """

    name: str
    every: timedelta | None
    act: Callable[[], object]
    lease: timedelta = LEFT

    def next_after(self, now) -> datetime:
        if self.every:
            return now + self.every
        today = timezone.localdate(now)
        nights = (datetime.combine(today + timedelta(days=day), NIGHT) for day in (0, 1))
        return next(each for each in map(timezone.make_aware, nights) if each > now)


def take_up_what_was_left():
    """Give tasks back to the queue whose worker was killed. All of ours may be done twice.

    One that took MOST_WORKERS with it is failed for good: it may be what kills them.
    """
    left = DBTaskResult.objects.running().filter(started_at__lt=timezone.now() - LEFT)
    for result in left:
        again = len(result.worker_ids) < MOST_WORKERS
        status = TaskResultStatus.READY if again else TaskResultStatus.FAILED
        DBTaskResult.objects.filter(pk=result.pk).update(status=status, started_at=None)
        logger.warning("Task %s of a worker that was killed: %s.", result.task_path, status.label)


def _command(name, **options):
    """Return an act that runs a command without a word."""
    return lambda: call_command(name, **options, verbosity=0, stdout=StringIO())


def back_up():
    """Make a backup, where BACKUP_TO says a place."""
    if settings.BACKUP_TO:
        call_command("backup", keep=settings.BACKUP_KEEP, verbosity=0, stdout=StringIO())


TIMERS = [
    Timer("take up", timedelta(minutes=1), take_up_what_was_left),
    Timer("announce", timedelta(minutes=1), announcing.tell),
    Timer("letters", timedelta(hours=1), _command("send_letters")),
    Timer("backup", None, back_up, lease=timedelta(hours=20)),
    Timer("renditions", None, _command("renditions"), lease=timedelta(hours=20)),
    Timer("old audit", None, _command("purge_audit")),
    Timer("old letters", None, _command("purge_letters")),
    Timer("old sessions", None, _command("clearsessions")),
    Timer("old tasks", None, _command("prune_db_task_results")),
]


def run_due(timers=TIMERS) -> list[str]:
    """Do what is due and nobody else is at; return the names. What fails is logged."""
    done = []
    for timer in timers:
        if _claim(timer):
            try:
                timer.act()
            except Exception:
                logger.exception("The timer “%s” failed.", timer.name)
            rows = TimerRun.objects.filter(name=timer.name)
            rows.update(due_at=timer.next_after(timezone.now()), claimed_until=None)
            done.append(timer.name)
    return done


def note_backup():
    """Note that a backup was made just now, by the timer or otherwise."""
    now = timezone.now()
    [timer] = [timer for timer in TIMERS if timer.name == "backup"]
    first = {"done_at": now, "due_at": timer.next_after(now)}
    TimerRun.objects.update_or_create(
        name=timer.name, defaults={"done_at": now}, create_defaults=first
    )


def lag() -> float:
    """Return for how many seconds the timer has been due that nobody has taken up.

    Those of the night wait for each other: they are not asked.
    """
    now = timezone.now()
    names = [timer.name for timer in TIMERS if timer.every]
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = TimerRun.objects.filter(free, name__in=names).order_by("due_at")
    due_at = waiting.values_list("due_at", flat=True).first()
    return max(0.0, (now - due_at).total_seconds()) if due_at else 0.0


def _claim(timer) -> bool:
    """Say whether this process may do it now: the database lets one through."""
    now = timezone.now()
    first = now if timer.every else timer.next_after(now)
    TimerRun.objects.get_or_create(name=timer.name, defaults={"due_at": first})
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    due = TimerRun.objects.filter(free, name=timer.name, due_at__lte=now)
    return due.update(claimed_until=now + timer.lease) == 1
