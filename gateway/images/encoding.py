"""A picture as it came, made anew as one that may be kept and shown.

What a sender calls a file says nothing: the bytes are read as a picture or refused. The picture is drawn anew, so that
nothing of the file but what is to be seen goes on: no place where it was taken, no camera, no second file behind it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from shopdesk_schemas.problems import FieldProblem, InvalidInput

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
"""What is read. Of a moving picture the first frame is kept."""

MAX_PIXELS: Final = 50_000_000
"""More than any telephone's camera makes by default; a small file may unfold to far more than fits the memory."""

MAX_SIDE: Final = 2048
"""Pixels of the longer side that is kept: enough to read a label or see a crack."""

_QUALITY: Final = 85


@dataclass(frozen=True)
class Picture:
    """A picture that was made anew. `width` and `height` in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def encode_anew(upload: bytes) -> Picture:
    """`upload` as a JPEG, or as a PNG where something shows through. Takes up to a second: call it in a thread.

    Raises `InvalidInput` naming the field for what is no picture of `FORMATS`, is damaged or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(upload), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise _refused("has too many pixels")
            turned = ImageOps.exif_transpose(opened)
            turned.thumbnail((MAX_SIDE, MAX_SIDE))
            return _encoded(turned)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # The warning is an exception only where the program was started so.
        raise _refused("has too many pixels") from error
    except UnidentifiedImageError as error:
        raise _refused("is not a JPEG, PNG, WebP or GIF picture") from error
    except (OSError, SyntaxError, ValueError) as error:
        # Pillow's decoders say in these words that a file is cut off or damaged.
        raise _refused("is a damaged picture") from error


def within(picture: Picture, *, most_bytes: int, side: int = MAX_SIDE) -> Picture:
    """The picture with no longer side than `side` pixels and no more than `most_bytes` of content; itself if it is so.

    What shows through becomes white where it has to be drawn anew. Takes up to a second: call it in a thread.
    """
    wanted = side
    while wanted > 1 and (max(picture.width, picture.height) > side or len(picture.content) > most_bytes):
        with Image.open(io.BytesIO(picture.content), formats=FORMATS) as opened:
            seen = opened.convert("RGBA")
        seen.thumbnail((wanted, wanted))
        drawn = Image.new("RGB", seen.size, "white")
        drawn.paste(seen, mask=seen.getchannel("A"))
        picture, wanted = _encoded(drawn), wanted * 3 // 4
    return picture


def _encoded(picture: Image.Image) -> Picture:
    written = io.BytesIO()
    if picture.has_transparency_data:
        drawn, media_type = picture.convert("RGBA"), "image/png"
        _without_metadata(drawn).save(written, "PNG", optimize=True)
    else:
        drawn, media_type = picture.convert("RGB"), "image/jpeg"
        _without_metadata(drawn).save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return Picture(written.getvalue(), media_type, drawn.width, drawn.height)


def _without_metadata(picture: Image.Image) -> Image.Image:
    picture.info.clear()
    return picture


def _refused(message: str) -> InvalidInput:
    return InvalidInput(errors=[FieldProblem(field="body.image", message=message)])
