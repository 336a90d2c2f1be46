from django.core.management.base import BaseCommand, CommandError

from articles import announcing


class Command(BaseCommand):
    help = (
        "Tell search engines (IndexNow) and feed readers (WebSub) what changed; run it every "
        "minute where no worker runs."
    )

    def handle(self, **options):
        if not announcing.endpoints():
            raise CommandError("Neither INDEXNOW_ENDPOINT nor WEBSUB_HUB is set: nobody is told.")
        result = announcing.tell()
        self.stdout.write(
            f"{result.told} told, {result.put_off} put off, {result.given_up} given up."
        )
        if result.put_off or result.given_up:
            raise CommandError("Somebody could not be told; the log says why.")
