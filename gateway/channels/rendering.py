"""What the platforms' messages have in common: words, buttons, lists with numbers, words in pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway import locales


@dataclass(frozen=True)
class Choice:
    """A button: its opaque id and the words on it."""

    id: str
    label: str


def words_of(content: Mapping[str, Any]) -> str:
    """What a message says; every kind says it in `text` too."""
    return str(content.get("text") or "").strip()


def choices_of(content: Mapping[str, Any]) -> list[Choice]:
    """The buttons of a message."""
    return [Choice(str(each["id"]), str(each["label"])) for each in content.get("buttons") or ()]


def image_of(content: Mapping[str, Any]) -> str | None:
    """The address of the picture of a picture message, absolute where the gateway knows its own address."""
    return str(content["url"]) if content.get("kind") == "image" and content.get("url") else None


@dataclass(frozen=True)
class Card:
    """A product to look at. `detail`: price and stock in words; `picture` and `url`: whole addresses or None."""

    title: str
    detail: str
    picture: str | None
    url: str | None
    choice: Choice | None
    """The button that picks it."""


def cards_of(content: Mapping[str, Any]) -> tuple[list[Card], list[Choice]]:
    """The products of a message, and the choices that pick none of them.

    A button picks the product whose name it bears; a card may add the options of one variant to the name.
    """
    choices = choices_of(content)
    cards = []
    for each in content.get("products") or ():
        title = str(each.get("title") or "")
        choice = next((one for one in choices if one.label == title), None)
        choice = choice or next((one for one in choices if title.startswith(one.label)), None)
        if choice is not None:
            choices.remove(choice)
        price = str((each.get("price") or {}).get("text") or "")
        detail = " · ".join(filter(None, (price, str(each.get("availability_text") or ""))))
        cards.append(Card(title, detail, _whole(each.get("image_url")), _whole(each.get("url")), choice))
    return cards, choices


def pictures_of(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The address of each picture that belongs to a message, with a name of what it shows."""
    shown = [(url, words_of(content))] if (url := image_of(content)) else []
    return shown + [(each.picture, each.title) for each in cards_of(content)[0] if each.picture]


def _whole(address: Any) -> str | None:
    """The address if others can open it."""
    return address if isinstance(address, str) and address.startswith(("https://", "http://")) else None


def merged(contents: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Several messages as one: all words and products, and the choices of the last that has any: those are open."""
    if len(contents) == 1:
        return contents[0]
    buttons = [each["buttons"] for each in contents if each.get("buttons")]
    words = "\n\n".join(filter(None, map(words_of, contents)))
    together = {"kind": "text", "text": words, "buttons": buttons[-1] if buttons else []}
    products = [product for each in contents for product in each.get("products") or ()]
    return {**together, "kind": "product_cards", "products": products} if products else together


def shortened(label: str, limit: int) -> str:
    """`label` within `limit` characters, with an ellipsis where something was left out."""
    return label if len(label) <= limit else label[: limit - 1].rstrip() + "…"


def fits(choices: Sequence[Choice], count: int, length: int) -> bool:
    """Whether the platform's buttons can show all choices in full."""
    return 0 < len(choices) <= count and all(len(choice.label) <= length for choice in choices)


def typed(choices: Sequence[Choice]) -> tuple[str, ...]:
    """The ids of choices that are not written as a numbered list, for whoever types a number in place of touching one.

    None where a choice is a number itself: a typed one means what it says.
    """
    if any(choice.label.strip().isdecimal() for choice in choices):
        return ()
    return tuple(choice.id for choice in choices)


def numbered(words: str, choices: Sequence[Choice], language: str) -> str:
    """The words with their choices as a numbered list, and how to answer it."""
    lines = [f"{number}. {choice.label}" for number, choice in enumerate(choices, start=1)]
    return "\n".join([words, "", *lines, "", locales.text(language, "channels", "answer_by_number")]).strip()


def pieces(words: str, limit: int, *, in_bytes: bool = False) -> list[str]:
    """The words in pieces of at most `limit` characters, cut at the end of a line, sentence or word where one is.

    `in_bytes`: the platform counts bytes of UTF-8.
    """
    left = words.strip()
    cut: list[str] = []
    while (most := _fitting(left, limit) if in_bytes else limit) < len(left):
        end = _cut(left, most)
        cut.append(left[:end].rstrip())
        left = left[end:].lstrip()
    return [*cut, left] if left else cut


def _fitting(words: str, limit: int) -> int:
    """How many characters of the words are at most `limit` bytes."""
    return len(words.encode()[:limit].decode(errors="ignore"))


def _cut(words: str, limit: int) -> int:
    for marks in ("\n", ".!?。！？；", " ，、"):
        end = max(words.rfind(mark, limit // 2, limit) for mark in marks)
        if end > 0:
            return end + 1
    return limit
