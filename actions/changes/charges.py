"""Where an amount comes from that a shopper asks about: which order's total, line, delivery or refund it is.

Pure functions over the shopper's orders and the words of a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from babel.numbers import get_currency_precision

from actions.orders import line_name
from actions.resolver.amounts import amounts_in
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView

_REFERENCE: Final = re.compile(r"(?i)(?<![a-z0-9])[a-z#]{1,6}[-#/]?\d{3,}[a-z0-9-]*|(?<![\d.,£$€¥])\d{6,}(?![\d.,])")
_BARE: Final = re.compile(
    r"(?<![\w.,:/-])(\d{1,5}(?:[.,]\d{2})?)(?![\w%:/-]|[.,]\d)(?!\s*(?:times|x|days?"
    r"|hours?|weeks?|orders?|次|天|单|号|月))"
)
_STRANGE: Final = re.compile(
    r"\b(?:fraud\w*|scam\w*|stolen|unauthori[sz]ed|hack\w*|suspicious)\b"
    r"|\b(?:don'?t|do not|didn'?t|did not|never|can'?t|cannot) (?:recogni[sz]e|know|make|made|order|ordered|buy"
    r"|bought|place|placed|authori[sz]e)\b"
    r"|\b(?:not|isn'?t|wasn'?t) (?:mine|me|my (?:order|purchase))\b|\bunknown\b|\bnever bought\b"
    r"|\bwho (?:charged|took)\b"
    r"|盗刷|不认识|没买过|没下过|不是我(?:买|付|刷|下)|不明|陌生|诈骗|莫名",
    re.IGNORECASE,
)
_TWICE: Final = re.compile(
    r"\btwice\b|\bdouble\b|\btwo (?:times|charges|payments)\b|\bduplicate\b|两[次笔遍]"
    r"|重复|多扣",
    re.IGNORECASE,
)
_WHICH_WAY: Final = re.compile(
    r"\b(?:which|what) (?:card|payment(?: method)?|way to pay|account)\b|\bpaid (?:with|by|on) (?:which|what)\b"
    r"|\bpayment is\b"
    r"|(?:哪张|什么|哪个)(?:卡|付款方式|支付方式|账户)|(?:用|拿)(?:什么|哪张|啥)(?:卡)?(?:付|支付|买)",
    re.IGNORECASE,
)


def asks_which_way(text: str) -> bool:
    """Whether a message asks with what an order was paid."""
    return _WHICH_WAY.search(text) is not None and not _STRANGE.search(text)


_FEE: Final = re.compile(r"\bfees?\b|\breturn (?:postage|shipping)\b|手续费|运费|邮费|费用", re.IGNORECASE)
_ASKED: Final = re.compile(r"[?？吗]|\b(?:is|are|will|would|does|do|what|how)\b|多少|几", re.IGNORECASE)
_COMPLAINS: Final = re.compile(
    r"\b(?:why|charged|charge|took|taken|wrong|too (?:much|high)|statement|unexpected|paid)\b"
    r"|为什么|为啥|扣|收了|多收|不对|账单",
    re.IGNORECASE,
)


def asks_of_fee(text: str) -> bool:
    """Whether a message only asks what a fee is, and complains of none."""
    asks = _FEE.search(text) is not None and _ASKED.search(text) is not None
    return asks and not (_COMPLAINS.search(text) or is_strange(text) or says_twice(text))


def is_strange(text: str) -> bool:
    """Whether a charge is said not to be the shopper's own."""
    return _STRANGE.search(text) is not None


def says_twice(text: str) -> bool:
    """Whether something is said to have been charged more than once."""
    return _TWICE.search(text) is not None


def amounts_said(text: str, currency: str) -> list[int]:
    """The amounts that a message names, in minor units of `currency`, in their order; bare numbers count too."""
    said = _REFERENCE.sub(" ", text)
    marked = [amount.minor for amount, _ in amounts_in(said, currency=currency) if amount.bound == "exact"]
    if marked:
        return list(dict.fromkeys(marked))
    scale = 10 ** get_currency_precision(currency)
    return list(dict.fromkeys(round(float(found.replace(",", ".")) * scale) for found in _BARE.findall(said)))


def explained(amount: int, orders: Sequence[OrderView], wording: Wording) -> list[tuple[str, str]]:
    """What an amount is, of which order: (number, sentence); the order's total before its pieces. Empty: of none."""
    found: list[tuple[str, str]] = []
    for what in ("total", "line", "delivery", "discount", "refund"):
        for order in orders:
            for name in _named(what, amount, order, wording):
                text = wording.say(
                    f"payments.charge.{what}",
                    amount=wording.money(amount, order.currency).text,
                    order=order.number,
                    name=name,
                )
                found.append((order.number, text))
        if found:
            return found
    return found


def _named(what: str, amount: int, order: OrderView, wording: Wording) -> Iterable[str]:
    """What the piece of the order is called, where it comes to `amount`."""
    items = [line for line in order.lines if line.kind == "item"]
    if what == "total" and amount in (order.total_minor, order.subtotal_minor):
        yield wording.listed([line_name(line, wording) for line in items[:3]])
    if what == "line":
        yield from (line_name(line, wording) for line in items if amount in (line.total_minor, line.unit_price_minor))
    if what == "delivery" and amount and amount == order.shipping_minor:
        yield ""
    if what == "discount" and amount and amount == abs(order.discount_minor or 0):
        yield ""
    if what == "refund" and any(amount == each.amount_minor for each in order.refunds):
        yield ""
