"""Words of danger that are names of goods or of what they are like: a smoke point, a fire pit, 防火, 烟熏. Pure.

Nothing happens in them. A message is no alarm only where nothing else of danger is said in it.
"""

from __future__ import annotations

import re
from typing import Final

_NAMES: Final = re.compile(
    "|".join(
        [
            r"\bsmoke[\s-]*(?:points?|free|less|d|rs?|detectors?|alarms?|box(?:es)?|tubes?|flavou?rs?|rings?|houses?)\b",
            r"\bsmok(?:y|ey|eless|ers?)\b|\bsmoked (?:glass|salmon|paprika|meat|dome|oak|sea salt|tea)\b",
            r"\bfire[\s-]*(?:pits?|places?|proof|resistan\w+|retardan\w+|rated|rating|wood|starters?|works|side)\b",
            r"\bfire[\s-]*(?:extinguishers?|blankets?|flies|sticks?|hd|tv)\b",
            r"\bgas[\s-]*(?:grills?|stoves?|hobs?|cookers?|burners?|fired|canisters?|cylinders?|bottles?|lamps?)\b",
            r"\bburners?\b|\b(?:burn|burning) (?:times?|hours?)\b",
            r"\bhow (?:long|many hours) (?:does|do|will) (?:it|they|one|the candles?) burn\b",
            r"\bshock[\s-]*(?:proof|absor\w+|resistan\w+)\b",
            r"\b(?:explosion|leak|flame)[\s-]*(?:proof|resistan\w+|retardan\w+)\b",
            r"\bsafety (?:razors?|pins?|glass)\b",
            r"\bsafe (?:on|for|in) (?:an? |the |my )?(?:deck|patio|balcony|kids?|dogs?|cats?|pets?)\b",
            r"烟点|烟熏|无烟|油烟|烟雾报警|烟灰|防[火烟爆漏烫]|阻燃|耐火|壁炉|火锅|火盆|火力|打火|点火",
            r"\bsensitive (?:skin|gums?|teeth|scalp|eyes|stomachs?)\b",
            r"(?:皮肤|牙龈|牙齿|肠胃|头皮|眼睛)(?:比较|很|有点)?敏感|敏感[肌牙皮]",
            r"燃气[灶炉烤]|煤气灶|[气油]炉|烧烤|烤炉|燃烧时间|能烧多久|烧水|灶具",
        ]
    ),
    re.IGNORECASE,
)
_DANGER: Final = re.compile(
    "|".join(
        [
            r"\b(?:smok\w*|fires?|flames?|burn\w*|sparks?|spark(?:ed|ing)|explod\w*|explosion|shock\w*|electrocut\w*)\b",
            r"\b(?:gas|fumes?|poison\w*|toxic|bleed\w*|blood|hurts?|injur\w*|chok\w*|swallow\w*|faint\w*)\b",
            r"\b(?:unconscious|hospital|ambulance|emergency|danger\w*|melt\w*|smells?|leak\w*|overheat\w*|help)\b",
            r"[烟火烧烫毒伤血爆晕]|触电|漏[电气]|煤气|异味|窒息|误食|救",
        ]
    ),
    re.IGNORECASE,
)


_HAPPENS: Final = re.compile(
    "|".join(
        [
            r"\b(?:caught|alight|ablaze|hiss\w*|won['’]?t|can['’]?t|doesn['’]?t|stuck)\b",
            r"\b(?:touch\w*|sting\w*|itch\w*|rash|red|swoll\w*)\b",
            r"\b(?:cut|went|got|set|ate|drank|fell|start\w*|keeps?)\b",
            r"\b(?:now|after|since|used|using|just|off|out|when i|while)\b",
            r"\b(?:my|his|her|our) (?:son|daughter|kids?|child\w*|baby|dog|cat)\b",
            r"\b(?:my|his|her|our) (?:hands?|face|arms?|eyes?|skin|fingers?|house)\b",
            r"炸|砸|倒|进了?[眼嘴口]|[红痒疹疼痛]|用了|用完|用过|[之以]?后|着了|起来|不灭|关不|在[冒响漏]|了(?:\W|$)|怎么办",
        ]
    ),
    re.IGNORECASE,
)
"""Something happens, or happened to somebody."""


def only_names_danger(text: str) -> bool:
    """Whether all words of danger in a text are parts of names of goods or of their properties, and there are some.

    Where anything may have happened it is none: who is in danger must never be shown goods.
    """
    rest = _NAMES.sub(" ", text)
    return rest != text and _DANGER.search(rest) is None and _HAPPENS.search(text) is None


def without_names(text: str) -> str:
    """A text without such names, for whoever looks for harm in it."""
    return _NAMES.sub(" ", text)


__all__ = ["only_names_danger", "without_names"]
