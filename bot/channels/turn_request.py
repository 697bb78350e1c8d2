"""The body of `POST /turns`, checked as strictly as `shopdesk_schemas/turn.py` writes it (Pydantic 1.10 here)."""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Optional, Union

from pydantic import BaseModel, Extra, Field, StrictStr, ValidationError, constr
from typing_extensions import Annotated

from channels.problems import InvalidTurn

# Rasa's tracker store keeps sender ids in 255 characters; a NUL cannot be stored by PostgreSQL at all.
_Id = constr(strict=True, min_length=1, max_length=255, regex=r"^[^\s\x00]+$")
_Words = constr(strict=True, min_length=1, max_length=4000)
_ImageId = constr(strict=True, min_length=1, max_length=64, regex=r"^[A-Za-z0-9_-]+$")
_MAX_IMAGES = 20


class _Strict(BaseModel):
    class Config:
        """Unknown fields are an error."""

        extra = Extra.forbid


class PageHint(_Strict):
    """What the shopper is looking at: a hint, never identity."""

    sku: Optional[constr(strict=True, max_length=200)] = None
    order: Optional[constr(strict=True, max_length=200)] = None


class TextInput(_Strict):
    """Words a shopper typed."""

    kind: Literal["text"]
    text: _Words
    images: List[_ImageId] = Field(default_factory=list, max_items=_MAX_IMAGES)


class ButtonInput(_Strict):
    """A button of an earlier reply: its Rasa payload, which the gateway kept, and the words on it."""

    kind: Literal["button"]
    payload: _Words
    label: StrictStr


class PickInput(_Strict):
    """A thing picked on the page."""

    kind: Literal["pick"]
    pick: PageHint


class ImageInput(_Strict):
    """Pictures without a word, by their ids at the gateway."""

    kind: Literal["image"]
    images: List[_ImageId] = Field(min_items=1, max_items=_MAX_IMAGES)


class TurnRequest(_Strict):
    """One message to be understood and answered."""

    sender_id: _Id
    message_id: _Id
    input: Annotated[Union[TextInput, ButtonInput, PickInput, ImageInput], Field(discriminator="kind")]
    language: Optional[Literal["en", "zh"]] = None
    page: Optional[PageHint] = None
    wordings: Dict[Literal["en", "zh"], Dict[_Id, List[Optional[_Words]]]] = Field(default_factory=dict)


def read_turn_request(body: Any) -> TurnRequest:
    """`body` (parsed JSON) as a request. Raises `InvalidTurn` that names each wrong field."""
    if not isinstance(body, dict):
        raise InvalidTurn(errors=[{"field": "body", "message": "must be a JSON object"}])
    try:
        request = TurnRequest.parse_obj(_with_text_kind(body))
    except ValidationError as error:
        raise InvalidTurn(errors=_fields(error)) from None
    if isinstance(request.input, TextInput) and not request.input.text.strip():
        raise InvalidTurn(errors=[{"field": "body.input.text", "message": "has no words"}])
    if isinstance(request.input, PickInput) and not (request.input.pick.sku or request.input.pick.order):
        raise InvalidTurn(errors=[{"field": "body.input.pick", "message": "names neither a sku nor an order"}])
    return request


def _with_text_kind(body: Dict[str, Any]) -> Dict[str, Any]:
    """`kind` may be left out for text, as in the shared schema."""
    given = body.get("input")
    if isinstance(given, dict) and "kind" not in given and "text" in given:
        return {**body, "input": {"kind": "text", **given}}
    return body


def _fields(error: ValidationError) -> List[Dict[str, str]]:
    """Field paths and messages, without the values that were sent."""
    kinds = {kind.__name__ for kind in (TextInput, ButtonInput, PickInput, ImageInput)}
    return [
        {
            # Pydantic puts the chosen class into the path, where the caller has no such field.
            "field": ".".join(["body", *(str(part) for part in problem["loc"] if part not in kinds)]),
            "message": problem["msg"],
        }
        for problem in error.errors()
    ]
