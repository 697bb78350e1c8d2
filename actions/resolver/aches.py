"""An ache that somebody wants goods for: "side sleeper with neck pain, got a pillow?", 腰疼想买个枕头. It is no danger.

Pure. Harm that came of something, or is told with a word of danger, is left to whoever helps.
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
    r"\b(?:got|have|looking|look|need\w*|want\w*|any(?:thing)?|something|recommend\w*"
    r"|suggest\w*|which|what|best|good for|help(?:s)? with|buy|sell|pillow)\b"
    r"|想买|想要|有没有|有什么|推荐|买个|买一|哪[款种个]|适合|找",
    re.IGNORECASE,
)
_HARM: Final = re.compile(
    r"\b(?:fire|smok\w+|burn\w*|shock\w*|electrocut\w*|bleed\w*|blood|explod\w*|injur\w*|fell|broke|cut|swallow\w*|chok\w*|poison\w*|allerg\w*"
    r"|hospital|doctor|ambulance|emergency|faint\w*|unconscious|breath\w*|chest"
    r"|after (?:using|i used|it)|since (?:using|i used|it)|because of"
    r"|from (?:your|the|using)|caused|hit me|fell on)\b"
    r"|着火|冒烟|[烧烫]|触电|流血|出血|爆炸|受伤|砸|摔|中毒|过敏|医院|急救|救命|晕|呼吸|胸|用了[^，。]{0,6}(?:之后|后|就)",
    re.IGNORECASE,
)


def seeks_for_ache(text: str) -> bool:
    """Whether words look for goods because something aches, and tell of no harm."""
    return bool(_ACHE.search(text) and _SEEKS.search(text)) and _HARM.search(text) is None


__all__ = ["seeks_for_ache"]
