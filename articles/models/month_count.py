from django.db import models


class MonthCount(models.Model):
    """How many readers' copies of a section, a tag or an author bear a date of a month.

    Kept by triggers (articles/publishing/counted.py), written by nothing else. It counts what is
    scheduled and what has ended, too: what readers may open depends on the time.
    """

    class Kind(models.TextChoices):
        SECTION = "section"
        TAG = "tag"
        AUTHOR = "author"

    pk = models.CompositePrimaryKey("kind", "key", "month")
    kind = models.CharField(max_length=7, choices=Kind)
    key = models.BigIntegerField()  # of the section, the tag or the author
    month = models.DateField()  # its first day, in UTC
    count = models.IntegerField()

    def __str__(self):
        return f"{self.kind} {self.key}, {self.month:%Y-%m}: {self.count}"
