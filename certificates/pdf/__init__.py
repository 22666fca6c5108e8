"""The certificate on paper."""

from certificates.pdf.setting import render_pdf
from people.pdf import FontsMissingError

__all__ = ["FontsMissingError", "render_pdf"]
