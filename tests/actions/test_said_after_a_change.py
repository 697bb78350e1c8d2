"""Words right after a change, or at what it offers: what takes back, repeats or asks, and what only looks like it."""

from __future__ import annotations

import pytest

from actions.changes.asides import asks_of_claim
from actions.changes.follow_ups import calls_off_claimed, says_resent_again
from actions.changes.just_done import takes_back
from actions.changes.queueing import drops_offer
from actions.changes.resizing import wants_more_of_it


@pytest.mark.parametrize(
    "text",
    [
        "undo it please",
        "put everything back how it was",
        "can you change that back?",
        "sorry, take that back",
        "returning this was a mistake",
        "put it back on the order",
        "能恢复么",
        "改回来吧",
        "我没让你退",
        "可以撤回吗",
    ],
)
def test_it_is_to_be_as_it_was(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "when does the courier take it back",
        "who is to take that back",
        "will they take this back?",
        "we'll take it back on Monday",
        "he wouldn't take it back",
        "must I put it back in its box",
        "should we put them back in the bag",
        "getting this was a mistake",
        "钱会变回卡里吗",
        "像之前一样退到微信吗",
        "没要你们赔",
        "包装要还原么",
        "优惠券会恢复吗",
    ],
)
def test_it_is_left_as_it_is(text: str) -> None:
    assert not takes_back(text)


@pytest.mark.parametrize("text", ["just send the same again please", "a replacement please", "再发一个一样的就好"])
def test_the_same_is_sent(text: str) -> None:
    assert says_resent_again(text)


@pytest.mark.parametrize(
    "text",
    [
        "and my plate, send a new one",
        "no it is torn, send another",
        "another one came cracked",
        "补发的几号到",
        "send the new one to my office",
        "when does the new one come",
        "补发到学校",
        "please don't send another one",
    ],
)
def test_more_is_said_than_that_the_same_is_sent(text: str) -> None:
    assert not says_resent_again(text)


def test_what_was_asked_for_of_a_claim_is_called_off() -> None:
    for text in ("please don't send another one", "stop the replacement", "不用补发了", "补发先取消"):
        assert calls_off_claimed(text)
    for text in ("don't send it back", "send a new one", "补发一个"):
        assert not calls_off_claimed(text)


@pytest.mark.parametrize(
    "text", ["two more of these please", "add one more please", "another one of them", "再加两个同款的吧"]
)
def test_more_of_the_same(text: str) -> None:
    assert wants_more_of_it(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel one more parcel",
        "one more thing",
        "there is one more question",
        "I'll wait two more days",
        "one more of them is broken",
        "再要一份收据",
        "再买一个别的",
        "再加一个也取消",
    ],
)
def test_no_more_of_the_same(text: str) -> None:
    assert not wants_more_of_it(text)


@pytest.mark.parametrize(
    "text", ["I changed my mind", "no! not that, stop", "stop", "等等，停", "hold on, stop please"]
)
def test_nothing_of_an_offer_is_wanted(text: str) -> None:
    assert drops_offer(text, stops=False, goes_back=False)


@pytest.mark.parametrize(
    "text",
    [
        "changed my mind",
        "反悔了",
        "the fan won't, stop",
        "转一会就停，停",
        "yes go, stop",
        "please stop calling me, stop",
    ],
)
def test_a_reason_or_a_fault_drops_no_return(text: str) -> None:
    assert not drops_offer(text, stops=False, goes_back=True)


@pytest.mark.parametrize(
    "text",
    ["must I send the cracked one back?", "do you need the wrong one back?", "who pays the postage?", "坏的要退回去吗"],
)
def test_a_claim_is_asked_about(text: str) -> None:
    assert asks_of_claim(text)


@pytest.mark.parametrize(
    "text",
    [
        "could I get the whole refund back",
        "when is the deposit coming back, do I get the deposit back",
        "when will someone get back to me",
        "what does shipping to Norway cost",
        "can you call the driver back",
    ],
)
def test_money_and_people_that_come_back_are_no_claim(text: str) -> None:
    assert not asks_of_claim(text)
