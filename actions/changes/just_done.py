"""What was done last in a conversation, and words about it: "what did you tell them?", "undo it", 改回来."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from actions.desk import Turn
from actions.resolver import Focus
from actions.resolver.text import fold

_KEPT: Final = "done"
"""Under this name it stands in the slot `focus` of the message that did it."""


def as_done(done: Mapping[str, str]) -> dict[str, Any]:
    """What goes into the slot `focus` besides, where something was done."""
    return {_KEPT: dict(done)} if done else {}


def last_done(turn: Turn) -> dict[str, str]:
    """What was done last: `kind`, `order`, `words`, `reference`; empty where nothing was."""
    return {str(name): str(value) for name, value in Focus.from_slot(turn.tracker.get_slot("focus")).done.items()}


_BACK: Final = re.compile(
    r"\b(?:undo|revert|reverse|un-?do)\b|\b(?:put|change|turn|switch|set|swap)\w* (?:it|that|this|them"
    r"|everything|all)"
    r"(?: all)? back\b(?! (?:in|into|inside|on|onto) (?!(?:the|my|that) order\b))|\bback (?:to )?(?:how|the way|what"
    r"|as) (?:it|they|things) (?:was|were|is)\b|\bback as before\b"
    r"|^\W*(?:(?:no|sorry|oh|ok|actually|wait|please|i)\W+)*take (?:that|it|this) back(?:\W+(?:please|pls|sorry|again"
    r"|now|then))*[.!\s]*$"
    r"|(?<!buying )(?<!ordering )(?<!getting )(?<!choosing )(?<!picking )(?<!it )\b(?:that|this) was a mistake\b"
    r"|\bput me back\b"
    r"|\bi did ?n.t ask (?:for|you to)\b"
    r"|改回|换回来|变回|恢复(?:成|到|一下|原|回)|能?恢复(?:吗|么|不)|^恢复|撤销|撤回|还原|还是原来|像(?:以前|之前"
    r"|原来)一样|(?:我)?没(?:有)?(?:让|叫|要)你(?!们?赔)"
)
_NO_BACK: Final = re.compile(
    r"\b(?:when|who|why)\b|\b(?:do|should|must|shall|did) (?:i|we|you)\b|\bdo(?:es)? (?:it|they|that) (?:go|get|come)\b"
    r"|(?:积分|退款|押金|余额|优惠券|盒|箱|包装|标签|钱)[^，。]{0,6}(?:恢复|还原|变回)|^(?!.*(?:能|可以|帮"
    r"|麻烦)).*(?:吗|么)\W*$"
)
"""What asks for something, or speaks of boxes and money: nothing is to be as it was."""
_TOLD: Final = re.compile(
    r"\bwhat (?:exactly )?(?:did|have|do) (?:yo)?u (?:just |actually )?(?:tell|told|say|said|pass|passed|ask"
    r"|asked|write|written|put|send|note)\b"
    r"|\bwhat (?:did you|you|was) (?:tell|told|said|passed|pass)\b|\bwhich (?:one )?did (?:yo)?u (?:ask|tell|pass)\b"
    r"|\bwhat (?:does|did) (?:it|the (?:note|message|request)) say\b|\bdid (?:yo)?u (?:tell|pass|ask) (?:them"
    r"|it on|the)\b"
    r"|(?:转达|传达|转告|反馈|告诉(?:他们|快递|仓库)|备注|说|跟.{1,4}说)(?:了)?(?:些|的是?|是)?(?:什么|啥|哪些|哪个"
    r"|内容)|怎么(?:转达|跟.{1,5}说|说)的"
)
_WHICH: Final = re.compile(
    r"\b(?:which|what)(?: ones?| of them)?(?: exactly)? (?:did|have|has|was|were|is|are)\b.{0,24}\b(?:turn\w*"
    r"|switch\w*|chang\w*|cancel\w*|stop\w*"
    r"|remov\w*|unsub\w*|opt\w*|off|on|done|do)\b|(?:关|退|取消|改|停)了?(?:掉)?(?:些|的是?)?(?:哪|什么|啥)|哪(?:些"
    r"|几个|个)(?:被)?(?:关|退"
    r"|取消|改|停)"
)
_REFERENCE: Final = re.compile(
    r"\b(?:reference|ref|case|ticket|complaint|claim|request|incident)(?:'?s)? (?:number|no\b|num\b|id|code)"
    r"|\breference\b|\bref\b ?\??$"
    r"|\bnumber (?:for|of) (?:that|the|my|this) (?:complaint|case|request|ticket|claim)\b"
    r"|(?:工单|投诉|受理|登记|申请|处理|案件|记录|反馈)(?:的)?(?:编?号码?|单号)|流水号"
)


def takes_back(text: str) -> bool:
    """Whether a message wants back how it was before."""
    said = fold(text)
    return _BACK.search(said) is not None and _NO_BACK.search(said) is None


def asks_what_was_said(text: str) -> bool:
    """Whether a message asks what was passed on, in which words."""
    return _TOLD.search(fold(text)) is not None


def asks_which(text: str) -> bool:
    """Whether a message asks what exactly was done: "which ones did you turn off?"."""
    return _WHICH.search(fold(text)) is not None


def asks_for_reference(text: str) -> bool:
    """Whether a message asks for the number under which something is on record."""
    return _REFERENCE.search(fold(text)) is not None
