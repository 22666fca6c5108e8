from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Số liệu và báo cáo")

    def ready(self) -> None:
        from reports import merging  # noqa: F401  (connects to the signals of `people`)
