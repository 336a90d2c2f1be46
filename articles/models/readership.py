from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyReads(models.Model):
    """How often an article was opened, and read to its end, on a day. Nothing of who did.

    Written by articles/reading/counting.py; kept for 25 months, also of what was withdrawn. The
    database does not check the article: counting must never wait for who withdraws one.
    """

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    day = models.DateField()  # in the site's time zone
    opened = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "article"], name="daily_reads_once"),
        ]

    def __str__(self):
        return f"{self.day}: {self.opened}"


class MostRead(models.Model):
    """An article's place among the most read of a period, worked out when counts are written."""

    class Period(models.TextChoices):
        DAY = "day", _("24 hours")
        WEEK = "week", _("7 days")

    article = models.ForeignKey(
        "articles.PublishedArticle",
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="rankings",
    )
    period = models.CharField(max_length=4, choices=Period)
    place = models.PositiveSmallIntegerField()  # 1 is the most read

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "place"], name="most_read_place"),
            models.UniqueConstraint(fields=["period", "article"], name="most_read_once"),
        ]

    def __str__(self):
        return f"{self.period}: {self.place}"
