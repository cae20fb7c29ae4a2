"""What readers said of the articles."""

from django.db import models

from greenroom.core.scope import Scoped


class Vote(Scoped):
    """Whether an article helped one reader, who may change their mind: one row per reader and article (HLP-03)."""

    article = models.CharField(max_length=60)  # its slug
    reader = models.CharField(max_length=60)  # user:<id>, or creator:<id> in the portal
    helpful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "article", "reader"], name="one_vote_per_reader")]

    def __str__(self) -> str:
        return f"{self.article}: {'helpful' if self.helpful else 'not helpful'}"
