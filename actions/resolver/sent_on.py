"""Goods of which it is said that they come as ordered: "ship the rest as planned", 其他照发, "I want the lamp and the rug".

It is said beside what is called off, and of other things: they stay.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.resolver.reading import Element
from actions.resolver.statements import joined
from actions.resolver.text import fold

_AS_ORDERED: Final = re.compile(
    r"(?:照(?:常|旧|样|原样|计划)?|正常|依旧|依然|仍然?|还是|继续|按(?:时|原来的?|原计划|计划|原单)|如常|原样|一样)(?:给我|帮我|要|都|地)*(?:发|寄|送)"
    r"|(?:该|都)(?:发|寄|送)(?:的|就)*(?:发|寄|送)"
    r"|\b(?:ship|send|deliver|post|dispatch)(?:ed|s)?\b"
    r"(?!.*\b(?:back|return\w*|to|orders?|together|instead|again|another|new|replacement|one box|parcel)\b)"
    r"|\b(?:ship|send|deliver|post|dispatch)(?: me| us)?(?: all)?(?: of)?"
    r" (?:the (?:rest|others?|remaining)\b|everything else|all else|what(?:['’]?s| is) left)"
    r"(?!.*\b(?:back|return\w*|replacement)\b)"
    r"|(?:其他|其它|其余|剩下|剩余|余下|别的)[^，。退换取消]{0,4}(?:改)?(?:发|寄|送)(?:到|去|给|往)"
    r"|\b(?:go|goes|going|come|comes|coming) (?:out|ahead|through|as|along)\b"
    r"|\bstill (?:(?:to|should|can|must|may|please|be) )*(?:come|coming|go|going|arrive|out)\b"
    r"|\b(?:should|must|can|may|is to|are to) (?:still |please )*be sent\b"
    r"|\b(?:goes?|comes?) (?:as (?:it is|planned|usual|normal|ordered))"
)
"""What stands there is sent as it was to be."""
_WANTED: Final = re.compile(
    r"^(?:(?:but|because|and|since|as|no|please|yes) )*(?:i|we) (?:(?:do|still|really|definitely|both|all) )*(?:want|need)\b"  # noqa: E501
    r"(?! (?:to|it|them|you|back|my money|rid))(?!.*\b(?:(?:cancel|return|refund|remov|swap|chang|exchang)\w*|off|gone|back|instead|out)\b)"  # noqa: E501
)
"""Of goods of an order beside what is called off: those are wanted."""


_REST: Final = (
    r"(?:(?:all )?(?:of )?the (?:rest|others)|everything else|all else"
    r"|(?:all )?(?:the |my )?(?:other|remaining) (?:things|items|goods|stuff|products|bits))(?: of (?:it|them|(?:the|my) orders?))?"  # noqa: E501
)
_REST_STAYS: Final = re.compile(
    rf"(?:^|[,.;!?]|\s(?:and|but|while))\s*(?:(?:and|but|please|just|then|you can|also)\b\s*)*"
    rf"(?:(?:keep|keeping|leave|leaving|ship|send|deliver) {_REST}(?! back)"
    rf"|{_REST} (?:(?:can|should|must|may|to|still|all|just|please) )*"
    r"(?:stays?|remains?|ships?|goes out|go out|comes?|(?:is|are) (?:fine|ok|okay|right|good)|be (?:sent|kept|shipped)))\b"  # noqa: E501
    r"(?! back)(?: (?:as (?:it is|they are|is|planned|usual|normal|ordered)|alone|please|out|on|too|though|then|put))*"
    r"\s*(?=$|[,.;!?])"
    r"|(?:^|(?<=[，。；！？,;.!?\s]))(?:那|但是?|而|不过|就|把)*(?:其他|其它|其余|剩下|剩余|余下|别的)"
    r"(?:的|东西|商品|货|几[样件个]|都|也|全部?|就)*"
    r"(?:照(?:常|旧|样)?|正常|继续|按时|原样|还是|仍然?|全部?|都|给我|帮我|要|不用|不要|不|别|先)*"
    r"(?:发|寄|送|留|要|动|变|取消|退|换|改|保留|照旧)(?<![^不别]退)(?<![^不别]取消)(?<![^不别要用]换)(?<![^不别要用]改)"
    r"(?:货|出|来|下|着|的|吧|就行|就好|了)*(?=$|[，。；！？,;.!?\s])",
    re.IGNORECASE,
)
"""Says only that what is not named stays."""


def without_rest_kept(text: str) -> str:
    """`text` with blanks for clauses that only say that the rest stays or is sent: they tell neither goods nor orders."""  # noqa: E501
    left = _REST_STAYS.sub(lambda said: " " * len(said[0]), text)
    return left if re.search(r"\w", left) else text


def sent_on(segment: Sequence[Element]) -> bool:
    """Whether a segment says of the goods it names, or of the rest, that they come as ordered."""
    spoken = any(each.kind == "name" or each.has("rest") or each.roles.get("pronoun") in _OTHERS for each in segment)
    return spoken and _AS_ORDERED.search(fold(joined(segment))) is not None


def wanted(segment: Sequence[Element]) -> bool:
    """Whether a segment says that the goods it names are wanted: "I want the lamp", and no version of it."""
    named = any(each.kind == "name" for each in segment)
    return named and not _other_version(segment) and _WANTED.search(fold(joined(segment))) is not None


_OTHERS: Final = ("other", "others")
_TAKEN: Final = re.compile(
    r"\b(?:i|we) (?:(?:do|only|just|really|still|definitely) )*(?:want|need|keep|take|like)\b|\b(?:i|we)['’ ]?(?:ll|d) (?:like|have|take|keep|want|need)\b"  # noqa: E501
    r"|[想只就我还]要(?!取消|退|换|改)|^(?:那|就|我|还是)*(?:要|留)|(?:要|留)(?:的)?(?:最|比较)?[\u4e00-\u9fff]{1,3}的那"
)


_GONE: Final = re.compile(r"\b(?:out|off|gone|back|refund\w*|return\w*|cancel\w*|remov\w*)\b|[退换]|取消")
_TOO: Final = re.compile(r"\b(?:too|also|as well|both)\b|[也都]|一起|同样")
"""The other goes as the first does."""


def taken_beside_others(segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]) -> bool:
    """Whether a segment says which is wanted, and the next that the other goes: "I want the cheaper one, cancel the
    other", 要便宜的那个，另一个取消.
    """
    if not following or any(each.has("wish") and not each.names for each in segment):
        return False
    behind = following[0][0]
    goes = any(each.roles.get("wish") in ("cancel", "return") and not each.names for each in behind)
    other = any(each.roles.get("pronoun") in _OTHERS for each in behind)
    too = _TOO.search(fold(joined(behind))) is not None or _GONE.search(fold(joined(segment))) is not None
    return goes and other and not too and _TAKEN.search(fold(joined(segment))) is not None


def _other_version(segment: Sequence[Element]) -> bool:
    return any(each.kind in ("option", "comp", "sup", "different") or each.has("comp") for each in segment)
