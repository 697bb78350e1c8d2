"""The identifiers in a message: shapes of many shops, next to Chinese characters, full-width, spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.identifiers import Identifier, find_identifiers, fold, mask


def kinds(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.value) for each in find_identifiers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("489434", [("order_number", "489434")]),
        ("where is 489434?", [("order_number", "489434")]),
        ("#W1234567", [("order_number", "W1234567")]),
        ("SD-10023.", [("order_number", "SD-10023")]),
        ("order e481f51cbdc54678b7cc49136f2d6af7 please", [("order_number", "e481f51cbdc54678b7cc49136f2d6af7")]),
        ("订单号：489434到哪了", [("order_number", "489434")]),
        ("订单SF-2024/0012呢", [("order_number", "SF-2024/0012")]),
        ("我的订单是＃Ｗ１２３，谢谢", [("order_number", "W123")]),
        ("４８９４３４", [("order_number", "489434")]),
        ("单号四八九四三四", [("order_number", "489434")]),
        ("four eight nine four three double four", [("order_number", "4894344")]),
        ("1Z 999 AA1 01 2345 6784", [("order_number", "1Z999AA10123456784")]),
        ("RB123456789GB", [("order_number", "RB123456789GB")]),
        ("order 489 434", [("order_number", "489434")]),
        ("the number is SD 10023", [("order_number", "SD 10023")]),
        ("my zip is TX 73301", [("postcode", "73301")]),
        ("WHERE IS 489434", [("order_number", "489434")]),
        ("order number is 12", [("order_number", "12")]),
        ("尾号1234", [("phone_last4", "1234")]),
        ("手机后4位是0042", [("phone_last4", "0042")]),
        ("last 4 digits: 0042", [("phone_last4", "0042")]),
        ("138****5678", [("phone_last4", "5678")]),
        ("+44 7700 900123", [("phone", "447700900123")]),
        ("手机号13812345678", [("phone", "13812345678")]),
        ("邮箱jane.doe@example.com，谢谢", [("email", "jane.doe@example.com")]),
        ("jane at example dot com", [("email", "jane@example.com")]),
        ("postcode SW1A 1AA", [("postcode", "SW1A 1AA")]),
        ("bs8 1th", [("postcode", "bs8 1th")]),
        ("my zip is 4571", [("postcode", "4571")]),
        ("邮编100080", [("postcode", "100080")]),
        ("90210 is my zip, 489434 is my order", [("postcode", "90210"), ("order_number", "489434")]),
        ("489434, postcode SW1A 1AA", [("order_number", "489434"), ("postcode", "SW1A 1AA")]),
        ("订单489434邮编100080尾号1234", [("order_number", "489434"), ("postcode", "100080"), ("phone_last4", "1234")]),
        ("orders 489434/489435", [("order_number", "489434"), ("order_number", "489435")]),
    ],
)
def test_finds(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 3 weeks ago",
        "it was $39.99",
        "on 12/03/2024 at 10:30",
        "3月12日下的单，买了2件",
        "等了15天了",
        "the 21st of May 2024",
        "https://shop.example/orders/489434",
        "my card ending 1234",
        "size 500ml and 128gb",
        "last four digits of what?",
        "",
    ],
)
def test_leaves_alone_what_is_no_identifier(text: str) -> None:
    assert [each for each in find_identifiers(text) if not each.weak] == []


def test_ambiguity_is_handed_on() -> None:
    (four,) = find_identifiers("4571")
    assert set(four.alternatives) == {"postcode", "phone_last4"}
    (mobile,) = find_identifiers("13812345678")
    assert "order_number" in mobile.alternatives
    (cued,) = find_identifiers("order 4571")
    assert (cued.cued, cued.alternatives) == (True, ())


def test_masks_identifiers_for_the_classifier() -> None:
    assert mask("订单489434到哪了").split() == ["订单", "xxnumber", "到哪了"]
    assert mask("where is #W1 and a@b.co?").split() == ["where", "is", "xxnumber", "and", "xxemail", "?"]


def test_a_colon_between_a_label_and_its_number_changes_nothing_for_the_classifier() -> None:
    for said, plain in (
        ("取消订单号：W8025384", "取消订单号 W8025384"),
        ("单号: W8025384 退货", "单号 W8025384 退货"),
        ("cancel order number: W8025384", "cancel order number W8025384"),
        ("order no.: W8025384", "order no. W8025384"),
    ):
        assert mask(said).split() == mask(plain).split()
    assert ":" in mask("to: W8025384"), "a colon behind anything else stays"


# Countries' prefixes of postcodes, and "NO-", which says "number", belong to no number of an order.
SHAPES = st.one_of(
    st.from_regex(r"[1-9][0-9]{5,8}", fullmatch=True),
    st.from_regex(r"[0-9a-f]{32}", fullmatch=True).filter(lambda number: sum(c.isdigit() for c in number) > 3),
    st.from_regex(r"[A-Z]{2,3}-[0-9]{4,8}", fullmatch=True).filter(
        lambda number: number[:3] not in {"LV-", "LT-", "SE-", "CH-", "AD-", "DE-", "NO-"}
    ),
)


@given(
    number=SHAPES, frame=st.sampled_from(["订单{}到哪了", "订单号：{}，谢谢", "where is order {}?", "#{}", "单号是{}"])
)
def test_an_order_number_of_any_shape_is_found_whole(number: str, frame: str) -> None:
    values = [each.value.upper() for each in find_identifiers(frame.format(number)) if each.kind == "order_number"]
    assert values == [number.upper()]


@given(st.text(max_size=120))
def test_offsets_lie_in_the_text_in_order_and_apart(text: str) -> None:
    assert len(fold(text)) == len(text)
    position = 0
    for each in find_identifiers(text):
        assert isinstance(each, Identifier)
        assert position <= each.start < each.end <= len(text)
        position = each.end
    mask(text)
