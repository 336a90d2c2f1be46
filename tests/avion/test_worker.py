"""The worker: tasks and timers, by any number of processes, each thing once."""

from datetime import datetime, timedelta
from threading import Event
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from avion import timers
from avion.management.commands.worker import _watch
from avion.models import TimerRun
from avion.timers import TIMERS, Timer, run_due, take_up_what_was_left

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
PARIS = ZoneInfo("Europe/Paris")
done = []


@task
def note(word):
    done.append(word)


def test_a_timer_runs_when_it_is_due_and_no_sooner():
    runs = []
    minute = Timer("essai", MINUTE, lambda: runs.append(1))
    assert run_due([minute]) == ["essai"]
    assert run_due([minute]) == []
    TimerRun.objects.update(due_at=timezone.now())
    assert run_due([minute]) == ["essai"]
    assert len(runs) == 2


def test_two_workers_share_a_timer_and_one_runs_it():
    runs = []

    def act():
        runs.append(1)
        assert run_due([minute]) == []  # the other looks while this one is at it

    minute = Timer("essai", MINUTE, act)
    run_due([minute])
    assert runs == [1]


def test_a_timer_of_a_worker_that_was_killed_is_taken_up():
    minute = Timer("essai", MINUTE, lambda: None)
    past = timezone.now() - MINUTE
    TimerRun.objects.create(name="essai", due_at=past, claimed_until=timezone.now() + MINUTE)
    assert run_due([minute]) == []
    TimerRun.objects.update(claimed_until=past)
    assert run_due([minute]) == ["essai"]


def test_one_that_fails_keeps_none_from_running(caplog):
    def fail():
        raise ZeroDivisionError

    both = [Timer("un", MINUTE, fail), Timer("deux", MINUTE, lambda: None)]
    assert run_due(both) == ["un", "deux"]
    assert "“un” failed" in caplog.text
    assert run_due(both) == []


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 7, 1, 2, 0, tzinfo=PARIS), datetime(2026, 7, 1, 3, 30, tzinfo=PARIS)),
        (datetime(2026, 7, 1, 3, 30, tzinfo=PARIS), datetime(2026, 7, 2, 3, 30, tzinfo=PARIS)),
        # The night in which clocks go forward, and the one in which they go back.
        (datetime(2027, 3, 28, 1, 0, tzinfo=PARIS), datetime(2027, 3, 28, 3, 30, tzinfo=PARIS)),
        (datetime(2027, 10, 30, 12, tzinfo=PARIS), datetime(2027, 10, 31, 3, 30, tzinfo=PARIS)),
    ],
)
def test_the_night_is_the_sites(now, due):
    assert Timer("nuit", None, lambda: None).next_after(now) == due


def test_a_task_of_a_worker_that_was_killed_goes_back_to_the_queue(settings):
    settings.TASKS = QUEUE
    done.clear()
    note.enqueue("tué")
    begun = timezone.now() - timers.LEFT - MINUTE
    DBTaskResult.objects.update(status="RUNNING", started_at=begun)
    take_up_what_was_left()
    assert DBTaskResult.objects.get().status == "READY"
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    take_up_what_was_left()
    assert DBTaskResult.objects.get().status == "RUNNING"
    DBTaskResult.objects.update(started_at=begun, worker_ids=["a", "b", "c"])
    take_up_what_was_left()  # it may be what kills them
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_look_that_fails_does_not_end_the_timers(settings, caplog):
    settings.TASKS = QUEUE
    over = Event()

    def look(_timers):
        looked.append(1)
        if len(looked) > 2:
            over.set()
        raise OperationalError("database is locked")

    looked = []
    with mock.patch.multiple("avion.management.commands.worker", run_due=look, EVERY=0.01):
        _watch(over, [])
    assert len(looked) == 3
    assert "could not be looked at" in caplog.text


def test_every_timer_of_the_site_runs(settings):
    settings.TASKS = QUEUE
    for timer in TIMERS:
        timer.act()
    names = [timer.name for timer in TIMERS]
    assert len(set(names)) == len(names)


@pytest.mark.django_db(transaction=True)
def test_the_command_does_tasks_and_timers(settings):
    settings.TASKS = QUEUE
    done.clear()
    note.enqueue("un")
    with mock.patch("avion.management.commands.worker.EVERY", 0.01):
        call_command("worker", batch=True, verbosity=0)
    assert done == ["un"]
    assert TimerRun.objects.count() == len(TIMERS)


def test_a_worker_that_nothing_waits_for_says_so():
    with pytest.raises(CommandError, match="TASKS_WORKER"):
        call_command("worker", batch=True)
