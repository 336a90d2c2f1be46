import logging
from threading import Event, Thread

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django_tasks_db.management.commands.db_worker import Command as TaskWorker

from avion.timers import TIMERS, run_due

logger = logging.getLogger(__name__)
EVERY = 5  # seconds between two looks at the timers


class Command(TaskWorker):
    help = (
        "Do what waits in the background, and what is done again and again: renditions, "
        "announcements, letters, clearing up. Any number may run."
    )

    def add_arguments(self, parser):
        if not settings.TASKS["default"]["BACKEND"].startswith("django_tasks_db."):
            raise CommandError("TASKS_WORKER is not 1: nothing would ever wait for a worker.")
        super().add_arguments(parser)

    def handle(self, **options):
        over = Event()
        parts = [timer for timer in TIMERS if timer.every], [t for t in TIMERS if not t.every]
        threads = [Thread(target=_watch, args=[over, part], daemon=True) for part in parts]
        for thread in threads:
            thread.start()
        try:
            super().handle(**options)
        finally:
            over.set()
            for thread in threads:
                thread.join()


def _watch(over, timers):
    """Run what is due until the worker ends; what takes long is in a thread apart."""
    while True:
        try:
            run_due(timers)
            connections.close_all()  # of this thread
        except Exception:
            logger.exception("The timers could not be looked at.")
        if over.wait(EVERY):
            return
