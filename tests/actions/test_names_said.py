"""What is a full name and what only looks like one."""

from __future__ import annotations

import pytest

from actions.full_names import read_full_name
from actions.names_said import may_be_name


@pytest.mark.parametrize(
    "text",
    ["I'm VERY ANGRY", "I'm STILL WAITING", "this is Really Bad service", "It's Black Friday today", "I'm SO DONE",
     "我是会员，查一下快递",
     "我是老客户", "我是学生", "我是顾客", "我是程序员", "我是新人", "it's Ridiculous Honestly"],
)  # fmt: skip
def test_what_is_said_of_oneself_is_no_name(text: str) -> None:
    assert read_full_name(text, awaited=False) is None
    assert read_full_name(text, awaited=True) is None
    assert read_full_name(text, awaited=False, offered=True) is None
    assert read_full_name(f"{text}, 60614", awaited=False, beside="60614") is None


@pytest.mark.parametrize(
    "text",
    ["sounds good", "forget about", "Bloody hell", "oh dear", "fair enough", "whatever works", "no worries", "holy cow",
     "太慢", "算啦", "快点",
     "马上", "都行", "随便", "快点发货", "高兴", "周一", "王先生"],
)  # fmt: skip
def test_what_is_said_when_a_name_was_asked_for_is_none_of_these(text: str) -> None:
    assert read_full_name(text, awaited=True) is None


@pytest.mark.parametrize(
    "said",
    ["blue jacket", "Blue Jacket", "two lamps", "still nothing", "kitchen knife", "really annoyed", "size large"],
)
def test_goods_and_feelings_beside_a_postcode_are_no_name(said: str) -> None:
    assert read_full_name(f"{said} 60614", awaited=False, beside="60614") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm Mary Smith, 60614", "Mary Smith"),
        ("I'M MARY SMITH, 60614", "MARY SMITH"),
        ("it's J. R. Lopez, 60614", "J. R. Lopez"),
        ("Li Wei here, 60614", "Li Wei"),
        ("will smith 60614", "will smith"),
        ("Rose Brown 60614", "Rose Brown"),
        ("May Long 60614", "May Long"),
        ("Edgar Guest 60614", "Edgar Guest"),
        ("我是王小明，60614", "王小明"),
        ("我是 Mary Smith，60614", "Mary Smith"),
    ],
)
def test_names_that_are_words_too(text: str, name: str) -> None:
    assert read_full_name(text, awaited=False, beside="60614") == name


@pytest.mark.parametrize(
    "name", ["王小明", "欧阳娜", "陳小明", "扎西多吉", "周天成", "单小雨", "张李小明", "MARY SMITH", "grace hope"]
)
def test_a_name_alone_that_was_asked_for(name: str) -> None:
    assert read_full_name(name, awaited=True) == name


@pytest.mark.parametrize(
    ("text", "name"), [("I'm Jo Park", "Jo Park"), ("Li Wei here", "Li Wei"), ("我是李娜", "李娜")]
)
def test_who_introduces_themself_is_heard_where_a_name_would_do(text: str, name: str) -> None:
    assert read_full_name(text, awaited=False, offered=True) == name
    assert read_full_name(text, awaited=False) is None


def test_a_title_alone_makes_no_name() -> None:
    assert read_full_name("李明先生", awaited=True) == "李明"
    assert read_full_name("我叫王先生", awaited=True) is None
    assert not may_be_name("还在等的会员")
