"""Typefaces of documents: Bitstream Vera for what it has, a Chinese one for the rest, chosen character by character.

The Chinese one is a TrueType file of the shop's choice (`SHOPDESK_DOCUMENT_FONT`), put into the document as far as it
is used; without one it is STSong-Light, the face that every PDF reader brings for simplified Chinese (ISO 32000-1,
section 9.7.5.2) and that is not in the file. OpenType files with PostScript outlines, such as Noto CJK, are none that
reportlab can embed.
"""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

LATIN, BOLD, CHINESE = "ShopdeskLatin", "ShopdeskLatinBold", "STSong-Light"
_EMBEDDED = "ShopdeskChinese"
_FILES = Path(reportlab.__file__).parent / "fonts"


class Typefaces:
    """The registered faces. `marked_up` gives text the face of each of its characters."""

    def __init__(self, chinese: str) -> None:
        self._chinese = chinese
        latin: Any = pdfmetrics.getFont(LATIN)
        self._latin_characters = frozenset(latin.face.charToGlyph)

    def marked_up(self, text: str, *, bold: bool = False) -> str:
        """The text as reportlab's paragraphs read it: escaped, each run in a face that has its characters."""
        shown = "".join(one if one.isprintable() else " " for one in text)
        latin = BOLD if bold else LATIN
        return "".join(
            f'<font name="{latin if has else self._chinese}">{escape("".join(run))}</font>'
            for has, run in groupby(shown, key=lambda one: ord(one) in self._latin_characters)
        )

    def name_for(self, text: str) -> str:
        """One face for a whole text that is drawn as it is."""
        return LATIN if all(ord(one) in self._latin_characters for one in text) else self._chinese


@cache
def typefaces(chinese_file: Path | None) -> Typefaces:
    """The faces, registered once. Raises ValueError for a file that is no TrueType typeface."""
    pdfmetrics.registerFont(TTFont(LATIN, str(_FILES / "Vera.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(_FILES / "VeraBd.ttf")))
    if chinese_file is None:
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))
        return Typefaces(CHINESE)
    try:
        pdfmetrics.registerFont(TTFont(_EMBEDDED, str(chinese_file)))
    except (TTFError, OSError) as error:
        raise ValueError(f"{chinese_file} is not a TrueType typeface: {error}") from error
    return Typefaces(_EMBEDDED)
