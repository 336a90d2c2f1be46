"""`manage.py run_job`: what the desk started, in a process of its own."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from avion.jobs import BusyError, Job


class Command(BaseCommand):
    help = "Run a job that the desk started (see avion/jobs.py)."

    def add_arguments(self, parser):
        parser.add_argument("token")

    def handle(self, token, **options):
        job = Job.find(token)
        if job is None:
            raise CommandError(f"There is no job {token}.")
        try:
            job.run()
        except BusyError as error:  # two were started at the same moment; the other one works
            job = Job.find(token) or job
            if not job.is_locking:
                job.save(status="failed", note=_("Another one was at work: start this one again."))
            raise CommandError(f"Job {token} or another one is at work already.") from error
