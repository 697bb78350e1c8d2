"""Which kind of change a message plainly asks for by its verb."""

from __future__ import annotations

import pytest

from actions.changes.plainly import plain_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("scarf - return pls", "return"),
        ("could you send the kettle and the mug back", "return"),
        ("我最后下的那单整单退货", "return"),
        ("把键盘换成青轴，差价用礼品卡付", "exchange"),
        ("swap the mug, blue", "exchange"),
        ("取消台灯", "cancel"),
        ("how do I return the scarf", None),
        ("围巾怎么退货", None),
        ("cancel or return the lamp", None),
        ("what is your return policy?", None),
        ("the scarf", None),
    ],
)
def test_the_verb_says_which(text: str, kind: str | None) -> None:
    assert plain_kind(text) == kind
