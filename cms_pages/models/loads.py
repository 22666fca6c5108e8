"""What `load_content` wrote last, and what of the files has no page to stand on."""

from django.db import models


class LoadedPage(models.Model):
    """`content_hash` is that of the page as loaded; it differs once anybody has edited the page.

    `beside` is what the files say beside the page's fields: wording that the page shows in another
    form, days and names that no page has. With it an export gives back what was loaded.
    """

    page_key = models.UUIDField(unique=True)
    content_hash = models.CharField(max_length=64)
    source_hash = models.CharField(max_length=64)
    beside = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.page_key)


class WaitingQuestion(models.Model):
    """A question of a kind that can't be asked yet, as the content files have it."""

    code = models.CharField(max_length=40, unique=True)
    bank = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
