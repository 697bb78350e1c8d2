"""What is said to be missing: the goods themselves, or a part of goods that came ("a screw is missing", 少了一颗螺丝).

Pure: which words name it. Whether these are goods of the order is for who knows the order.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = r"[a-z][a-z'-]*"
_NOT_NAMED: Final = frozenset(
    [
        "something",
        "anything",
        "nothing",
        "everything",
        "item",
        "items",
        "thing",
        "things",
        "stuff",
        "it",
        "one",
        "ones",
        "them",
        "they",
        "product",
        "products",
        "piece",
        "pieces",
        "order",
        "parcel",
        "package",
        "box",
        "bag",
        "delivery",
        "goods",
        "which",
        "what",
        "that",
        "this",
        "these",
        "those",
        "lot",
        "half",
        "rest",
        "most",
        "all",
        "some",
        "both",
        "each",
        "two",
        "three",
        "four",
        "five",
        "six",
        "of",
        "from",
        "in",
        "out",
        "on",
        "and",
        "but",
        "with",
        "for",
        "is",
        "was",
        "are",
        "were",
        "when",
        "where",
        "still",
        "also",
        "now",
        "here",
        "there",
        "yet",
        "sent",
        "again",
        "please",
        "back",
        "replaced",
        "resent",
        "asap",
        "i",
        "we",
        "you",
        "he",
        "she",
        "my",
        "me",
        "a",
        "an",
        "the",
    ]
)
_HAN_NOT_NAMED: Final = re.compile(
    r"^(?:东西|商品|货|货物|件|一件|样|一样|一个|一套|两个|几个|什么|啥|哪|的|收到|发货|发|寄|到|来|送|了|包裹|快递|单)*$"
)
_DET: Final = r"(?:an?|the|one|two|three|four|some|its|my|his|her|their|any|of the|\d+)"
_INSIDE: Final = r"(?:with it|inside|included|in (?:the|my) (?:box|bag|parcel|package))\b"
_ENGLISH: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\bmissing (?:{_DET} )*(?P<what>{_WORD}(?: {_WORD})?)",
        rf"(?P<what>{_WORD}(?: {_WORD})?) (?:(?:of|for|from|in) (?:the|my|it)(?: {_WORD}){{0,4}} )"
        rf"(?:is|are|was|were|went|got|be)?\s*missing\b",
        rf"(?P<what>{_WORD}(?: {_WORD})?)(?:['’]s| is| are| was| were| went| got)? missing\b",
        rf"\b(?:came|arrived|delivered|got it|received it|is|was) without (?:{_DET} )*(?P<what>{_WORD}(?: {_WORD})?)",
        rf"\bthere(?:['’]?s| is| was| were| are) no (?P<what>{_WORD}(?: {_WORD})?)",
        rf"\bno (?P<what>{_WORD}(?: {_WORD})?) (?:was |were |came )?{_INSIDE}",
        rf"(?P<what>{_WORD}(?: {_WORD})?) (?:(?:was|were|is|are)(?: not|n['’]?t)) {_INSIDE}",
    )
)
_HAN: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<what>[\u4e00-\u9fff]{1,12}?)(?:少|缺|漏)(?:发|装|寄|放|给)?了[一两几二三四\d]+[个颗根只条块片把张副套枚支]$",
        r"(?:少|缺|漏)(?:发|装|寄|放|给)?了?(?:我)?(?:[一两几二三四\d]*[个颗根只条块片把张副套枚支])?(?P<what>[\u4e00-\u9fff]{1,8})",
        r"没(?:有)?(?:给|装|放|配|带|附)(?:我)?(?P<what>[\u4e00-\u9fff]{1,8})",
        r"(?P<what>[\u4e00-\u9fff]{1,12}?)(?:不见了|没了|没(?:有)?(?:装|放|给|配|附|带))",
    )
)
_HAN_TAIL: Final = re.compile(r"(?:怎么办|怎么弄|请|麻烦|能|可以|帮|要|想|补|没|不|了|吗|呢|啊|吧|，).*$")
_HAN_HEAD: Final = re.compile(
    r"^(?:.*的|.*里面?|我|但是?|可是?|就是|只是|不过|还是|发现|今天|刚|打开|少|缺|结果|有|只)+"
)


def missing_thing(text: str) -> str:
    """The words for what is said to be missing, without those around them; empty where none are said."""
    if re.search(r"[\u4e00-\u9fff]", text):
        return _missing_in_chinese(text)
    for pattern in _ENGLISH:
        for found in pattern.finditer(text):
            words = found["what"].lower().split()
            while words and words[0] in _NOT_NAMED:
                words = words[1:]
            while words and words[-1] in _NOT_NAMED:
                words = words[:-1]
            if words and not set(words) & _NOT_NAMED:
                return " ".join(words)
    return ""


def _missing_in_chinese(text: str) -> str:
    for clause in re.split(r"[，。！？；,.!?;\s]+", text):
        for pattern in _HAN:
            found = pattern.search(clause)
            if found is None:
                continue
            what = _HAN_HEAD.sub("", _HAN_TAIL.sub("", found["what"]))
            if what and not _HAN_NOT_NAMED.match(what):
                return what
    return ""
