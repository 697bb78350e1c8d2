"""What goods are called, held against what was asked for."""

from __future__ import annotations

import pytest

from actions.goods_called import has_all, of_kind
from actions.whats_sold import asks_what_is_sold
from shopdesk_schemas.products import ProductView


def product(name: str, category: str, description: str = "") -> list[ProductView]:
    return [
        ProductView.model_validate(
            {
                "external_id": name, "name": name, "description": description, "category": category, "brand": None,
                "attributes": {}, "other_names": [], "options": [], "variants": [], "image_url": None, "url": None,
                "price_from_minor": None, "price_to_minor": None, "currency": None, "available": True,
            }
        )
    ]  # fmt: skip


_ORGAN = product("Concerto Organ", "Music", "Comes with headphones for the night, and a stool.")
_RAKE = product("Leaf Rake", "Garden", "For lawns.")
_BLANKET = product("Wool Blanket", "Home", "Warm in the garden too.")


def named(found: list[list[ProductView]]) -> list[str]:
    return [views[0].external_id for views in found]


def test_what_comes_with_something_is_not_that() -> None:
    assert of_kind("any headphones?", "headphones", [_ORGAN], kind="headphones", nearly=False) == []
    assert (
        of_kind("got wireless headphones", "wireless headphones", [_ORGAN], kind="wireless headphones", nearly=True)
        == []
    )


def test_what_something_is_for_is_no_kind() -> None:
    found = of_kind("something to go with my headphones", "headphones", [_ORGAN], kind="headphones", nearly=False)
    assert named(found) == ["Concerto Organ"]


def test_of_what_has_some_of_the_words_those_of_the_shelf_stay() -> None:
    found = of_kind("a present, she gardens", "gardens present", [_RAKE, _BLANKET], kind="gardens present", nearly=True)
    assert named(found) == ["Leaf Rake"]


def test_what_is_on_record_in_another_form_is_had() -> None:
    assert has_all("rake lawn", _RAKE, "a rake for my lawn")
    assert not has_all("rake telescopic", _RAKE, "a telescopic rake")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what kinds of things do you sell?", True),
        ("what do you guys carry", True),
        ("你们店都卖些什么", True),
        ("店里有哪些品类", True),
        ("what do you have in red", False),
        ("what kind of lamps do you sell", False),
        ("what do you have to do to return this", False),
        ("有什么杯子", False),
    ],
)
def test_what_is_sold_at_all(text: str, asked: bool) -> None:
    assert asks_what_is_sold(text, "USD") is asked
