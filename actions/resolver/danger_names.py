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
            r"\b(?:caught|alight|ablaze|hiss\w*|won['’]?t|can['’]?t|cannot|doesn['’]?t|stuck)\b",
            r"\b(?:touch\w*|sting\w*|itch\w*|rash|red|swell\w*|swoll\w*|bulg\w*|acid)\b",
            r"\b(?:cut|went|got|set|ate|drank|fell|start\w*|keeps?|made|makes|making|did|was|were)\b",
            r"\b(?:burst\w*|blew|blown|erupt\w*|scorch\w*|sing(?:ed|eing)|smou?lder\w*|popp\w*|buzz\w*|collaps\w*)\b",
            r"\b(?:dizz\w*|sick|nause\w*|vomit\w*|headaches?|breath(?:e|ing)?|cough\w*)\b",
            r"\b(?:throw\w* up|threw|pass\w* out)\b",
            r"\b(?:why|normal|supposed|strange|weird|what (?:do|should|can|to))\b",
            r"\bhow (?:do|can|should) (?:i|we) (?:stop|put)\b|(?<!show )(?<!tell )(?<!for )\b(?:us|me|mine|we feel)\b",
            r"\b(?:bad|meant|evacuate|damaged|broken|blister\w*|accident|recall\w*)\b|夹|要紧|[电烫]了",
            r"\b(?:now|after|since|used|using|just|off|out|when i|while)\b",
            r"\b(?:my|his|her|our) (?:son|daughter|kids?|child\w*|baby|dog|cat)\b",
            r"\b(?:my|his|her|our) (?:hands?|face|arms?|eyes?|skin|fingers?|hair|house)\b",
            r"炸|砸|倒|进了?[眼嘴口]|[红痒疹疼痛]|用了|用完|用过|[之以]?后|着了|起来|不灭|关不|在[冒响漏]|了(?:\W|$)|怎么办",
            r"怪味|刺鼻|恶心|吐|呼吸|喘|昏|嘶|响|跳[闸电]|火花|鼓包|变形|正常|为什么|怎么回事",
        ]
    ),
    re.IGNORECASE,
)
"""Something happens, or happened to somebody."""
_ASKS: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|also|hi|hey|hello|well)\b\W*)*"
    r"(?:is|are|do|does|can|could|would|has|have|what|whats|which|how|where|any|got any|show me|looking for"
    r"|(?:i |we )?(?:need|want)|(?:i['’]?m|i am|we['’]?re) (?:looking|after)|i['’]?d like|price)\b"
    r"|吗|有没有|多[少大久长重宽高]|几[个种款]|哪[个款种家]|什么(?:价|牌子|颜色|材质|尺寸)|价格|推荐"
    r"|^\W*(?:想|要|买|找|有(?!人|股|火|烟|怪|味))",
    re.IGNORECASE,
)
"""How goods are asked for or asked about."""
_PROPERTY: Final = re.compile(
    r"\bsmoke[\s-]*(?:points?|free|less)\b|\bsmok(?:y|eless|ed)\b|\b\w+[\s-]?(?:proof|resistan\w+|retardan\w+)\b"
    r"|\bfire[\s-]*(?:rated|rating)\b|\b(?:burn|burning) (?:times?|hours?)\b"
    r"|烟点|烟熏|无烟|防[火烟爆漏烫]|阻燃|耐火|火力|燃烧时间",
    re.IGNORECASE,
)
"""Names of what goods are like, to which nothing can happen."""
_TELLS: Final = re.compile(
    r"\b(?:i|me|my|we|us|our|it|is|are|has|have|had|been|be|on|\w{2,}(?:ed|ing))\b|[我他她]", re.IGNORECASE
)
"""A sentence, no mere name."""
_PLAIN: Final = re.compile(
    r"\b(?:an?|the|with|without|or|and|for|in|please|pls|one|two|three|four|\d+|big|small|large|new|cheap\w*)\b"
    r"|[的个一两双单台只款\d]|\W",
    re.IGNORECASE,
)
"""What stands beside a mere name."""
_WORD: Final = re.compile(r"[a-z0-9'’]+|[一-鿿]", re.IGNORECASE)
_MOST_BESIDE: Final = 5
"""Words, or characters, beside the name of a property in a message that asks nothing."""


def only_names_danger(text: str) -> bool:
    """Whether all words of danger in a text are parts of names of goods or of their properties, and there are some.

    Who is in danger must never be shown goods, and what happens to them cannot be listed. So besides that nothing may
    have happened, goods must be asked for or asked about, or the message must be a mere name.
    """
    rest = _NAMES.sub(" ", text)
    if rest == text or _DANGER.search(rest) is not None or _HAPPENS.search(text) is not None:
        return False
    if _ASKS.search(text) is not None or not _PLAIN.sub("", rest):
        return True
    few = len(_WORD.findall(rest)) <= _MOST_BESIDE
    return few and _PROPERTY.search(text) is not None and _TELLS.search(rest) is None


_SOMEBODY: Final = re.compile(
    r"\b(?:i|me|he|she|him|her|they|somebody|someone|son|daughter|kids?|child\w*|baby|toddler|dog|cat|pet|mouth|eyes?|skin"
    r"|hands?|face|throat|stomach|hair|arms?|legs?|fingers?)\b|[孩娃宝狗猫他她嘴眼皮手脸喉胃肚我]",
    re.IGNORECASE,
)
_FEW_WORDS: Final = 8


def may_be_harm(text: str) -> bool:
    """Whether a message may tell of harm: it names any danger, anybody or a part of the body, or is no short remark."""
    if _DANGER.search(text) or _SOMEBODY.search(text):
        return True
    return len(_WORD.findall(text)) > _FEW_WORDS


def without_names(text: str) -> str:
    """A text without such names, for whoever looks for harm in it."""
    return _NAMES.sub(" ", text)


__all__ = ["may_be_harm", "only_names_danger", "without_names"]
