from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from articles.models import Letter


class Command(BaseCommand):
    help = "Delete letters from readers after 24 months, published replies apart; run it daily."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=730, help="how long letters are kept")

    def handle(self, *, days, **options):
        old = Letter.objects.filter(received_at__lt=timezone.now() - timedelta(days=days))
        count, _rows = old.exclude(state=Letter.State.PUBLISHED).delete()
        self.stdout.write(f"{count} letters deleted.")
