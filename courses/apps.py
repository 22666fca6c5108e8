from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Khóa bồi dưỡng")

    def ready(self) -> None:
        from courses import merging, receivers  # noqa: F401  (connects to the signals of `people`)
