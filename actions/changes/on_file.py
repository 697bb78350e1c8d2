"""An address that is on file for the shopper and becomes another: 资料里的家庭地址也改一下, "my home address too".

Words that only say where an order goes mean none: 寄到家庭地址, "change it from home to work".
"""

from __future__ import annotations

import re
from typing import Final, Literal

Kept = Literal["home", "work", ""]
"""What the address is to the shopper; empty where that is not said: the usual one."""

_FILE_HAN: Final = r"(?:(?:个人|账户|账号|帐户|帐号|会员|我的?)?(?:资料|档案|信息)|(?:账户|账号|帐户|帐号)|地址簿)"
_PLACE_HAN: Final = r"(?:地址|住址|住所)"
_KIND_HAN: Final = r"(?P<kind>家庭|家里|家里的|家|公司|单位|办公|工作)的?"
_SPEAKS_HAN: Final = re.compile(
    rf"{_FILE_HAN}(?:里面|里头|[里上中内])?(?:登记|留|存|填|写)?的?[^，。；;,!！?？]{{0,4}}?(?:{_KIND_HAN})?(?:默认|常用)?的?(?:收货)?{_PLACE_HAN}"
)
_CHANGED_HAN: Final = re.compile(
    rf"(?<![从由到至给在寄送])(?:{_KIND_HAN}){_PLACE_HAN}(?!簿)(?:从[^，。；;,!！?？]{{1,24}}?)?"
    r"(?:也|都|一起|一并|顺便|请|要|给我|帮我|麻烦)*(?:改|换|更新|变更|修改)"
    r"(?!(?:成|为|到)?(?:公司|单位|办公|家里|家庭|回))"
)
_WANTS_HAN: Final = re.compile(r"改|换|更新|变更|修改")
_FILE: Final = r"(?:profile|account|address book|records?|personal (?:details|info(?:rmation)?)|file)"
_KIND: Final = r"(?P<kind>home|house|work|office)"
_VERB: Final = r"(?:change|update|replace|correct|edit|modify|switch)"
_SPEAKS: Final = re.compile(
    rf"\b(?:{_KIND} )?address (?:(?:you have |that(?:['’]s| is) )?(?:on|in|of|for) (?:my |the |your )?{_FILE}\b)"
    rf"|\b(?:my |the )?{_FILE}(?:['’]s)? (?:(?P<its>home|house|work|office) )?address\b",
    re.IGNORECASE,
)
_CHANGED: Final = re.compile(
    rf"\b{_VERB} (?:also )?(?:my|the) {_KIND} address\b(?! (?:order|on (?:the|my) order))"
    r"(?! (?:to|into|for) (?:my |the )?(?:work|office|home)\b)",
    re.IGNORECASE,
)
_WANTS: Final = re.compile(rf"\b{_VERB}d?\b|\bshould (?:also )?(?:be|read)\b|\btoo\b|\bas well\b", re.IGNORECASE)
_DEFAULT: Final = re.compile(r"默认|常用|\b(?:default|main|usual|primary)\b", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"(?:是|有)(?:什么|哪|多少)|是不是|什么时候|怎么[改换]|在哪(?:里|儿)?[改换]|[改换]了(?:吗|没)|不用?[改换]|别[改换]|不要[改换]"
    r"|^\W*(?:what|which|where|when|did|is|was|has|have|why|how)\b"
    r"|\b(?:do ?n['’]?t|do not|no need to|not) (?:change|update|replace|touch)\b"
    r"|\b(?:keep|leave|leaving|stays?|remains?)\b"
    r"|\bshould be (?:fine|ok|okay|right|correct|good)\b|\bis (?:fine|ok|okay|right|correct|good)\b|^\W*(?:will|does)\b"
    r"|不(?:更新|更改|修改|变|动|用动)|无需|保持|留着|照旧",
    re.IGNORECASE,
)
"""That is asked, or stays."""
_GOAL: Final = re.compile(
    r"(?:[到至往成为]|[寄送发]给?|用|跟|和|按)(?:您|你们|我)?(?:的|们)?$"
    r"|\b(?:to|at|as|use|using|like|with|into) (?:my |the |our )?$",
    re.IGNORECASE,
)
_WORK: Final = frozenset({"公司", "单位", "办公", "工作", "work", "office"})


def changed_on_file(text: str) -> Kept | None:
    """Which address on file is to become another; None where the words want nothing of one.

    An address that is called the usual one and nothing else is made so (`profile.BookAddress`), and changes not.
    """
    for clause in re.split(r"[。；;!！\n]|[.?？](?=\s|$)", text):
        if _ASKS.search(clause):
            continue
        plain = _CHANGED_HAN.search(clause) or _CHANGED.search(clause)
        if plain is not None and not _is_goal(clause, plain):
            return _kind(plain)
        said = _SPEAKS_HAN.search(clause)
        wants = _WANTS_HAN.search(clause) if said is not None else None
        if said is None and (said := _SPEAKS.search(clause)) is not None:
            wants = _WANTS.search(clause)
        if said is not None and wants is not None and not _is_goal(clause, said):
            return _kind(said)
    return None


def _is_goal(clause: str, said: re.Match[str]) -> bool:
    """Whether something goes there, or is to be like it: it stays as it is then."""
    return _GOAL.search(clause[: said.start()]) is not None


def _kind(said: re.Match[str]) -> Kept:
    word = next((value for value in said.groupdict().values() if value), "").casefold().removesuffix("的")
    if not word or _DEFAULT.search(said[0]):
        return ""
    return "work" if word in _WORK else "home"
