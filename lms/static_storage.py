"""How static files are named when served: by content hash, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Also rewrites `import` paths between our ES modules, so that each is served hashed."""

    support_js_module_import_aggregation = True
