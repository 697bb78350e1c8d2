"""What the next request of a message is about, where it was left with the one before: "… And the chair, I'd want it blue".

A message is divided where another request begins, and that is behind the words that only name its goods. They belong to
what is said of them, and the request before must not take them for its own.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

from actions.resolver.one_of_each import keeps_of_each

_LEADS: Final = r"(?:(?:and|also|plus|oh|then|so|but|now|next|as for|regarding|about|for|finally|lastly)\W+)*"
_NAMES: Final = r"(?:the|my|our|both|those|these|that) (?:[\w'’%-]+ ?){1,4}"
_HAN: Final = (
    r"(?:(?:还有|另外|然后|至于|再有|对了)[，,]?)?(?:那个?|这个?|我的)?"
    r"(?!天[哪呐啊]|哎|唉|糟|我的天|老天|救命|你好|您好|谢谢)(?:(?![取退换改要寄发送买留查问付给])[\u4e00-\u9fff]){1,6}"
)
_SENTENCE: Final = re.compile(rf"(?:^|[.;!?。；！？\n])\s*(?P<topic>{_LEADS}{_NAMES}|{_HAN})$", re.IGNORECASE)
"""A sentence that only names goods, as a text ends."""
_ADDED: Final = re.compile(
    rf",\s*(?P<topic>(?:and|also|plus|as for|then)\W+{_LEADS}{_NAMES})$|[，,]\s*(?P<han>(?:还有|另外|至于){_HAN})$",
    re.IGNORECASE,
)
"""The same after a comma, where what follows shows that it is no more of a list."""
_FOLLOWS: Final = re.compile(r"\s*(?:[,，:：]|\s[-–—]\s)\s*")
_NAMES_ITS_OWN: Final = re.compile(
    r"\W*(?:(?:and|also|then|please|can|could|would|you|i|i'd|want|like|need|to|cancel|return|swap|change|exchange|send|make)\W+)*"
    r"(?:the|my|both|those|these)\b(?! ones?\b)",
    re.IGNORECASE,
)
_REST_GOES: Final = re.compile(
    r"\W*(?:(?:and|then|so|please|just|can you|you can)\W+)*(?:cancel|return|send back|drop|remove|take off) (?:all )?(?:the |my )?"  # noqa: E501
    r"(?:others?|rest|remaining|spare|extra)(?: (?:ones?|two|three|pieces))?(?: (?:please|thanks|then))*\W*"
    r"|\W*(?:把|那|然后)?(?:其余|其他|其它|剩下|剩余|多余|多出来|多|别|余下)的?(?:几个|两个)?(?:都|全部?|就|给我|帮我)*(?:取消|退货?|不要|去)(?:掉|了|吧)*\W*",
    re.IGNORECASE,
)
"""All that is said is that the rest goes."""
_TOPIC_BEFORE: Final = re.compile(r"\s*(?:[,，:：]|\s[-–—])\s*$")


def _topic_at_end(text: str, *, added: bool) -> tuple[int, str]:
    """Where the words begin that only name goods at the end of `text`, and they; the end and nothing without them."""
    found = _SENTENCE.search(text) or (_ADDED.search(text) if added else None)
    if found is None:
        return len(text), ""
    group = "topic" if found["topic"] else "han"
    return found.start(group), found[group].strip()


def without_next_topic(text: str, whole: str) -> str:
    """`text`, a request of the message `whole`, without the goods at its end of which something is said behind it."""
    place = whole.find(text)
    if place < 0 or _FOLLOWS.match(whole, place + len(text)) is None:
        return text
    start, topic = _topic_at_end(text, added=True)
    left = text[:start].rstrip(" ,，;；")
    return left if topic and re.search(r"\w", left) else text


def with_own_topic(text: str, before: str, *, divided: str = "") -> str:
    """`text` with the goods in front that `before`, what was said before it, ends with.

    `divided`: the signs that stood between both, where they are known.
    """
    if divided and _TOPIC_BEFORE.fullmatch(divided) is None:
        return text
    _, topic = _topic_at_end(before.rstrip(" ,，"), added=bool(divided))
    return f"{topic}, {text}" if topic else text


_ASKED_POLITELY: Final = re.compile(
    r"(?:可以|可不可以|能不能|能否|能)(?:请你|请您|帮我|麻烦)?(?:把|将|给|帮|先|退|换|改|取消)"
)
_WISH_ASKED: Final = re.compile(
    r"^(?P<wish>.*(?:改成|换成|改为|换为|取消|退掉|退货|寄到|送到)[^，。？?]*?)(?:吗|么|嘛)\s*[？?]*$"
)


def request_words(text: str, whole: str, noted_before: str) -> str:
    """The words of a request that is a part of the message `whole`, or noted after `noted_before`, with its topic."""
    place = whole.find(text) if whole and whole != text else -1
    earlier = noted_before or whole[: max(place, 0)]
    if _ASKED_POLITELY.search(earlier):
        # "可以把…取消，另一单的改成…吗" is one polite wish to its end.
        text = _WISH_ASKED.sub(r"\g<wish>", text)
    if _REST_GOES.fullmatch(text) and keeps_of_each(earlier):
        # "One of each stays" tells which the rest is.
        return f"{earlier.rstrip(' ,，')}, {text}"
    if noted_before:
        return text if _NAMES_ITS_OWN.match(text) else with_own_topic(text, noted_before)
    if place < 0:
        return text
    words = without_next_topic(text, whole)
    before = whole[:place]
    bare = before.rstrip(" ,，:：-–—")
    return with_own_topic(words, bare, divided=before[len(bare) :]) if bare else words


__all__ = ["request_words", "with_own_topic", "without_next_topic"]
