from django.db import models


class KnownWord(models.Model):
    """A word that was published once, for proposals where a search finds nothing."""

    folded = models.CharField(max_length=40, unique=True)  # lower case, without accents
    shown = models.CharField(max_length=40)  # in lower case, as it is written

    def __str__(self):
        return self.shown
