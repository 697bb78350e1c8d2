"""What goods are called, held against what was asked for."""

from __future__ import annotations

import pytest

from actions.goods_called import has_all, of_kind
from actions.resolver.products import read_product_words
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


_SPEAKER = product("蓝牙音箱", "影音", "连得上耳机。")
_EARPHONES = product("头戴式耳机", "影音", "蓝牙连接。")
_SCREEN = product("办公显示器", "电脑", "一根线给笔记本供电。")


def test_what_stands_last_says_what_it_is() -> None:
    assert named(of_kind("便宜的蓝牙耳机", "蓝牙耳机", [_SPEAKER, _EARPHONES], kind="", nearly=False)) == ["头戴式耳机"]
    assert of_kind("笔记本支架有么", "笔记本支架 么", [_SCREEN], kind="笔记本支架 么", nearly=False) == []


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("洗发水有货吗", "洗发水"),
        ("有没有蓝牙耳机", "蓝牙耳机"),
        ("想买点红茶", "红茶"),
        ("有无线耳机么", "无线耳机"),
        ("蓝色的耳机", "耳机"),
        ("do you have em in blue", ""),
    ],
)
def test_words_stay_whole(text: str, goods: str) -> None:
    assert read_product_words(text, currency="USD").goods == goods
