"""A demand with a verb of its own begins a change, whatever else it looks like; what only tells or asks does not."""

from __future__ import annotations

import pytest

from actions.changes.plainly import plain_kind
from actions.plain_requests import demands


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("退订单号：G00010435里的围巾和水壶", "return"),
        ("还有，退有地毯的那个订单里的地毯", "return"),
        ("把SD-10023这单全部退掉", "return"),
        ("麻烦把我最后下的那单里的外套换成M码，哪个便宜要哪个", "exchange"),
        ("please change the raincoat in my latest order to navy, whichever is cheaper", "exchange"),
        ("could you send the lamp from order SD-10023 back", "return"),
        ("取消订单SD-10023", "cancel"),
    ],
)
def test_what_is_demanded(text: str, kind: str) -> None:
    assert plain_kind(text) == kind
    assert demands(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单SD-10023已经取消了，钱还没退",
        "my return for order SD-10023 is on its way back to you",
        "订单SD-10023退货成功了",
        "order SD-10023 was cancelled",
        "order SD-10023 has been returned",
    ],
)
def test_what_is_only_told(text: str) -> None:
    assert not demands(text)
