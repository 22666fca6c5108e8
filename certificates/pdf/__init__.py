"""The certificate on paper."""

from certificates.pdf.setting import FontsMissingError, render_pdf

__all__ = ["FontsMissingError", "render_pdf"]
