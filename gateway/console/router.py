"""The console's pages. Cookies: `SameSite=Strict`, `HttpOnly`; every form carries a token of its session."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import FileResponse, Response

from gateway.console import (
    administration,
    cases,
    conversations,
    desk,
    goodwill,
    help_pages,
    insight,
    linked,
    live,
    other_names,
    policies,
    quality,
    reading,
    recommendations,
    review,
    search,
    segments,
    signing_in,
    supply,
    wording,
)
from gateway.console.rendering import LANGUAGE_COOKIE, ConsoleRequest, see_other
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language

_HERE = Path(__file__).parent
_STATIC = {"console.css": "text/css", "icon.svg": "image/svg+xml"}

router = APIRouter(tags=["console"], include_in_schema=False)


@router.get("/console/language/{language}")
async def choose_language(
    console: ConsoleRequest, language: Language, back: Annotated[str, Query(max_length=500)] = "/console"
) -> Response:
    """Keep the console's language in a cookie and go back."""
    # Only back into the console: an open redirect would lend our name to any page.
    target = back if back.startswith("/console") and "\\" not in back and back.isprintable() else "/console"
    response = see_other(target)
    console.set_cookie(response, LANGUAGE_COOKIE, language, 365 * 24 * 3600)
    return response


for _part in (
    *(conversations, signing_in, administration, desk, live, reading, search, segments, recommendations, supply, cases),
    *(goodwill, linked, quality, review, help_pages, wording, other_names, policies, insight),
):
    router.include_router(_part.router, prefix="/console")


@router.get("/console/static/{name}")
async def static(name: str) -> Response:
    """The console's own style sheet and icon."""
    if name not in _STATIC:
        raise NotFound
    return FileResponse(
        _HERE / "static" / name, media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=300"}
    )
