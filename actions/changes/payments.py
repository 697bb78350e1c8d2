"""Money that was paid: charges nobody can explain, prices that fell, vouchers and points that went wrong."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from actions.changes.charges import amounts_said, asks_of_fee, asks_which_way, explained, is_strange, says_twice
from actions.changes.kind import ChangeKind, given, lines_as_details
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest
from actions.changes.wording import ChangeWording
from actions.crm_client import CrmNotFound
from actions.payment_words import accepted_ways, price_terms, voucher_terms
from actions.resolver import resolve_amount
from actions.resolver.amounts import amounts_in
from actions.return_terms import freight_in_words
from shopdesk_schemas.account import VoucherView
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderState, PolicyExplanation

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_PAID: frozenset[OrderState] = frozenset({"approved", "invoiced", "processing", "shipped", "delivered"})
_BOUGHT: frozenset[OrderState] = _PAID | {"created"}
CHECK = "check"
"""The choice of the button that goes on from the shop's rules to the shopper's own order."""

_TAX = re.compile(r"\btax|\bvat\b|\bduty|\bduties|\bcustoms\b|税", re.IGNORECASE)
_POINTS = re.compile(r"\bpoints?\b|积分|點數|积点", re.IGNORECASE)
_GIVEN_BACK = re.compile(
    r"\bback\b|\breturn(?:ed)?\b|\brestor|\bcancel|\bre-?credit|\breinstat|还给|还我|没还|退还|退回|返还|返回|还没|取消",
    re.IGNORECASE,
)
_RIVAL = re.compile(
    r"\brivals?\b|\bcompetitors?\b|\belsewhere\b|\bother (?:shop|store|site|retailer)|\bamazon\b|\bebay\b"
    r"|别家|别的店|其他店|其它店|别处|别的平台|淘宝|京东|拼多多|天猫|对手",
    re.IGNORECASE,
)


_REFERENCE = re.compile(r"(?i)(?<![a-z0-9])[a-z]{1,6}[-#/]?\d{3,}[a-z0-9-]*|(?<![\d.,£$€¥])\d{6,}(?![\d.,])")
"""Numbers of orders and parcels: no amounts, unless a currency or a fraction says so."""
_AMOUNT_DIGITS = 5
"""A longer number is one of an order."""
_YUAN = re.compile(r"人民币|\brmb\b|\bcny\b|[¥￥]|\byuan\b", re.IGNORECASE)
_BARE_AMOUNT = re.compile(r"\A(?:\D*\d+[.,]\d{2}(?!\d)\D*|\W*\d+\W*)")
"""A number that can only be an amount where one is asked for: with a fraction, or alone. Not "charged two times"."""


_IF_PAID = re.compile(
    r"\b(?:has|have|did|was|is)\b.{0,24}\b(?:my |the )?(?:payment|money)\b.{0,16}\b(?:gone (?:out|through)"
    r"|go(?:ne)? through|been taken|been received|arrived?|left)\b"
    r"|\b(?:did|have) (?:yo)?u (?:guys )?(?:get|got|receive|received|take|taken) (?:my|the) (?:payment|money)\b"
    r"|\bdid (?:my|the) (?:payment|money) (?:go|come) through\b|\bhave i paid\b|\bwas my card charged\b"
    r"|(?:付款|支付)(?:成功|好)了?(?:吗|没|么)|(?:钱|款)(?:扣|付|收到?)(?:了|成功)?(?:吗|没|么)|扣(?:款|钱)(?:了|成功)(?:吗|没|么)"
    r"|收到(?:了)?(?:我的?)?(?:付款|款|钱)(?:了)?(?:吗|没|么)",
    re.IGNORECASE,
)
_SAVED = re.compile(
    r"\bhow much (?:did|have|has|was|were)\b.{0,30}\b(?:save|saved|take off|took off|taken off|discount)\b"
    r"|\b(?:voucher|coupon|code)\b.{0,20}\b(?:save|take off|took off)\b"
    r"|(?:券|优惠码?|折扣)[^，。？]{0,6}(?:省|减|优惠|抵)了?(?:多少|几)|(?:省|减|优惠|抵扣?)了多少",
    re.IGNORECASE,
)
_PAID_WITH = re.compile(
    r"^\W*(?:and |so )?(?:which|what) (?:payment(?: method)?|card|way to pay)\b(?!.*\b(?:take|accept|use|can|saved?)\b)"
    r".{0,30}\border\b.{0,16}\b(?:on|with|by|under)\b",
    re.IGNORECASE,
)
_BACK_TO_ME = re.compile(r"\brefund|\bback\b|\breturn|退|返", re.IGNORECASE)


def asks_paid_postage(text: str) -> bool:
    """Whether words ask what the shopper paid for delivery, not what it costs, nor what sending back does."""
    return _PAID_POSTAGE.search(text) is not None and _BACK_TO_ME.search(text) is None


def asks_of_payment(text: str) -> bool:
    """Whether a message asks if or how its order was paid, or what came off it: no refund is spoken of."""
    asked = _IF_PAID.search(text) or _SAVED.search(text) or _PAID_WITH.search(text)
    return asked is not None and _BACK_TO_ME.search(text) is None


_PAID_POSTAGE: Final = re.compile(
    r"\b(?:did|was|were|have) (?:i|we) (?:\w+ ){0,3}(?:pay|paid|charged|billed|spend|spent)\b"
    r"[^.?!]{0,30}\b(?:shipping|delivery|postage|freight)\b"
    r"|\b(?:i|we) (?:paid|was charged|were charged)\b[^.?!]{0,20}\b(?:shipping|delivery|postage)\b"
    r"|我(?:那单|这单|上次)?(?:付|出|交|掏)(?:了[^，。]{0,4}[运邮]费|[^，。]{0,4}[运邮]费了)[吗么没]"
    r"|我(?:那单|这单|上次)(?:付|出|交|掏)[^，。]{0,4}[运邮]费[吗么没]"
    r"|(?:收|扣|付)(?:了我?|我)(?:多少)?[运邮]费了?(?:吗|没有|多少)|(?:收|扣|付)了我?多少[运邮]费",
    re.IGNORECASE,
)


class _Question(ChangeKind):
    """A question about money: it waits for a change that is being made."""

    def takes_over(self, other: ChangeKind) -> bool:
        """Never."""
        return False


class QueryCharge(_Question):
    """A charge or a tax that the shopper cannot explain."""

    key = "charge"
    name = "payment.query"
    intents = frozenset({"ask_unexplained_charge"})
    problem: ClassVar[str] = "unknown_charge"
    states: ClassVar[frozenset[OrderState]] = _BOUGHT

    def begun_as(self, text: str) -> str:
        """With what an order was paid is told of the order."""
        if asks_which_way(text):
            return "details"
        return "double_charge" if self.key == "charge" and says_twice(text) else self.key

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Where the amounts come from that are named: from the shopper's orders, or from none of them."""
        text, wording = dialogue.turn.text, dialogue.wording
        if dialogue.verification.level != "customer" or dialogue.turn.pressed or _TAX.search(text):
            return False
        amounts = amounts_said(text, dialogue.policies.shop.currency)
        if not amounts and asks_of_fee(text):
            # "And is the fee the same?" complains of no charge: nothing is opened by it.
            told = freight_in_words(dialogue.policies, wording)
            dialogue.say("utter_returns", answer=wording.sentences(*told) or wording.say("payments.charge.which_fee"))
            dialogue.finish()
            return True
        named = [str(each) for each in dialogue.turn.entities("order_number") if len(str(each)) > _AMOUNT_DIGITS]
        if not amounts or named:
            return False
        numbers = [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
        orders = await dialogue.records.orders(numbers)
        found = {amount: explained(amount, orders, wording) for amount in amounts}
        if all(found.values()):
            meant = list(dict.fromkeys(number for each in found.values() for number, _ in each))
            if len(amounts) == 1 and (says_twice(text) or is_strange(text)):
                # The record of that order decides, not another's.
                dialogue.request.orders = meant[:1] if len(meant) == 1 else []
                return False
            told = [each[0][1] for each in found.values()]
            dialogue.touched += meant[:1]
            apart = wording.say("payments.charge.apart") if len(meant) > 1 and len(amounts) > 1 else None
            dialogue.say("utter_payments", answer=wording.sentences(*told, apart))
            dialogue.finish()
            return True
        strange = [wording.money(each, dialogue.policies.shop.currency).text for each in amounts if not found[each]]
        if is_strange(text) or says_twice(text):
            await self._reported(dialogue, wording.listed(strange))
        else:
            answer = wording.say("payments.charge.none", amounts=wording.listed(strange))
            dialogue.say("utter_payments_offer_person", answer=answer)
            dialogue.offers_person = True
        dialogue.finish()
        return True

    @staticmethod
    async def _reported(dialogue: ChangeDialogue, amounts: str) -> None:
        """An amount that no order has is for a person, at once."""
        turn, wording = dialogue.turn, dialogue.wording
        details = {"matter": "complaint", "about": "unknown_charge"}
        key = f"{turn.message_id}:charge"[:200]
        done = await dialogue.desk.crm.propose(turn.conversation_id, "service.report", details, key=key)
        values = done.outcome.values if done.outcome else {}
        due = wording.moment(datetime.fromisoformat(str(values["due_at"])), dialogue.policies.shop.timezone)
        dialogue.done = {
            "kind": "charge", "order": "", "words": turn.text, "reference": str(values.get("case") or ""),
        }  # fmt: skip
        dialogue.say(
            "utter_payments_offer_person", answer=wording.say("payments.charge.strange", amounts=amounts, due=due)
        )
        dialogue.offers_person = True

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """The amount on the statement, and whether it is about tax."""
        said = text
        text = _REFERENCE.sub(" ", text)
        currency = records.policies.shop.currency
        if not amounts_in(text, currency=currency) and not _BARE_AMOUNT.fullmatch(text):
            text = ""
        found = resolve_amount(text, currency=currency)
        if found.status == "one" and found.first.bound != "between":
            request.extras["amount_minor"] = str(found.first.minor)
            if found.first.currency and (found.first.currency == currency or _YUAN.search(said) or currency == "CNY"):
                # 块 and 元 are said of any shop's money.
                request.extras["currency"] = found.first.currency
            elif found.first.currency and found.first.currency != "CNY":
                request.extras["currency"] = found.first.currency
        if self.problem == "unknown_charge" and _TAX.search(said):
            request.extras["problem"] = "tax"

    def at_once(self, offer: ProposalView) -> bool:
        """Having a person look at it moves nothing."""
        return not offer.moves and not self.only_tells(offer)

    def only_tells(self, offer: ProposalView) -> bool:
        """The order's records explain it: that is the answer."""
        return not offer.moves and offer.values.get("explained") is True

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `payment.query`."""
        extras = dict(request.extras)
        amount = extras.pop("amount_minor", None)
        if self.problem == "charged_twice":
            # What it was charged once explains nothing of the second time.
            amount = None
        if amount is None:
            extras.pop("currency", None)
        return given(
            order=order,
            problem=extras.pop("problem", self.problem),
            amount_minor=int(amount) if amount else None,
            description=request.text[:2000].strip() or None,
            **extras,
        )


class QueryDoubleCharge(QueryCharge):
    """Paid twice, by the shopper's statement."""

    key = "double_charge"
    intents = frozenset({"report_double_charge"})
    problem = "charged_twice"


class QueryFailedPayment(QueryCharge):
    """A payment does not go through."""

    key = "payment_failed"
    intents = frozenset({"report_payment_failed"})
    problem = "payment_failed"
    states: ClassVar[frozenset[OrderState]] = frozenset({"created"})

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """What helps at the checkout, unless there is an order whose payment is open."""
        if dialogue.chosen == CHECK:
            return False
        if known and any(each.state == "created" for each in await dialogue.records.summaries()):
            return False
        wording = dialogue.wording
        ways = accepted_ways(dialogue.policies, wording)
        sentences = [
            wording.say("payments.failed.advice"),
            *([wording.say("payments.failed.ways", ways=ways)] if ways else []),
        ]
        check = f'/report_payment_failed{{"choice": "{CHECK}"}}'
        dialogue.say(
            "utter_payments_offer_person",
            answer=wording.sentences(*sentences),
            buttons=[{"title": wording.say("payments.button.check_order"), "payload": check}],
        )
        dialogue.finish()
        return True


class ProtectPrice(_Question):
    """What goods cost less since they were bought goes back."""

    key = "price_protection"
    name = "payment.price_protection"
    intents = frozenset({"ask_price_protection"})
    states: ClassVar[frozenset[OrderState]] = _PAID
    lines = "some"
    any_wish = True

    async def candidates(self, records: Records) -> Collection[str] | None:
        """Orders within the shop's time, where it counts from the purchase."""
        rules = records.policies.payments.price_protection if records.policies.payments else None
        if rules is None or rules.window_start != "placed":
            return None
        since = records.today - timedelta(days=rules.window_days + 1)
        return {
            each.number
            for each in await records.summaries()
            if each.state != "cancelled" and each.placed_at.date() >= since
        }

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """The shop's rule, for who has no order that it could be about, and about other shops' prices."""
        rival = _RIVAL.search(dialogue.turn.text) is not None
        within = await self.candidates(dialogue.records) if known else ()
        if dialogue.chosen == CHECK or (known and not rival and (within is None or within)):
            return False
        terms = price_terms(dialogue.policies, dialogue.wording)
        first = dialogue.wording.say("payments.price.own_prices_only") if rival else None
        none = dialogue.wording.say("payments.price.no_order_within") if known and not within and not rival else None
        check = {
            "title": dialogue.wording.say("payments.button.check_order"),
            "payload": f'/ask_price_protection{{"choice": "{CHECK}"}}',
        }
        enabled = dialogue.policies.payments is not None and dialogue.policies.payments.price_protection.enabled
        dialogue.say(
            "utter_payments",
            answer=dialogue.wording.sentences(first, terms, none),
            buttons=[check] if enabled and not known else None,
        )
        dialogue.finish()
        return True

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.payments.price_protection.refund_targets if policies.payments else ()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `payment.price_protection`."""
        lines = [each["line_number"] for each in lines_as_details(request, order) or []]
        return given(order=order, lines=lines or None, refund_target=request.refund_target)


class AskAboutVoucher(_Question):
    """A voucher that was not taken off, or not given back."""

    key = "voucher"
    name = "payment.voucher"
    intents = frozenset({"report_voucher_not_applied"})
    states: ClassVar[frozenset[OrderState]] = _BOUGHT | {"cancelled"}
    questions = frozenset({"voucher"})

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Why a code may not count: in general, or why the shopper's own one does not."""
        text = dialogue.turn.text
        if dialogue.chosen == CHECK or _POINTS.search(text) or _GIVEN_BACK.search(text):
            return False
        vouchers = await _vouchers(dialogue)
        named = _named(text, vouchers)
        wording = dialogue.wording
        if named is not None and not named.usable and named.reason in ("void", "expired", "not_yet_valid"):
            words = ChangeWording(wording, dialogue.policies.shop.timezone)
            told = wording.template(f"payments.voucher.{named.reason}").format_map(
                words.values(named.model_dump(mode="json"))
            )
            dialogue.say("utter_payments_offer_person", answer=told)
            dialogue.finish()
            return True
        if known:
            return False
        dialogue.say(
            "utter_payments_offer_person",
            answer=voucher_terms(dialogue.policies, wording),
            buttons=[
                {
                    "title": wording.say("payments.button.order_without_it"),
                    "payload": f'/report_voucher_not_applied{{"choice": "{CHECK}"}}',
                }
            ],
        )
        dialogue.finish()
        return True

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Points or a voucher, and whether it was given back; the code where it was asked for."""
        asked = str(request.question.get("slot") or "")
        if asked == "voucher":
            code = re.search(r"[A-Za-z0-9][A-Za-z0-9_-]{2,}", text)
            if code is not None:
                request.extras["code"] = code.group().upper()
            return
        if _POINTS.search(text):
            request.kind, request.extras = AskAboutPoints.key, {}
        else:
            request.extras.setdefault("problem", "not_given_back" if _GIVEN_BACK.search(text) else "not_applied")

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Which voucher: the one named, the only one it can be, or asked for."""
        request = dialogue.request
        request.extras.setdefault("problem", "not_applied")
        if request.extras.get("code"):
            return
        order = request.orders[0]
        vouchers = await _vouchers(dialogue)
        named = _named(f"{request.text} {dialogue.turn.text}", vouchers)
        given_back = request.extras["problem"] == "not_given_back"
        fit = [each for each in vouchers if (each.order_number == order if given_back else each.order_number is None)]
        if named is not None or len(fit) == 1:
            request.extras["code"] = (named or fit[0]).code
            return
        choices = {f"extra=code:{each.code}": each.code for each in fit or vouchers}
        dialogue.ask("voucher", "voucher.voucher", choices, order=order)

    def at_once(self, offer: ProposalView) -> bool:
        """Having a person look at it, and a voucher that is good again, cost the shopper nothing."""
        return not offer.moves

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `payment.voucher`."""
        return {"order": order, "code": request.extras["code"], "problem": request.extras["problem"]}


class AskAboutPoints(_Question):
    """Points that were redeemed for goods which are gone."""

    key = "points"
    name = "payment.points"
    states: ClassVar[frozenset[OrderState]] = frozenset({"cancelled", "delivered"})
    else_states: ClassVar[frozenset[OrderState]] = _BOUGHT

    def at_once(self, offer: ProposalView) -> bool:
        """Giving them back costs the shopper nothing."""
        return not offer.moves

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `payment.points`."""
        return {"order": order}


async def _vouchers(dialogue: ChangeDialogue) -> list[VoucherView]:
    """The shopper's; none for who is not known as a customer."""
    try:
        return (await dialogue.desk.crm.vouchers(dialogue.turn.conversation_id)).vouchers
    except CrmNotFound:
        return []


def _named(text: str, vouchers: Sequence[VoucherView]) -> VoucherView | None:
    return next((each for each in vouchers if each.code and each.code.casefold() in text.casefold()), None)
