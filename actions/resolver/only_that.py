"""What holds where no more is to be had than was shown: "if it's only that, leave the chair", 只有这个的话椅子就不换了. Pure."""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

_ONLY_THAT: Final = re.compile(
    r"\bif (?:(?:it|that|this|there)(?:['’]?s| is)? )?(?:really |just )?(?:(?:the )?only (?:that|this|that one|this one|the one|one|option|choice|version)"  # noqa: E501
    r"|all|nothing (?:else|other|better)|no other(?: one| option| choice)?|none other)"
    r"(?: (?:that )?(?:there is|you have|you(?:['’]ve)? got|in stock|available|left|one))?[\s,]*(?=(?:then |just |please |i )*(?:leave|keep|forget|skip|never ?mind|drop it|no\b))"  # noqa: E501
    r"(?:then )?",
    re.IGNORECASE,
)
_ONLY_THAT_HAN: Final = re.compile(
    r"(?:如果|要是|若)?(?:就|只)(?:剩|有)(?:这|那|它|一)(?:一)?[个款种样件条双]?(?:的话|了)?[，,\s]*(?:那)?(?=[^，。；！？]{0,10}(?:不[换改动要]|别[换改动]|留|算了))"
    r"|(?:如果|要是)?(?:没有?别的|没其他的?)(?:了|的话)?[，,\s]*(?:那)?(?=[^，。；！？]{0,10}(?:不[换改动要]|别[换改动]|留|算了))"
)


def as_only_one(text: str) -> str:
    """`text` once there is one version only, which was shown: what is wanted in that case is wanted."""
    return _ONLY_THAT_HAN.sub("", _ONLY_THAT.sub("", text))


__all__ = ["as_only_one"]
