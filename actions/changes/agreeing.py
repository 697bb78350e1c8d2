"""A yes with something behind it: "ok yes, then the belt", 可以 什么时候能寄出来, "how much is it again? ok do it".

The yes is kept apart from the rest, so that the rest neither swallows it nor is swallowed by it.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from actions.changes.asides import aspect_of
from actions.changes.goods_meant import read_goods
from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, is_same_wish
from actions.changes.orders import ChangeItems
from actions.changes.other_pieces import read_other_pieces
from actions.changes.questions_apart import is_fact_question
from actions.changes.reading import MORE, Reader
from actions.changes.records import ORDERS_READ
from actions.farewells import without_farewell
from actions.resolver import Wish, resolve_lines

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

Weight = Literal["confirmed", "both", "in_turn"]
"""confirmed: the yes counts, and the rest comes after · both: the rest comes to what is proposed · in_turn: the yes
counts, and the rest is the same done with something else."""
SURE_YES: Final = 0.8
"""From this probability on a message is a yes to what is proposed; below, the shopper is asked again."""
SURE_REQUEST: Final = 0.6
"""From this probability on a message in the middle of a form begins something else."""

_YES_EN: Final = (
    r"(?:ok(?:ay|ey)?|k|yes|yeah|yep|yup|yea|ya|sure(?: thing)?|fine|great|perfect|lovely|brilliant|cool|alright|all right|right|correct"  # noqa: E501
    r"|exactly|agreed|confirm(?:ed)?|absolutely|definitely|please do|go (?:on|ahead|for it)|do (?:it|that|so)|carry on|proceed"  # noqa: E501
    r"|that(?:['’]?s| is) (?:right|fine|correct|good|ok(?:ay)?|perfect|great)|(?:sounds|looks) (?:good|great|fine|right)|book it|deal"  # noqa: E501
    r"|good|i (?:agree|confirm)|make it so|please|pls|thanks|thank you)"
)
_YES_ZH: Final = (
    r"(?:(?:好|对|嗯|行|可以|确认|没问题|没毛病|是|成|中|同意|没错|办|就这样|就这么办|要|ok|okay|yes)"
    r"(?:的|滴|嘞|哒|吧|啊|呀|哦|哈|了(?!解|吗|没)|办理|办|嗯|那)*)"
)
_HEAD_EN: Final = re.compile(rf"^\W*{_YES_EN}(?:[\s,.!]+{_YES_EN})*(?![\w'’])", re.IGNORECASE)
_HEAD_ZH: Final = re.compile(
    rf"^\W*{_YES_ZH}(?:[\s，,。.!！~]*{_YES_ZH})*(?=[\s，,。.!！~]|还有|再|然后|也|另外|顺便|对了|那|什么时候|多久|大概)",
    re.IGNORECASE,
)
_MERE: Final = re.compile(
    r"^\W*(?:please|pls|k|right|good|cool|thanks|thank you|do)\b\W*$|^\W*(?:[是要中成那]|对了)\W*$", re.IGNORECASE
)
"""What stands within a yes and is none alone."""
_TAIL_EN: Final = re.compile(rf"(?<=[?.!,;])\s*(?P<yes>{_YES_EN}(?:[\s,.!]+{_YES_EN})*)[^\w?？]*$", re.IGNORECASE)
_TAIL_ZH: Final = re.compile(
    rf"(?:[，,。.!！?？~]\s*|(?<=[\u4e00-\u9fff])\s+)(?P<yes>{_YES_ZH}(?:[\s，,。.!！~]*{_YES_ZH})*)[^\w?？]*$",
    re.IGNORECASE,
)
_OPENS_EN: Final = (
    r"(?:that(?:['’]?ll)? (?:works|will do|does it)(?: for me)?|works for me|one (?:more|other|last) thing|another thing|(?:the )?second thing"  # noqa: E501
    r"|(?:and )?(?:while|since) (?:you(?:['’]re| are)|we(?:['’]re| are)|i(?:['’]m| am)) (?:at it|here|there|on it)"
    r"|(?:and )?(?:when|once|as soon as) (?:that(?:['’]s| is)|it(?:['’]s| is)|you(?:['’]re| are)|this is) (?:all )?(?:done|finished|through|ready)"  # noqa: E501
    r"|(?:my|the|an)other (?:question|thing|request)|secondly|furthermore|in addition|on another note)\b"
)
"""How words behind a yes begin that turn to something else."""
_OPENS_ZH: Final = r"(?:还有(?:一?[件个]?(?:别的)?事)|另外(?:还有)?(?:一?件事|个事)|先这样|接下来(?:处理|办|是|看看|说说|再)?|(?:办|弄|处理|搞)(?:完|好)了?(?:之后|以后|后)?|之后|以后|顺带|另外一件事)"  # noqa: E501
_JOIN: Final = re.compile(
    rf"^(?:{_OPENS_EN}|{_OPENS_ZH}|"
    r"\W|\b(?:and|then|also|so|plus|oh|by the way|btw|after that|next|now)\b|然后|接着|还有(?!没|货|多|几|什么|谁|吗)|另外(?!一?[单个件条份笔])|顺便|再|哦|噢|对了|那(?![个件条单款双张台只盒]))*",  # noqa: E501
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"[?？吗呢]|^\W*(?:where'?s?|when'?s?|what'?s?|which|who'?s?|why|how'?s?|is|are|do|does|did|can|could|will|would|has|have|may|should)\b"
    r"|\b(?:let me know|tell me|can you|could you|i wonder|what about|how about)\b"
    r"|什么|啥|哪|谁|几(?:天|时|号|点)|多久|多少|怎么|如何|为什么|能不能|可不可以|是不是|有没有|告诉我|没有?$",
    re.IGNORECASE,
)
_TOUCHES: Final = re.compile(
    r"\b(?:but(?!,? (?:also|and|can|could|what|how|when|where|i also|i'd also)\b|[^,.;?]*\b(?:too|as well|both)\b)|only|except|without|unless|not|n[o']t"  # noqa: E501
    r"|don['’]?t|instead(?! of)|rather|if|as long as|provided)\b"
    r"|但|不过|可是|只|除了|不要(?!了)|别(?!忘)|如果|要是|前提|改成|换成|不是",
    re.IGNORECASE,
)
"""What makes a yes one with a condition."""
_OF_ANOTHER: Final = re.compile(
    rf"^\W*(?:对了|还有|另外|顺便|剩下|另一|其[他它]|{_OPENS_ZH}|(?:and |oh |then |also |by the way |btw )*{_OPENS_EN}"
    r"|(?:and )?(?:oh|also|then|by the way|btw|as for|about)\b)",
    re.IGNORECASE,
)
"""Words behind a yes that turn to something else."""
_HELD_BACK: Final = re.compile(
    r"^\W*(?:but|only|except|without|unless|not|if|as long as|provided|但|不过|可是|只|除了|如果|要是|前提)",
    re.IGNORECASE,
)
"""A condition that comes first is of what was agreed to."""
_DEMANDS: Final = re.compile(
    r"^\W*(?:but )?(?:(?:please|can|could|would|will) (?:you |i |we )?(?:then |also |please |just |now |maybe |to )*(?:send|ship|cancel|return|change|swap|switch"  # noqa: E501
    r"|exchange|move|redirect|drop|remove|put|update|make|get|have)\b|(?:send|ship|cancel|return|change|swap|switch|exchange|drop|remove)\b)"
    r"|^\W*(?:再|也|把|帮我|请|麻烦)*[^，。？?]{0,14}(?:取消|退掉|退了|换成|改成|寄到|改寄)",
    re.IGNORECASE,
)
"""Words that want something done, put as a question or not."""
_OTHERWISE_LIKE: Final = re.compile(
    r"\b(?:i['’]?d|i would|i['’]?ll|i want) (?:take|have|like|want|prefer)\b|\b(?:should|to) be\b|\b(?:are|is) there\b|\bdo you have\b"  # noqa: E501
    r"|\b(?:swap|switch|exchang|chang)\w*\b|\binto? (?:a|the)\b|[换改]|有没有",
    re.IGNORECASE,
)
"""Goods are wanted otherwise: they come to no cancellation and no return."""
_BECOMES_ZH: Final = re.compile(r"改成|换成")
_TOGETHER: Final = re.compile(r"[\s，,]*(?:一起|一块儿?|一并)(?:吧|了|啊)?\W*$")
"""Behind what is named: it comes to the rest, and is not all of it."""
_WANTS: Final = re.compile(
    r"\b(?:return|send|sending|returning|money back|my money|refund|exchange|swap|cancel|change|add|order|buy|deliver|update|remove|show|tell|put|use)\b"  # noqa: E501
    r"|[退换改加买寄开查]|取消|下单|删|备注|补发",
    re.IGNORECASE,
)
"""The rest wants something by a verb of its own."""
_RETURNS: Final = re.compile(
    r"(?<!money )(?<!refund )(?<!it )\b(?:goes|go|going|send|sending|sent) back\b"
    r"|\breturn(?:ing|ed)?\b|退货|退掉|退回去",
    re.IGNORECASE,
)
"""Goods are to go back."""
_WISHES: Final[dict[Wish, re.Pattern[str]]] = {
    "return": re.compile(rf"{_RETURNS.pattern}|\b(?:my|the) money (?:back|for)\b|退(?![换税])", re.IGNORECASE),
    "cancel": re.compile(
        r"\bcancel\w*|\bcall\w* off\b|\bcan (?:also )?go(?! to| on| back| ahead| for)\b|\bdon['’]?t need\b|\bno longer (?:want|need)\b|取消|不要了|少要?[一两1-9]",  # noqa: E501
        re.IGNORECASE,
    ),
    "exchange": re.compile(r"\b(?:exchang|swap|switch|chang)\w*|[换改](?!地址)", re.IGNORECASE),
}
_GOES: Final = re.compile(
    r"\b(?:can|could|may|has to|have to|must) (?:also )?go(?! to| on| back| ahead| for| home)\b|少要?[一两1-9]",
    re.IGNORECASE,
)
"""Goods are not wanted, said without a verb for it."""
_BALANCE: Final = re.compile(
    r"\b(?:what'?s|what is|how much|what do i have)\b[^?]*\b(?:on|left|balance)\b|\bbalance\b|余额"
    r"|有多少钱|剩多少",
    re.IGNORECASE,
)
"""What a gift card holds: no word of where money is to go."""
_JOINS: Final = re.compile(
    r"(?:^|[,.;!?])\s*(?:and|plus|but|oh and)\b|\b(?:both|too|as well|also)\b|还有|另外|另一|对了|剩下|也|再|顺便|一起",
    re.IGNORECASE,
)
"""What is named behind a yes comes to what was agreed to."""
_NAMES: Final = frozenset({"name", "near_name", "category"})
_SHORTEST: Final = 2
"""So many characters say something."""
_IN_TURN: Final = re.compile(r"\b(?:then|after that|next|now)\b|然后|接着|再|完了", re.IGNORECASE)


@dataclass(frozen=True)
class Agreement:
    """A yes, and what else is said: `rest` as it stands, with what joins it taken off in `plain`."""

    rest: str
    plain: str
    asks: bool
    """Whether the rest is a question or asks to be told something."""
    touches: bool
    """Whether the rest restricts or conditions the yes."""
    wish: Wish | None
    """What the rest plainly wants of goods."""
    last: bool
    """Whether the yes comes last, after what is asked: it was not kept back by that."""
    in_turn: bool
    """Whether the rest is to come after what was agreed to: "then the belt"."""


_VERBS_AGAIN: Final[dict[Wish, str]] = {
    "return": r"(?:(?:please )?(?:return|refund|send) (?:it|them|that|this)(?: back)?|退(?:货|掉|了)?)",
    "cancel": r"(?:(?:please )?(?:cancel|drop) (?:it|them|that|this)|取消(?:掉|了)?)",
    "exchange": r"(?:(?:please )?(?:swap|change|exchange|switch) (?:it|them|that|this)|[换改](?:货|掉|了)?)",
}


def without_verb_again(text: str, wish: Wish | None) -> str:
    """`text` without the bare verb of `wish` right behind its yes: in "yes, cancel it. Is the lamp still there?"."""
    head = _HEAD_EN.match(text) or _HEAD_ZH.match(text)
    verb = _VERBS_AGAIN.get(wish) if wish is not None else None
    if head is None or verb is None or _MERE.match(head.group()):
        return text
    again = re.compile(rf"[\s,，.。!！~]*{verb}(?:吧|啊|呀| please| then)?(?=\s*[,，.。!！;；])", re.IGNORECASE)
    said = again.match(text, head.end())
    if said is None:
        # "OK, forget the new order. Cancel it then."
        last = re.compile(
            rf"[,，.。!！;；]\s*(?:那|就|so |then )*{verb}(?:吧|啊|呀|就行| please| then)*\W*$", re.IGNORECASE
        )
        said = last.search(text, head.end())
        return text if said is None else text[: said.start()]
    return text[: head.end()] + text[said.end() :]


def agreement(text: str) -> Agreement | None:
    """The yes of a message that says more than that; None where it holds no yes, or nothing else."""
    head = _HEAD_EN.match(text) or _HEAD_ZH.match(text)
    if head is not None and not _MERE.match(head.group()):
        return _agreement(text[head.end() :])
    for pattern in (_TAIL_EN, _TAIL_ZH):
        tail = pattern.search(text)
        if tail is not None and not _MERE.match(tail["yes"]):
            before = _agreement(text[: tail.start()], last=True)
            return before if before is not None and before.asks else None
    return None


def _agreement(rest: str, *, last: bool = False) -> Agreement | None:
    joined = _JOIN.match(rest)
    plain = rest[joined.end() :].strip() if joined is not None else rest.strip()
    plain = _TOGETHER.sub("", plain)
    if not without_farewell(plain) or len(re.sub(r"[\W_]", "", plain)) < _SHORTEST:
        return None
    return Agreement(
        rest.strip(" ,.!，。！~"),
        plain,
        asks=_ASKS.search(plain) is not None,
        touches=_TOUCHES.search(_BECOMES_ZH.sub("", plain) if _OF_ANOTHER.match(rest) else plain) is not None,
        wish=next((wish for wish, pattern in _WISHES.items() if pattern.search(plain)), None),
        last=last,
        in_turn=_IN_TURN.search(rest[: len(rest) - len(plain)]) is not None,
    )


def demands_more(text: str) -> bool:
    """Whether a plain yes comes first, and then something is wanted done: "yes, and can you send the rest home?"."""
    agreed = agreement(text)
    if agreed is None or agreed.last or _HELD_BACK.match(agreed.plain):
        return False
    return _DEMANDS.search(agreed.plain) is not None


def called_off_plainly(text: str) -> str:
    """`text` with the verb that "one of the bags can go" and 笔记本少一台 leave out; empty where none is missing."""
    if not _GOES.search(text):
        return ""
    return f"取消{text}" if re.search(r"[\u4e00-\u9fff]", text) else f"cancel {text}"


def joins_on(agreed: Agreement) -> bool:
    """Whether what stands behind a yes is said to come to it: "and the lamp", "but the lamp as well", 还有台灯."""
    return _JOINS.search(agreed.rest) is not None


def returns_more(agreed: Agreement, kind: ChangeKind) -> bool:
    """Whether what stands behind a yes to a change that takes nothing back is that goods go back."""
    return not kind.goes_back and joins_on(agreed) and _RETURNS.search(agreed.plain) is not None


async def weighed(agreed: Agreement, dialogue: ChangeDialogue) -> Weight | None:
    """What the rest of a yes means for what is proposed; None where it corrects it or is no more than the yes."""
    turn, kind = dialogue.turn, dialogue.kind
    other = BY_INTENT.get(turn.intent)
    another = other is not None and not is_same_wish(other, kind) and turn.confidence >= SURE_REQUEST
    if agreed.touches and not await _of_others_alone(agreed, dialogue):
        return None
    if returns_more(agreed, kind):
        # What goes back, and where its money goes, is of another request.
        return "confirmed"
    if not kind.swaps and _OTHERWISE_LIKE.search(agreed.plain) and await _of_others_alone(agreed, dialogue):
        # Yes to the cancellation, and the lamp is wanted in white: that comes to no cancellation.
        return "confirmed"
    if agreed.asks and is_fact_question(agreed.plain, swaps=kind.swaps):
        # "Yes, and does the vacuum come with a bag?": what is only asked comes to nothing.
        return None if _asks_of_this(agreed, dialogue) else "confirmed"
    added, corrected = await _changed(agreed, dialogue)
    more = MORE.search(agreed.rest) is not None or _TOGETHER.search(dialogue.turn.text) is not None
    more = more or (kind.key == ChangeItems.key and joins_on(agreed))
    if added and (more or agreed.in_turn) and (kind.key == ChangeItems.key or (more and not another)):
        return "both"
    if agreed.asks:
        return None if not added and _asks_of_this(agreed, dialogue) else "confirmed"
    if another:
        return "confirmed"
    if agreed.in_turn and added and kind.swaps and not _WANTS.search(agreed.plain):
        return "in_turn"
    if agreed.in_turn:
        return "confirmed"
    return "confirmed" if not (added or corrected) and _WANTS.search(agreed.plain) else None


def _asks_of_this(agreed: Agreement, dialogue: ChangeDialogue) -> bool:
    """Whether the rest asks what has to be known before the yes counts: what it costs, and where the money goes."""
    kind = dialogue.kind
    aspect = aspect_of(agreed.plain, "", 0.0, goes_back=kind.goes_back, swaps=kind.swaps)
    return aspect in ("freight", "price", "target") and not (agreed.last or _BALANCE.search(agreed.plain))


async def _of_others_alone(agreed: Agreement, dialogue: ChangeDialogue) -> bool:
    """Whether what stands behind a yes turns to other goods than those that are meant, and only to them."""
    if _HELD_BACK.match(agreed.plain) or not (_OF_ANOTHER.match(agreed.rest) or joins_on(agreed)):
        return False
    records = dialogue.records
    if dialogue.kind.about != "order" or dialogue.verification.level != "customer":
        return False
    numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    found = resolve_lines(agreed.plain, lines, today=records.today)
    named = {each.candidate.key for each in found.matches if any(why.kind in _NAMES for why in each.reasons)}
    return bool(named) and not named & dialogue.request.lines.keys()


async def _changed(agreed: Agreement, dialogue: ChangeDialogue) -> tuple[bool, bool]:
    """Whether the rest names goods beside those that are meant, and whether it says anything else of them otherwise."""
    tried = copy.deepcopy(dialogue.request)
    reader = Reader(dialogue.records, tried, dialogue.focus)
    before = copy.deepcopy(tried.pieces())
    if dialogue.kind.about == "order":
        await read_goods(reader, agreed.plain, correcting=True, add=True)
    added = tried.lines.keys() - before["lines"].keys() if before["lines"] else set()
    elsewhere = len(tried.then) > len(dialogue.request.then)
    await read_other_pieces(reader, agreed.plain)
    after = tried.pieces()
    return bool(added) or elsewhere, any(after[name] != before[name] for name in before)
