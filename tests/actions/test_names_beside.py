"""A full name beside a postcode: read wherever it stands, and nothing else taken for one."""

from __future__ import annotations

import pytest

from actions.full_names import read_full_name
from actions.names_beside import is_only_name, name_beside


@pytest.mark.parametrize(
    ("text", "postcode", "name"),
    [
        ("has the wok been sent? mina okafor, 60614", "60614", "mina okafor"),
        ("how much was the order with the kettle. lars holm 60614", "60614", "lars holm"),
        ("please send it to my office. its rosa lindqvist 60614", "60614", "rosa lindqvist"),
        ("i want to return 2 of the rugs i bought, hugo bergman 60614", "60614", "hugo bergman"),
        ("60614 mina okafor here, where's my rug", "60614", "mina okafor"),
        ("where's my order - mina okafor - 60614", "60614", "mina okafor"),
        ("hey, mina okafor zip code 60614. the rug never came", "60614", "mina okafor"),
        ("where is my order, name mina okafor zip 60614", "60614", "mina okafor"),
        ("孙悦 60614", "60614", "孙悦"),
        ("何苗，60614，地毯那个", "60614", "何苗"),
        ("孙悦 60614 我那地毯能加急吗", "60614", "孙悦"),
        ("何苗 邮编60614 快递到哪了", "60614", "何苗"),
        ("我孙悦 60614 想退货", "60614", "孙悦"),
        ("地毯到哪了，何苗60614", "60614", "何苗"),
        ("60614孙悦 查快递", "60614", "孙悦"),
        ("has it been sent? oscar hill 60614", "60614", "oscar hill"),
    ],
)
def test_signed_with_a_name(text: str, postcode: str, name: str) -> None:
    assert read_full_name(text, awaited=False, beside=postcode) == name


@pytest.mark.parametrize(
    "text",
    [
        "new mexico 60614",
        "cherry hill 60614",
        "West Linn 60614",
        "do you ship to palm springs 60614",
        "not ana silva, 60614",
        "send it to Tom Lee, 60614 instead",
        "can you ship to austin texas 60614",
        "san diego 60614",
        "does it ship to san diego 60614",
        "sleeping bag, 60614",
        "do you deliver the big rug to 60614",
        "how much is shipping zip 60614",
        "order status 60614",
        "need it by friday 60614",
        "cancel both lamps 60614",
        "thanks so much 60614",
        "送到广州 60614",
        "运费 60614",
        "黄色 60614",
        "方便寄 60614",
        "包邮吗 60614",
        "我要寄到60614",
    ],
)
def test_no_name(text: str) -> None:
    assert name_beside(text, "60614") is None
    assert read_full_name(text, awaited=False, beside="60614") is None


def test_a_particle_is_no_part_of_a_name() -> None:
    assert read_full_name("我叫孙悦啊", awaited=False) == "孙悦"


@pytest.mark.parametrize(
    ("text", "name"), [("mina okafor", True), ("孙悦", True), ("thank you", False), ("算了", False)]
)
def test_nothing_but_a_name(text: str, name: bool) -> None:
    assert is_only_name(text) is name
