"""Reads the shopper's own full name out of a message, where the shop finds orders by it.

Said with words that lead to it ("my name is", "我叫") it is read anywhere; alone only when it was asked for. What
counts as a full name, the CRM decides; here a single word is none. Pure functions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.names_beside import is_place, name_beside, sounds_like_place
from actions.names_said import begins_like_a_chinese_name, is_shouted, may_be_name, without_title

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_LATIN = rf"({_WORD}(?: (?:{_WORD}|[A-Za-z]\.)){{1,4}})"
_ASCII_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’-][A-Za-zÀ-ÖØ-öø-ÿ]+)*"
_ASCII = rf"({_ASCII_WORD}(?: {_ASCII_WORD}){{1,3}})"
_CAPITAL_WORD = r"(?-i:[A-ZÀ-Ý])(?:\.|[^\W\d_]*(?:['’-][^\W\d_]+)*)"
_CAPITAL = rf"({_CAPITAL_WORD}(?: (?:{_CAPITAL_WORD}|van|von|de|der|den|da|di|la|le|bin|al)){{1,4}})"
_HAN = r"([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,8}·[\u4e00-\u9fff·]{2,12})"
_HAN_END = r"(?=$|[\s，,。.;；、!！]|先生|女士|小姐|邮编|邮政)"
_JOINED = r"(?=$|[,.;!?\n]|\s+(?:and|with|my|the|at|in|from|post|zip|\d))"
_HAN_LEAD = r"(?:我叫|我的(?:全名|名字|姓名)(?:是|叫)?|(?:全名|名字|姓名|收件人|收货人|下单人)(?:是我|就是|是|叫|为|填的)?)[\s:：]*"  # noqa: E501

_LED: Final = (
    re.compile(
        rf"\b(?:my )?(?:full |whole )?name(?:'s| is| was| on (?:it|the order) is|:)\s+{_CAPITAL}", re.IGNORECASE
    ),
    re.compile(rf"\b(?:my )?(?:full )?name(?:'s| is|:)\s+{_LATIN}{_JOINED}", re.IGNORECASE),
    re.compile(
        rf"\b(?:under(?: the name(?: of)?)?|in the name of|ordered by)\s+{_CAPITAL}",
        re.IGNORECASE,
    ),
    re.compile(rf"{_HAN_LEAD}{_ASCII}(?=$|[^A-Za-z])"),
    re.compile(rf"{_HAN_LEAD}{_HAN}{_HAN_END}"),
)
_INTRODUCED: Final = (
    re.compile(rf"\b(?:i'?m|i am|this is|it'?s|it is)\s+{_CAPITAL}", re.IGNORECASE),
    re.compile(rf"^\W*(?:(?:hi|hello|hey)\b\W*)?{_CAPITAL} (?:here|speaking)\b", re.IGNORECASE),
    re.compile(rf"我是[\s:：]*{_ASCII}(?=$|[^A-Za-z])"),
    re.compile(rf"我是[\s:：]*{_HAN}{_HAN_END}"),
)
"""Words that lead to much else too, "I'm Still Waiting", 我是会员: of use only where a name is to be expected."""
_CALLED: Final = re.compile(rf"^{_CAPITAL}$")
_ALONE: Final = (
    re.compile(rf"^(?:{_LATIN})$"),
    re.compile(rf"^{_HAN}(?:先生|女士|小姐)?$"),
)
_ADJACENT: Final = re.compile(rf"(?:^|[^A-Za-z]){_ASCII}[\s,，:：.;；]*$")
"""A name in letters right before a postcode among Han characters: 不记得了 mei brown 94185."""
_OPENS: Final = re.compile(
    rf"(?i)^\W*(?:(?:hi|hello|hey|sorry|ok|well|sure|good (?:morning|afternoon|evening))\b[\s,.!]*)*"
    rf"(?P<lead>(?:i'?m|im|i am|this is|it'?s|its|name'?s)\s+)?(?P<name>{_ASCII})[\s,;.:]*"
    r"(?:(?:and )?(?:my |the )?(?:zip(?: ?code)?|post ?code|e-?mail)(?: is|:)?\s*)?$"
)
"""A name right before a postcode or an address at the beginning of a message, however it is written."""
_BESIDE: Final = re.compile(
    r"(?i)\b(?:and )?(?:(?:my|the) )?(?:post ?code|zip(?: ?code)?|postal code|e-?mail(?: address)?)\b(?:\s*(?:is|:))?"
    r"|(?:我的|收货)?(?:邮编|邮政编码|邮箱)(?:是|：|:)?"
    r"|^(?:sure|ok(?:ay)?|yes|yeah|hi|hello|hey|好的?|嗯)\b[,，\s]*|\b(?:and|it'?s|it is|that'?s)\b|^是"
    r"|^[\s:：]*(?:全名|姓名|名字)[\s:：]*"
    r"|\b(?:here|speaking)$|(?-i: (?:here )?(?:in|at|from)(?: [A-Z][a-z]+)*\s*$)"
)
_STREET: Final = re.compile(
    r"(?i)\d[\w-]* (?:[a-z'’.]+ ){0,3}(?:street|st|road|rd|drive|dr|avenue|ave|lane|ln|way|court|ct|place|pl"
    r"|boulevard|blvd|terrace|close|crescent|square|parkway|broadway)\b"
)
_TRAILING: Final = re.compile(r"(?i)(?: (?:in|at|from|my|zip|post|postcode|postal|e-?mail|and|here|speaking))+$")
_PARTICLE: Final = re.compile(r"(?<=[\u4e00-\u9fff]{2})[啊呀哦嘛喔啦]$")
"""What ends a sentence and no name: 我叫刘洋啊."""
_HAN_LETTERS: Final = re.compile(r"[\u4e00-\u9fff]")
_NO_NAME: Final = re.compile(
    r"(?i)\b(?:i|you|we|my|your|the|a|an|is|are|do|don'?t|not|no|can|what|where|when|why|how|order|parcel|number|know|have|"
    r"please|thanks?|want|need|help|it|this|that|email|e-mail|sign|code|one|moment|minute|second|idea|find|person|agent|"
    r"human|someone|somebody|later|never|mind|hello|hi|to|for|return|cancel|send|swap|change|exchange|deliver\w*|track\w*|"
    r"refund\w*|buy)\b"
    r"|[不没吗呢吧的了我你您在找号什么怎哪退换寄]|谢谢|查一|等一|等等|单号|订单|知道|记得|人工|客服|稍等|邮编"
)


def read_full_name(text: str, *, awaited: bool, beside: str | None = None, offered: bool = False) -> str | None:
    """The full name that `text` gives, or None.

    `awaited` says that it was asked for: then a message that is nothing but a name is one. `offered` says that it was
    named among what would do: then "I'm" and the like lead to one, as they do beside a proof. `beside` is what else was
    read in the message, the postcode or the e-mail address: what stands beside it like a name is one, unless a street
    does too.
    """
    rest = text.replace(beside, " , ") if beside else text
    for pattern in _LED:
        found = pattern.search(rest)
        if found and (name := _plain(found[1])):
            return name
    if not awaited and not beside and not offered:
        return None
    for pattern in _INTRODUCED:
        found = pattern.search(rest)
        if found and (name := _plain(found[1])) and _is_introduced(name, text):
            return name
    if not awaited and not beside:
        return None
    if beside and (opens := _OPENS.match(text.split(beside)[0])) and (name := _plain(opens["name"])):
        if not opens["lead"]:
            return None if not awaited and sounds_like_place(name) else name
        return name if _is_introduced(name, text) else None
    if beside and _HAN_LETTERS.search(text):
        # Among Han characters names in letters are written without capitals as often as with.
        near = _ADJACENT.search(_BESIDE.sub(" ", text.split(beside)[0]))
        if near is not None and (name := _plain(near[1])):
            return name
    if not awaited and _STREET.search(text):
        return None
    signed = name_beside(text, beside) if beside else None
    if signed is not None and (name := _plain(signed)):
        return name
    patterns = _ALONE if awaited else (_CALLED,)
    for part in re.split(r"[,，;；。、\n]+|[.!?！？]+(?=\s|$)|\s[-–—]+\s", rest):
        bare = re.sub(r"\s+", " ", _BESIDE.sub(" ", part)).strip(" .!！:：")
        bare = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", bare)
        for pattern in patterns:
            found = pattern.match(bare)
            if found and (name := _plain(found[1])) and (name.isascii() or _is_introduced(name, text)):
                return name
    return None


def without_identity(text: str, name: str, proofs: Sequence[str]) -> str:
    """`text` without the words that say who is asking: the name, the postcode or address given with it, their leads."""
    rest = text
    for value in (name, *proofs):
        said = re.escape(value)
        rest = re.sub(
            rf"(?i)(?:\b(?:and )?(?:my|the) )?\b(?:full |whole )?(?:name|post ?code|zip(?: ?code)?|postal code"
            rf"|e-?mail(?: address)?)(?:'s| is| was|:)?\s*{said}"
            rf"|\b(?:and )?(?:i'?m|i am|this is|it'?s|it is)\s+{said}(?: (?:here|speaking))?"
            rf"|(?:{_HAN_LEAD}|我是[\s:：]*|(?:我的|收货)?(?:邮编|邮政编码|邮箱)[是为：:\s]*){said}|{said}(?:是我的?邮编)?",
            " ",
            rest,
        )
    rest = re.sub(r"(?i)^(?:\W|\band\b)*(?=\w)|(?<=[,.;，。；])(?:\s*[,.;，。；])+", "", rest)
    return re.sub(r"\s{2,}", " ", rest).strip()


def _plain(words: str) -> str | None:
    """The words as a name, without what was caught behind it; None when they are none."""
    name = without_title(_PARTICLE.sub("", _TRAILING.sub("", words).strip(" .")))
    if name is None or _NO_NAME.search(name) or not (" " in name or not name.isascii()):
        return None
    return name if may_be_name(name) and not is_place(name) else None


def _is_introduced(name: str, text: str) -> bool:
    """Whether what looks like a name where much else might stand is one."""
    if _HAN_LETTERS.search(name):
        return begins_like_a_chinese_name(name)
    # In capitals among small letters is what is stressed.
    return not is_shouted(name) or text.upper() == text
