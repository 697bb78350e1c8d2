"""Wishes put so that their goods stand apart from their verbs, said the plain way round. Pure.

"Cancel the bottles then, both" is of the bottles, and of no two orders. "The chair and the bed I keep" keeps them. "Put
the rest on my gift card" is how what stays is paid, and calls nothing off. What is taken back in the same breath, "…
hm no, I've only one. Cancel the bottles", is no wish.
"""

from __future__ import annotations

import re
from typing import Final

_GO: Final = r"(?:cancel|drop|remove|call off|take off|scrap|return|send back|get rid of|refund)"
_BOTH_TAIL: Final = re.compile(
    rf"(?P<wish>\b{_GO} (?:the|my|those|these|that) (?:[\w-]+ ?){{1,5}}?)(?:,? then)?,? both(?: of (?:them|those|these))?"  # noqa: E501
    r"(?=\s*(?:$|[.;!?,]|please|thanks))",
    re.IGNORECASE,
)
_ITEM: Final = r"(?!(?:that|which|ones?|order) )[\w'-]+(?: [\w'-]+){0,2}?"
_FRONTED: Final = re.compile(
    rf"(?P<start>^|[.;!?]\s*|,\s*(?:and |but )?)(?P<list>(?:the|my) {_ITEM}(?:, (?:the |my )?{_ITEM})*"
    rf"(?:,? (?:and|&) (?:the |my )?{_ITEM})?),? (?:i|we)(?:['’]ll| will|['’]d like to| would like to| want to| do)? "
    r"(?:(?:do )?want to )?(?P<verb>keep|hold on to)\b(?! (?:the|my|it|one|two)\b)",
    re.IGNORECASE,
)
_PAYS_REST: Final = re.compile(
    r"\b(?:put|charge|pay|settle|have|move|take|book)(?: for)? (?P<rest>(?:the (?:rest|remainder|others?|remaining \w+)|what(?:['’]s| is) left))"  # noqa: E501
    r"(?: (?:up|paid|charged))? (?:on|onto|to|with|by|from|via|using|through|off) (?P<way>(?:my|the|a) (?:\w+ )?(?:gift ?card|credit card|card|mastercard|visa|paypal|account|balance|voucher))\b"  # noqa: E501
    r"(?:,? if (?:that|it|there)(?:['’]s| is)? (?:covers? (?:it|that|the rest)|(?:is )?enough(?: on (?:it|there))?|works|possible))?",  # noqa: E501
    re.IGNORECASE,
)
_PAYS_REST_HAN: Final = re.compile(
    r"(?:剩下|其余|余下|剩余|留下|其他)(?:的)?(?:钱|款|部分|几[样件个]|东西|商品)?(?:都|就|全)?(?:改)?(?:用|从|拿|走)(?:我的)?(?P<way>礼品卡|购物卡|信用卡|余额|支付宝|微信|万事达卡?|维萨卡?)(?:里)?(?:的钱)?(?:来)?(?:付|支付|扣|出|结)(?:吧|了|款|钱)?"
)
_TAKEN_BACK: Final = re.compile(
    r"(?:\.{2,}|…|[,.;!?-])\s*(?:(?:hm+|oh|ah|er+m?|uh+|wait|well|ok)\W+)*(?:no|nope|wait,? no|never ?mind|scratch that|forget that|not that)\b[\s,:-]*"  # noqa: E501
    r"(?:(?:wait|sorry|actually)\W+)*(?:(?:i|we)(?:['’]ve| have)? (?:only|just) (?:got |have |had |ordered |bought )?(?:one|the one|a single one|1)\b"  # noqa: E501
    r"|(?:i|we) (?:don['’]?t|do not|didn['’]?t) (?:have|own|order|buy) (?:two|any|that|those|one)\b|(?:that['’]?s|it['’]?s|that was) (?:wrong|not (?:it|right|that one)|the wrong (?:one|thing))"  # noqa: E501
    r"|(?:leave|forget|keep|not) (?:it|that|that one|them))[^.;!?,]{0,20}[.;!?,]+\s*"
    rf"(?=(?:(?:so|then|please|but|just|ok|instead|can you|could you)\W+)*(?:{_GO}|change|swap|exchange)\b)",
    re.IGNORECASE,
)
_TAKEN_BACK_HAN: Final = re.compile(
    r"(?:[，。…,]|\.{2,})\s*(?:哦|啊|呃|嗯|诶|哎)*[，,\s]*(?:不对|不是|等等|等下|算了|记错了|说错了|搞错了)[了啊呀]?[，,。.…\s]*"
    r"(?:我?(?:只有|才|就|只|原来只)(?:买|有|订)?了?一[个件块台条只双套把盒瓶本张副盏辆]|(?:那个|这个|它)?(?:留着|不动|别动|不用了?)|(?:我)?(?:没有|没买)(?:两|那)[个件块台条只双套把])[^，。；！？,]{0,6}[，。；！,\s]+"
    r"(?=(?:那就?|就|还是|麻烦|请|帮我|把|改成)*[^，。；！？]{0,12}(?:取消|退|换|改|不要))"
)


_AND_BECOMES: Final = re.compile(
    r"(?P<stop>[.!?;])\s+and (?=(?:the|my) (?![^.!?;]*\b(?:too|as well|also)\b)[^.!?;,]*\b(?:same|in|into|instead|but|should be|to)\b)",  # noqa: E501
    re.IGNORECASE,
)


_WISHED: Final = re.compile(rf"\b{_GO}\b|\b(?:swap|change|exchange)\b|取消|退|换|改|不要", re.IGNORECASE)


def said_plainly(text: str) -> str:
    """`text` the plain way round."""
    text = _without_taken_back(text)
    text = _BOTH_TAIL.sub(lambda said: said["wish"].rstrip(), text)
    return keeping_first(text)


def _without_taken_back(text: str) -> str:
    """`text` without the sentence that is taken back at its end, and the words that do so."""
    back = _TAKEN_BACK.search(text) or _TAKEN_BACK_HAN.search(text)
    if back is None:
        return text
    sentences = re.split(r"(?<=[.;!?。；！？])(?<!\.\.)\s*(?![.])", text[: back.start()].rstrip(" .…，,。"))
    if _WISHED.search(sentences[-1]) is None:
        # "The lamp isn't right. No, it's wrong. Return it": no wish is taken back.
        return text
    return text[: back.start()][: text.find(sentences[-1])] + text[back.end() :]


def keeping_first(text: str) -> str:
    """`text` with "keep the chair and the bed" for "the chair and the bed I keep", and each thing's words apart.

    A sentence that begins with "and the lamp" and says what it is to become is no more of a list.
    """
    text = _FRONTED.sub(lambda said: f"{said['start']}{said['verb']} {said['list']}", text)
    return _AND_BECOMES.sub(_becoming, text)


def _becoming(said: re.Match[str]) -> str:
    """What a sentence that goes on with "and the lamp" begins with: behind a calling off it goes on with that."""
    text = said.string
    off = re.search(rf"\b{_GO}\b", text[: said.start()], re.IGNORECASE)
    plain = re.match(r"[^.!?;]*\b(?:instead|should be|into)\b", text[said.end() :], re.IGNORECASE)
    return said[0] if off and not plain else f"{said['stop']} change "


def rest_paid(text: str) -> tuple[str, str]:
    """`text` without the clause that says how what stays is to be paid, and the way to pay; "" where it says none."""
    said = _PAYS_REST.search(text) or _PAYS_REST_HAN.search(text)
    if said is None:
        return text, ""
    left = re.sub(r"(?:[\s,，;；]|\b(?:and|then|also|please)\b)+$", "", text[: said.start()]) + text[said.end() :]
    return (left, said["way"]) if re.search(r"\w{2}", left) else (text, "")


__all__ = ["keeping_first", "rest_paid", "said_plainly"]
