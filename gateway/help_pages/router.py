"""`/help/pages/{language}/{name}`: a page of the shop's answers, to which the assistant links.

The CRM gives a page's words without marks; the template escapes them, and the page's policy allows no script.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from gateway.dependencies import GatewayServices
from gateway.errors import UpstreamError, UpstreamRejected
from gateway.templates import Pages
from shopdesk_schemas.problems import NotFound, Unavailable
from shopdesk_schemas.turn import Language

_pages = Pages(FilePath(__file__).parent / "templates")

router = APIRouter(include_in_schema=False)


@router.get("/help/pages/{language}/{name}")
async def page(
    services: GatewayServices, language: Language, name: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
) -> Response:
    """404 when there is none of this name in this language."""
    try:
        shown = await services.crm.help_page(language, name)
    except UpstreamRejected as error:
        raise NotFound from error
    except UpstreamError as error:
        raise Unavailable("The page cannot be fetched at the moment. Try again.") from error
    return _pages.render("page.html", language=language, page=shown)
