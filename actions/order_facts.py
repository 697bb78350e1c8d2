"""Facts of an order in sentences: what was bought, when, for how much, and what several orders come to together.

Everything said comes from the CRM's answer; what is null there is said to be absent. Pure functions.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from actions.orders import line_name, order_choice, total_now
from actions.payment_words import brand_name
from actions.spending import Counted
from actions.wording import Wording
from shopdesk_schemas.crm import OrderLineView, OrderSummary, OrderView

LISTED: Final = 10
"""How many orders of a list are named."""

_ASKED: Final[dict[str, re.Pattern[str]]] = {
    "placed": re.compile(
        r"\bwhen\b|what (?:day|date)|which (?:day|date)|\bdate\b|什么时候|哪天|几号|日期|时间", re.IGNORECASE
    ),
    "paid": re.compile(
        r"how (?:did|was|have) .*\bpa(?:y|id)|\b(?:which|what) (?:card|payment|way to pay)|paid (?:with|by)"
        r"|\b(?:payment|money)\b.*\b(?:gone|taken|received|through|arriv\w+|left)\b|\b(?:get|got|receive|received|take|taken)\b.*\b(?:payment|money)\b"
        r"|\bhave i paid\b|\bdid i pay\b|\bpayment is\b"
        r"|怎么付|哪张卡|什么付|付款方式|用什么支付|(?:付款|支付)(?:成功|了|好了)|扣(?:款|钱)?(?:了|成功)|(?:钱|款)(?:扣|付|收)|收到.{0,6}(?:付款|款|钱)",
        re.IGNORECASE,
    ),
    "address": re.compile(
        r"\baddress\b|where (?:is|does|will) .*(?:go|sent|ship)|\b(?:going|sent|shipped|delivered) to\b"
        r"|\brecipient\b|what name|which name|phone"
        r"|地址|收货人|收件人|[寄送发][到去往]|电话|手机号",
        re.IGNORECASE,
    ),
    "discount": re.compile(r"discount|voucher|coupon|\bcode\b|优惠|折扣|用券|用了券|满减", re.IGNORECASE),
    "shipping": re.compile(
        r"(?:shipping|delivery|postage) (?:cost|charge|fee)|pay for (?:\w+ )?(?:shipping|delivery)|运费|邮费",
        re.IGNORECASE,
    ),
}
_GOODS: Final = frozenset({"item", "sample", "gift_voucher"})


def asked_facts(text: str) -> frozenset[str]:
    """Which facts besides the items a question is about."""
    return frozenset(fact for fact, words in _ASKED.items() if words.search(text))


def order_details(order: OrderView, asked: Collection[str], lines: Collection[str], wording: Wording) -> list[str]:
    """What was asked for about an order, each in a sentence; nothing where the card alone answers.

    `lines` are the numbers of the lines that the question names.
    """
    told = [_line(line, order, wording) for line in order.lines if str(line.line_number) in lines]
    if "placed" in asked:
        placed = wording.day_of(order.placed_at, order.timezone)
        told.append(wording.say("orders.facts.placed", order=order.number, placed=placed))
    if "discount" in asked:
        if order.discount_minor:
            discount = wording.money(abs(order.discount_minor), order.currency).text
            told.append(wording.say("orders.facts.discount", order=order.number, discount=discount))
        else:
            told.append(wording.say("orders.facts.no_discount", order=order.number))
    if "shipping" in asked and order.shipping_minor is not None:
        told.append(_shipping(order, wording))
    if "paid" in asked:
        told.append(_paid(order, wording))
    if "address" in asked:
        told.append(_delivery(order, wording))
    return told


def _line(line: OrderLineView, order: OrderView, wording: Wording) -> str:
    values = {"order": order.number, "quantity": line.quantity, "name": line_name(line, wording)}
    if line.unit_price_minor is None:
        return wording.say("orders.facts.line", **values)
    price = wording.money(line.unit_price_minor, order.currency).text
    return wording.say("orders.facts.line_priced", price=price, **values)


def _paid(order: OrderView, wording: Wording) -> str:
    ways = []
    for each in order.payments:
        if each.state in ("failed", "cancelled"):
            continue
        kind = wording.say(f"payments.way.{each.method}") if wording.has(f"payments.way.{each.method}") else each.method
        way = brand_name(each.brand, wording) if each.brand else kind
        ways.append(wording.say("orders.facts.way_ending", way=way, last4=each.last4) if each.last4 else way)
    if not ways:
        return wording.say("orders.facts.paid_unknown", order=order.number)
    return wording.say("orders.facts.paid", order=order.number, ways=wording.listed(list(dict.fromkeys(ways))))


def _delivery(order: OrderView, wording: Wording) -> str:
    """Where an order goes; who proved one order only is not told."""
    place = place_of(order)
    if not place:
        return wording.say("orders.facts.address", order=order.number)
    return wording.say("orders.facts.goes_to", order=order.number, address=place)


def place_of(order: OrderView) -> str:
    """Whom and where an order goes to, in one line; empty for who proved one order only."""
    to = order.delivery
    parts = [to.recipient, to.phone, to.line1, to.line2, to.district, to.city, to.region, to.postcode] if to else []
    return ", ".join(part for part in parts if part)


def _shipping(order: OrderView, wording: Wording) -> str:
    if not order.shipping_minor:
        return wording.say("orders.facts.shipping_free")
    return wording.say("orders.facts.shipping", shipping=wording.money(order.shipping_minor, order.currency).text)


def total_of(order: OrderView, wording: Wording) -> list[str]:
    """What an order comes to, then what that is made of, then what came back."""
    if order.total_minor is None:
        return [wording.say("orders.total.unknown", order=order.number)]

    def money(minor: int) -> str:
        return wording.money(minor, order.currency).text

    now = total_now(order)
    if order.state != "cancelled" and now is not None and now != order.total_minor:
        # What was called off or came back is no part of what the order comes to.
        values = {"order": order.number, "now": money(now), "total": money(order.total_minor)}
        return [wording.say("orders.total.is_now", **values), *_came_back(order, wording)]
    key = "cancelled" if order.state == "cancelled" else "is"
    told = [wording.say(f"orders.total.{key}", order=order.number, total=money(order.total_minor))]
    parts = []
    goods = order.subtotal_minor
    if goods is None and all(line.total_minor is not None for line in order.lines if line.kind in _GOODS):
        goods = sum(line.total_minor or 0 for line in order.lines if line.kind in _GOODS) or None
    if goods is not None:
        parts.append(wording.say("orders.total.goods", amount=money(goods)))
    if order.shipping_minor is not None:
        key = "shipping" if order.shipping_minor else "shipping_free"
        parts.append(wording.say(f"orders.total.{key}", amount=money(order.shipping_minor)))
    if order.discount_minor:
        parts.append(wording.say("orders.total.discount", amount=money(abs(order.discount_minor))))
    if order.tax_minor:
        parts.append(wording.say("orders.total.tax", amount=money(order.tax_minor)))
    if len(parts) > 1 or (parts and goods is None):
        told.append(wording.say("orders.total.made_of", parts=wording.listed(parts)))
    return [*told, *_came_back(order, wording)]


def _came_back(order: OrderView, wording: Wording) -> list[str]:
    """What of an order's money has come or comes back."""
    back = sum(refund.amount_minor for refund in order.refunds if refund.state != "failed")
    return [wording.say("orders.total.refunded", amount=wording.money(back, order.currency).text)] if back else []


def totals_together(orders: Sequence[OrderSummary], wording: Wording) -> str:
    """What orders come to together, by currency; those that were cancelled, or have no total, are left out."""
    sums: dict[str, int] = defaultdict(int)
    counted = [
        each for each in orders if each.state not in ("cancelled", "unavailable") and each.total_minor is not None
    ]
    for each in counted:
        sums[each.currency] += each.total_minor or 0
    if not counted:
        return wording.say("orders.total.none_together")
    amounts = wording.listed([wording.money(minor, currency).text for currency, minor in sums.items()])
    left = len(orders) - len(counted)
    return wording.sentences(
        wording.say("orders.total.together" if len(counted) > 1 else "orders.total.together_one",
                    count=len(counted), total=amounts),
        wording.say("orders.total.left_out", count=left) if left else None,
    )  # fmt: skip


def totals_of_each(counted: Counted, zone: str, wording: Wording) -> str:
    """What the orders that a question counts come to together, and each of them; `zone` is the shop's."""
    if not counted.orders and counted.days is not None:
        first, last = (wording.day(each, zone) for each in (counted.days.first, counted.days.last))
        return wording.say("orders.total.none_then", first=first, last=last)
    told = [
        wording.say(
            "orders.total.each",
            order=each.number,
            total=wording.money(each.total_minor, each.currency).text,
            placed=wording.day_of(each.placed_at, zone),
        )
        for each in counted.orders[:LISTED]
        if each.total_minor is not None
    ]
    listed = wording.say("orders.total.each_of", orders=wording.listed(told)) if len(told) > 1 else None
    return wording.sentences(totals_together(counted.orders, wording), listed)


def list_of_orders(orders: Sequence[OrderSummary], zone: str, wording: Wording) -> str:
    """The shopper's orders, newest first: number, what is in it, day, state. `zone` is the shop's."""
    shown = [
        wording.say(
            "orders.list.one" if each.titles else "orders.list.one_untitled",
            order=each.number,
            choice=order_choice(each, zone, wording),
            state=wording.say(f"orders.state.{each.state}"),
        )
        for each in orders[:LISTED]
    ]
    key = "orders.list.single" if len(orders) == 1 else "orders.list.first"
    more = wording.say("orders.list.more", count=len(orders) - LISTED) if len(orders) > LISTED else None
    listed = "\n".join(shown)
    return "\n".join(part for part in (wording.say(key, count=len(orders)), listed, more) if part)
