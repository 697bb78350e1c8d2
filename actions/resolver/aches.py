"""An ache that somebody wants goods for: "side sleeper with neck pain, got a pillow?", 腰疼想买个枕头. It is no danger.

Pure. Only a plain search counts. Harm, and whatever may be harm, is left to whoever helps.
"""

from __future__ import annotations

import re
from typing import Final

_ACHE: Final = re.compile(
    r"\b(?:neck|back|shoulders?|knees?|feet|foot|heels?|wrists?|joints?|hips?|muscles?|head|eyes?|skin|spine|arms?|legs?|hands?)\b[^.?!]{0,12}"
    r"\b(?:pain\w*|aches?|aching|hurts?|sore\w*|stiff\w*|strain\w*|problems?)\b"
    r"|\b(?:sore|stiff|bad|painful|aching|achy) (?:neck|back|shoulders?|knees?"
    r"|feet|hips?|joints?)\b"
    r"|\b(?:back|head)aches?\b|\barthritis\b|\bsciatica\b"
    r"|(?:腰|背|颈椎?|脖子|肩膀?|膝盖|脚|腿|手腕|关节|头|眼睛)[^，。？]{0,3}(?:[疼痛酸僵]|不舒服|不好)|落枕|颈椎病|腰椎",
    re.IGNORECASE,
)
_SEEKS: Final = re.compile(
    r"\b(?:looking|shopping) for\b|\brecommend\w*|\bsuggest\w*"
    r"|\b(?:got|have|sell|stock|carry) (?:(?:yo)?u |guys )*(?:got |have )?(?:an?|any|anything|some|something)\b"
    r"|\b(?:do|can) (?:yo)?u (?:guys )?(?:have|sell|stock|carry|offer)\b"
    r"|\b(?:any|some)thing (?:good |nice |suitable )?(?:for|that helps|to help)\b"
    r"|\b(?:want|like|hoping) to (?:buy|get|order) an?\b"
    r"|\b(?:need|want|after) (?:an?|some(?:thing)?) (?!person|human|doctor|refund|replacement)[^.?!]{0,40}\bfor\b"
    r"|\b(?:which|what|best)\b[^.?!]{0,30}\b(?:is|are|would be) (?:best|good|right)\b"
    r"|\b(?:best|good) \w+(?: \w+)? for\b"
    r"|想买|要买|买个|买一|推荐|有没有(?!人|办法|事)|有什么(?!办法|法子|用|事|问题|影响|危险)|适合",
    re.IGNORECASE,
)
_HARM: Final = re.compile(
    r"\b(?:fire|smok\w+|burn\w*|shock\w*|electrocut\w*|bleed\w*|blood\w*|explod\w*|injur\w*|fell|fall\w*|broke\w*|cut"
    r"|swallow\w*|chok\w*|poison\w*|allerg\w*|hospital|doctor|ambulance|emergency|faint\w*|unconscious|breath\w*|chest"
    r"|fumes?|gas|bleach\w*|acid|chemicals?|leak\w*|splash\w*|spray\w*|spill\w*|collaps\w*|shatter\w*|snapp\w*|crack\w*"
    r"|slipp\w*|trapp\w*|stuck in|rash\w*|swoll?e\w*|blister\w*|dizz\w*|vomit\w*|nause\w*|numb|infect\w*|severe\w*"
    r"|fever|sudden\w*|unbearable|can['’]?t (?:see|move|feel|walk)|drank|ate|inhal\w*|bit|hit"
    r"|in (?:my|his|her|their|our) (?:eyes?|mouth|throat)|(?:after|since) (?:using|i|it|your|the|this)"
    r"|your (?!shop|store|range|web|site|catalog|opinion|selection|advice)\w+|smell\w*|hot|tipp\w*|toppl\w*"
    r"|because of|due to|from (?:your|the|this|using)|caused"
    r"|need (?:some )?help|help me|what (?:now|(?:do|should|can) (?:i|we) do))\b"
    r"|[火烟烧烫血伤砸摔毒晕漏塌溅喷碎扎裂肿疹]|触电|电到|电击|爆炸|爆了|过敏|割破|划破|发麻|麻木|麻了|呕吐|想吐|吐了"
    r"|医院|急救|救命|呼吸|胸|气味|闻|你们家?的|异味|煤气|恶心|发烧"
    r"|突然|怎么办|咋办|弄到|进了|用了[^，。]{0,6}(?:之后|后|就)|[买用](?:了)?你们",
    re.IGNORECASE,
)
"""Harm, or what may be harm: where it stands, no goods are shown."""


def seeks_for_ache(text: str) -> bool:
    """Whether words look for goods because something aches, and tell of no harm."""
    return bool(_ACHE.search(text) and _SEEKS.search(text)) and _HARM.search(text) is None


__all__ = ["seeks_for_ache"]
