"""How static files are named when served: by content hash, cached for ever."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from lms.styles import BUNDLE, PARTS


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import` paths between our ES modules, so that each is served hashed, and
    joins the styles that every page loads into one file."""

    support_js_module_import_aggregation = True
    makes_bundle = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run:
            self._bundle(paths)
        yield from super().post_process(paths, dry_run, **options)

    def _bundle(self, paths: dict[str, Any]) -> None:
        """Parts in folders below name no other file, so every relative path stays right."""
        texts = []
        for name in PARTS:
            storage, path = paths[name]
            with storage.open(path) as part:
                texts.append(part.read().decode())
        self.delete(BUNDLE)
        self._save(BUNDLE, ContentFile("\n".join(texts).encode()))
        paths[BUNDLE] = (self, BUNDLE)
