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

Aspect = Literal["when", "freight", "how", "target"]

SURE_ASIDE: Final = 0.4
"""From this probability on, a question of one of `_INTENTS` in such a change is one about it."""
_INTENTS: Final[dict[str, Aspect]] = {
    "ask_refund": "when",
    "ask_refund_time": "when",
    "ask_how_to_return": "how",
}
_ASKS: Final = re.compile(
    r"[?？吗呢]|\b(?:when|who|what|where|which|how|do|does|is|can|will|must)\b"
    r"|什么时候|啥时候|几时|多久|几天|谁|怎么|如何|哪|要不要|需不需要|是否|需要|多少",
    re.IGNORECASE,
)
_WHERE_TO: Final = re.compile(
    r"\bwhere\b.*\b(?:money|refund)\b|\bwhich (?:card|account)\b|(?:钱|款|退).*(?:哪里|哪儿|哪张|什么卡|到哪)",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\b(?:when|how (?:long|soon|quickly))\b.*\b(?:money|refund\w*|get (?:it|paid|that)|cash|take)\b"
    r"|(?:钱|款|退).*(?:什么时候|啥时候|几时|多久|几天)|(?:什么时候|啥时候|几时|多久|几天).*(?:退|到账|钱|款)",
    re.IGNORECASE,
)
_FREIGHT: Final = re.compile(
    r"\b(?:postage|shipping|freight|delivery (?:cost|fee|charge))\b|\b(?:who|do i|must i|will i)\b.*\bpay(?! (?:with|by))\b"  # noqa: E501
    r"|\b(?:is (?:it|that|this)|for) free\b|\bcost(?:s)? (?:me|anything)\b|运费|邮费|快递费|(?:要|收|花|出)(?:我)?(?:的)?(?:钱|费)|免费",  # noqa: E501
    re.IGNORECASE,
)
_HOW: Final = re.compile(
    r"\bwhat happens (?:next|after|then|now)\b|\b(?:print|label|box|packag\w+|wrapping)\b|\bpick(?:ed)? (?:it|them)? ?up\b|\bcollect(?:ed)?\b"  # noqa: E501
    r"|\bhow (?:do|does|will|should) (?:i|it|you|that|this) (?:send|go|get|post|work)\b"
    r"|自己寄|上门|面单|包装|盒子|怎么寄|怎么退|寄到哪|流程|然后呢|接下来",
    re.IGNORECASE,
)


def aspect_of(text: str, intent: str, confidence: float, *, goes_back: bool) -> Aspect | None:
    """What a message asks of the change that is open; None where it asks nothing of it. `goes_back`: goods do."""
    if not _ASKS.search(text):
        return None
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


async def answered_aside(dialogue: ChangeDialogue) -> bool:
    """Answers a question about the change that is open; False where the message is none."""
    kind, turn, policies = dialogue.kind, dialogue.turn, dialogue.policies
    if kind.about != "order" or not (kind.goes_back or kind.wish == "cancel" or kind.name == "shipment.claim"):
        return False
    aspect = aspect_of(turn.text, turn.intent, turn.confidence, goes_back=kind.goes_back)
    if aspect is None or policies.returns is None:
        return False
    answer = await _when(dialogue) if aspect == "when" else _of_policy(aspect, dialogue, policies)
    if not answer:
        return False
    dialogue.say("utter_returns", answer=answer)
    return True


async def _when(dialogue: ChangeDialogue) -> str:
    """When money comes: of what was changed just now, where the CRM knows of its refund, else by the shop's rules."""
    wording, policies = dialogue.wording, dialogue.policies
    for number in [each for each in dialogue.focus.orders[:3] if each not in dialogue.request.orders]:
        view = await dialogue.records.order(number)
        if view.refunds:
            return refund_status(view, wording)
    if dialogue.kind.wish == "cancel":
        days = policies.cancellation.refund_days if policies.cancellation else None
        return wording.say("returns.refund_cancelled", days=days) if days is not None else ""
    rules = policies.returns
    assert rules is not None  # noqa: S101 - looked at before
    return wording.say(f"returns.refund_{rules.refund_when}", days=rules.refund_days)


def _of_policy(aspect: Aspect, dialogue: ChangeDialogue, policies: PolicyExplanation) -> str:
    wording, request, rules = dialogue.wording, dialogue.request, policies.returns
    assert rules is not None  # noqa: S101 - looked at before
    if aspect == "freight":
        return wording.sentences(*freight_in_words(policies, wording, reason=request.reason))
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
