"""What is asked for is done already, or nothing more is to be done: "it's done, nothing else", 已经取消了.

Pure: said while something is asked that nothing of what follows answers.
"""

from __future__ import annotations

import re
from typing import Final

_CLAUSE: Final = re.compile(r"[^,.!?;，。！？；\n]+[,.!?;，。！？；\n]*")
_VERB: Final = r"(?:done|cancell?ed|returned|exchanged|swapped|changed|sorted|settled|taken care of|finished)"
_DONE: Final = re.compile(
    rf"^\W*(?:(?:but|what|huh|no|nope|ok|okay|oh|well|hey|so|and)\W+)*"
    rf"(?:(?:it|that|they|those|both|all(?: of (?:it|that|them))?|everything|the \w+(?: \w+)?)(?:['’]?s|['’]?re| is| are| was| were| has been| have been)"  # noqa: E501
    rf" (?:(?:all|both|already|been|just) )*{_VERB}(?: (?:already|now))?|(?:all |already )+{_VERB}(?: already)?|you (?:already|just) did (?:it|that|them))"  # noqa: E501
    r"(?: (?:thanks|thank you))?\W*",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    r"^\W*(?:(?:no|nope|ok|okay|oh|well|stop|but)\W+)*"
    r"(?:(?:there(?:['’]?s| is) )?nothing (?:else|more|left|further)(?: (?:to (?:cancel|return|send back|exchange|swap|change|do)|please|thanks))?"  # noqa: E501
    r"|i (?:do not|don['’]?t) (?:want|need|wish) (?:to )?(?:cancel|return|exchange|swap|change)(?: (?:anything|something|any)(?: (?:else|more))?| any ?more)"  # noqa: E501
    r"|(?:that(?:['’]?s| is|['’]?ll be) (?:all|it|everything)|all good|no more(?: (?:changes|cancell?ations|returns))?))(?: (?:thanks|thank you))?\W*",  # noqa: E501
    re.IGNORECASE,
)
_DONE_HAN: Final = re.compile(
    r"^\W*(?:不是|那个?|这个?|它|他们|全部|啊|咦|哦)*(?:都|不是)*(?:已经|刚才|刚刚|早就)(?:都)?(?:取消|退|换|改|办|弄|处理|做|搞)(?:掉|好|完|过)?了(?:吗|啊|呀|吧)?\W*"
    r"|^\W*(?:都|全)(?:取消|退|换|改|办|弄|处理|做|搞)(?:好|完|过)了(?:啊|呀)?\W*"
)
_NOTHING_HAN: Final = re.compile(
    r"^\W*(?:我)?(?:没有?|不)(?:什么|别的|其他|其它|再|需要|想|要|东西)*(?:要|想)?(?:再)?(?:取消|退|换|改)(?:的|任何东西|什么|别的|其他)*了?\W*"
    r"|^\W*(?:没有?(?:别的|其他|其它)(?:的|事|事情)*了?|就这些了?|没事了)\W*"
)
_THANKS: Final = re.compile(
    r"^\W*(?:(?:yes|yeah|ok|okay|no|what|huh|wait|thanks|thank you|please|sorry|stop|fine|good|great|all good|so|well|hm+|谢谢|好的?|嗯|对)\W*)+",  # noqa: E501
    re.IGNORECASE,
)


def rest_beside_done(text: str) -> str | None:
    """What a message says beside that it is done, or that nothing more is wanted; None where it says neither."""
    said, done, rest = False, False, list[str]()
    for found in _CLAUSE.finditer(text):
        clause = found.group()
        if any(each.fullmatch(clause) for each in (_DONE, _NOTHING, _DONE_HAN, _NOTHING_HAN)):
            said = said or _THANKS.fullmatch(clause) is None
            done = done or any(each.fullmatch(clause) for each in (_DONE, _DONE_HAN))
        elif rest or _THANKS.fullmatch(clause) is None:
            rest.append(clause)
    if not said or (rest and not done):
        # "Can it be the lamp? That's all": what is said besides is the answer.
        return None
    return " ".join(each.strip() for each in rest)


__all__ = ["rest_beside_done"]
