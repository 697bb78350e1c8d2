"""Reads the shopper's own full name out of a message, where the shop finds orders by it.

Said with words that lead to it ("my name is", "我叫") it is read anywhere; alone only when it was asked for. What
counts as a full name, the CRM decides; here a single word is none. Pure functions.
"""

from __future__ import annotations

import re
from typing import Final

_WORD = r"[^\W\d_][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?"
_LATIN = rf"({_WORD}(?: (?:{_WORD})){{1,4}})"
_CAPITAL = r"((?-i:[A-ZÀ-Ý])[\w'’.-]*(?: (?:(?-i:[A-ZÀ-Ý])[\w'’.-]*|van|von|de|der|den|da|di|la|le|bin|al)){1,4})"
_HAN = r"([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,8}·[\u4e00-\u9fff·]{2,12})"
_HAN_END = r"(?=$|[\s，,。.;；、!！]|先生|女士|小姐|邮编|邮政)"
_JOINED = r"(?=$|[,.;!?\n]|\s+(?:and|with|my|the|at|in|from|post|zip|\d))"

_LED: Final = (
    re.compile(
        rf"\b(?:my )?(?:full |whole )?name(?:'s| is| was| on (?:it|the order) is|:)\s+{_CAPITAL}", re.IGNORECASE
    ),
    re.compile(rf"\bmy (?:full )?name(?:'s| is|:)\s+{_LATIN}{_JOINED}", re.IGNORECASE),
    re.compile(
        rf"\b(?:i'?m|i am|this is|it'?s|it is|under(?: the name(?: of)?)?|in the name of|ordered by)\s+{_CAPITAL}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:我叫|我是|我的(?:全名|名字|姓名)(?:是|叫)?|(?:全名|名字|姓名|收件人|收货人|下单人)(?:是|叫|为|：|:)?)\s*{_HAN}{_HAN_END}"
    ),
)
_ALONE: Final = (
    re.compile(rf"^(?:{_LATIN})$"),
    re.compile(rf"^{_HAN}(?:先生|女士|小姐)?$"),
)
_BESIDE: Final = re.compile(
    r"(?i)\b(?:and )?(?:(?:my|the) )?(?:post ?code|zip(?: ?code)?|postal code)\b(?:\s*(?:is|:))?"
    r"|(?:我的|收货)?(?:邮编|邮政编码)(?:是|：|:)?"
    r"|^(?:sure|ok(?:ay)?|yes|yeah|好的?|嗯)\b[,，\s]*|\b(?:and|it'?s|it is|that'?s)\b|^是"
)
_NO_NAME: Final = re.compile(
    r"(?i)\b(?:i|you|we|my|your|the|a|an|is|are|do|don'?t|not|no|can|what|where|when|why|how|order|parcel|number|know|have|"
    r"please|thanks?|want|need|help|it|this|that|email|e-mail|sign|code|one|moment|minute|second|idea|find|person|agent|"
    r"human|someone|somebody|later|never|mind|hello|hi)\b"
    r"|[不没吗呢吧的了我你您在找号什么怎哪退换寄]|谢谢|查一|等一|等等|单号|订单|知道|记得|人工|客服|稍等|邮编"
)


def read_full_name(text: str, *, awaited: bool, beside: str | None = None) -> str | None:
    """The full name that `text` gives, or None.

    `awaited` says that it was asked for: then a message that is nothing but a name is one. `beside` is what else was
    read in the message, the postcode.
    """
    rest = text.replace(beside, " , ") if beside else text
    for pattern in _LED:
        found = pattern.search(rest)
        if found and not _NO_NAME.search(found[1]):
            return found[1].strip(" .")
    if not awaited:
        return None
    for part in re.split(r"[,，;；。、\n]+", rest):
        bare = re.sub(r"\s+", " ", _BESIDE.sub(" ", part)).strip(" .!！:：")
        bare = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", bare)
        for pattern in _ALONE:
            found = pattern.match(bare)
            if found and not _NO_NAME.search(bare):
                return found[1].strip()
    return None
