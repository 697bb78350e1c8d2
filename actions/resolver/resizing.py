"""Another number of the same: "4 mugs instead of 2", 数量改成2, "one more of those", "I only need one".

That is neither another variant nor another product: fewer of a line are cancelled in part, more are an order of their own.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping, phrases

MOST: Final = 20
"""Larger numbers are sizes and measures."""


@dataclass(frozen=True, slots=True)
class Resized:
    """`to` pieces are wanted of something, or `more` than there are; `was` is how many there are said to be."""

    to: int | None = None
    more: int | None = None
    was: int | None = None

    def of(self, pieces: int) -> int:
        """How many are wanted of something of which there are `pieces`."""
        return self.to if self.to is not None else pieces + (self.more or 0)


_DENIES_BEFORE: Final = re.compile(
    r"\b(?:think|thought|wish|if|unless|hope|doubt|said|says?|told|promised|not|never|hardly|barely|is|are|was|were"
    r"|will|would)\b|n['’]t\b"
    r"|谁|说|不|没|要是|如果|希望|以为|觉得不"
)
_DENIED: Final = re.compile(r"n['’]t\b|[?？]|不够|[哪怎]么?[会能]?够|够[吗么嘛]|够不")
_NO_PIECES: Final = re.compile(
    r"\b(?:years?|months?|weeks?|weekends?|days?|nights?|hours?|hrs?|minutes?|mins?|seconds?|times?|stars?|dollars?"
    r"|bucks|cents?"
    r"|euros?|pounds?|quid|refunds?|replacements?|photos?|pictures?|pics?|screenshots?|labels?|invoices?|receipts?"
    r"|persons?|people"
    r"|questions?|e-?mails?|calls?|reminders?|warnings?|tries|reasons?|answers?|percent)\b"
    r"|照片|图片?|截图|发票|收据|面单|标签|星期|礼拜|周|个?月|小时|钟头|分钟|[一两二三四五六七八九十\d]天|年|次"
    r"|[个位]人|星|元|块钱|电话|短信|理由|够[吃喝穿住玩]",
)
"""Time, money and papers of which something is enough."""
_MORE_GOES: Final = re.compile(
    r"\bthrow\w*\b[^,.;!?]*\b(?:away|out)\b|\b(?:to|into|in|on) (?:the|my|that|this) (?:return|cancell?ation|refund"
    r"|exchange|claim)\b"
    r"|\b(?:cancel\w*|return\w*|send\w* back)\b[^.;!?]*\b(?:as well|too|also|another|more)\b|(?:一起|一块|一并"
    r"|也)[^，。]{0,3}(?:退|取消|换)"
)
"""One more is to go as well, and none to come."""
_SAID_ENOUGH: Final = re.compile(r"\b(?:enough|plenty|sufficient)\b|够")
_CLAUSE_ENDS: Final = re.compile(r"[,.;!，。；！\n]")


def _is_enough(said: str, found: re.Match[str]) -> bool:
    """Whether words that say of a number that it is enough say that of pieces, and neither deny nor ask it."""
    start = max((end.end() for end in _CLAUSE_ENDS.finditer(said, 0, found.start() + 1)), default=0)
    stop = _CLAUSE_ENDS.search(said, max(found.end() - 1, found.start()))
    clause = said[start : stop.start() if stop is not None else len(said)]
    before = said[start : found.start()]
    return (
        _DENIES_BEFORE.search(before) is None and _DENIED.search(clause) is None and _NO_PIECES.search(clause) is None
    )


def resized(text: str, *, sizes: Collection[str] = ()) -> Resized | None:
    """The number that is wanted instead of another; None where none is. `sizes` are numbers that are sizes here."""
    said = fold(text)
    for pattern in _changes():
        for found in pattern.finditer(said):
            groups = found.groupdict()
            if _SAID_ENOUGH.search(found.group()) and not _is_enough(said, found):
                continue
            if groups.get("more") and _MORE_GOES.search(said):
                continue
            to, was = _number(groups.get("to")), _number(groups.get("was"))
            more = _number(groups.get("more"))
            if any(groups.get(name) in sizes for name in ("to", "was")) or not 0 < (to or more or 0) <= MOST:
                continue
            if was is not None and (was > MOST or was == to):
                continue
            return Resized(to, more, was)
    return None


def _number(word: str | None) -> int | None:
    if not word:
        return None
    if word.isdigit():
        return int(word)
    return next((int(number) for number, words in mapping("numbers").items() if word in words), 1)


@cache
def _changes() -> tuple[re.Pattern[str], ...]:
    words = [word for number, said in mapping("numbers").items() if int(number) <= MOST for word in said]
    english = "|".join(sorted((re.escape(w) for w in words if w.isascii()), key=len, reverse=True))
    han = "|".join(sorted((re.escape(w) for w in words if not w.isascii()), key=len, reverse=True))
    counts = "".join(sorted(word for word in phrases("measure_words") if len(word) == 1))
    en = rf"(?:\d{{1,2}}|{english})(?![\w.%/]|-\w| ?(?:ml|cl|l|g|kg|cm|mm|m|inch|inches|oz|x|gb|%)\b)"
    zh = rf"(?:\d{{1,2}}|{han})(?!\d|\s?(?:毫升|升|克|斤|公斤|厘米|米|寸|码|号|岁|月|天|年|gb|g\b|ml|cm|x|×|%))"
    goods = r"(?: (?!(?:and|or|but|if)\b)[a-z'-]+){0,3}"
    than = r"(?:instead of|rather than|and not|not)"
    only = r"(?:only|just)"
    set_to = rf"(?: down| up)?(?: to| into)? {only}? ?(?P<to>{en})"
    thing = r"(?:it|them|that|those|the [a-z' -]{2,24}?|my [a-z' -]{2,24}?)"
    ends = r"(?! (?:of|in|more)\b)(?= ?(?:[,.;!?]|$|and|please|pls|pieces|units|pcs))"
    needs = rf"(?:{only} (?:need|want|needed|wanted|meant)|(?:need|want)(?:ed)? {only})(?: to (?:order|buy|have|get))?"
    should_be = rf"(?:should|ought to|was supposed to|was meant to)(?: {only})?(?: have been| be)(?: {only})?"
    should_end = r"(?= ?(?:[,.;!?]|$|not\b|and\b|please|piece|only|of (?:them|those|it)))"
    named = r"(?: (?!(?:and|or|but|if|not|that|which|who|is|are|isn['’]?t|aren['’]?t)\b)[a-z'-]+){0,3}"
    enough = r"(?:enough|plenty|sufficient)"
    becomes = r"(?:改成|改为|换成|变成|变为|减到|减成|加到|加成|增加到|减少到|降到|改)(?:只要)?"
    closes = rf"(?:[{counts}]|$|[，。,. !！?？吧了])"
    too_many = r"(?:拍多了|买多了|多拍了|多买了|下多了)"
    return tuple(
        re.compile(pattern)
        for pattern in (
            rf"(?<![\w£$€.-])(?<!size )(?P<to>{en}){goods},? {than} (?:the )?(?P<was>{en})",
            rf"{than} (?P<was>{en}){goods},? (?:i (?:want|need) |make it )?(?P<to>{en})",
            rf"\bfrom (?P<was>{en}){goods} (?:down |up )?to {only}? ?(?P<to>{en})",
            rf"(?<![\w£$€.-])(?P<was>{en}) ?(?:->|=>|→) ?(?P<to>{en})",
            rf"(?<![\w£$€.-])(?P<was>{en}){goods}[^.;!?]{{0,24}}\b{needs} (?P<to>{en})",
            rf"\b(?:quantity|qty|number|amount)(?: of [a-z' -]{{2,20}}?)?(?: to| is| should be| be|:)? (?P<to>{en})",
            rf"\b(?:make|made|reduce|lower|increase|up|raise|drop|change|cut|bring)\b {thing}{set_to}{ends}",
            rf"\bmake {thing}{set_to}{goods} only\b",
            rf"(?<![\w£$€.-])(?P<was>{en}){goods}[^.;!?]{{0,24}}\b{should_be} (?P<to>{en}){should_end}",
            rf"\b{should_be} (?P<to>{en}){should_end}",
            rf"\b{needs} (?P<to>{en})",
            rf"(?<![\w£$€.-])(?P<was>{en}){goods} (?:is|are)(?: \w+)? too (?:many|much)\b[^.;!?\d]{{0,12}}?(?P<to>{en})"
            r" (?:is|are|will|would)(?: (?:be|do))?(?: (?:enough|plenty|fine|ok|sufficient))?\b",
            rf"(?<![\w£$€.-])(?<!\bis )(?<!\bare )(?<!\bwill )(?<!\bbe )(?P<to>{en}){named} (?:(?:is|are"
            rf"|will be|would be|['’]s) )?(?:quite |more than |just )*{enough}"
            rf"(?:,? (?:and )?{than} (?:all )?(?:the )?(?P<was>{en}))?{ends}",
            rf"\bmake {thing} (?P<to>{en}) of (?:them|those|these|it)\b",
            r"\b(?:add|put|throw)\b(?: in| on)? (?P<more>a(?= second| third|nother)|another|1)"
            r"(?: ?(?:second|third|fourth|nother))? one\b(?: (?:of (?:those|these|them|it)))?(?! (?:in|with"
            r"|that|which|from)\b)",
            rf"(?<![\w.-])(?P<more>{en}) more (?:of (?:the|those|these|them|it|that)|[a-z]+)",
            rf"\b(?:add|another) (?P<more>{en}) (?:more|of (?:the|those|these|them))\b",
            rf"(?P<was>{zh})[{counts}][^。]{{0,8}}(?:只要|只需要|只想要)(?P<to>{zh})[{counts}]",
            rf"(?P<was>{zh})[{counts}]?(?:{too_many}|多了)?[，, ]*{becomes}(?P<to>{zh}){closes}",
            rf"(?P<was>{zh})[{counts}][^。]{{0,4}}?(?:太多|多了|有点多)了?[，, ]*(?:只?要|留)?"
            rf"(?P<to>{zh})[{counts}](?:就|也|才)?(?:够|行|好|可以)",
            rf"数量[^，。,.]{{0,6}}?(?:{becomes}|要|是|为|调成|调到)?了?(?P<to>{zh}){closes}",
            rf"{too_many}[^。]{{0,6}}(?:改成|改为|只要|要)(?P<to>{zh})[{counts}]?",
            rf"(?:改成|改为|减到|减成|减为|减少到|加到)(?P<to>{zh})[{counts}](?!的|装)",
            rf"(?:只|就)(?:想?要|需要|买)(?P<to>{zh})[{counts}](?!的)",
            rf"要(?P<to>{zh})[{counts}](?:就|才)?(?:够|行|可以|好)",
            rf"(?P<to>{zh})[{counts}][^，。？?]{{0,5}}?(?:就|也)?(?:足够|够(?!不))(?:用)?"
            rf"(?:了|啦|的|吧)?(?:[，, ]*(?:不用|不要"
            rf"|不是)(?P<was>{zh})[{counts}])?"
            rf"(?![吗么嘛？?用不])",
            rf"(?:再|多)(?:加|要|来|买|拍)(?P<more>{zh})[{counts}]",
        )
    )
