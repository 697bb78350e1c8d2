"""What a message wants of further orders, without what it says of those that stay, or asks of them.

"Yes, but leave the other order there", "is the other one going there too?" and 另外那单不用一起改
send no order anywhere.
"""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(
    r"(?P<said>.+?)(?P<end>[,，;；。!！?？\n]+|\.(?=\s|$)|\s+but\s+|\s*(?:但是?|不过|可是)"
    r"|\s+(?:and|while|so)\s+(?=(?:please |just |also )*(?:leave|keep|do ?n['’]?t|do not|is|are|will|does)\b)|$)",
    re.IGNORECASE | re.DOTALL,
)
_ASKED: Final = re.compile(
    r"^\W*(?:(?:and|so|oh|ok(?:ay)?|yes|wait|hm+)\W+)*(?:(?:is|are|was|were|is ?n['’]?t|are ?n['’]?t)(?! (?:it|there|that) (?:possible|ok|okay|a way))"  # noqa: E501
    r"|does|did|do (?:i|they|you(?! mind))|will(?! you)|wo ?n['’]?t(?! you)|ha(?:s|d) (?:the|my|it|that)|when|where|what|which|why(?! not)|how)\b"  # noqa: E501
    r"|是不是|会不会|有没有|是否|什么|哪|为什么|怎么",
    re.IGNORECASE,
)
_ASKED_ZH: Final = re.compile(r"(?:吗|么|吧(?=[?？]))")
_MAY: Final = re.compile(r"可以|能|行|好|麻烦|帮|请")
"""A question that wants something done."""
_STAYS: Final = re.compile(
    r"\b(?:do ?n['’]?t|do not|does ?n['’]?t|does not|should ?n['’]?t|should not|must ?n['’]?t|need ?n['’]?t|no need|never|no longer)\b"  # noqa: E501
    r"(?! forget)|\bno other\b"
    r"|(?<!why )\bnot\b(?! (?:only|just|all\b|(?:yet )?(?:been )?(?:shipped|sent|dispatched|posted|left|gone|out)|yet to))"  # noqa: E501
    r"|(?<!to )(?<!yet )\bleave\b|\b(?:keep|stays?|remains?|unchanged|untouched|alone|separate(?:ly)?|hold off|except|apart from|other than|as (?:it|they) (?:is|are|was|were))\b"  # noqa: E501
    r"|\b(?:is|are|['’]s|goes|go) (?:all |both |just |quite |still )?(?:fine|ok(?:ay)?|good|right|correct|perfect|where it should)\b"  # noqa: E501
    r"|(?<!not )\b(?:only|just) (?:for|the|this|that|these|those|my|on|one)\b(?![^,.;!?]*\b(?:open|unshipped|unsent|pending|not|have ?n['’]?t|has ?n['’]?t|are ?n['’]?t|is ?n['’]?t)\b)"  # noqa: E501
    r"|不(?:用|必|需要?|动|改|变|换|想|是)|(?<![要能])不要|(?<![特分区级差])别(?!的|人|墅|忘)|保持|维持|照旧|原样|没(?:让|叫|说)|(?<!不)[仅只](?!有[两二三几])|除了?",
    re.IGNORECASE,
)
_ENDS_IT: Final = re.compile(
    r"\bthat(?:['’]?s| is|['’]?ll be) all\b(?! (?:of|my|the))|\ball (?:good|set|done|fine|right|clear)\b|\bat all\b|\bafter all\b|\bthanks for all\b"  # noqa: E501
    r"|就(?:这样|这些)了?",
    re.IGNORECASE,
)
"""What closes a conversation, in words that may be of orders."""
_ORDERS: Final = re.compile(
    r"\b(?:orders?|parcels?|packages?|ones?|others?|rest|both|old|\d{3,})\b|[订单]|那[个件]|其他|另", re.IGNORECASE
)
_OTHER: Final = re.compile(
    r"\b(?:other|second|remaining) (?:one|order|parcel)s?\b|(?:另外?|其他|别的|剩下)[^，。]{0,4}[订单]", re.IGNORECASE
)


def wanted_of_orders(text: str) -> str:
    """`text` without clauses that leave orders where they are, or ask of them; empty where what stays is not named."""
    wanted: list[str] = []
    for clause in _CLAUSE.finditer(_ENDS_IT.sub(" ", text)):
        said, end = clause["said"], clause["end"]
        asked = _ASKED.search(said) or (_ASKED_ZH.search(said + end) and not _MAY.search(said))
        stays = _STAYS.search(said)
        if stays and not _ORDERS.search(said):
            # "The other order? leave it there": said of what was named before.
            return ""
        if not asked and not stays:
            wanted.append(said + end)
    return "".join(wanted)


def leaves_the_others(text: str) -> bool:
    """Whether a clause says that another order stays as it is: "but keep the other order at home"."""
    said = [clause["said"] for clause in _CLAUSE.finditer(text)]
    return any(_OTHER.search(each) and _STAYS.search(each) and not _ASKED.search(each) for each in said)
