"""What `load_content` wrote last, so that it can tell what a trainer has changed since."""

from django.db import models


class LoadedPage(models.Model):
    """`content_hash` is that of the page as loaded; it differs once anybody has edited the page."""

    page_key = models.UUIDField(unique=True)
    content_hash = models.CharField(max_length=64)
    source_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.page_key)
