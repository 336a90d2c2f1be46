from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from authors.models import Entry


class Command(BaseCommand):
    help = "Delete the lines of the audit log that are older than 12 months; run it once a day."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=365, help="how long lines are kept")

    def handle(self, *, days, **options):
        old = Entry.objects.filter(at__lt=timezone.now() - timedelta(days=days))
        count, _rows = old.delete()
        self.stdout.write(f"{count} lines deleted.")
