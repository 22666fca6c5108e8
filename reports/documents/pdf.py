"""A report as PDF: the same paper in our own typeface, since Times New Roman isn't ours to ship."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from people.pdf.setting import set_in_type
from reports.documents import wording
from reports.documents.paper import Block, Heading, Paper, ReportTable, Text

TEMPLATE = Path(__file__).with_name("report.typ")


def render_pdf(paper: Paper, *, at: datetime) -> bytes:
    said = {
        "title": wording.TITLE,
        "subject": paper.subject,
        "parent_body": paper.parent_body,
        "issuer": paper.issuer,
        "nation": wording.NATION,
        "motto": wording.MOTTO,
        "number": paper.number,
        "place_and_day": paper.place_and_day,
        "draft": wording.DRAFT if paper.is_draft else "",
        "bases": paper.bases,
        "blocks": [_said(block) for block in paper.blocks],
        "recipients": {"label": wording.RECIPIENTS, "lines": paper.recipients},
        "signatures": [{"office": each.office, "name": each.name} for each in paper.signatures],
        "appendix": [_said(block) for block in paper.appendix],
        "appendix_title": wording.APPENDIX,
    }
    return set_in_type(TEMPLATE, at=at, said=said)


def _said(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text, level):
            return {"is": "heading", "text": text, "level": level}
        case Text(text):
            return {"is": "text", "text": text}
        case ReportTable():
            return {
                "is": "table",
                "caption": block.caption,
                "headings": [wording.NUMBER, block.label, wording.COUNTS, wording.NOTE],
                "sexes": wording.SEX_COLUMNS,
                "rows": [
                    {
                        "is_total": row.is_total,
                        "cells": [str(row.number or ""), row.label, *row.texts, row.note],
                    }
                    for row in block.rows
                ],
            }
