"""What waits behind the change that is open: taken up at once, kept for afterwards, or dropped once it is settled."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from rasa_sdk.events import SlotSet

from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_INTENT, is_same_wish
from actions.changes.placing_words import much_alike
from actions.changes.returns import CancelReturn
from actions.changes.turned_down import turned_down
from actions.desk import Event, Turn
from actions.resolver import LineCandidate, order_words, read_requests, resolve_lines, without_order_words
from actions.resolver.orders_told import tells_alone

SLOT: Final = "queue"
_A_PIECE: Final = 6
"""Shorter words stand in other messages by chance."""
_POINTED: Final = re.compile(r"\b(?:it|that|this|one|them|those)\b|[那这它]|[一1][个条件双只]", re.IGNORECASE)
"""Goods that were spoken of, without their name."""
_NUMBER: Final = re.compile(r"#?[A-Za-z]*\d{4,}")
_POINTS: Final = frozenset({"pronoun", "only", "everything"})
"""Ways to mean goods without naming them."""
_OTHERS: Final = re.compile(
    r"\b(?:other|others|another|rest|else|second|also|too|as well|more)\b|另|其他|其它|别的|剩|第二|也|还有",
    re.IGNORECASE,
)
"""More than what was spoken of is meant."""
_MONEY: Final = re.compile(
    r"\W*(?:(?:and|so|but|ok|oh|then|also|please|roughly|about|do i|tell me|by the way)\W+)*"
    r"(?:(?:what|how much|how many dollars)(?:['’]?s| is| are| would| will| do| does| did| could)?"
    r"(?: (?:i|it|is|that|this|they|we|be|the|my|me|you|all|in|total|money|extra|more|less|back|then|on top"
    r"|refund(?:ed)?|difference"
    r"|price|cost|get|pay|have to|to|owe|for|come|left|charged?|are|is|would|will|than mine))*"
    r"|do i (?:have to )?pay (?:for )?(?:that|this|it|anything|extra|more)(?: too| extra)?"
    r"|is (?:it|that) (?:more|less|any more|much more)(?: expensive)?|does (?:it|that) cost (?:extra|more"
    r"|anything))\W*"
    r"|\W*(?:那|请问|一共|总共|大概|这样|我|就|还)*(?:能|会|可以|要|得|该|还要)?(?:退|补|付|花|差|贵|便宜|找)(?:给我"
    r"|我|回|回来)?"
    r"(?:多少|几|几块)(?:钱|差价|款)?(?:呢|啊|呀)?\W*|\W*(?:那|请问)*(?:差价|退款|运费|价格)?(?:是"
    r"|要)?多少(?:钱)?(?:呢|啊)?\W*",
    re.IGNORECASE,
)
_THAT_IS_ALL: Final = re.compile(
    r"\b(?:that|this)(?:['’]?s| is| was| will be)(?: (?:really|actually|just))? (?:all|it|everything)\b"
    r"(?! (?:i|we|you|that|of|for|about|the|my|in|on|is|was|good|right|fine|there)\b)"
    r"|\bnothing (?:else|more)\b(?! (?:in|but|than|came|arrived)\b)|\bno(?:pe)?,? (?:thanks|thank you|thx|ta)\b"
    r"|\b(?:that|this)(?:['’]?ll| will) be all\b|\bi['’]?m (?:all )?(?:done|good|set)\b(?! (?:with|at|in)\b)"
    r"|没(?:有)?(?:别的|其他|其它|啥|什么)(?:的|事|事情|要|需要|问题)*了?\W*$|就这些(?!东西|商品)"
    r"|没有了(?:\W*谢谢)?\W*$|不用了(?:谢谢)?\W*$"
    r"|别的(?:都)?(?:不用|不要)了",
    re.IGNORECASE,
)
"""Nothing more is wanted than what is being done."""
_CORRECTS: Final = re.compile(
    r"\W*(?:(?:no+|nope|nah|oh|sorry|wait|well|argh|hey)\W+)*(?:not (?:the|that|this|those|these|my|in|from|a"
    r"|an|one)\b|i mean(?:t)?\b"
    r"|i['’]?m (?:talking|speaking) (?:about|of)|the (?:other|one from|one in|order i|order with)\b"
    r"|wrong (?:order|one|item)\b)"
    r"|\W*(?:no+|nope)\W+(?!thank|need|problem|worries|idea|rush)"
    r"|\W*(?:不对|不是(?!吗)|错了|搞错|弄错|你?(?:们)?理解错|我(?:说|指|要)的是|我是说)",
    re.IGNORECASE,
)
_CHANGED_MIND: Final = re.compile(
    r"^\W*(?:(?:sorry|no+|oh|hm+|actually|wait|ok|well)\W+)*(?:i(?:['’]ve| have)? )?(?:just )?changed? my mind"
    r"(?: (?:sorry|again|about (?:it|that|this)))?\W*$"
    r"|^\W*(?:不好意思|抱歉|那个|等等|我|又|还是)*(?:改变?主意|变卦|后悔|反悔)了\W*$",
    re.IGNORECASE,
)
_STOPS: Final = re.compile(
    r"^\W*(?:(?:no+|nope|wait|hey|oh|hold on)\b(?:(?!n['’]t\b|\byes\b)[^?]){0,40}?[,.!\s])?\s*(?:just |please )?"
    r"stop(?: (?:it|that|this|now|everything|please))*\W*$"
    r"|^\W*(?:(?:不|别|等等|等一?下|喂|哎)[^？?是]{0,10}[，。！!,\s])?\s*(?:停|打住|别弄了|停下来?)\W*$",
    re.IGNORECASE,
)
"""Nothing of what is offered is wanted any more; of a parcel that is to be stopped the second is a yes."""
_NEVER_MIND: Final = re.compile(
    r"(?:never ?mind|forget(?: about)?|skip|leave|drop|scrap|don['’]?t (?:bother|worry) (?:with|about)"
    r"|no need (?:for|to do))"
    r" ((?:the|my|that|those|about the) [\w' -]{2,40})"
    r"|(?:别管|先?不管|不用管|算了(?!.*(?:取消|退|换|改|都|买|要))|不用弄|先?别弄|不用办"
    r"|不弄)([\u4e00-\u9fffA-Za-z]{2,12})"
    r"|([\u4e00-\u9fffA-Za-z]{2,10}?)(?:就?算了"
    r"|不用管了|不用弄了|先不弄了|不办了)",
    re.IGNORECASE,
)
_COURTESY: Final = re.compile(
    r"\b(?:please|pls|thanks?|thank you|ok|okay|then|now|for now|oh|sorry|actually|no)\b|吧|谢谢|那|请"
    r"|好的?",
    re.IGNORECASE,
)
_NO_THINGS: Final = re.compile(
    r"the|and|for|order|one|thing|other|request|this|that|with|from|please|about|you|can|cancel|return|send"
    r"|swap|exchange"
    r"|change|refund|back|two|both|all|want|need|instead"
    r"|取消|退货|退款|换货|帮我|订单|那单|这单|那个|这个|那件|一下|给我|我想|我要|不要|什么|别的|其他"
)
"""What is no name of goods."""


def waiting(turn: Turn, *, but: Collection[str] = ()) -> list[dict[str, Any]]:
    """What waits already, without the words of `but`."""
    return [each for each in turn.tracker.get_slot(SLOT) or [] if each["text"] not in but]


def said_now(turn: Turn, text: str, intent: str = "") -> Event:
    """What the message says besides is answered in the same turn, before what waits; nothing announces it."""
    now = {"text": text, "intent": intent, "said_now": True}
    return SlotSet(SLOT, [now, *settled(waiting(turn, but=(text, turn.text)))])


def settled(queue: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`queue` without what asks for nothing: that something shall not be done is settled once nothing is open."""
    return [each for each in queue if (down := turned_down(each["text"])) is None or not down.alone]


def without_done(
    queue: Sequence[dict[str, Any]],
    kind: ChangeKind,
    lines: Sequence[LineCandidate],
    done: Collection[str],
    *,
    made: bool = True,
    today: date,
) -> list[dict[str, Any]]:
    """`queue` without what asks for the change that was just made, of no other of its `lines` than those of `done`.

    What it asks for counts, not its words: the wish that is read in them, or the one that they were noted as. What
    names nothing is about what was spoken of, so it is done too. `made`: the change was made; else it was offered and
    left, and only what names the same things goes with it.
    """
    left = []
    for each in queue:
        text = str(each["text"])
        asked = BY_INTENT.get(str(each.get("intent")))
        if made and asked is not None and asked.key == CancelReturn.key and kind.goes_back:
            # There was no return yet that it could have meant.
            continue
        wishes = {wish.wish for wish in read_requests(text, lines, today=today)} - {None}
        same = (asked is not None and is_same_wish(asked, kind)) or (kind.wish is not None and kind.wish in wishes)
        if not same:
            left.append(each)
            continue
        found = resolve_lines(without_order_words(text), lines, today=today)
        named = {match.candidate.key for match in found.matches if any(r.kind not in _POINTS for r in match.reasons)}
        if named and named <= set(done) and not _numbers_another(text, done):
            continue
        if made and not named and tells_alone(text) and _OTHERS.search(text) is None:
            # "Cancel the order with nothing but that", which was told by its number since.
            continue
        nothing_named = not named and not found.asked_but_absent and kind.lines != "none"
        if made and nothing_named and not (order_words(text) or _NUMBER.search(text) or _OTHERS.search(text)):
            continue
        left.append(each)
    return left


def _numbers_another(text: str, done: Collection[str]) -> bool:
    """Whether an order is told by its number, and is none of those that were changed: its like may be in both."""
    numbers = {re.sub(r"\W", "", said[0]).casefold() for said in _NUMBER.finditer(text)}
    own = {re.sub(r"\W", "", key.rpartition("/")[0]).casefold() for key in done}
    return bool(numbers) and not any(number in each or each in number for number in numbers for each in own)


def asks_for_money(text: str) -> bool:
    """Whether words ask what something comes to, and name nothing: each offer says that."""
    return _MONEY.fullmatch(text.strip()) is not None


def without_told(queue: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """`queue` without questions that an offer has answered: what it costs, what comes back."""
    return [each for each in queue if not asks_for_money(str(each["text"]))]


def taken_back(queue: Sequence[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """What of `queue` a message no longer wants: all of it after "that's all", what "never mind the …" names."""
    if _THAT_IS_ALL.search(text):
        return list(queue)
    named = _NEVER_MIND.search(text)
    things = _things_in(next(filter(None, named.groups()), "")) if named else set()
    return [each for each in queue if things & _things_in(str(each["text"]))]


def is_all(text: str) -> bool:
    """Whether a message says that nothing more is wanted."""
    return _THAT_IS_ALL.search(text) is not None


def only_says_all(text: str) -> bool:
    """Whether a message says that and nothing else: "no thanks, that's it"."""
    rest = _COURTESY.sub(" ", _THAT_IS_ALL.sub(" ", text))
    return is_all(text) and re.search(r"\w", rest) is None


def drops_offer(text: str, *, stops: bool, goes_back: bool) -> bool:
    """Whether a message wants nothing more of what is offered: "i changed my mind", "no! the same one, stop".

    `stops`: what is offered is to stop something, so that "stop" agrees. `goes_back`: goods are to go back, of which
    a changed mind is a reason.
    """
    changed = not goes_back and _CHANGED_MIND.search(text) is not None
    return changed or (not stops and _STOPS.search(text) is not None)


def corrects(text: str) -> bool:
    """Whether a message puts right what was made of the one before: "not the backpack!! the mouse", 我说的是…."""
    return _CORRECTS.match(text) is not None


def only_takes_back(text: str) -> bool:
    """Whether a message says nothing else than what is no longer wanted: "forget the keyboard please"."""
    named = _NEVER_MIND.fullmatch(_COURTESY.sub("", text).strip(" ,.!，。！~"))
    return named is not None and not re.search(r"[,.;，。；]", next(filter(None, named.groups()), ""))


def _things_in(text: str) -> set[str]:
    """The words of a text that may name goods; of Chinese each two characters."""
    words = {word.rstrip("s") for word in re.findall(r"[a-z]{3,}", text.casefold())}
    for run in re.findall(r"[\u4e00-\u9fff]+", text):
        words |= {run[place : place + 2] for place in range(len(run) - 1)}
    return {word for word in words if not _NO_THINGS.fullmatch(word)}


def without_bought(queue: Sequence[dict[str, Any]], titles: Sequence[str]) -> list[dict[str, Any]]:
    """`queue` without words that order once more what was just bought, by one of its `titles` or by pointing at it."""

    def same(text: str) -> bool:
        return _POINTED.search(text) is not None or any(much_alike(text, title) for title in titles)

    return [each for each in queue if not (each.get("intent") == "place_order" and same(str(each["text"])))]


def unsaid(queue: Sequence[dict[str, Any]], turn: Turn) -> list[dict[str, Any]]:
    """`queue` without what is taken back now, or said again in full: it was a piece of that."""
    back = taken_back(queue, turn.text)
    left = [each for each in queue if each.get("said_now") or each not in back]
    return [each for each in left if len(text := str(each["text"])) < _A_PIECE or text not in turn.text]
