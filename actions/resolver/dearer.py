"""Conditions of price: "if it costs more than $20 extra, don't", 贵20以上就算了, "only if it's under $10 more".

They are read apart from the goods, so that no number of theirs is taken for a size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from actions.resolver.prices_said import limit_said
from actions.resolver.text import fold

_AMOUNT: Final = r"[$£€¥￥]?\s?\d+(?:[.,]\d+)*\s?(?:dollars?|bucks?|usd|quid|pounds?|euros?|美元|美金|刀|元|块钱?|镑)?"
_IT: Final = (
    r"(?:(?:it|that|this|they|the (?:price )?difference|the price|the new one|the other one|(?:the|my) [a-z -]{2,24}?"
    r"|[a-z]{3,12}(?= costs?\b))"
    r"(?:'?s|'d be| is| are| would be| will be)? )?"
)
_COSTS: Final = r"(?:costs? |cost me )?"
_OVER: Final = r"(?:(?:going to be |to be )?(?:costs? |cost me )?(?:me )?(?:more than|over|above|exceeds?|upwards of))"
_MORE: Final = r"(?:more|extra|dearer|on top|difference|higher|additional|pricier)"
_IN_ALL: Final = r"(?: (?:in (?:all|total)|altogether|all in all|overall|(?:for|on) (?:both|all|the lot)|together|each|apiece|per \w+))?"  # noqa: E501
_THAN: Final = rf"(?: ?{_MORE})?(?: than [a-z ]+?)?{_IN_ALL}"
_STOP: Final = (
    r"(?:please )?(?:do not|don'?t|not\b|leave|forget|skip|keep|no\b|never ?mind|not worth|stay|cancel|send|return|scrap|drop"  # noqa: E501
    r"|i(?:'ll| will)? (?:keep|stay|leave|pass|don'?t)"
    r"|(?:only|just) (?:(?:do|change|swap|exchange|switch|take|make|replace) )?(?:it )?(?:for )?(?:the )?one"
    r"(?: of (?:them|those|these|the two))?\b(?! of| \w*er\b| in| with))"
)
_THEN: Final = rf",? (?:then )?(?:just )?(?P<stop>{_STOP}[^.;!?\n]*)"
_LEAD: Final = r"(?:but |and |, )?\b"
_DEARER: Final = r"(?:costs? (?:any )?(?:more|extra)|(?:is |are )?(?:dearer|more expensive|pricier))"
_AT_MOST: Final = r"(?:no more than|not more than|less than|under|below|within|at most|max(?:imum)?(?: of)?|up to)"
_EN: Final = (
    rf"{_LEAD}(?:if|in case|when|should) {_IT}{_OVER} {_AMOUNT}{_THAN}{_THEN}",
    rf"{_LEAD}(?:if|in case) {_IT}{_COSTS}{_AMOUNT} (?:or )?{_MORE}(?: or more)?{_THEN}",
    rf"(?P<stop>{_STOP}[^.;!?,\n]*?) if {_IT}{_OVER} {_AMOUNT}(?: ?{_MORE})?",
    rf"{_LEAD}(?:if|in case) {_IT}{_DEARER}(?: (?:at all|than [a-z ]+?))?{_THEN}",
    rf"{_LEAD}{_OVER} {_AMOUNT} ?{_MORE}{_IN_ALL},?(?: and| then|:)?(?: i(?:'ll|'d|’ll|’d| will| would)?)?(?: rather)? (?P<stop>{_STOP}[^.;!?\n]*)",  # noqa: E501
)
_ONLY_EN: Final = (
    rf"{_LEAD}(?:only if|as long as|provided|so long as|if) {_IT}{_COSTS}{_AT_MOST} {_AMOUNT}(?: ?{_MORE})?",
    rf"(?:but |, )?\bunless {_IT}{_OVER} {_AMOUNT}(?: ?{_MORE})?",
    rf"{_LEAD}(?:only if|as long as|provided|so long as|if) (?:it|that|they|the [a-z ]{{2,20}}?)"
    rf" ?(?:isn'?t|is not|'s not|aren'?t|won'?t be|doesn'?t cost|does not cost) (?:any )?(?:more than|over|above) {_AMOUNT}(?: ?{_MORE})?",  # noqa: E501
)
_NO_MORE: Final = r"(?:is not|isn'?t|'?s not|are not|aren'?t|won'?t be|wouldn'?t be|would not be)"
_LIMITS_EN: Final = (
    rf"(?:but |, )?\bunless {_IT}(?:(?:would|will) )?(?:{_DEARER}|cost (?:me )?(?:any )?(?:more|extra)|(?:any )?(?:dearer|more expensive|pricier))"  # noqa: E501
    rf"(?: than [a-z ]+?)?(?= *(?:$|[.,;!?]))",
    rf"{_LEAD}(?:for )?(?:not|no|nothing|never) (?:for )?(?:more than|over|above) {_AMOUNT} {_MORE}",
    rf"{_LEAD}(?:at most|max(?:imum)?\.?(?: of)?|up to|within) {_AMOUNT} {_MORE}",
    rf"{_LEAD}(?:it |they |that )?(?:must|should|can|may|could|shall)(?: ?n['’]?t| not) (?:be |cost )(?:me )?"
    rf"(?:any )?(?:more than|over|above) {_AMOUNT}(?: ?{_MORE})?",
    rf"{_LEAD}i (?:really |just )?(?:do not|don['’]?t|won['’]?t|will not|wouldn['’]?t|can['’]?t|cannot)(?: want to| like to)?"  # noqa: E501
    rf" (?:pay|spend|go)(?: any)? (?:more than|over|above) {_AMOUNT}(?: ?{_MORE})?",
    rf"{_LEAD}i (?:can|could|would|'?d|'ll|will) (?:go|pay|spend|stretch)(?: up)?(?: to| at most)? {_AMOUNT} {_MORE}",
    rf"{_LEAD}(?:only if|as long as|so long as|provided|if) {_IT}(?:{_NO_MORE}|not) (?:any )?(?:dearer|more expensive|pricier|more money)",  # noqa: E501
    r"(?:but |and |, )?\b(?:only if|as long as|so long as|provided|if) (?:it|that|they|this) (?:doesn'?t|don'?t|does not|do not)"  # noqa: E501
    rf" cost (?:any )?(?:{_MORE}|more)",
    rf"{_LEAD}(?:only if|as long as|so long as|provided|but only|only|if) {_IT}(?:costs? |for )?(?:is )?(?:the |about the )?same(?: price)?"  # noqa: E501
    r" or (?:less|cheaper)(?![^.!,;]*\?)",
    rf"{_LEAD}for the same (?:price|money)(?: or (?:less|cheaper))?(?![^.!,;]*\?)",
    rf"{_LEAD}without (?:paying|having to pay) (?:any(?:thing)? )?(?:extra|more)(?! than)",
)
"""What it may cost at most, said without "if"."""
_LIMITS_HAN: Final = (
    rf"(?:但是?|不过|[，,])?(?:差价|差额|贵|多付|多花|加价|补)(?:的?差?价?|的钱)?(?:最好)?(?:别|不要|不能|不可以|不得|不许)"
    rf"(?:超过|超|多于|高于|大于)\s?{_AMOUNT}(?:就行|就好|就可以)?",
    rf"(?:但是?|不过|[，,])?(?:别|不要|不能|不可以|不得|不许)(?:再)?(?:贵|多付|多花|多加|补)(?:过|超过|出|多于|差价)*\s?{_AMOUNT}(?:以上)?"
    r"(?:就行|就好|就可以)?",
    rf"(?:但是?|不过|[，,])?(?:差价|差额|贵|补)(?:的?钱)?(?:不超过|不多于|不高于|不大于)\s?{_AMOUNT}(?:就行|就好|就可以)?",
    rf"(?:但是?|不过|[，,])?(?:差价|差额|贵|补差价)(?:的?钱)?(?:在)?\s?{_AMOUNT}(?:以内|之内|以下|内)",
    r"(?:但是?|不过|[，,])?(?:如果|要是|只要)?不(?:用|需要|必)?(?:另外|再)?(?:加钱|补钱|补差价|多付钱?|多花钱|加价|更?贵)(?:的话)?[，,]?"
    r"(?:就|才|再)(?:帮我|给我)?(?:换|改|要)",
    r"[，,]?除非(?:它|那个|新的)?(?:要|会)?(?:更贵|贵了|比(?:原来|现在|这个)的?贵|要?加钱|要?补(?:钱|差价))(?=$|[，。,.;；！!])",
    r"(?:但是?|不过|[，,])?(?:别|不能|不要|不可以)比(?:原来|现在|之前|原先|这个|这款)?(?:的|那[个款件])?(?:更|还)?贵",
)
_ONLY_HAN: Final = (
    r"(?:且|并且|但是?|[，,])?(?:如果|要是|假如|只要)?(?:差价|补的?差?价?|贵|多付|多花)?(?:的?钱)?(?:得|要)?(?:不超过|不多于|不高于|不大于|低于|少于|在)"
    rf"\s?{_AMOUNT}(?:以内|之内|以下|内)?(?:的话)?[，,]?(?:才|就|再)(?:换|改|要|可以|行)",
    rf"(?:但是?|不过|[，,])?(?:如果|要是|假如|只要)?(?:差价|补的?差?价?|贵|多付|多花|加)?(?:的?钱)?(?:在|得)?\s?{_AMOUNT}"
    r"(?:以内|之内|以下)(?:的话)?[，,]?(?:才|就|再|都|还)?(?:换|改|要|可以|行|接受|没问题)"
    r"(?:[，,。]?(?:多了|超了|超过了?|再多|贵了)(?:的话)?(?:就)?(?:算了|不换了?|不要了?))?",
    rf"(?:但是?|不过)?(?:最多|顶多|至多)(?:只|再|就|能)*(?:补|加|付|贵|多付|多花)\s?{_AMOUNT}",
)
_HAN_IF: Final = r"(?:如果|要是|假如|万一)"
_HAN_THEN: Final = (
    r"(?:的话)?[，,]?(?P<stop>(?:就|那就|则)?(?:都)?(?:只[换改要][一1][个件双台只条套把张副盏块]|算了|不换|不要换|别换|不用换|不改|别改|不动|留着|不要了|取消|退|保持)"
    r"[^，,。；;！!\n]*)"
)
_HAN_MORE: Final = r"(?:差价|要?多付|要?多花|贵|加价|补)(?:的?钱)?(?:了|出|超过|大于|高于|多于|要)*"
_HAN: Final = (
    rf"(?:{_HAN_IF}|但是?|不过)*(?:总共|一共|总计|合计|加起来)?(?:{_HAN_MORE}|超过|超出|高于|大于)\s?{_AMOUNT}(?:以上|及以上|多)?{_HAN_THEN}",
    rf"(?:但是?|不过)?(?:另外)?(?:要|得|需要)(?:再|另外)?(?:补钱|加钱|补差价|加价|多付钱?|多花钱){_HAN_THEN}",
    # 太贵了，退掉 gives a reason; 贵了就退掉 is a condition.
    rf"(?:更|比原来|比现在)?贵(?:了?的话|了(?=[，,]?(?:就|那就|则|不换|算了|不要换|别换|不改)))+{_HAN_THEN}",
    rf"{_HAN_IF}(?:总共|一共|总计|合计|加起来)?(?:要?多付钱?|要?多花钱?|更贵|贵了|贵的?|要补差价|要加钱){_HAN_THEN}",
)
_PATTERNS: Final = tuple(re.compile(pattern) for pattern in (*_EN, *_HAN))
_ONLY: Final = tuple(re.compile(pattern) for pattern in (*_ONLY_EN, *_ONLY_HAN, *_LIMITS_EN, *_LIMITS_HAN))
_TOGETHER: Final = re.compile(
    r"\b(?:in (?:all|total)|altogether|all in all|overall|(?:for|on) (?:both|all|the lot)|together)\b|总共|一共|总计|合计|加起来"  # noqa: E501
)
_IS_DIFFERENCE: Final = re.compile(rf"\b{_MORE}\b|costs? (?:any )?(?:more|extra)|贵|多|差价|加|补")
_CHEAPER: Final = re.compile(
    rf"{_LEAD}(?:only if|as long as|provided|if) {_IT}(?:at least |more than |over )?(?P<amount>{_AMOUNT}) (?:or more )?(?:cheaper|less)"  # noqa: E501
    rf"|(?:{_HAN_IF}|只有|除非)?(?:能|要)?便宜(?P<han>\s?{_AMOUNT})(?:以上|多)?(?:才|再|就)(?:换|改)"
)
"""Only where it saves so much."""
_PART: Final = 2
"""A limit below this part of what was paid is one of the difference."""
_APIECE: Final = re.compile(r"\b(?:each|apiece|per \w+|a piece)\b|每|各|单价")
_ONLY_ONE: Final = re.compile(
    r"(?:(?:only|just) |^)(?:(?!leave|keep|cancel|return|drop)\w+ )?(?:it )?(?:for )?(?:the )?one\b|只[换改要][一1]"
)
_SENTENCE: Final = re.compile(r"(?<!\d)[.](?!\d)|[;!?。；！？\n]")
_OTHERWISE: Final = re.compile(
    r"\W*(?:otherwise|or else|else|if not|in that case|否则|不然的话|不然|要不然?)(?: then)?\W*"
    r"(?:i(?:'ll| will)? )?(?:take|get|have|make it|use|go for|give me|换成?|要|用|选|拿)?\s*(?P<words>[^.;。；!！?？\n]+)"  # noqa: E501
)
_STAYS: Final = re.compile(r"(?:just )?(?:as it is|the old one|nothing)|算了|不换|不改|别换|留着|不动|保持")
_CANCELS: Final = re.compile(r"\bcancel\b|取消")
_RETURNS: Final = re.compile(r"\b(?:send|return)\b[^.]*\b(?:back|it|them)\b|退")


@dataclass(frozen=True, slots=True)
class TooDear:
    """What holds where something costs too much. `limit_minor` is of the difference or of the price itself, per piece."""  # noqa: E501

    limit_minor: int
    of_difference: bool
    otherwise: Literal["leave", "cancel", "return"]
    instead: str = ""
    """Words for what is wanted then: "otherwise the cheapest one"."""
    sentence: tuple[int, int] = (0, 0)
    """Where the sentence is in which it is said, as offsets: it is of what is named there."""
    in_all: bool = False
    """The limit is of all pieces together."""
    pieces: int | None = None
    """So many become what is wanted all the same: "if it's more than 20 extra, only one of them"."""

    def holds(self, price_minor: int | None, before_minor: int | None, pieces: int = 1) -> bool:
        """Whether a price is too much beside what was paid; `pieces` is how many are wanted."""
        if price_minor is None or (self.of_difference and before_minor is None):
            return False
        # Twenty of what costs ninety is no price of it: so much more is meant.
        apart = self.of_difference or (before_minor is not None and self.limit_minor < before_minor / _PART)
        beside = price_minor - (before_minor or 0 if apart else 0)
        return beside * (pieces if self.in_all else 1) > self.limit_minor


def _minor(amount: str) -> int | None:
    found = re.search(r"\d+(?:[.,]\d{3})*(?:\.\d{1,2})?", amount)
    return round(float(found.group().replace(",", "")) * 100) if found else None


def too_dear(text: str) -> tuple[TooDear | None, str]:
    """The condition of price in a message, and the message with blanks in its place."""
    folded = fold(text)
    if (saves := _CHEAPER.search(folded)) is not None:
        least = _minor(saves["amount"] or saves["han"])
        if least is not None:
            rest = text[: saves.start()] + " " * (saves.end() - saves.start()) + text[saves.end() :]
            begin = max((found.end() for found in _SENTENCE.finditer(folded, 0, saves.start())), default=0)
            end = next((found.start() for found in _SENTENCE.finditer(folded, saves.end())), len(folded))
            return TooDear(-least, True, "leave", sentence=(begin, end)), rest
    for patterns, only in ((_PATTERNS, False), (_ONLY, True)):
        for pattern in patterns:
            hit = pattern.search(folded)
            if hit is None:
                continue
            words = hit.group()
            limit = limit_said(words)
            if limit is None and re.search(r"\d", words):
                continue
            stop = "" if only else hit["stop"]
            otherwise: Literal["leave", "cancel", "return"] = (
                "cancel" if _CANCELS.search(stop) else "return" if _RETURNS.search(stop) else "leave"
            )
            begin = max((found.end() for found in _SENTENCE.finditer(folded, 0, hit.start())), default=0)
            end = next((found.start() for found in _SENTENCE.finditer(folded, hit.end())), len(folded))
            then, instead = hit.end(), ""
            if (other := _OTHERWISE.match(folded, hit.end(), end)) is not None:
                then = other.end()
                if _CANCELS.search(other["words"]):
                    otherwise = "cancel"
                elif _RETURNS.search(other["words"]):
                    otherwise = "return"
                elif not re.match(_STOP, other["words"]) and not _STAYS.match(other["words"]):
                    instead = other["words"]
            rest = text[: hit.start()] + " " * (then - hit.start()) + text[then:]
            of_difference = limit is None or _IS_DIFFERENCE.search(words) is not None or "不超过" in words
            pieces = 1 if _ONLY_ONE.match(re.sub(r"^(?:就|那就|则)", "", stop)) else None
            # "Both in blue, but if that's more than 10 extra then only one" is said of what both come to.
            in_all = _TOGETHER.search(words) is not None or (pieces is not None and not _APIECE.search(words))
            return TooDear(limit or 0, of_difference, otherwise, instead, (begin, end), in_all, pieces), rest
    return None, text


__all__ = ["TooDear", "too_dear"]
