"""Reading an uploaded picture off a request: a form with one file, or the picture as the whole body."""

from __future__ import annotations

from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request

from gateway.errors import PayloadTooLarge
from gateway.images.service import MAX_UPLOAD_BYTES
from shopdesk_schemas.problems import FieldProblem, InvalidInput

FIELD: Final = "image"

UPLOAD_BODY: Final[dict[str, Any]] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"image": {"type": "string", "format": "binary"}}}
        },
        "image/*": {"schema": {"type": "string", "format": "binary"}},
    },
}
"""As OpenAPI describes it."""


async def read_upload(request: Request) -> bytes:
    """The bytes of the picture. Raises `InvalidInput` naming the field when there is none, `PayloadTooLarge`."""
    if request.headers.get("content-type", "").lower().startswith("image/"):
        upload = await request.body()
    else:
        upload = await _from_form(request)
    if not upload:
        raise InvalidInput(errors=[FieldProblem(field=f"body.{FIELD}", message="must be a picture")])
    if len(upload) > MAX_UPLOAD_BYTES:
        raise PayloadTooLarge
    return upload


async def _from_form(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=2) as form:
        given = form.get(FIELD) or form.get("file")
        return await given.read() if isinstance(given, UploadFile) else b""
