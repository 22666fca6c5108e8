"""From published pages and questions back to the content files that `load_content` reads."""

from cms_pages.exporting.course import Exported, export_course
from cms_pages.exporting.findings import ExportRefusedError, Finding

__all__ = ["ExportRefusedError", "Exported", "Finding", "export_course"]
