"""All of an order goes but what is said to be wanted alone: "cancel everything else, only the lamp should come". Pure.

Said in two sentences, of which neither tells all. They are put into one: "cancel everything except the lamp". Of "the
others" that are the same goods in other orders `kept_apart` reads.
"""

from __future__ import annotations

import re
from typing import Final

_GO: Final = r"(?:cancel|call off|drop|remove|scrap|take off|get rid of|return|send back)"
_GONE: Final = r"(?:cancell?ed|dropped|removed|called off|scrapped|taken off|returned|sent back)"
_REST: Final = (
    r"(?:everything else|all else|(?:all )?(?:of )?the (?:rest|others)|(?:all )?the (?:other|remaining)"
    r" (?:things|items|goods|stuff|products|bits|ones|two|three)|the other stuff|the remainder)"
)
_ORDER: Final = r"(?: (?P<order>(?:in|from|of|on|out of|off) (?!(?:it|them)\b)[^,.;!?]{2,60}?))"
_KEPT: Final = r"(?P<kept>(?!(?:it|that|this|one|to|if)\b)[^,.;!?]{2,60}?)"
_TAIL: Final = r"(?: (?:please|though|instead|still|then|now|as planned|as ordered))*"
_COMES: Final = (
    r" (?:(?:should|can|may|must|is to|are to|needs? to|has to|have to|will) )?(?:still |just )?"
    r"(?:come|be sent|be shipped|be delivered|ship|stay|remain|stays|remains|comes|is wanted|is needed)"
)
_BETWEEN: Final = r"[,.;:!]?\s*(?:-+\s*)?(?:(?:and|but|so|then|please|you can|just) )*"
_WANTING: Final = r"(?:i|we)(?:'d| would)? (?:(?:only|just) (?:want|need|like|wanted)|want only|need only)"
_SAID: Final = (
    re.compile(
        rf"\b(?P<go>{_GO}) {_REST}{_ORDER}?{_TAIL}{_BETWEEN}\b(?:only|just) {_KEPT}{_COMES}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<go>{_GO}) {_REST}{_ORDER}?{_TAIL}{_BETWEEN}"
        rf"\b(?:{_WANTING}|(?:only|just) keep|keep (?:only|just)) {_KEPT}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:\b{_WANTING}|(?:(?<=^)|(?<=[,.;:!?] ))(?:only|just)(?! (?:cancel|one|a|two|keep|want|need|return|send|swap|change|exchange|refund|drop|remove)\b)|\b(?:keep|leave me) (?:only|just)"  # noqa: E501
        rf"|\b(?:only|just) keep) {_KEPT}{_ORDER}?{_TAIL}{_BETWEEN}"
        rf"\b(?:(?P<go>{_GO}) {_REST}(?: (?:in|from|of|on) (?:it|there|that|that order))?"
        rf"|{_REST} (?:(?:can|should|may|must|could|to|needs? to|has to) )+(?:all )?(?:go|be (?P<gone>{_GONE}))"
        rf"|{_REST} (?:goes|is not needed|are not needed|(?:is|are)n'?t needed))\b{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b{_REST}{_ORDER}? (?:(?:can|should|may|must|could) )+(?:all )?(?:go|be (?P<gone>{_GONE})){_BETWEEN}"
        rf"\b(?:{_WANTING}|(?:only|just) keep|keep (?:only|just)) {_KEPT}{_TAIL}(?=\W*$|[,.;!?])",
        re.IGNORECASE,
    ),
)
_OTHERS: Final = re.compile(r"\bthe others?\b(?! (?:things|items|goods|stuff|products|bits))", re.IGNORECASE)
_COMPARED: Final = re.compile(
    r"\b(?:ones?|pairs?|sets?|cheap\w*|dear\w*|expensive|pric\w+|bigg?\w*|small\w*|larg\w*|new\w*|old\w*|first|second"
    r"|last|which\w*|\d+|two|three)\b",
    re.IGNORECASE,
)
"""What is told among its like: "the others" beside it are those."""


_HAN_SAID: Final = re.compile(
    r"(?:只想?要|只留|只需要|就要|就留|只保留)(?:下|着)?(?P<kept>[^，。；！？,;!?]{1,20}?)(?:就行|就好|就可以)?了?[，。；,;\s]+"
    r"(?:把)?(?P<rest>别的|其他的?|其它的?|其余的?|剩下的?|剩余的?|另外的)(?:东西|商品|几样|几件)?"
    r"(?P<goes>(?:都|全部?|统统)?(?:给我|帮我)?(?:取消|退|不要|去掉|别发|撤)[掉了吧]{0,2})(?![不取退换改动发])"
)
_HAN_ACTS: Final = re.compile(r"取消|[退换改]|不要")
_HAN_COMPARED: Final = re.compile(
    r"最|贵|便宜|(?:^|[^目])的(?:那|这)?[个件台双条把只块辆副套张本盏瓶盒款]?$|[大小新旧]的|那[个件台双条把只块]"
)


_NAMED_TOO: Final = (
    re.compile(
        rf"(?P<goes>\b(?:{_GO}) (?!everything|all\b|the rest|the others?\b)[^,.;!?]{{2,60}}[,.;]\s*(?:(?:and|but|because|as) )*)"  # noqa: E501
        rf"{_WANTING} (?!to\b){_KEPT}(?P<end>{_TAIL}(?=\W*$|[,.;!?]))",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<goes>[^，。；！？,;]{1,16}(?:取消|不要|退|去掉|别发)[掉了吧]{0,2}[，。；,;\s]+)(?:我)?(?:只想?要|只留|只需要|就要|就留|只保留)(?:下|着)?"
        r"(?P<kept>[^，。；！？,;!?]{1,20}?)(?:就行|就好|就可以)?(?P<end>了?(?=$|[，。；！？,;!?]))"
    ),
)


_MONEY: Final = re.compile(r"\b(?:money|refund|back)\b|^(?:keep|cancel|return|swap|change|exchange)\b", re.IGNORECASE)
_NO_GOODS: Final = re.compile(
    rf"{_COMPARED.pattern}|\bthird\b|\bother\b|[换改]|取消|\b(?:money|refund|back|price)\b|[钱款退价]|^[一二两三四五\d]+[个件双条把只台]?",
    re.IGNORECASE,
)


def with_rest_going(text: str) -> str:
    """`text` with "cancel everything in my order except the lamp" where it says so in two sentences."""
    said = _HAN_SAID.search(text)
    if said is not None and not _HAN_COMPARED.search(said["kept"]) and not _HAN_ACTS.search(said["kept"]):
        return f"{text[: said.start()]}除了{said['kept']}其他{said['goes']}{text[said.end() :]}"
    for pattern in _SAID:
        if (said := pattern.search(text)) is not None and not _of_the_same(said) and not _MONEY.search(said["kept"]):
            return text[: said.start()] + _in_one(said) + text[said.end() :]
    for pattern in _NAMED_TOO:
        if (said := pattern.search(text)) is not None and not _NO_GOODS.search(said["kept"]):
            kept = f"keep {said['kept']}" if said["kept"].isascii() else f"{said['kept']}留着"
            return text[: said.start()] + said["goes"] + kept + said["end"] + text[said.end() :]
    return text


def _of_the_same(said: re.Match[str]) -> bool:
    """Whether "the others" may be the same goods: no order is told, or what stays is told by a value."""
    return _OTHERS.search(said[0]) is not None and (not said["order"] or _COMPARED.search(said["kept"]) is not None)


def _in_one(said: re.Match[str]) -> str:
    groups = said.groupdict()
    go = groups.get("go") or ("return" if (groups.get("gone") or "").lower() in ("returned", "sent back") else "cancel")
    order = re.sub(r"^(?:out of|off|of|on)\b", "in", (said["order"] or "").strip())
    return f"{go} everything {order} except {said['kept'].strip()}".replace("  ", " ")


__all__ = ["with_rest_going"]
