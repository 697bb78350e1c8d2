"""Structured messages of Messenger and Instagram: products in a carousel, words with lasting buttons.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/template/generic
("Updated: Apr 22, 2026"): at most 10 elements, a title and a subtitle of 80 characters, at least one property besides
the title, 3 buttons an element. …/template/button (of the same day): words of 640 characters, 1 to 3 buttons. Instagram
has both (…/business-messaging/instagram-messaging/generic-template and …/button-template, "Updated: Apr 1, 2026"),
shown on telephones only; of limits they name the three buttons, so Messenger's are kept for both. A button's title of
20 characters: as others describe it (https://docs.snaps.io/docs/message-elements), not confirmed on Meta's pages. All
read in stored copies, 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gateway import locales
from gateway.channels.rendering import Card, Choice, shortened

ELEMENTS: Final = 10
TITLE: Final = 80
BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
BUTTON_WORDS: Final = 640


def carousels(cards: Sequence[Card], language: str) -> list[dict[str, Any]]:
    """The cards as messages, as many in each as it takes."""
    elements = [_element(each, language) for each in cards]
    return [
        _template({"template_type": "generic", "elements": elements[start : start + ELEMENTS]})
        for start in range(0, len(elements), ELEMENTS)
    ]


def with_buttons(words: str, choices: Sequence[Choice]) -> dict[str, Any]:
    """Words with buttons that stay; they have to be within the limits."""
    return _template({"template_type": "button", "text": words, "buttons": [_postback(each) for each in choices]})


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def _element(card: Card, language: str) -> dict[str, Any]:
    element: dict[str, Any] = {"title": shortened(card.title, TITLE) or "–"}
    if card.detail:
        element["subtitle"] = shortened(card.detail, TITLE)
    if card.picture:
        element["image_url"] = card.picture
    buttons: list[dict[str, Any]] = []
    if card.choice is not None:
        buttons.append(_postback(Choice(card.choice.id, locales.text(language, "channels", "pick"))))
    if card.url:
        element["default_action"] = {"type": "web_url", "url": card.url}
        buttons.append({"type": "web_url", "url": card.url, "title": locales.text(language, "channels", "view")})
    if buttons:
        element["buttons"] = buttons
    if len(element) == 1:
        # A title alone is refused.
        element["subtitle"] = element["title"]
    return element


def _postback(choice: Choice) -> dict[str, Any]:
    return {"type": "postback", "title": choice.label, "payload": choice.id}
