from django.core.management.base import BaseCommand, CommandError

from articles.models import Letter
from articles.reading.letters import deliver
from avion.models import SiteSettings


class Command(BaseCommand):
    help = "Mail the letters from readers that could not be mailed when they came; run it hourly."

    def handle(self, **options):
        to = SiteSettings.load().contact_email
        sent = [deliver(letter, to) for letter in Letter.objects.unsent()]
        self.stdout.write(f"{sum(sent)} of {len(sent)} letters mailed.")
        if not all(sent):
            raise CommandError("Some letters could not be mailed; they stand at the desk.")
