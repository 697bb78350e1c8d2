"""Questions in the middle of a change that are about the change: when money comes, who pays for the way back, how
goods go back, where money goes. They are answered at once, and never count as not having been understood.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from actions.orders import refund_status
from actions.return_terms import freight_in_words, mind_reason, terms_for
from shopdesk_schemas.crm import PolicyExplanation

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

Aspect = Literal["when", "freight", "how", "target", "window", "price", "amount", "waive"]

SURE_ASIDE: Final = 0.4
"""From this probability on, a question of one of `_INTENTS` in such a change is one about it."""
_INTENTS: Final[dict[str, Aspect]] = {
    "ask_refund": "when",
    "ask_refund_time": "when",
    "ask_how_to_return": "how",
}
_ASKS: Final = re.compile(
    r"[?？吗呢]|\b(?:when|who|what|where|which|how|do|does|is|can|will|would|must|should)\b"
    r"|什么时候|啥时候|几时|多久|几天|谁|怎么|如何|哪|要不要|需不需要|是否|需要|多少|能不能|可不可以|为什么|为啥"
    r"|凭什么|\bwhy\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[^.?!;,。？！；，]+[?？]?")
_WHERE_TO: Final = re.compile(
    r"\bwhere\b.*\b(?:money|refund)\b|\bwhich (?:card|account)\b|(?:钱|款|退).*(?:哪里|哪儿|哪张|什么卡|到哪)",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:when|how (?:long|soon|quickly))\b.*\b(?:money|refund\w*|get (?:it|paid|that)|cash|take)\b"
    r"|(?:钱|款|退).*(?:什么时候|啥时候|几时|多久|几天)|(?:什么时候|啥时候|几时|多久|几天).*(?:退|到账|钱|款)",
    re.IGNORECASE,
)
_WINDOW: Final = re.compile(
    r"(?:几天|多久|多长时间|多少天)(?:之|以)?内.*(?:退|换)(?!款|钱)|(?:退|换)货?(?:期|期限|时限|时效)"
    r"|\bhow (?:long|many days) (?:do|will) (?:i|we) (?:still )?have\b|\b(?:until|by) when (?:can|must|do) i\b",
    re.IGNORECASE,
)
_PRICE: Final = re.compile(
    r"\bhow much (?:extra|more|dearer|does (?:it|that) cost|is (?:it|that|the (?:other|new|bigger|longer|larger)))\b"
    r"|\b(?:extra|more) (?:to pay|money)\b|\bprice difference\b|\bdifference in price\b"
    r"|\b(?:cost|pay)(?: (?:me|us|you))? (?:any(?:thing)? |[^\s\d]{0,3}\d[\d.]*(?: ?\w+)? )?(?:extra|more)\b"
    r"|\b(?:is|would) (?:it|that)(?: be)? (?:any )?(?:more expensive|dearer)\b"
    r"|[加补贵](?:我)?多少|(?:要|需要|用|得)(?:再)?[加补](?:钱|差价|多少|价)|差价(?:是)?多少|差多少|(?:更|会"
    r"|要)贵[吗么]|贵不贵",
    re.IGNORECASE,
)
"""What something else costs in the place of what was bought."""
_ALL_IN: Final = re.compile(
    r"\b(?:cost|pay|charge\w*|fee|free)\b|(?:要|需要|用|得)(?:再)?(?:加|补)?(?:钱|收费|花钱|付)|收费|免费|加钱",
    re.IGNORECASE,
)
"""What a swap costs in all, and not how two prices differ."""
_FREIGHT: Final = re.compile(
    r"\b(?:postage|shipping|freight|delivery (?:cost|fee|charge)|(?:return )?fees?)\b|\b(?:who|do i|must i|will i)\b.*\bpay(?! (?:with|by))\b"  # noqa: E501
    r"|\b(?:is (?:it|that|this)|for) free\b|\bcost(?:s)? (?:me|anything)\b|运费|邮费|快递费|(?:要|收|花|出)(?:我)?(?:的)?(?:钱|费)|免费",  # noqa: E501
    re.IGNORECASE,
)
_AMOUNT: Final = re.compile(
    r"\bwhy\b[^.?!]*(?:\d|\bpay\b|\bcharged?\b|\bso (?:much|little)\b|\bthat much\b|\bless\b|\bmore\b)"
    r"|\bwhat(?:'?s| is| are) (?:the |this |that |these )?[£$€¥]?\d[\d.]*\b[^?]*\bfor\b"
    r"|\bhow come\b[^.?!]*\d|\bcost (?:me )?(?:anything|something)\b|\bhow (?:is|was|did) (?:that|it|you)[^.?!]*(?:calculat|made up|get to)"  # noqa: E501
    r"|(?:为什么|为啥|怎么|凭什么|咋)[^，。？?]*(?:\d|钱|付|收|少|多)|怎么算的?|[怎咋]么?(?:只|才|要)?(?:退|付|收"
    r"|扣)?\d",
    re.IGNORECASE,
)
"""What an amount is made of."""
_WAIVE: Final = re.compile(
    r"(?:能不能|可不可以|可以|能)(?:不|别|免)[^，。？?]{0,4}(?:扣|收|付|出|运费|邮费)|(?:运费"
    r"|邮费)[^，。？?]{0,6}(?:能不能|可不可以|可以"
    r"|能)[^，。？?]{0,4}(?:不|免|别)|免(?:了|掉)?(?:运费|邮费)"
    r"|\b(?:waive|drop|skip|let me off|take off)\b[^.?!]*\b(?:fee|postage|freight|shipping|\d[\d.]*)",
    re.IGNORECASE,
)
"""That the way back is to cost nothing."""
_HOW: Final = re.compile(
    r"\bwhat happens (?:next|after|then|now)\b|\b(?:print|label|box|packag\w+|wrapping)\b|\bpick(?:ed)? (?:it|them)? ?up\b|\bcollect(?:ed)?\b"  # noqa: E501
    r"|\bhow (?:do|does|will|should|shall|can|am|are|would|must) (?:i|it|we|you|that|this)\b"
    r".{0,12}\b(?:send|go|get|post|work|return)\b"
    r"|\bhow (?:i|we|it|to)\b.{0,14}\b(?:send|goes|get|post|return|ship|mail)\b"
    r"|自己寄|上门|面单|包装|盒子|怎么寄|怎么退|寄到哪|流程|然后呢|接下来",
    re.IGNORECASE,
)


def aspect_of(text: str, intent: str, confidence: float, *, goes_back: bool, swaps: bool = False) -> Aspect | None:
    """What a message asks of the change that is open; None where it asks nothing of it.

    `goes_back`: goods do; `swaps`: something comes in their place.
    """
    if not _ASKS.search(text):
        return None
    if goes_back and _WAIVE.search(text):
        return "waive"
    if _AMOUNT.search(text):
        return "amount"
    if swaps and _PRICE.search(text):
        return "price"
    if goes_back and not swaps and _WINDOW.search(text):
        # The rule for it knows the days of these goods.
        return None if intent == "ask_return_policy" else "window"
    if _WHERE_TO.search(text):
        return "target"
    if goes_back and (_FREIGHT.search(text) or intent == "ask_delivery_cost"):
        return "freight"
    if _WHEN.search(text):
        return "when"
    by_intent = _INTENTS.get(intent) if confidence >= SURE_ASIDE else None
    if goes_back and (_HOW.search(text) or by_intent == "how"):
        return "how"
    return by_intent if by_intent == "when" else None


_PAID: Final = r"(?:money|refunds?|amount|deposit|cash|price|payment|courier|driver|postman|dollars?|\d+)\b"
"""What comes back and is no goods."""
_ELSEWHERE: Final = re.compile(
    r"\b(?:shipping|delivery|postage|deliver|ship) (?:\w+ )?to (?!(?:you|send|return|me)\b)|寄到|发到|\bpay again\b",
    re.IGNORECASE,
)
"""What sending costs in general, or another payment."""
_BACK_OR_FREIGHT: Final = re.compile(
    rf"{_FREIGHT.pattern}|\b(?:send|return|post|give|go|(?:you|u|they) (?:need|want|get|have))"
    rf" (?:it |them |(?:the|this|that) (?:(?!{_PAID})\w+ ){{1,3}})back\b"
    rf"|\b(?:send|post|go|goes)(?: anything)? back\b|\bkeep (?:it|them"
    rf"|the wrong one)\b|寄回|退回去|邮回|还回",
    re.IGNORECASE,
)
"""Who pays, and whether what came has to go back."""


def asks_of_claim(text: str) -> bool:
    """Whether `text` asks of a claim who pays, or whether what came goes back: "will you need the old one back?"."""
    asks = _ASKS.search(text) is not None and _ELSEWHERE.search(text) is None
    return asks and _BACK_OR_FREIGHT.search(text) is not None


async def answered_aside(dialogue: ChangeDialogue) -> bool:
    """Answers a question about the change that is open; False where the message is none."""
    kind, turn, policies = dialogue.kind, dialogue.turn, dialogue.policies
    if dialogue.told and _ASKS.search(turn.text) and _AMOUNT.search(turn.text):
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.amount_of", told=dialogue.told))
        return True
    about_it = kind.goes_back or kind.swaps or kind.wish == "cancel" or kind.name == "shipment.claim"
    if kind.about != "order" or not about_it:
        return False
    if kind.name == "shipment.claim" and asks_of_claim(turn.text):
        dialogue.say("utter_returns", answer=dialogue.wording.say("returns.claim_costs_nothing"))
        return True
    aspect = aspect_of(turn.text, turn.intent, turn.confidence, goes_back=kind.goes_back, swaps=kind.swaps)
    if aspect is None or policies.returns is None:
        return False
    answer = await _told(aspect, dialogue)
    if not answer:
        return False
    dialogue.say("utter_returns", answer=answer)
    return True


async def answered_beside(dialogue: ChangeDialogue) -> None:
    """Answers what the words that begin a return ask of the way back: "…, and would I have to pay for the postage?"."""
    if not dialogue.kind.goes_back or dialogue.policies.returns is None:
        return
    swaps = dialogue.kind.swaps
    clauses = _CLAUSE.findall(dialogue.request.text)[1:]
    asked = [aspect_of(clause, "", 0.0, goes_back=True, swaps=swaps) for clause in clauses]
    for aspect in dict.fromkeys(each for each in asked if each is not None):
        if answer := await _told(aspect, dialogue):
            dialogue.say("utter_returns", answer=answer)


async def told_of_opened(dialogue: ChangeDialogue) -> bool:
    """Says whether what was opened may come back: of the lines meant, by the CRM; False where it is about no return."""
    request, policies = dialogue.request, dialogue.policies
    if not dialogue.kind.goes_back or policies.returns is None:
        return False
    wanted = request.reason or mind_reason(policies)
    conditions = set()
    for number in request.orders:
        for line in (await dialogue.records.returnable(number)).lines:
            meant = not request.lines or f"{number}/{line.line_number}" in request.lines
            conditions |= {each.condition for each in line.reasons if meant and each.reason == wanted}
    for condition in ("unopened", "as_new", "any"):
        if condition in conditions:
            dialogue.say("utter_returns", answer=dialogue.wording.say(f"returns.opened_line.{condition}"))
            return True
    return False


async def _told(aspect: Aspect, dialogue: ChangeDialogue) -> str:
    if aspect == "amount":
        # Nothing is offered yet: what it costs is the way back, if anything.
        return _of_policy("freight", dialogue, dialogue.policies) if dialogue.kind.goes_back else ""
    if aspect == "waive":
        fixed = dialogue.wording.say("changes.not_waived")
        return dialogue.wording.sentences(fixed, _of_policy("freight", dialogue, dialogue.policies))
    if aspect == "when":
        return await _when(dialogue)
    if aspect == "price":
        back = dialogue.kind.goes_back and _ALL_IN.search(dialogue.turn.text) is not None
        price = await price_told(dialogue)
        # The way back is part of what an exchange costs, and none of how prices differ.
        return dialogue.wording.sentences(price, _of_policy("freight", dialogue, dialogue.policies) if back else None)
    return _of_policy(aspect, dialogue, dialogue.policies)


async def price_told(dialogue: ChangeDialogue) -> str:
    """What the one thing in a line's place costs more or less; before that is known, that it is told before a yes."""
    request, wording = dialogue.request, dialogue.wording
    await dialogue.records.orders(request.orders)
    if len(request.targets) == 1:
        key, sku = next(iter(request.targets.items()))
        line, view = dialogue.records.line(key), dialogue.records.known(key.rpartition("/")[0])
        variants = await dialogue.records.variants(line.sku) if line is not None else []
        now = next((each.price_minor for each in variants if each.sku == sku), None)
        if line is not None and view is not None and now is not None and line.unit_price_minor is not None:
            pieces = request.lines.get(key) or line.changeable
            more = (now - line.unit_price_minor) * pieces
            amount = wording.money(abs(more), view.currency).text
            return wording.say(f"changes.price.{'more' if more > 0 else 'less' if more < 0 else 'same'}", amount=amount)
    return wording.say("changes.price.open")


async def costs_the_same(dialogue: ChangeDialogue) -> bool:
    """Whether everything that comes in the place of goods is known, and has the price of what it replaces."""
    request = dialogue.request
    await dialogue.records.orders(request.orders)
    for key, sku in request.targets.items():
        line = dialogue.records.line(key)
        variants = await dialogue.records.variants(line.sku) if line is not None else []
        price = next((each.price_minor for each in variants if each.sku == sku), None)
        if line is None or price is None or price != line.unit_price_minor:
            return False
    return bool(request.targets)


async def _when(dialogue: ChangeDialogue) -> str:
    """When money comes: of what was changed just now, where the CRM knows of its refund, else by the shop's rules."""
    wording, policies = dialogue.wording, dialogue.policies
    days = policies.cancellation.refund_days if policies.cancellation else None
    for number in [each for each in dialogue.focus.orders[:3] if each not in dialogue.request.orders]:
        view = await dialogue.records.order(number)
        if view.refunds:
            return refund_status(view, wording, usual_days=days)
    if dialogue.kind.wish == "cancel":
        return wording.say("returns.refund_cancelled", days=days) if days is not None else ""
    rules = policies.returns
    assert rules is not None  # noqa: S101 - looked at before
    return wording.say(f"returns.refund_{rules.refund_when}", days=rules.refund_days)


def _of_policy(aspect: Aspect, dialogue: ChangeDialogue, policies: PolicyExplanation) -> str:
    wording, request, rules = dialogue.wording, dialogue.request, policies.returns
    assert rules is not None  # noqa: S101 - looked at before
    if aspect == "freight":
        view = dialogue.records.known(request.orders[0]) if request.orders else None
        currency = view.currency if view is not None else None
        return wording.sentences(*freight_in_words(policies, wording, reason=request.reason, currency=currency))
    if aspect == "window":
        terms = terms_for(rules, policies.shop.country, frozenset(), request.reason or mind_reason(policies))
        return wording.say(f"returns.window.{terms.window_start}", days=terms.window_days)
    if aspect == "how":
        reason = request.reason or mind_reason(policies)
        terms = terms_for(rules, policies.shop.country, frozenset(), reason)
        ways = [wording.say(f"returns.way.{each}") for each in terms.methods]
        return wording.sentences(
            wording.say("returns.ways", ways=wording.any_of(ways)) if ways else None,
            wording.say("returns.send_within", days=rules.send_within_days),
            wording.say(f"returns.refund_{rules.refund_when}", days=rules.refund_days),
        )
    targets = [wording.say(f"changes.code.target.{each}") for each in dialogue.kind.refund_targets(policies)]
    return wording.say("returns.money_to", targets=wording.any_of(targets)) if targets else ""
