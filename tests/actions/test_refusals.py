"""What a message about goods says is not wanted."""

from __future__ import annotations

import pytest

from actions.resolver.refusals import without_refused


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a coat please, not navy", ["navy"]),
        ("slippers that aren't red", ["red"]),
        ("she doesn't drink tea", ["tea"]),
        ("anything but linen", ["linen"]),
        ("不要绿茶 别的都行", ["绿茶"]),
        ("有不是白色的杯子吗", ["白"]),
        ("有没有白色以外的马克杯", ["白"]),
        ("咖啡不行 换一个吧", ["咖啡"]),
        ("除了米色还有什么颜色", ["米色"]),
    ],
)
def test_refused_words(text: str, words: list[str]) -> None:
    assert without_refused(text).words == words


@pytest.mark.parametrize(
    "text",
    [
        "i'm not sure, have you got bowls",
        "is it not in stock",
        "nothing too expensive",
        "是不是真皮的",
        "要不要紧",
        "别的颜色有吗",
    ],
)
def test_no_refusal(text: str) -> None:
    said = without_refused(text)
    assert said.words == []
    assert said.kept == text


def test_colour_refused_by_any_name_of_it() -> None:
    said = without_refused("不要黑的")
    assert said.refuses(["Black"])
    assert not said.refuses(["Ivory", "象牙白"])
