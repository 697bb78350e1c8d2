"""A receipt on paper: A4, one column, as many pages as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from crm_backend.documents.fonts import LATIN, Typefaces
from crm_backend.documents.receipt import Receipt

_INK, _FAINT, _RULE = HexColor("#1c2321"), HexColor("#5c6663"), HexColor("#c9d0cd")
_MARGIN = 20 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def draw(receipt: Receipt, faces: Typefaces) -> bytes:
    """The receipt as PDF. The same receipt gives the same bytes."""
    target = BytesIO()
    document = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{receipt.title} {receipt.number}",
        author=receipt.shop,
        lang="zh-CN" if receipt.language == "zh" else "en",
        invariant=1,
    )

    def footer(canvas: Any, _document: Any) -> None:
        text = receipt.page.format(page=canvas.getPageNumber())
        canvas.setFillColor(_FAINT)
        canvas.setFont(faces.name_for(text), 8)
        canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, text)

    document.build(_Pages(receipt, faces).flow(), onFirstPage=footer, onLaterPages=footer)
    return target.getvalue()


class _Pages:
    """What stands one under the other."""

    def __init__(self, receipt: Receipt, faces: Typefaces) -> None:
        self._receipt = receipt
        self._faces = faces
        # Words of Chinese have no spaces between them to break at.
        wrap = "CJK" if receipt.language == "zh" else None
        self._plain = ParagraphStyle("plain", fontName=LATIN, fontSize=9, leading=13, textColor=_INK, wordWrap=wrap)
        self._small = ParagraphStyle("small", self._plain, fontSize=7.5, leading=10.5, textColor=_FAINT)
        self._right = ParagraphStyle("right", self._plain, alignment=TA_RIGHT)
        self._title = ParagraphStyle("title", self._plain, fontSize=18, leading=24)
        self._heading = ParagraphStyle("heading", self._plain, fontSize=10.5, leading=15, spaceBefore=10)

    def flow(self) -> list[Flowable]:
        """Head, lines, sums, payments, refunds, notes."""
        receipt = self._receipt
        parts: list[Flowable] = [
            self._words(receipt.shop, self._heading, bold=True),
            *(self._words(contact, self._small) for contact in receipt.contacts),
            Spacer(1, 5 * mm),
            self._words(receipt.title, self._title, bold=True),
            Spacer(1, 3 * mm),
            self._pairs(receipt.facts, (38 * mm, _WIDTH - 38 * mm), self._plain),
            Spacer(1, 5 * mm),
            self._goods() if receipt.lines else self._words(receipt.no_lines, self._plain),
            Spacer(1, 3 * mm),
        ]
        if receipt.sums:
            parts.append(self._amounts(receipt.sums, indent=_WIDTH / 2))
        parts += [self._words(receipt.payments_title, self._heading, bold=True), self._amounts(receipt.payments)]
        if receipt.refunds:
            parts += [self._words(receipt.refunds_title, self._heading, bold=True), self._amounts(receipt.refunds)]
        if receipt.balance:
            parts += [Spacer(1, 3 * mm), self._amounts(receipt.balance, indent=_WIDTH / 2)]
        parts.append(Spacer(1, 8 * mm))
        parts += [self._words(note, self._small) for note in receipt.notes]
        return parts

    def _words(self, text: str, style: ParagraphStyle, *, bold: bool = False) -> Paragraph:
        return Paragraph(self._faces.marked_up(text, bold=bold), style)

    def _goods(self) -> Table:
        head = [
            self._words(column, self._plain if place == 0 else self._right, bold=True)
            for place, column in enumerate(self._receipt.columns)
        ]
        rows = [
            [
                [self._words(line.title, self._plain), *(self._words(one, self._small) for one in line.details)],
                self._words(line.quantity, self._right),
                self._words(line.unit_price, self._right),
                self._words(line.total, self._right),
            ]
            for line in self._receipt.lines
        ]
        table = Table(
            [head, *rows], colWidths=(_WIDTH - 76 * mm, 16 * mm, 30 * mm, 30 * mm), repeatRows=1, splitInRow=1
        )
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LINEBELOW", (0, 0), (-1, -1), 0.5, _RULE),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ]
            )
        )
        return table

    def _amounts(self, rows: Sequence[tuple[str, str]], indent: float = 0) -> Table:
        return self._pairs(rows, (_WIDTH - indent - 34 * mm, 34 * mm), self._right, indent=indent)

    def _pairs(
        self,
        rows: Sequence[tuple[str, str]],
        widths: tuple[float, float],
        style: ParagraphStyle,
        *,
        indent: float = 0,
    ) -> Table:
        cells = [[self._words(name, self._plain), self._words(value, style)] for name, value in rows]
        table = Table(cells, colWidths=widths, hAlign="RIGHT" if indent else "LEFT")
        table.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("TOPPADDING", (0, 0), (-1, -1), 1),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ]
            )
        )
        return table
