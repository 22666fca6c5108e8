"""Setting paper in type: what every kind of it shares, and slips with codes."""

from people.pdf.setting import FontsMissingError, qr_svg, set_in_type
from people.pdf.slips import render_slips

__all__ = ["FontsMissingError", "qr_svg", "render_slips", "set_in_type"]
