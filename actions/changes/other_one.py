"""A noted wish for "the other one": never of what was seen to before it, and settled where that was the other one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from actions.resolver import LineCandidate

_OTHER: Final = re.compile(
    r"\b(?:the|my) other(?: (?:one|two|pair|set))?\b(?! (?:order|day|week|way|thing|question|address))|另(?:外)?(?:那|这|一|两)*[个台件双只条副把张款部块辆盏套瓶本支]",  # noqa: E501
    re.IGNORECASE,
)
_THAT_MANY: Final = 2
"""Of so many there is another one."""


def means_the_other(text: str) -> bool:
    """Whether words want something of the other one of several, and do not name it."""
    return _OTHER.search(text) is not None


def others_than(
    spoken_of: Collection[str], lines: Sequence[LineCandidate], settled: Collection[str]
) -> list[LineCandidate] | None:
    """The lines of the product spoken of that are the other ones: neither spoken of nor seen to.

    Empty where those were seen to already; None where there was no other one, or several products are spoken of.
    """
    meant = [line for line in lines if line.key in spoken_of]
    titles = {line.titles[0] for line in meant if line.titles}
    if len(titles) != 1:
        return None
    alike = [line for line in lines if line.titles and line.titles[0] in titles]
    if len(alike) < _THAT_MANY:
        return None
    gone = {each.split(":")[1] for each in settled if each.count(":") > 1}
    return [line for line in alike if line.key not in spoken_of and line.key not in gone]


__all__ = ["means_the_other", "others_than"]
