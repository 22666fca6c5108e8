"""A report on paper: one structure (`paper`), set as DOCX, PDF and XLSX. Always in Vietnamese."""

from reports.documents.paper import Paper, ReportTable, TableRow, paper_of
from reports.documents.pdf import render_pdf
from reports.documents.word import render_docx
from reports.documents.workbook import render_xlsx

RENDERERS = {"docx": render_docx, "pdf": render_pdf, "xlsx": render_xlsx}
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

__all__ = ["CONTENT_TYPES", "RENDERERS", "Paper", "ReportTable", "TableRow", "paper_of"]
