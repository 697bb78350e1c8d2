"""Changes of orders that were not sent yet: cancelling, other variants, another address or recipient, payment.

And what was bought once, bought again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from actions.changes.becoming_like import becomes_like
from actions.changes.kind import NOT_SENT, ChangeKind, given, lines_as_details
from actions.changes.placing_words import adds_to_an_order
from actions.changes.profile import BookAddress, keeps_in_book, moved_house, removes_an_address
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.shipments import wants
from actions.resolver import (
    address_of_order,
    names_saved_address,
    parse_address,
    read_recipient,
    without_address,
)
from shopdesk_schemas.crm import OrderState, OrderSummary, OrderView, PolicyExplanation

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_PARTS = {
    "phone": re.compile(r"\b(?:phone|mobile|cell|tele?phone|contact number|number)\b|电话|手机|号码", re.IGNORECASE),
    "note": re.compile(
        r"\b(?:notes?|instructions?|message|driver|courier|postman|bell|remarks?|comment|(?:door|gate|entry) ?code)\b"
        r"|备注|留言|快递员|门铃|门禁",
        re.IGNORECASE,
    ),
    "recipient": re.compile(
        r"\b(?:names?|recipient|addressed|addressee|receiver|receiv\w+)\b|收件人|收货人|名字|姓名|代收|签收人",
        re.IGNORECASE,
    ),
}
"""What of a delivery a message speaks of, beside its place."""
_ORDER_WORDS = re.compile(
    r"(?:\b(?:of|on|for|in|from)\s+)?(?:\b(?:my|the|this|that|our)\s+)?(?:\b(?:last|latest|newest|open|recent)\s+)?"
    r"\b(?:order|parcel|delivery|package)\b(?:\s*(?:no\.?|number)?\s*[:#]?\s*(?=\S*\d)[A-Za-z0-9#][A-Za-z0-9/-]{3,})?"
    r"|\b(?:of|on|for)\s+#?(?=[A-Za-z-]*\d{4})[A-Za-z0-9-]{5,}"
    r"|订单(?:号)?[:：]?\s*[A-Za-z0-9/-]{4,}|[写填打弄]?错(?:字|一位)?了?",
    re.IGNORECASE,
)
"""Which order it is about: neither a name nor a number to be called."""
_LEADS = re.compile(
    r"^\W*(?:(?:it'?s|it is|it should be|that'?s|to|use|please|make it|put|say|write|should say|change it to)\s+)+"
    r"|^\W*(?:改成|改为|换成|是|就写|写上?|叫|用)+[:：]?\s*",
    re.IGNORECASE,
)
_NO_NOTE = re.compile(
    r"\W*(?:(?:to|on|for|in) )?(?:the |my |an? )?(?:orders?|delivery|parcel|it|drivers?|couriers?|postman|label)?"
    r"(?: please| pls)?\W*"
    r"|\W*(?:一下)?(?:可以|行|好|能)?[吗么吧呢]?\W*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\+?\(?\d[\d\s().-]{5,}\d")
_NAME_WORDS = 5
_SHORT = 30

_OLD_WAY = re.compile(
    r"\b(?:instead of|rather than|not)\s+(?:(?:on|with|to|by|from|via)\s+)?(?:(?!\bto\b)[^,.;!?])*"
    r"|\bfrom\s+(?:(?!\bto\b)[^,.;!?])*(?=\s+to\b)"
    r"|\b(?:a |an |the |my )?(?:different|another|other|new|wrong) (?:credit |debit |bank )?(?:card|way|method|account)"
    r"|\b(?:the|my|which|what) (?:credit |debit |bank )?(?:card|way|method) (?:i|it|that|for|on|you)\b"
    r"|\bmy card (?:was|is|has|got|expired)\b"
    r"|(?:不要|别|不想|不)(?:再)?用[^，。,；]*|[从把由](?:[^，。,；换改])*(?=[换改])|(?:别的|其他|其它|另外?一?张|新)的?(?:银行|信用)?卡"
    r"|换(?:一?张)?(?:银行|信用)?卡(?!号)",
    re.IGNORECASE,
)
"""The way to pay that is left, or no certain one."""
_PAID = re.compile(
    r"\b(?:(?:and|please|then|i'?ll|i will|i'?d like to|let me)\s+)*"
    r"(?:pay(?:ing|ment)?|paid|charged?|bill(?:ed)?|use|using|put it)\b"
    r"[^,.;!?]*\b(?:card|visa|mastercard|amex|paypal|wallet|balance|account|method|pay|klarna)\b[^,.;!?]*"
    r"|(?:用|刷|从)[^，。,；]*(?:付款?|支付|扣款?|结账|付钱)",
    re.IGNORECASE,
)
"""How it is paid: a card named there is no goods."""
_LAST_TIME = re.compile(
    r"\b(?:last|previous|earlier) (?:time|order|week|month|year|purchase)\b|\bas before\b"
    r"|上一?[次单回笔](?:订单)?|上个(?:订单|月|星期|礼拜)|上周|之前|[一1](?:单|次|遍)",
    re.IGNORECASE,
)


_GIVES_BACK = re.compile(
    r"\b(?:return|send(?:ing)?\b.*\bback)\b|退(?!订(?!单)|出)|不(?:想)?要了"
    r"|\b(?:don['’]?t|do not|no longer) (?:want|need)\b|\b(?:isn['’]?t|not) (?:wanted|needed)\b",
    re.IGNORECASE,
)
_CALLS_OFF = re.compile(r"\b(?:cancel\w*|call(?:ing)? off)\b|取消|撤", re.IGNORECASE)


class CancelOrder(ChangeKind):
    """The whole order, some lines of it, or some of a line."""

    key = "cancel"
    name = "order.cancel"
    intents = frozenset({"cancel_order"})
    wish = "cancel"
    states = NOT_SENT
    lines = "some"
    several_orders = True

    def begun_as(self, text: str) -> str:
        """What is to be added to an order is an order of its own: "don't send it yet, I want to add a scarf"."""
        return "place" if adds_to_an_order(text) and not _CALLS_OFF.search(text) else self.key

    def suited_to(self, order: OrderSummary | OrderView, text: str) -> str:
        """What was delivered goes back where it is said to, or not to be wanted: 退订单… is said of both."""
        back = order.state == "delivered" and _GIVES_BACK.search(text) and not _CALLS_OFF.search(text)
        return "return" if back else self.key

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.cancellation.reasons if policies.cancellation else ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """As the shop says."""
        return bool(policies.cancellation and policies.cancellation.reason_required)

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.cancellation.refund_targets if policies.cancellation else ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.cancel`."""
        return given(
            order=order,
            lines=lines_as_details(request, order),
            reason=request.reason,
            refund_target=request.refund_target,
        )


class ChangeItems(ChangeKind):
    """Lines become other variants of the same products."""

    key = "change_items"
    name = "order.modify"
    intents = frozenset({"change_items"})
    wish = "exchange"
    states = NOT_SENT
    lines = "ask"
    swaps = True

    def begun_as(self, text: str) -> str:
        """The address of another order is no goods; what is to be added to an order is one of its own."""
        if address_of_order(text) is not None and not (_OPTIONS.search(text) or becomes_like(text)):
            return ChangeAddress.key
        return "place" if adds_to_an_order(text) else self.key

    def suited(self, order: OrderSummary | OrderView) -> str:
        """What was delivered is exchanged."""
        return "exchange" if order.state == "delivered" else self.key

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """Those of cancelling: a lower price goes back the same ways."""
        return policies.cancellation.refund_targets if policies.cancellation else ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.modify`."""
        return given(
            order=order,
            lines=[
                each
                for line in lines_as_details(request, order) or []
                for each in (
                    {**line, "sku": request.target_of(order, line["line_number"])},
                    *(
                        {"line_number": line["line_number"], "quantity": pieces, "sku": sku}
                        for sku, pieces in request.also.get(f"{order}/{line['line_number']}", {}).items()
                    ),
                )
            ],
            payment_method=request.payment_method,
            refund_target=request.refund_target,
        )


_OPTIONS = re.compile(r"\b(?:colou?r|size|style|version|model)s?\b|颜色|尺码|尺寸|款|号|码", re.IGNORECASE)
"""What of goods may be the same as in another order."""
_ASKS_WHERE_TO = re.compile(
    r"^\W*(?:and |so |ok |but |wait )*(?:is|are|was|were|where|which|what)\b.*"
    r"\b(?:going|sent|delivered|shipped|goes?|address)\b"
    r"|(?:寄|送|发)(?:到|去|往)(?:的)?(?:是)?(?:哪|什么)|是(?:寄|送|发)[^，。]*(?:还是|吗|哪)",
    re.IGNORECASE,
)
"""Asks where an order goes: "is it going to my office?"."""
_DESTINATION = re.compile(
    r"\b(?:to|at|into)\s+(?:my|the|our)\s+(?:[\w'’]+\s+){1,2}(?:one|address|place)\b"
    r"|(?:改|换|送|寄|发)[到去往成][^，。；！？]{1,8}?(?:那个|那里|那边|那儿)(?:地址)?",
    re.IGNORECASE,
)
"""Where it shall go: "to my work one", in which "one" is no order."""
_TO_SAVED = re.compile(
    r"\b(?:to|at|into)\s+(?:my|the|our)?\s*"
    r"(?:home|house|flat|work|office|workplace|parents?['’]?s?(?: (?:home|house))?)"
    r"(?: (?:address|instead|please|one))?(?![\w'-])"
    r"|(?:(?:改|换)?[寄送发][到去往回给]?|[改换][到成])(?:我?(?:家里?|公司|单位|办公室|学校|爸妈家|父母家))",
    re.IGNORECASE,
)
"""A saved address, by what it is called: no sort of goods."""
_WANTS_CHANGED = re.compile(
    r"\b(?:chang|switch|updat|correct|wrong|instead|please|can|could|want|rather|mov)\w*\b|改|换|错|能不能|可以|麻烦",
    re.IGNORECASE,
)
"""Beside that: it is to go elsewhere."""


_HOUSE_NUMBER = re.compile(
    r"(?<![\w#])\d{1,5}\s*号(?!楼?订?单)|(?<![\w#])\d{1,5}[A-Za-z]? (?=[A-Z][a-z]+ (?:St|Rd|Ave|Ln|Dr|[A-Z][a-z]+))"
)
"""Of an address that is said in part: no number of an order."""
_SENDS = re.compile(
    r"\b(?:deliver\w*|send|sent|ship\w*|go(?:es|ing)?|address(?:es)?|redirect\w*|mov(?:e|ed|ing))\b|寄|[送发改换][到去给]|地址",
    re.IGNORECASE,
)
_BUYS_AGAIN = re.compile(
    r"\bre-?order\b|\b(?:buy|order|get|have|want)\b[^.?!]{0,50}\b(?:again|once more|one more time)\b"
    r"|\bsame\b[^.?!,]{0,30}\bagain\b|再(?:来|买|订|下|拍)[一1两\d]|(?:一样|同样)的?[^，。]{0,8}再",
    re.IGNORECASE,
)
"""The same goods are wanted once more; where to is said beside it."""
_STAYS = re.compile(
    r"(?:\b(?:same|keep|leave|don'?t change|not (?:change|changing))\b[^,.;]{0,12}\baddress\b"
    r"|\baddress (?:stays|is (?:fine|right|ok))\b)"
    r"|地址(?:不变|不动|不改|不用[改换]|没错|照旧)|不[改换动](?:收货)?地址",
    re.IGNORECASE,
)
"""The order goes where it goes."""


def speaks_of_place(text: str) -> bool:
    """Whether a message is about where an order goes, and not that it stays so."""
    return _SENDS.search(text) is not None and _STAYS.search(text) is None


class ChangeAddress(ChangeKind):
    """Where an order goes: one, or all that were not sent yet."""

    key = "address"
    name = "order.address"
    intents = frozenset({"change_address"})
    states = NOT_SENT
    moves = True
    several_orders = True
    proves_nothing = frozenset({"postcode", "phone_last4", "phone"})
    goes_on_from = frozenset({"recipient"})

    def begun_as(self, text: str) -> str:
        """An address that is to be removed is one of the book; where an order goes may only be asked."""
        if _ASKS_WHERE_TO.search(text) and not _WANTS_CHANGED.search(text):
            return "details"
        if _BUYS_AGAIN.search(text):
            return Reorder.key
        if becomes_like(text):
            return ChangeItems.key
        return BookAddress.key if removes_an_address(text) or keeps_in_book(text) else self.key

    def means_all(self, text: str) -> bool:
        """Who moved house wants all that was not sent yet to go there."""
        return moved_house(text)

    def takes_in(self, other: ChangeKind, text: str) -> bool:
        """Who receives it, said beside where it goes."""
        said = read_recipient(text)
        return other.key == ChangeRecipient.key and bool(said.name or said.phone or said.note)

    def order_words(self, text: str) -> str:
        """Without where it shall go: an address that is written out, one of the book or that of another order."""
        named = address_of_order(text)
        # "Delivered to" has to stay: without it "delivered" is a state.
        # Beside a number of an order there is no blank in Chinese.
        text = _HOUSE_NUMBER.sub(" ", _TO_SAVED.sub(" to the address", text))
        return _DESTINATION.sub(" to the address", without_address(named.rest if named is not None else text))

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.address`; who receives it, where that was said before."""
        return _where_and_who(request, order)


class ChangeRecipient(ChangeKind):
    """Who receives an order, under which number, and what the carrier should know."""

    key = "recipient"
    name = "order.address"
    intents = frozenset({"change_recipient"})
    states = NOT_SENT
    several_orders = True
    questions = frozenset({"recipient"})
    proves_nothing = frozenset({"phone_last4", "phone"})
    goes_on_from = frozenset({"address"})

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Name, phone number and note; which of them is spoken of where none is given."""
        spoken = _ORDER_WORDS.sub(" ", text)
        read = read_recipient(spoken)
        note = read.note if _PARTS["note"].search(spoken) or not (read.name or read.phone) else ""
        found = given(recipient=read.name or None, phone=read.phone or None, note=note or None)
        if _is_bare_part(note):
            found.pop("note", None)
        request.extras.update(found)
        part = next((name for name, words in _PARTS.items() if words.search(spoken)), None)
        if part is not None and not found:
            request.extras.setdefault("part", part)

    def answered(self, text: str, request: ChangeRequest) -> None:
        """The bare words are what was asked for."""
        words = _LEADS.sub("", text.strip()).strip(" .。!！\"“”'")
        if not words:
            return
        part = request.extras.get("part") or self._likeliest(words)
        if part == "phone":
            digits = _DIGITS.search(words)
            if digits is None:
                return
            words = digits.group().strip()
        request.extras[part] = words[:200]

    @staticmethod
    def _likeliest(words: str) -> str:
        if _DIGITS.search(words):
            return "phone"
        return "recipient" if len(words) <= _SHORT and len(words.split()) <= _NAME_WORDS else "note"

    def begun_as(self, text: str) -> str:
        """Where an order goes and to whom, in one message, is one change: of its address."""
        written = parse_address(text)
        place = (written is not None and written.lines and written.city) or names_saved_address(text)
        return ChangeAddress.key if place and speaks_of_place(text) else self.key

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """That what is asked for need not be different, where something else was given meanwhile."""
        extras = dialogue.request.extras
        if dialogue.turn.intent != "deny" or not extras.keys() - {"part"}:
            return False
        extras.pop("part", None)
        return True

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """For what is to be different: what was spoken of stays asked for, though something else is given first."""
        extras = dialogue.request.extras
        if not extras.keys() - {"part"} or extras.get("part", "") not in {"", *extras}:
            orders = dialogue.wording.listed(dialogue.request.orders)
            dialogue.ask("recipient", f"recipient.{extras.get('part', 'any')}", {}, order=orders)

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.address`; where it goes, where that was said before."""
        return _where_and_who(request, order)


def _where_and_who(request: ChangeRequest, order: str) -> dict[str, Any]:
    """What the two changes of `order.address` share: said one after the other they are one proposal."""
    who = {name: value for name, value in request.extras.items() if name != "part"}
    return {"order": order, **request.address, **who}


class ChangePayment(ChangeKind):
    """Another saved way to pay for an order that was not sent yet."""

    key = "payment"
    name = "order.payment"
    intents = frozenset({"change_payment_method"})
    states = NOT_SENT
    pays = True

    def way_words(self, text: str) -> str:
        """Without the way to pay that is left."""
        return _OLD_WAY.sub(" ", text)

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.payment`."""
        return given(order=order, payment_method=request.payment_method)


_MISSED = re.compile(
    r"\bshould(?:'ve| have) (?:been|come|arrived|got)|\b(?:late|overdue|lost|missing|never|waiting)\b|\bsupposed to\b"
    r"|\b(?:not|hasn'?t|haven'?t|didn'?t|isn'?t|still no)\b.{0,20}"
    r"\b(?:here|come|came|arrived?|turned up|got|received)\b"
    r"|没(?:有)?(?:到|收到|来)|还没|迟|晚了|超时|丢|不见",
    re.IGNORECASE,
)
"""What is said of a parcel that does not come."""


class Reorder(ChangeKind):
    """The same goods once more."""

    key = "reorder"
    name = "order.reorder"
    intents = frozenset({"reorder"})
    states: ClassVar[frozenset[OrderState]] = frozenset(get_args(OrderState))
    lines = "some"
    any_wish = True
    pays = True

    def takes_over(self, other: ChangeKind) -> bool:
        """A new purchase waits until a change is done."""
        return False

    def suited_to(self, order: OrderSummary | OrderView, text: str) -> str:
        """In the place of what is still under way "send another" settles what is wrong with it, and buys nothing."""
        missed = order.state == "shipped" and _MISSED.search(text) is not None
        return "claim_lost" if missed and wants("resend", text) else self.key

    def goods_words(self, text: str) -> str:
        """Without how it is paid, and without when it was bought: that tells the order and no line of it."""
        return _LAST_TIME.sub(" ", _PAID.sub(" ", text))

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `order.reorder`."""
        return given(order=order, lines=lines_as_details(request, order), payment_method=request.payment_method)


def _is_bare_part(note: str) -> bool:
    """Whether what looks like a note only says that there is to be one: "add a note to my order"."""
    return _NO_NOTE.fullmatch(note) is not None
