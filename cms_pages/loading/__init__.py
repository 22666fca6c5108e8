"""From the content files to pages, questions and requirements; loading again changes nothing."""

from cms_pages.loading.course import CONTENT, Loaded, load_course_pages

__all__ = ["CONTENT", "Loaded", "load_course_pages"]
