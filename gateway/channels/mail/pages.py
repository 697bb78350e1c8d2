"""Mails with pictures: beside the plain words a page that shows them, as RFC 2387 and RFC 2392 put it together."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import make_msgid
from html import escape
from typing import Final

from gateway.channels.pictures import file_name
from gateway.images.encoding import Picture

_WIDTH: Final = 480
"""Pixels at which a picture is shown at most; mail programs know little else of layout than the width."""


def show(mail: EmailMessage, words: str, pictures: Sequence[tuple[Picture, str]]) -> None:
    """Give a mail of plain words a page with the words and the pictures, each with its caption.

    The pictures are parts of the mail: nothing is fetched when it is read, so nobody learns that it was.
    """
    shown, parts = [], []
    for picture, caption in pictures:
        content_id = make_msgid(domain="shopdesk.invalid")
        width = min(picture.width, _WIDTH)
        image = f'<img src="cid:{content_id[1:-1]}" alt="{escape(caption)}" width="{width}">'
        shown.append(f"<p>{image}{f'<br>{escape(caption)}' if caption else ''}</p>")
        parts.append((content_id, picture))
    paragraphs = escape(words).replace("\n", "<br>\n")
    page = f"<!DOCTYPE html>\n<html><body>\n<p>{paragraphs}</p>\n{chr(10).join(shown)}\n</body></html>\n"
    mail.add_alternative(page, subtype="html")
    related = list(mail.iter_parts())[-1]
    for content_id, picture in parts:
        maintype, _, subtype = picture.media_type.partition("/")
        related.add_related(
            picture.content, maintype, subtype, cid=content_id, disposition="inline", filename=file_name(picture)
        )
