"""Which styles and fonts every page of ours loads."""

from django.contrib.staticfiles.storage import staticfiles_storage

# Small files, one a component, in the order of the cascade.
PARTS = [
    f"lms/css/{name}.css"
    for name in (
        "tokens",
        "fonts",
        "base",
        "layout",
        "components/buttons",
        "components/marks",
        "components/blocks",
        "components/lists",
        "components/forms",
        "print",
    )
]
# The same, one after the other in one file: on a slow line every file costs a round trip.
BUNDLE = "lms/css/all.css"

PRELOADED_FONTS = [
    f"fonts/be-vietnam-pro-{subset}-{weight}-normal.woff2"
    for weight in (400, 600)
    for subset in ("vietnamese", "latin")
]


def base_css() -> list[str]:
    """The one file where `collectstatic` made it, the parts where files are served as they are."""
    return [BUNDLE] if getattr(staticfiles_storage, "makes_bundle", False) else PARTS
