"""What stays in words that leave the rest unsaid: "keep just the cheapest", "which is lighter? Keep that one, …".

Pure. The words are completed, so that they say both what stays and that the others go (kept_apart.py).
"""

from __future__ import annotations

import re
from typing import Final

_KEEP: Final = r"(?:keep(?:ing)?|hold on to|stay with)"
_GOES: Final = re.compile(
    r"\b(?:cancel|return|send back|send|drop|remove|refund|swap|change|exchange)\b|取消|退|换|改|不要", re.IGNORECASE
)
_ONLY: Final = (
    re.compile(
        rf"\b{_KEEP} (?:(?:only|just) (?P<kept>[^;.!?,]{{1,80}})|(?P<behind>[^;.!?,]{{1,80}}?) only(?=\W*$))",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:only|just) (?:want to |need to |like to )?{_KEEP} (?P<kept>(?:the|my|one) [^;.!?,]{{1,80}})",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:只|就)(?:要|想|需要)?(?:留着?|保留)(?!了?[着下]?[，。])(?P<kept>[^，。；！？,;]{1,40}?)"
        r"(?:就行|就好|就可以了?|吧|了)?(?=$|[，。；！？,;])"
    ),
)
_BY_QUESTION: Final = re.compile(
    r"(?P<which>(?:\bwhich\b|哪)[^?？!！.。;；，]{1,80})[?？，]\s*(?:please |then |so |那?就?|请)*"
    rf"(?P<keep>{_KEEP} |留着?|保留)(?P<that>(?:(?:just|only) )?(?:that|this|it)(?: (?:one|pair))?(?=\W|$)"
    r"|[那这](?:一)?[个台件双条只把套款]?(?=\W|$))",
    re.IGNORECASE,
)


def keeps_alone(text: str) -> str | None:
    """`text` with that the others go, where it says what stays alone; None where it does not."""
    if _GOES.search(text):
        return None
    for pattern in _ONLY:
        if (hit := pattern.search(text)) is not None:
            said = hit.groupdict()
            kept = (said["kept"] or said.get("behind") or "").strip()
            put = f"keep {kept}, cancel the others" if kept.isascii() else f"留着{kept}，其他的取消"
            return text[: hit.start()] + put + text[hit.end() :]
    return None


def completed(text: str) -> str:
    """`text` with what is left unsaid of what stays: its words from the question before, and that the others go."""
    if (alone := keeps_alone(text)) is not None:
        return alone
    if (hit := _BY_QUESTION.search(text)) is not None:
        return f"{text[: hit.start()]}{hit['keep']}{hit['which'].strip()}{text[hit.end() :]}"
    return text


__all__ = ["completed", "keeps_alone"]
