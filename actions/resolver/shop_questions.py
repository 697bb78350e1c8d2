"""What of the shop itself a message asks about, whoever asks: gift cards, wrapping, tax, phone orders, lost parcels …

Pure. Such a question is put in general. Who speaks of an order of their own, or tells what came to pass, asks none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from actions.resolver.goods_words import goods_words
from actions.resolver.process_questions import tells_fault
from actions.resolver.vocabulary import read

Topic = Literal[
    "gift_cards", "gift_extras", "tax", "phone_orders", "lost", "nobody_home", "pick_up", "cash_in_store",
    "without_card", "app", "loyalty", "discounts", "damaged", "wrong_or_missing", "breaks", "exchange",
    "exchange_in_case", "refund_way", "refund_postage", "charged_when", "no_price", "warranty",
]  # fmt: skip

_YOU: Final = r"(?:you|u|ya|y'?all|guys|they|the (?:shop|store))"
_ASKS: Final = re.compile(
    r"\?|？|^\W*(?:(?:and|also|but|so|ok|okay|hey|hi|hello|oh|then|plus|quick question|question)\W+)*"
    rf"(?:do|does|can|could|will|would|is|are|what['’]?s?|how['’]?s?|where['’]?s?"
    rf"|which|any|who|if|when|may|should"
    rf"|have|has|got|{_YOU} (?:do|have|got|take))\b"
    rf"|\b(?:do|can|could|will|would|are|if) (?:i|we|{_YOU})\b|\bis (?:there|it)\b|\bwhat(?:['’]?s| is| if)\b"
    r"|\bhow (?:do|can|does)\b"
    r"|吗|么|嘛|不\W*$|没\W*$|怎么|咋|如何|能不能|可不可以|可以|能|有没有|有木有|有无|是否|啥|多久|几[天号点时]|会不会|要不要|多少|哪|谁|呢\W*$|万一|如果|要是",
    re.IGNORECASE,
)
_OWN: Final = re.compile(
    r"\b(?:my|this|that|last|latest) (?:\w+ ){0,2}(?:orders?|parcel|package|delivery|shipment|purchase)\b"
    r"|\b(?:i|we)(?:['’]ve| have)? (?:just |already )?(?:bought|ordered|purchased|paid|placed|used|forgot)\b"
    r"|\b(?:was|were|been|did you|why (?:was|did)) (?:i )?(?:charged?|billed)\b"
    r"|我(?:的|这|那|昨天|今天|上次|之前|刚)?(?:个|张|笔)?(?:订单(?!号)|单子|包裹|快递)|[这那上]个?(?:一)?[单笔]"
    r"|我(?:昨天|前天|上周|上个月|之前|刚)(?:才|刚)?[买订]|忘[了记]?用",
    re.IGNORECASE,
)
"""An order of the shopper's own is spoken of."""
_SUPPOSED: Final = re.compile(
    rf"\bwhat (?:happens )?(?:if|when)\b|\bin case\b"
    rf"|\bif (?:it|i|we|nobody|no ?one|some\w+|an?|the|my|they['’]?re|they|these|this|that|there|{_YOU})\b"
    r"|^\W*and when\b"
    r"|如果|要是|万一|假如|倘若|的话|会不会",
    re.IGNORECASE,
)
"""It is asked how it would be, not told that it is so."""
_WHO_PAYS: Final = re.compile(
    r"\bwho (?:pays|is (?:liable|responsible))\b|\bdo (?:you|u) (?:refund|resend|replace|cover|insure)\b"
    r"|谁(?:负责|赔|承担)|怎么办|咋办|咋整",
    re.IGNORECASE,
)
"""The same, unless it is told that it came to pass."""
_TOLD: Final = re.compile(
    r"\b(?:my|mine|got|was|were|been|has|have|still|already)\b|\bnever (?:came|arrived)\b|一直|还没|已经|我的",
    re.IGNORECASE,
)


_CASE: Final = re.compile(
    r"\bwhat (?:happens |do i do |should i do |do (?:you|u) do )?(?:if|when)\b|\bhappens (?:if|when)\b"
    r"|\bif\b(?! (?:you|u|ya|possible|not|so)\b)|\bif (?:you|u|they) (?=send|ship|forget|mess|leave|deliver|put)"
    r"|\bin case\b|\bsuppos(?:e|ing)\b"
    r"|如果|要是|万一|假如|倘若|若是|假设",
    re.IGNORECASE,
)
"""What a case that may come begins with."""
_CASE_AFTER: Final = re.compile(r"^[^，,。？?！!]{0,12}的话")


_TROUBLE: Final = re.compile(
    r"\b(?:arrived|came|turned up|snapped|broke|died|cracked|shattered|smashed|tore|ripped|fell|stopped|burst|leaked"
    r"|(?:was|were) delivered|(?:i|we) (?:\w+ )?(?:got|received)|(?:it|they)['’]s? here|(?:is|are) here)\b"
    r"|(?:收到|发来|寄来|拿到)(?:的|货|手)?(?:是|就是|都是|有)",
    re.IGNORECASE,
)
"""What tells that something came to pass, unless a case is supposed."""
_ASKED_CLAUSE: Final = re.compile(r"(?<=[吗么呢办])[，,]")
_ITS_OWN: Final = re.compile(
    r"\b(?:brok\w*|breaks?|damaged|faulty|wrong|missing|happens?|comes?|arrives?|dies|stops?)\b[^.?!]{0,20}\bagain\b"
    r"|\b(?:tell me|check|see|know|say|confirm|sure) (?:if|whether)\b[^.?!]*"
    r"\b(?:my|i|the (?:box|parcel|package|order))\b"
    r"|\b(?:items?|ones?|things?|box|parcel) (?:that |which )?(?:i|we) (?:\w+ )?(?:got|received|bought|ordered)\b"
    r"|\b(?:i|we) (?:have )?received\b"
    r"|已经[坏碎破裂少]|又[坏碎破裂少发寄]|再[坏碎破裂少](?:了|的话)?|再[发寄]错"
    r"|怎么还没|还没(?:有)?(?:到|收|退|发)|一直没",
    re.IGNORECASE,
)
"""Something is told of goods that one has, even behind an "if"."""
_DEMANDS: Final = re.compile(
    r"\b(?:i want|i need|i['’]d like|i wanna|i would like|i['’]?ll (?:cancel|return|send)|give me|please|pls)\b"
    r"|就(?:请|要|得)?(?:给我|帮我)?(?:退|换|取消|赔|重发|补发)(?:款|钱|货|掉|了)?(?:行|好|可以|吧|[，,。])|我[要想](?:要)?(?:退|换|取消)",
    re.IGNORECASE,
)
"""A wish is told, though it hang on a case."""


@dataclass(frozen=True)
class _Words:
    """What a topic is recognised by: all of `about`, nothing of `never`; `supposed`: only as a case that may come."""

    about: tuple[re.Pattern[str], ...]
    never: re.Pattern[str] | None
    supposed: bool
    goods: bool
    """Whether goods may be named beside it."""
    in_case: bool
    """Whether the first words of `about` are only meant behind "if": what is told as it came to pass is none."""

    def fits(self, text: str) -> bool:
        """Whether a text that asks something asks about the topic."""
        if self.never is not None and self.never.search(text):
            return False
        if not all(each.search(text) for each in self.about):
            return False
        return not self.in_case or (not tells_fault(text) and any(map(_in_case, self.about[0].finditer(text))))


def _clause_before(found: re.Match[str]) -> str:
    return re.split(r"[.。！!?？;；]", found.string[: found.start()])[-1]


def _in_case(found: re.Match[str]) -> bool:
    return _CASE.search(_clause_before(found)) is not None or _CASE_AFTER.match(found.string[found.end() :]) is not None


@cache
def _topics() -> dict[Topic, _Words]:
    vocabulary = read("shop_topics")

    def either(patterns: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(patterns).replace("{you}", vocabulary["you"]), re.IGNORECASE)

    return {
        topic: _Words(
            tuple(either(each) for each in words["about"]),
            either(words["never"]) if "never" in words else None,
            bool(words.get("supposed", False)),
            bool(words.get("goods", True)),
            bool(words.get("in_case", False)),
        )
        for topic, words in vocabulary["topics"].items()
    }


def asks_of_shop(text: str) -> bool:
    """Whether words ask something, and speak of no order of the shopper's own."""
    return _ASKS.search(text) is not None and _OWN.search(text) is None


def speaks_of_own(text: str) -> bool:
    """Whether words speak of an order of the shopper's own."""
    return _OWN.search(text) is not None


def tells_own(text: str) -> bool:
    """Whether trouble is told that came to pass: that is no question of how it would be."""
    if _ITS_OWN.search(text) or tells_fault(text):
        return True
    clauses = _ASKED_CLAUSE.split(text)
    return any(_CASE.search(_clause_before(found)) is None for each in clauses for found in _TROUBLE.finditer(each))


def shop_topics(text: str) -> list[Topic]:
    """What of the shop a message asks about, in the order of importance; empty where it asks about nothing of it."""
    if _ASKS.search(text) is None:
        return []
    told = tells_own(text)
    wished = told or _DEMANDS.search(text) is not None
    own = _OWN.search(text) is not None
    supposed = _SUPPOSED.search(text) is not None
    supposed = supposed or not (own or _TOLD.search(text) or _WHO_PAYS.search(text) is None)
    found: list[Topic] = []
    for topic, words in _topics().items():
        if (own and not words.supposed) or (words.supposed and not supposed):
            continue
        if (wished and words.in_case) or (told and topic in _OF_RULES):
            continue
        if words.fits(text) and (words.goods or not goods_words(text)):
            found.append(topic)
    return found


def may_be_of_own(topics: Collection[Topic], text: str) -> bool:
    """Whether what is asked can be a wish for an order there is, where somebody has one: "can you wrap it?"."""
    concrete = "no_price" in topics or _CONCRETE.search(text) is not None
    return bool(topics) and set(topics) <= _OF_AN_ORDER and concrete


_OF_AN_ORDER: Final[frozenset[Topic]] = frozenset({"gift_extras", "pick_up", "no_price"})
_OF_RULES: Final[frozenset[Topic]] = frozenset({"exchange", "refund_way", "refund_postage", "warranty"})
"""What nobody asks in general who tells what came to pass."""
_CONCRETE: Final = re.compile(
    r"\b(?:it|them|this|that|these|those|my|mine|the (?:order|parcel))\b|我|[这那]", re.IGNORECASE
)


__all__ = ["Topic", "asks_of_shop", "may_be_of_own", "shop_topics", "speaks_of_own", "tells_own"]
