"""Pages that authors write. Records never refer to them: they meet at a page's translation key."""

from cms_pages.models.course import CoursePage
from cms_pages.models.home import CourseIndexPage, HomePage
from cms_pages.models.lesson import LessonPage
from cms_pages.models.loads import LoadedPage, WaitingQuestion
from cms_pages.models.module import ModulePage
from cms_pages.models.quiz import QuizPage

__all__ = [
    "CourseIndexPage",
    "CoursePage",
    "HomePage",
    "LessonPage",
    "LoadedPage",
    "ModulePage",
    "QuizPage",
    "WaitingQuestion",
]
