from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuizConfig(AppConfig):
    name = "activities.quiz"
    label = "quiz"
    verbose_name = _("Bài kiểm tra")

    def ready(self) -> None:
        from activities.quiz import merging  # noqa: F401  (connects to the signals of `people`)
