"""The public API of pictures: put one in, see one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from gateway.conversations.router import HeldConversation, optional_conversation
from gateway.dependencies import GatewayServices
from gateway.errors import PayloadTooLarge
from gateway.images.service import IMAGES_PATH
from gateway.images.uploads import UPLOAD_BODY, read_upload
from shopdesk_schemas.content import Schema
from shopdesk_schemas.problems import Forbidden, InvalidInput, NotFound, TooManyRequests, Unauthenticated
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix=IMAGES_PATH, tags=["chat"], responses=problems_openapi(Forbidden))


class ImageKept(Schema):
    """A picture was taken in: send a message with its id to show it. `width` and `height` in pixels."""

    image_id: str
    width: int
    height: int


@router.post(
    "",
    status_code=201,
    summary="Upload a picture",
    openapi_extra={"requestBody": UPLOAD_BODY},
    responses=problems_openapi(Unauthenticated, InvalidInput, PayloadTooLarge, TooManyRequests),
)
async def upload_image(request: Request, services: GatewayServices, conversation_id: HeldConversation) -> ImageKept:
    """Checked by its content, not its name, and drawn anew without what the file says besides. Shown to nobody yet."""
    picture = await services.images.encode(await read_upload(request))
    async with services.database.write() as session:
        image = await services.images.keep(session, conversation_id, "shopper", picture)
    return ImageKept(image_id=image.id, width=image.width, height=image.height)


@router.get(
    "/{image_id}",
    summary="A picture of a conversation",
    response_class=Response,
    responses={
        200: {"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
        **problems_openapi(NotFound),
    },
)
async def get_image(
    image_id: Annotated[str, Path(min_length=1, max_length=64)],
    services: GatewayServices,
    conversation_id: Annotated[str | None, Depends(optional_conversation)],
    until: Annotated[int, Query(ge=0, le=10**6)] = 0,
    key: Annotated[str, Query(max_length=64, pattern=r"^[0-9a-f]*$")] = "",
) -> Response:
    """For who follows a message's link while it holds, or bears the conversation's token; a 404 for all others."""
    async with services.database.read() as session:
        picture = await services.images.picture(session, image_id)
    if picture is None or not (
        services.images.opens(image_id, until, key) or picture.conversation_id == conversation_id
    ):
        raise NotFound
    return Response(
        picture.content,
        media_type=picture.media_type,
        headers={
            "Cache-Control": "private, max-age=86400, immutable",
            "Content-Disposition": "inline",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            # Shop pages on other origins show it in the chat.
            "Cross-Origin-Resource-Policy": "cross-origin",
            # The address is the key: no page learns of it.
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
