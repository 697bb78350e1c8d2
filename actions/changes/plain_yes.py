"""A yes to what is offered, with an amount, thanks or a pointing word beside it and nothing else.

"330.28 is fine, yes please, thank you", "$8.95 for postage? ok fine, yes", "yes, that one", 退三百多可以，办吧.
"""

from __future__ import annotations

import re
from typing import Final

_YES_EN: Final = (
    r"(?:ok(?:ay|ey)?|yes|yeah|yep|yup|yea|sure(?: thing)?|fine|alright|all right|agreed|confirm(?:ed)?|absolutely|definitely"  # noqa: E501
    r"|correct|perfect|great|go (?:on|ahead|for it|with (?:it|that))|do (?:it|that|so|both|them)|please do|carry on|proceed|deal|book it"  # noqa: E501
    r"|i(?:['’]ll| will) take (?:it|that)(?: one)?|works for me|(?:that|it)(?:['’]?s| is) (?:fine|ok(?:ay)?|good|right|correct))"  # noqa: E501
)
_YES_ZH: Final = r"(?:就?要(?:这个|它|这款)|(?<![\u4e00-\u9fff])是(?:的|滴|啊|呀)(?=\W|$|谢|多谢|麻烦)|可以|行|好|对|嗯|确认|没问题|同意|没错|就这样|就这么办|办吧|办理|就这个|就它|就那个|成交|照办|没意见|接受)"  # noqa: E501
_YES: Final = re.compile(rf"\b{_YES_EN}\b|{_YES_ZH}", re.IGNORECASE)
_MONEY: Final = re.compile(
    r"(?:(?:us|gb|au|ca|hk)?[$£€¥￥]|\b(?:usd|gbp|eur|rmb|cny)\s?)\s?\d[\d.,]*|\b\d[\d,]*\.\d{2}\b"
    r"|\b\d[\d.,]*\s?(?:dollars?|bucks|pounds?|quid|euros?|usd|gbp|eur|p|cents?)\b|(?<![\w.#-])[2-9]\d(?![\w.%-]|\s?(?:cm|mm|kg|ml|inch|pieces|mp|gb|g)\b)"
    r"|(?<![\w.#-])\d{3,4}(?![\w.%-]|\s?(?:cm|mm|kg|ml|inch|pieces|mp|gb|g)\b)|[一两二三四五六七八九十百千万\d.]+多?(?:块钱?|元|刀|美元|美金|镑)(?:多|左右|钱)?",
    re.IGNORECASE,
)
_AROUND: Final = re.compile(
    r"\b(?:hmm+|oh|ah|well|then|so|and|please|pls|thanks?|thank you|cheers|ta|very much|so much|a lot|many|much|i|i'?d|i'?m|guess|think|suppose"  # noqa: E501
    r"|is|are|was|it'?s|that'?s|it|that|this|these|those|them|one|ones|the|a|an|all of (?:it|them|that|those)|both(?: of (?:them|those))?|for|of|under|below|within"  # noqa: E501
    r"|less than|about|around|roughly|only|just|each|in total|altogether|postage|shipping|the way back|label|return|refund|back|extra|more|difference|price|cost|fee"  # noqa: E501
    r"|good|happy with|with|by me|now|right|exactly|lovely|love it|brilliant|cool|wonderful|amazing|nice|cheaper|even|not bad|fair enough|can live with|me|you|sounds|looks|agree)\b"  # noqa: E501
    r"|谢谢|多谢|麻烦(?:您|你)?|辛苦了?|那个?|就|这个?|款|吧|啊|呀|哦|的|了|也|都|才|只|差价?|邮费|运费|退|补|多|不?到|以内|左右|一共|总共|合适|划算|便宜|能接受|我|您|你|呢|哈|嘛|[\W_]",
    re.IGNORECASE,
)
_AGAINST: Final = re.compile(
    r"\b(?:no|nope|not(?! bad)|but|n[o']t|don['’]?t|isn['’]?t|wrong|too (?:much|expensive|dear|little)|instead|rather|unless|if|why|wait|stop|cancel"  # noqa: E501
    r"|should|else|change)\b|不[要对行是想]|别|太[贵多少]|为什么|怎么|等等|等下|算了|不过|但|如果|要是|改",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"((?:[^,，;；。!！?？\n.]|\.(?=\d))+)([,，;；。!！?？\n.]*)")
_ASKS: Final = re.compile(r"[?？吗]")
_ALL: Final = re.compile(
    r"\b(?:that|this)(?:['’]?s| is| was| will be|['’]?ll be) (?:really |actually |just )?(?:all|everything)\b"
    r"(?! (?:i|we|you|that|of|for|about|the|my|in|on|is|was|good|right|fine|there)\b)(?: (?:for (?:now|today)|thanks|thank you))?"  # noqa: E501
    r"|\bnothing (?:else|more)\b(?! (?:in|but|than|came|arrived)\b)"
    r"|没(?:有)?(?:别的|其他|其它)(?:的|事|事情|要求|需要|问题)*了?|就这些(?!东西|商品)了?|别的(?:都)?(?:不用|没有)了?",
    re.IGNORECASE,
)
"""Beside a yes: nothing more is wanted."""
_LEADING: Final = re.compile(
    r"^\W*(?:(?:ok(?:ay|ey)?|alright|all right|fine|great|perfect|right|so|well|and|oh|好|行|嗯|那|对)(?:的|吧|啊)?\W*)*",  # noqa: E501
    re.IGNORECASE,
)
"""May only lead to what is asked behind it."""


def is_yes(text: str) -> bool:
    """Whether `text` says yes, and beside that nothing but an amount, thanks, or which one by pointing.

    An amount may be asked back in a clause before the yes: "150 for that? fine, do it".
    """
    if _YES.search(text) is None or _AGAINST.search(text):
        return False
    clauses = [each.groups() for each in _CLAUSE.finditer(text) if each[1].strip()]
    agreed = False
    for position, (clause, end) in enumerate(clauses):
        left = _left_of(clause)
        if not left:
            agreed = agreed or (_YES.search(clause) is not None and not _ASKS.search(clause + end))
        elif not (_MONEY.search(clause) and position < len(clauses) - 1 and len(left.split()) <= 1):
            return False
    return agreed


def is_yes_and_all(text: str) -> bool:
    """Whether `text` says yes and that nothing more is wanted: "yes please. thats all", 好的，就这些."""
    return _ALL.search(text) is not None and _ASKS.search(text) is None and is_yes(_ALL.sub(" ", text))


def is_sure_yes(text: str) -> bool:
    """Whether `text` is a yes and nothing else, and no mere "ok" that leads to what follows."""
    return is_yes(text) and _LEADING.fullmatch(text) is None


def begins_with_yes(text: str) -> bool:
    """Whether `text` begins with a yes that nothing in it takes back: "then yes, silver is fine", 那行 就银色的."""
    begins = re.match(
        rf"\W*(?:(?:then|so|well|ok(?:ay)?|oh|那|那就|哦)\W*)*(?:{_YES_EN}\b|{_YES_ZH})", text, re.IGNORECASE
    )
    return begins is not None and _AGAINST.search(text) is None


def _left_of(clause: str) -> str:
    """What a clause says beside a yes, an amount and fillers."""
    left = _MONEY.sub(" , ", clause)
    left = _YES.sub(" , ", left)
    return re.sub(r"\s+", " ", _AROUND.sub(" ", left)).strip()
