"""Questions about what the shopper's own goods are like, by the options they were bought with. Pure.

"Are the ones I ordered polarised?", "which of my two laptops has more memory?" and 我那双防水吗 ask the order, and
not the shop's catalogue.
"""  # noqa: RUF001, RUF100

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from actions.resolver.text import fold

_ASKS: Final = re.compile(
    r"\b(?:is|are|was|were|isn['’]?t|aren['’]?t|does|do|did|has|have)\b[^.?!]*\?"
    r"|(?:^|[,;:–—-]\s*)(?:so |and |but |wait |ok )*(?:is|are|was|were|isn['’]?t|aren['’]?t|does|do|did) \w"
    r"|\b(?:what|which)\b"
    r"|[吗么嘛](?:[？?。]|\W*$)|吧[？?]|呢|(?<=[\u4e00-\u9fff])[？?]|哪|什么|啥|多大|多高|多长|几(?:码|寸|升|片|速|档|杯|件套)",
    re.IGNORECASE,
)
_OTHERWISE: Final = re.compile(
    r"\b(?:in stock|available|availability|do you|have you|come in|comes in|sell|should|shall|swap\w*|exchang\w*|chang\w*"  # noqa: E501
    r"|return\w*|cancel\w*|refund\w*|deliver|delivery|arrives?|arriving|send\w*|ship|shipping|track\w*|costs?|prices?|much"
    r"|many|pay|paid|fee|instead|left(?!-)|cheap\w*|dear\w*|expensive|stopp?\w*|address|where|when|why|how|want|wanted"
    r"|need|make|please|warranty|charged?|replace\w*|take|keep|drop|broken|faulty|damaged|wrong|best|recommend\w*|like)\b"
    r"|\b(?:is|are) there\b|\bany\b|\bone in\b|(?:can|could|may|might|would|will) (?:i|we|you)\b|\bcan['’]?t\b"
    r"|有没有|还有|有货|哪些|有哪|有[^，。？?]{0,8}的[吗么嘛]|能不能|可以|能|换|退|取消|改|送到|寄|到哪|到了|什么时候|多久|多少钱|价|贵|便宜|怎么|为什么|为啥|哪里|哪儿"
    r"|[减加](?:[成到为少掉去]|[一两二三四五六\d])|减少|少要?[一两]|行[吗么嘛]|行不行|成[吗么]"
    r"|推荐|适合|区别|几天|付|地址|单号|想要|我要|坏|破|错|物流|快递|发货(?!的)|留",
    re.IGNORECASE,
)
"""It is asked of the shop or of an order's way, or something is wished for."""
_OWN: Final = re.compile(
    r"\b(?:my|mine|i|we|our)\b|\bon order\b|\border(?:ed|s)?\b|\b(?:on (?:its|their|the) way)\b"
    r"|我|下单|订单|单子|那单|买的|收到的",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"\b(?:it|they|those|these|that|this|them|one|ones|both|either|mine)\b"
    r"|[这那][一二两三几]?(?:个|双|副|台|件|条|只|张|款|部|块|辆|盏|把|套|瓶|本|些|俩)|它|都",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:the|my|that) other (?:one|pair|order|\w+)\b|\bthe others\b"
    r"|另(?:外)?(?:一)?(?:个|双|副|单|台|件|条|辆|把|块)",
    re.IGNORECASE,
)
_WHICH: Final = re.compile(r"\bwhich\b(?! (?:size|colou?r|type|version)\b)|哪(?:一)?(?!里|儿|天|家)", re.IGNORECASE)
_MORE: Final = re.compile(
    r"\b(?:more|most|bigger|biggest|larger|largest|longer|longest|taller|tallest|higher|highest|greater|thicker|heavier)\b"
    r"|更(?:大|长|高|多|厚)|最(?:大|长|高|多|厚)|(?:大|长|高|厚)(?:一|些|点)|比较(?:大|长|高|多|厚)|哪[^，。？?]{0,6}(?:大|长|高|厚)\W*$",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"\b(?:less|least|smaller|smallest|shorter|shortest|lower|lowest|fewer|fewest|thinner|lighter)\b"
    r"|更(?:小|短|矮|少|薄)|最(?:小|短|矮|少|薄)|(?:小|短|矮|薄)(?:一|些|点)|哪[^，。？?]{0,6}(?:小|短|矮|薄)\W*$",
    re.IGNORECASE,
)
_OPTION_WORDS: Final[Sequence[tuple[re.Pattern[str], Sequence[str]]]] = (
    (re.compile(r"\bsizes?\b|尺码|码|尺寸|大小|多大|号", re.I), ("size", "尺码", "尺寸", "大小")),
    (re.compile(r"\bcolou?rs?\b|\bshades?\b|颜色|什么色|啥色", re.I), ("colour", "color", "shade", "颜色", "色")),
    (
        re.compile(r"\bmaterials?\b|\bmade (?:of|from)\b|材质|材料|什么做的", re.I),
        ("material", "材质", "材料", "fabric", "面料"),
    ),
    (re.compile(r"轴", re.I), ("轴", "switches")),
    (re.compile(r"多长|长度|\blengths?\b|\bhow long\b", re.I), ("length", "长度")),
    (re.compile(r"多高|高度|\bheights?\b|\bhow (?:tall|high)\b", re.I), ("height", "高度")),
    (re.compile(r"几升|容量|\bcapacit\w+\b|\bvolumes?\b", re.I), ("volume", "capacity", "容量")),
    (re.compile(r"内存|\b(?:ram|memory)\b", re.I), ("memory", "内存")),
    (re.compile(r"硬盘|存储|\b(?:disk|storage|ssd)\b", re.I), ("disk", "storage", "硬盘", "存储")),
    (re.compile(r"几片|多少片|\bpieces\b", re.I), ("pieces", "片数", "件数")),
    (re.compile(r"几速|变速|\bgears?\b", re.I), ("gears", "变速")),
)
"""What options are called in a question, by how shops name them."""
SIZED: Final = (
    "size", "length", "height", "frame", "volume", "capacity", "screen", "width",
    "尺码", "尺寸", "大小", "长度", "高度", "车架", "容量", "屏幕", "宽度", "厚度",
)  # fmt: skip
"""Words in the names of options that tell how big something is."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_UNITS: Final = {
    "tb": 1000.0,
    "xxs": -3.0,
    "xs": -2.0,
    "s": -1.0,
    "m": 0.0,
    "l": 1.0,
    "xl": 2.0,
    "xxl": 3.0,
    "xxxl": 4.0,
}
_WORD_RANKS: Final = {
    "small": 1.0, "medium": 2.0, "large": 3.0, "low": 1.0, "high": 3.0, "小号": 1.0, "中号": 2.0, "大号": 3.0,
    "小": 1.0, "中": 2.0, "大": 3.0, "低": 1.0, "高": 3.0,
}  # fmt: skip


def asks_of_own_options(text: str) -> bool:
    """Whether a sentence asks what goods are like, and neither what a shop has nor for anything to be done."""
    return _ASKS.search(text) is not None and asks_nothing_else(text)


def asks_nothing_else(text: str) -> bool:
    """Whether no word of a text asks for something else or wishes for something."""
    return _OTHERWISE.search(text) is None


def speaks_of_own(text: str) -> bool:
    """Whether a message says that goods are the shopper's."""
    return _OWN.search(text) is not None


def points_at(text: str) -> bool:
    """Whether a message points at what was spoken of."""
    return _POINTS.search(text) is not None


def means_the_other(text: str) -> bool:
    """Whether a message means what was not spoken of: "the other pair", 另一双."""
    return _OTHER.search(text) is not None


def asks_which(text: str) -> bool:
    """Whether one of several is asked for."""
    return _WHICH.search(text) is not None


def asks_extreme(text: str) -> bool | None:
    """Whether the most of an option is asked for (True) or the least (False); None where neither."""
    return True if _MORE.search(text) else False if _LESS.search(text) else None


def options_asked(text: str, options: Mapping[str, str]) -> list[str]:
    """The options, by their names, that a question names without a value of theirs: "which switches", 几码."""
    words = fold(text)
    found = [name for name in options if len(name) > 1 and _says(words, fold(name))]
    for pattern, names in _OPTION_WORDS:
        if pattern.search(text):
            found += [name for name in options if any(_called(fold(name), each) for each in names)]
    return list(dict.fromkeys(found))


def _called(name: str, word: str) -> bool:
    return word in name if word[:1] >= "一" else word in name.split()


def _says(words: str, name: str) -> bool:
    if re.search(r"[\u4e00-\u9fff]", name):
        return name in words
    return re.search(rf"\b{re.escape(name.rstrip('s'))}(?:e?s)?\b", words) is not None


def by_size(options: Sequence[str]) -> list[str]:
    """Options with those that tell how big something is first."""
    return sorted(options, key=lambda name: not any(word in fold(name) for word in SIZED))


def amount_of(value: str) -> float | None:
    """Where a value of an option stands among others: 16GB before 1TB, S before M; None where it has no order."""
    plain = fold(value)
    number = _NUMBER.search(plain)
    if number is None:
        return _WORD_RANKS.get(plain, _UNITS.get(plain))
    return float(number[0]) * (_UNITS["tb"] if plain[number.end() :].strip().startswith("tb") else 1.0)


__all__ = [
    "SIZED",
    "amount_of",
    "asks_extreme",
    "asks_nothing_else",
    "asks_of_own_options",
    "asks_which",
    "by_size",
    "means_the_other",
    "options_asked",
    "points_at",
    "speaks_of_own",
]
