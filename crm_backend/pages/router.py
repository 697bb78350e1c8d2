"""`/help`: questions answered from the shop's pages. Public: the same for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from crm_backend.dependencies import Held
from crm_backend.pages import service
from shopdesk_schemas.help import HelpAnswers, HelpPage
from shopdesk_schemas.problems import NotFound
from shopdesk_schemas.turn import Language
from shopdesk_schemas.web import problems_openapi

router = APIRouter(prefix="/help", tags=["help"])


@router.get("/answers", summary="What the shop's pages say to a question")
def answers(
    held: Held,
    q: Annotated[str, Query(min_length=1, max_length=1000, pattern=r"^[^\x00]*$", description="As it was asked.")],
    language: Annotated[Language, Query(description="The reader's.")] = "en",
) -> HelpAnswers:
    """The best section first; none where no section has enough of the question's words."""
    return service.answers(held.pages.index(), held.policies, q, language)


@router.get("/pages/{language}/{name}", summary="A page", responses=problems_openapi(NotFound))
def page(held: Held, language: Language, name: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]) -> HelpPage:
    """Its sections without marks. 404 when there is none of this name in this language."""
    return service.page(held.pages.index(), language, name)
