"""What a message only asks while something is offered: "does the vacuum come with a bag?", 黑色的贵吗.

A question of fact wants nothing done, so what it names comes to no proposal and takes nothing from one. Pure.
"""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(r"(?:[^.?!;。？！；\n]|\.(?=\d))+[.?!;。？！；\n]*", re.IGNORECASE)
_LEADS: Final = (
    r"^\W*(?:(?:and|so|but|ok(?:ay)?|oh|also|then|well|hm+|wait|sorry|btw|by the way|just (?:to check|checking|curious|wondering)"  # noqa: E501
    r"|one (?:more )?(?:question|thing)|quick question|another question|before (?:that|you do)|first|just)\b\W*)*"
)
_ASKS: Final = re.compile(
    rf"{_LEADS}(?:how (?:much|many|long|soon|big|heavy|far|old|good)|when(?! (?:it|they|you|that) )|where|what(?:['’]?s| is| are| was| will| would| do| does| did| colou?r| size)"  # noqa: E501
    r"|which|who(?:['’]?s)?|why(?! not\b| don['’]?t )|does|do (?:i|you|they|we|these|those|both|the|my)|did|is|isn['’]?t|are|was|were|has|have (?:you|they|i|we|the)"  # noqa: E501
    r"|will|won['’]?t|would (?:it|that|this|they|the|these|those)|am i|should (?:it|that|they))\b",
    re.IGNORECASE,
)
_ASKS_HAN: Final = re.compile(
    r"[吗么](?:[?？]|\W*$)|多少|什么时候|啥时候|几时|几天|多久|(?<!没)什么(?!都)|啥|哪|谁|怎么|为什么|为啥|是不是|贵不贵|有没有|带不带|会不会|几[个件台条双只块号点]|多[重大长高宽远]"
)
_MARK: Final = re.compile(r"[?？]\W*$")
_WISHES: Final = re.compile(
    r"\b(?:cancel|change|swap|exchange|switch|return|remove|drop|rather|instead|prefer|if|unless|only|too|as well|replace"  # noqa: E501
    r"|refund|possible|ok(?:ay)?|allowed|please|(?:can|could) (?:you|i|we))\b"
    r"|\b(?:i|we|you|me|us)\b[^?]*\b(?:send|add|put|keep|leave|make|give|take|use|want|like|need|move|ship|have)\b"
    r"|\b(?:what|how) about\b|\bwould you\b|\bwill you\b"
    r"|[换改退删加寄买]|取消|不要|给我|帮我|留(?!下的)|算了|能不能|可不可以|可以|能[^，。]*[吗么]|[行好]吗|要不[然是]"
    r"|如果|要是|的话|只|也(?!是)|想要|我要|要(?:这|那|红|黑|白|蓝|灰|绿|大|小)|呢\W*$|就?够了?|应该|我说的",
    re.IGNORECASE,
)
"""Words that want something done, or say of what: whatever is put as a question with them may be a wish."""
_HAD: Final = re.compile(
    r"\b(?:is|are) there\b|\bdo you (?:have|stock|sell|carry|do)\b|\bhave you(?: got)?\b|\bwhat (?:other|else)\b|\bwhich\b|有(?:没有)?(?!带)|哪",  # noqa: E501
    re.IGNORECASE,
)
"""What there is: of goods that become others that is a wish."""
_FACT: Final = (
    r"(?:warranty|guarantee|tracking (?:number|code|link)|delivery (?:date|day|time)|arrival (?:date|day|time)|return (?:policy|window|period)"  # noqa: E501
    r"|eta|washing instructions|dimensions|weight|measurements)"
)
_BARE_FACT: Final = re.compile(
    rf"{_LEADS}(?:(?:what|how) about )?(?:the |its |your |my )?{_FACT}(?: (?:on|for|of|from|to|with) [\w' -]{{1,40}})?\s*\?\W*$",  # noqa: E501
    re.IGNORECASE,
)
_BARE_FACT_HAN: Final = re.compile(
    r"^\W*(?:那|还有|另外|顺便(?:问(?:一?下)?)?|对了|请问)*[^，,。.!！?？]{0,12}(?:保修期?|质保期?|运单号|快递单号|物流单号|到货时间|送达时间|退货期限|尺寸|重量)(?:呢|是)?[?？]\W*$"
)
"""A fact that is asked after by its name alone: "and the warranty on the vacuum?", 吸尘器的保修呢？."""
_TAG: Final = re.compile(
    r",?\s*\b(?:right|correct|yes|no|isn['’]?t it|wouldn['’]?t it|is that right)\s*\?\W*$|(?:对吧|是吧|对吗|是吗|对不对|没错吧)[?？]?\W*$",  # noqa: E501
    re.IGNORECASE,
)
_REST: Final = re.compile(
    r"\b(?:the|my) (?:rest|others?|remain\w+)\b|\bwhat(?:['’]?s| is|ever is)? (?:left|remains|stays)\b|\b(?:what|everything) (?:i|we) keep\b"  # noqa: E501
    r"|\bremaining\b|\b(?:new|final) total\b|\b(?:the )?order (?:\w+ ){0,3}(?:then|after|afterwards|now)\b"
    r"|剩下?|其余|其他|别的|余下|留下",
    re.IGNORECASE,
)
_COSTS: Final = re.compile(
    r"\bhow much\b|\bcosts?\b|\bcome to\b|\btotal\b|\bpay\b|\bprice\b|多少钱?|总(?:共|价|额)|一共|合计", re.IGNORECASE
)
_DEARER: Final = re.compile(
    r"\b(?:dearer|pricier|cheaper|more expensive|less expensive|costs? (?:more|less|the same|extra)|same price|how much|price|cost)\b"  # noqa: E501
    r"|贵|便宜|多少钱|价|差多少",
    re.IGNORECASE,
)


def is_fact_question(text: str, *, swaps: bool = False) -> bool:
    """Whether `text` asks after a fact and wants nothing done; `swaps`: goods are to become others, so that what there is
    to be had is no mere question.
    """  # noqa: E501
    if _BARE_FACT.match(text) or _BARE_FACT_HAN.match(text):
        return True
    han = re.search(r"[\u4e00-\u9fff]", text) is not None
    asks = _ASKS_HAN.search(text) if han else (_ASKS.search(text) and (_MARK.search(text) or _wh(text)))
    if not asks or _WISHES.search(text):
        return False
    return not (swaps and _HAD.search(text))


def _wh(text: str) -> bool:
    return re.search(rf"{_LEADS}(?:how (?:much|many|long|soon)|when|where|what|why)", text, re.IGNORECASE) is not None


def fact_questions_apart(text: str, *, swaps: bool = False) -> tuple[str, str]:
    """`text` without the sentences that only ask, or ask back, and those of them that are to be answered.

    "Red is 65 more, right? Then yes, silver" asks back what was just told.
    """
    parts = [part.strip() for part in _CLAUSE.findall(text)]
    asked = [part for part in parts if is_fact_question(part, swaps=swaps)]
    left = [part for part in parts if part not in asked and not _TAG.search(part)]
    return (text if len(left) == len(parts) else " ".join(left)), " ".join(asked)


def asks_rest_price(text: str) -> bool:
    """Whether `text` asks what stays of the order costs then: "how much will the rest cost me then?", 剩下的一共多少钱."""  # noqa: E501
    return _REST.search(text) is not None and _COSTS.search(text) is not None


def asks_price_of_version(text: str) -> bool:
    """Whether `text` asks what a version costs, or whether it costs more: "is black dearer?", 黑色的贵吗."""
    return _DEARER.search(text) is not None


__all__ = ["asks_price_of_version", "asks_rest_price", "fact_questions_apart", "is_fact_question"]
