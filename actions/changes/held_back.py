"""A yes that is held back by what stands beside it: "ok, but first save it", 好的 先别改, "sure, what would it cost".

Nothing is carried out on it: the offer is shown once more.
"""

from __future__ import annotations

import re
from typing import Final

from actions.changes.agreeing import agreement

_WAITS: Final = re.compile(
    r"\b(?:wait|hold (?:on|off|it)|hang on|not (?:yet|now|before|until)|just (?:a )?(?:moment|minute|sec(?:ond)?)|one (?:moment|sec(?:ond)?)"  # noqa: E501
    r"|first(?! (?:name|order|address|one|line))|before (?:that|you|we|anything)|until)\b"
    r"|\b(?:do ?n['’]?t|do not|never|must ?n['’]?t)\b(?! (?:forget|worry|have to|need to|want to (?:type|enter|lose)|mind))"  # noqa: E501
    r"|先(?!生|前)|等[等一下会]|稍等|慢着|别(?!忘|的|人|墅)|(?<!要)不要(?!忘)|暂时|还没想|再说|再考虑",
    re.IGNORECASE,
)
_COSTS: Final = re.compile(
    r"\b(?:cost|charge|price|fee)s?\b|\bhow much\b|多少钱|要钱|收费|费用|要(?:加|付|给)钱", re.IGNORECASE
)
_IF: Final = re.compile(r"\b(?:if|unless|as long as|provided)\b|如果|要是|假如|除非|前提", re.IGNORECASE)
_SO_THAT: Final = re.compile(
    r"\bso (?:that )?(?:i|we)\b[^.;!?]*|\b(?:do ?n['’]?t|do not|never) forget\b|(?:别|不要)忘了?|省得[^，。；！？]*|免得[^，。；！？]*",  # noqa: E501
    re.IGNORECASE,
)
"""What it is for, and that it is not to be forgotten: no condition."""


def is_held_back(text: str) -> bool:
    """Whether a message that may be a yes has a condition, waits for something else, or asks what it costs."""
    said = _SO_THAT.sub(" ", text)
    agreed = agreement(said)
    if (agreed is not None and agreed.touches) or (agreed is None and _IF.search(said)):
        return True
    return _WAITS.search(said) is not None or _COSTS.search(said) is not None
