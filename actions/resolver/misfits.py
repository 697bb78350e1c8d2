"""That a thing is too small, too dark, a bit tight: why something else is wanted, and no value that is.

What is too small is never exchanged for something smaller still.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Literal

from actions.resolver.candidates import VariantCandidate
from actions.resolver.option_index import options_of
from actions.resolver.resolution import Resolution
from actions.resolver.text import fold

_EN: Final = (
    r"(?:small|tiny|little|large|big|huge|short|long|wide|narrow|tight|loose|thin|thick|heavy|light|dark|bright|low"
    r"|high|deep|shallow|soft|firm|hard|stiff|flat|tall)"
)
_IS: Final = (
    r"(?:is|are|was|were|'s|'re|feels?|looks?|runs?|comes?(?: up| out)?|came(?: up| out)?|fits?|turned out|bit|little)"
)
_RATHER: Final = r"(?:(?:a|an|bit|little|tad|slightly|rather|quite|very|really|so|way|much) ){0,3}"
_HAN: Final = r"(?:大|小|长|短|宽|窄|紧|松|薄|厚|重|轻|深|浅|暗|亮|低|高|硬|软|肥|瘦)"
_MISFITS: Final = re.compile(
    rf"\btoo {_EN}\b(?! (?:for|of) (?:that|those)\b)"
    rf"|\b{_IS} {_RATHER}{_EN}(?! (?:one|ones|size|version)\b)\b"
    rf"|\b(?:not|n't|nowhere near) {_EN} enough\b"
    rf"|太{_HAN}|(?:有点儿?|有些|过于){_HAN}(?!一?[点些]的)|偏{_HAN}(?!一?[点些]?的|一[号码])"
    rf"|{_HAN}了(?:一?[点些]|[一两]?[号码])?(?!的)|不够{_HAN}",
)
_VALUE_EN: Final = (
    r"(?:\b(?:an?|the|size|sizes?) )?(?<![\w.])(?:size )?"
    r"(?:\d{1,3}(?:\.\d)?|x{0,3}[sml]|small|medium|large)(?: one| size)?"
    r"(?: (?:is|are|was|were|would be|will be|feels?|looks?|runs?|seems?|fits?)|'s|'d be)?"
    r"(?: (?:still|just|also|way|far|much|a bit))* "
    r"(?=too\b|a bit\b|not\b|is\b|are\b|was\b|were\b|feels?\b|looks?\b|runs?\b|fits?\b)"
)
_VALUE_HAN: Final = (
    r"(?<![a-z\d.])(?:\d{1,3}(?:\.\d)?\s?[码号寸]?|x{0,3}[sml]码?|[大中小]号)的?(?:那[双个件条款])?"
    r"(?:对我来说|还是|又|就|也|可能|会)*"
)
"""A value that is said not to fit: 9码太大了 wants no 9."""
_MISFIT_VALUES: Final = re.compile(rf"(?:{_VALUE_EN}|{_VALUE_HAN})(?:{_MISFITS.pattern})")
_SMALL: Final = re.compile(
    r"\b(?:small|tiny|tight|narrow|short)\b(?! enough)|(?:large|big|long|wide) enough|(?<!不够)[小紧窄短]|不够[大长宽]"
)
_LARGE: Final = re.compile(
    r"\b(?:large|big|huge|loose|wide|long)\b(?! enough)|(?:small|short|tight|narrow) enough"
    r"|(?<!不够)[大松肥宽长]|不够[小紧短]"
)
_SIZE: Final = re.compile(r"\bsizes?\b|尺[寸码]|大小|码$|号$", re.IGNORECASE)


def without_misfits(text: str) -> str:
    """`text` with blanks for what is said to be wrong with the size, the length or the shade, and for which it is."""
    rest = list(text)
    folded = fold(text)
    for hit in [*_MISFITS.finditer(folded), *_MISFIT_VALUES.finditer(folded)]:
        rest[hit.start() : hit.end()] = " " * (hit.end() - hit.start())
    return "".join(rest)


def misfit(text: str) -> Literal["small", "large"] | None:
    """On which side a thing is said not to fit; None where it is on neither, or on both."""
    said = " ".join(hit.group() for hit in _MISFITS.finditer(fold(text)))
    small, large = _SMALL.search(said) is not None, _LARGE.search(said) is not None
    return None if small == large else "small" if small else "large"


def without_worse(
    found: Resolution[VariantCandidate], text: str, variants: list[VariantCandidate], here: VariantCandidate
) -> Resolution[VariantCandidate]:
    """`found` without the choices that fit even less than what is said not to fit."""
    side = misfit(text)
    if side is None or len(found.matches) < 2:
        return found
    options = options_of(variants)
    worse: set[str] = set()
    for place, name in enumerate(options.names):
        ranks = options.ranks(place)
        now = ranks.get(here.options.get(name, ""))
        if now is None or not any(_SIZE.search(word) for word in (name, *_said_for(options.name_words, place))):
            continue
        for each in found.candidates:
            rank = ranks.get(each.options.get(name, ""))
            if rank is not None and (rank < now if side == "small" else rank > now):
                worse.add(each.sku)
    left = tuple(match for match in found.matches if match.candidate.sku not in worse)
    return replace(found, matches=left) if left else found


def _said_for(words: dict[str, set[int]], place: int) -> list[str]:
    return [word for word, places in words.items() if place in places]


__all__ = ["misfit", "without_misfits", "without_worse"]
