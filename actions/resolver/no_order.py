"""Whether words say that there is no order: none that anything could be about, none to look up, none ever placed.

Pure. Who lacks only an order's number has an order: "I have no order number" is not told apart here by accident.
"""

from __future__ import annotations

import re
from typing import Final

_ITS_NUMBER: Final = r"(?! (?:\w+ )?(?:numbers?|ids?|no\b|n[or]\b|conf\w*|histor\w*|e-?mails?))"
"""Behind "no order": it is only the order's number that is missing."""
_NONE: Final = re.compile(
    # nothing was bought
    r"\b(?:i|we)(?:['’]ve| have|['’]m)?(?: have)?(?:n['’]?t| not|n['’]t even)"
    r"(?: (?:yet|even|actually|really))* (?:ordered|bought|purchased|placed)\b(?! (?:\w+ )*(?:in|for) (?:years|months))"
    r"(?! (?:\d+|two|three|four)\b)"
    r"|\b(?:did|has)(?:n['’]?t| not) (?:even |yet |actually )*(?:buy|order|purchase|place)\b"
    r"(?! (?:it|that|this|the|those|these|them|a|an|two|three|four|\d+)\b)(?: (?:anything|one|an order))?(?: yet)?"
    r"|\b(?:no order|(?:do|did)(?: not|n['’]?t) have orders?) yet\b|\bbefore i (?:buy|order)\b"
    # there is none
    r"|\b(?:do|did)(?: not|n['’]?t) (?:yet |even )?(?:have|got|place|make) (?:an?|any) orders?\b"
    + _ITS_NUMBER
    + r"(?! (?:since|in|for)\b)"
    r"|\b(?:have|got|there['’]?s|there is) no orders?\b"
    + _ITS_NUMBER
    +
    # it is not what is asked
    r"|^\W*(?:(?:oh|hey|uh|ugh|omg|wait|please)\W+)*no orders?\b"
    + _ITS_NUMBER
    + r"(?! (?:came|arrived|was|has|is|can)\b)"
    r"|\bforget (?:about )?(?:the|that|any|an) order\b"
    + _ITS_NUMBER
    + r"(?=\W+(?:(?:and|but|so|i['’]?m|just)\W+)*(?:i|we|what|is|are|do|does|how|which|show|looking|have|got)\b)"
    r"|\b(?:not|n['’]t) (?:asking |talking |a question )?about (?:an|any|my) order\b"
    r"(?! (?:being|not|that|which|is|was|\w+ing\b))"
    r"|\bi (?:mean|meant|said) (?:the |a |your )?(?:\w+ ){1,3}?,? ?not (?:an|any|the|my) order\b"
    r"|(?<![\w#])\d{1,4}(?: is|['’]s)?(?: not|n['’]t) (?:an?|my|the) order\b|(?<![\w#])\d{1,4}(?:块|元)?(?:并)?不是(?:我的)?(?:订单|单号)"  # noqa: E501
    r"|\b(?:no need|don['’]?t|needn['’]?t)(?: to)? look (?:it |anything |an order )?up\b"
    r"|我?(?:都|也|根本|还)*没(?:有)?(?:买|下单|下订单|购买)(?!到|齐|够|错|[两二三四五\d])|还没(?:有)?订(?!到|齐|够|单)|没(?:有)?下(?:过)?单"
    r"|没(?:有)?(?:任何)?订单(?!号|编号|信息|短信|记录|确认|的?(?:发货|物流|通知|进度|更新|状态))|不是(?:问|查|说)?(?:我的)?订单(?!号|编号)"
    r"|(?:不|没)(?:用|需要|必|是要|是|想|要)?(?:再|帮我|给我|在)?(?:查|问)(?:我的|哪一?|什么)?(?:单|订单)",
    re.IGNORECASE,
)
_NEVER: Final = re.compile(
    r"\b(?:i(?:['’]ve)?|we(?:['’]ve)?) (?:have )?never (?:even )?(?:ordered|bought|shopped|purchased|placed)\b"
    r"(?= *(?:$|[^\w\s]|(?:anything|here|from you|with you|in your|at your|online)\b))(?! (?:the|that|this|these|those|a|an|two|three|it|them)\b)"  # noqa: E501
    r"|\b(?:do not|don['’]?t|didn['’]?t|haven['’]?t|did not|have not) (?:even )?(?:have|got|place|placed|make|made) (?:an? |any )?orders?\b(?! (?:number|confirmation|no\b|id\b|since|in|for|e-?mail))"  # noqa: E501
    r"|\b(?:there['’]?s|there is|i have|i['’]ve(?: got)?|got) no order\b(?! (?:number|confirmation|no\b|id\b))"
    r"|(?:从没|从来没有?|没有?)在?(?:你们|贵店|这)?(?:这里|这儿|这|家|店)?(?:里)?(?:下过单|买过东西|订过|消费过)"
    r"|我?(?:根本)?没有?(?:任何)?订单(?!号|编号|信息|短信|记录|确认)",
    re.IGNORECASE,
)
_TELLS_OWN: Final = re.compile(
    r"@|\bmine (?:is|was)\b|我的是|(?<!\d)\d{5,}"
    r"|\b(?:cancel|return|swap|exchange|change) (?:the|my|one|it|them|both)\b|\bswap it\b"
    r"|\bi(?:['’]ve| have)? (?:already |just )?(?:paid|received)\b|\bcharged\b|\bpayment (?:was|went|has)\b"
    r"|\bwrong (?:\w+ )?(?:items?|things?|ones?|goods|parcel|product)\b|\b(?:came|arrived|turned up|was delivered)\b"
    r"|\bi (?:only|just) (?:wanted|ordered|bought)\b|\b(?:my|the) (?:refund|return|money|parcel|package)\b"
    r"|\bmy (?!order\b)\w+ (?:ordered|bought|placed|did|has|paid)\b"
    r"|\b(?:s?he|they) (?:ordered|bought|placed|did|paid)\b"
    r"|(?<!还)没(?:有)?买过?[这那]|付(?:了|过)|扣了|付款了|[发送寄]错|下的单|下单的是|[买订]的(?!话|时候)|帮我查|直接退|退款吧|退了吧|退货吧"
    r"|邮箱是|帮我(?:取消|退|换|改)|我要(?:取消|退|换|改)|\bmy e-?mail\b",
    re.IGNORECASE,
)
"""Which order, who asks or what is wanted of it stands beside: there is one."""


def says_no_order(text: str) -> bool:
    """Whether words say that there is no order, or that none is asked about."""
    return _NONE.search(text) is not None


def denies_order(text: str) -> bool:
    """The same, where nothing beside it tells of an order all the same: none is to be looked up."""
    return says_no_order(text) and _TELLS_OWN.search(text) is None


def never_ordered(text: str) -> bool:
    """Whether words say that nothing was ever ordered here, whatever else is told."""
    return _NEVER.search(text) is not None


def without_denial(text: str) -> str:
    """`text` without the words that say so: what is asked beside them."""
    return _NONE.sub(" ", text)


__all__ = ["denies_order", "never_ordered", "says_no_order", "without_denial"]
