"""The words of a reviewed message, without personal data, for pages on which its cause is mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Query
from starlette.responses import RedirectResponse

from gateway import locales
from gateway.console.rendering import see_other
from gateway.review import repository
from gateway.review.masking import mask
from gateway.services import Services
from shopdesk_schemas.turn import Entity, Language

_TURN_ID: Final = r"^[A-Za-z0-9_.:-]*$"

TurnId = Annotated[str, Query(alias="turn", max_length=64, pattern=_TURN_ID)]
FormTurnId = Annotated[str, Form(alias="turn", max_length=64, pattern=_TURN_ID)]
"""The reviewed message that somebody came from; empty where they did not."""


@dataclass(frozen=True)
class Asked:
    """Words to try a change with; `turn_id` is the reviewed message that they are from, or empty."""

    words: str = ""
    language: Language = "en"
    turn_id: str = ""

    @property
    def query(self) -> str:
        """For links: never the words, which are a shopper's."""
        return f"?turn={self.turn_id}" if self.turn_id else ""


def saved_at(page: str, turn_id: str) -> RedirectResponse:
    """Back to the page of what was saved, which says so."""
    return see_other(f"{page}?saved=1" + (f"&turn={turn_id}" if turn_id else ""))


async def asked_in(services: Services, turn_id: str, language: Language) -> Asked:
    """The words of a reviewed message; none where there is no such message."""
    if not turn_id:
        return Asked(language=language)
    async with services.database.read() as session:
        found = await repository.turn_of(session, turn_id)
    if found is None:
        return Asked(language=language)
    turn, item, _correction = found
    entities = [Entity.model_validate(one) for one in (turn.understanding or {}).get("entities", [])]
    spoken = locales.known(item.language) if item is not None else None
    return Asked(mask(str(turn.input.get("text") or ""), entities)[:1000], spoken or language, turn_id)
