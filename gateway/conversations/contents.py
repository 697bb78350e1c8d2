"""From what the bot sends to what clients see: buttons get opaque ids, payloads stay here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from shopdesk_schemas.content import content_adapter


@dataclass(frozen=True)
class OfferedButton:
    """A button to store: what its opaque id stands for."""

    id: str
    label: str
    payload: str


def publish(content: BaseModel) -> tuple[dict[str, Any], list[OfferedButton]]:
    """The public JSON of a validated `InternalContent`, and the buttons to remember.

    Raises `pydantic.ValidationError` when the result would not be a `Content`: the two unions have drifted apart.
    """
    document = content.model_dump(mode="json")
    offered: list[OfferedButton] = []
    if "buttons" in document:
        offered = [
            OfferedButton(id=secrets.token_urlsafe(15), label=button["label"], payload=button["payload"])
            for button in document["buttons"]
        ]
        document["buttons"] = [{"id": button.id, "label": button.label} for button in offered]
    content_adapter.validate_python(document)
    return document, offered


def plain(words: str) -> dict[str, Any]:
    """Words as a `text` content."""
    return {"kind": "text", "text": words}
