from threading import Event, Thread

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django_tasks_db.management.commands.db_worker import Command as TaskWorker

from avion.timers import run_due

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
        timers = Thread(target=_watch, args=[over], name="timers", daemon=True)
        timers.start()
        try:
            super().handle(**options)
        finally:
            over.set()
            timers.join()


def _watch(over):
    """Run what is due until the worker ends."""
    while True:
        run_due()
        connections.close_all()  # of this thread
        if over.wait(EVERY):
            return
