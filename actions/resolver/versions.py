"""Which versions of a product are meant: by the options named now and just before, and by "the biggest". Pure.

What was named before holds on where nothing else is said of that option: after "with SPF?" "the 100 ml one" has SPF.
A version that does not exist is no reason to mean another: then only what is said now counts, and the answer tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from actions.resolver.option_values import Named, named_values
from actions.resolver.own_options import SIZED, amount_of
from actions.resolver.ranked_facts import without_other_extremes
from actions.resolver.value_names import plain

_EXTREME: Final = re.compile(
    r"\b(?P<most>biggest|largest|longest|tallest|highest|widest|full size)\b"
    r"|\b(?P<least>smallest|littlest|shortest|narrowest|tiniest|lowest capacity)\b"
    r"|\bthe (?:really |very )?"
    r"(?:(?P<big>big(?:ger)?|large(?:r)?|long(?:er)?|tall(?:er)?)|(?P<small>small(?:er)?|short(?:er)?|little))"
    r"(?= (?:one|size|version|set|pack|bottle|box|bag|jar|tube|model)\b|\W*$)"
    r"|\bthe (?P<big_of>big)\b(?= (?:[\w-]+ ){1,2}ones?\b)|\bthe (?P<small_of>small)\b(?= (?:[\w-]+ ){1,2}ones?\b)"
    r"|(?P<zh_most>最(?:大|长|高|宽)(?!的?区别)|大(?:的那|包装|瓶|罐|套|盒)|(?<![多最])大的)"
    r"|(?P<zh_least>最(?:小|短|矮|窄)|小(?:的那|包装|瓶|罐|套|盒)|(?<!最)小的)",
    re.IGNORECASE,
)
_DIMENSIONS: Final = (
    (re.compile(r"long|short|[长短]", re.IGNORECASE), ("length", "长")),
    (re.compile(r"tall|high|[高矮]", re.IGNORECASE), ("height", "高")),
    (re.compile(r"wid|[宽窄]", re.IGNORECASE), ("width", "宽")),
)
"""What an option is called of which the most is asked for by a word of its own: the length of "the longest"."""
_MOST: Final = ("most", "big", "big_of", "zh_most")
_OTHERWISE: Final = re.compile(
    r"\b(?:other|others|else|different|another|all|every|whole range|versions?|options?|which ones?)\b"
    r"|\b(?:what|which) (?:colou?rs?|sizes?|styles?|kinds?|flavou?rs?|finish(?:es)?|lengths?)\b"
    r"|其他|别的|还有|另|全部|所有|哪些|哪几|什么(?:颜色|尺码|尺寸|款|口味|规格|型号)",
    re.IGNORECASE,
)
"""It is asked what there is besides: what was named before is no bound."""


@dataclass(frozen=True)
class Versions:
    """The versions meant, by their places; `named` of what is said now, `held` of what was said before and holds on."""

    places: Sequence[int] = field(default=())
    named: Named = field(default_factory=Named)
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.places)

    @property
    def wanted(self) -> Mapping[str, frozenset[str]]:
        """All that is wanted of the options."""
        return {**self.held, **self.named.wanted}


def versions_meant(
    text: str,
    variants: Sequence[Mapping[str, str]],
    others: Sequence[Mapping[str, str]] = (),
    titles: Iterable[str] = (),
    *,
    before: str = "",
    chosen: Mapping[str, str] | None = None,
) -> Versions:
    """The versions that a text means; none where it names nothing of them.

    `others` are the same variants' options in another language. `before`: what the shopper said of this product just
    before; `chosen`: the options of the version that was spoken of last.
    """
    titles = list(titles)
    named = named_values(text, variants, others, titles)
    held: Mapping[str, frozenset[str]] = {}
    if chosen is not None and not _OTHERWISE.search(text):
        held = {name: frozenset({value}) for name, value in chosen.items()}
    elif before and not _OTHERWISE.search(text):
        held = named_values(before, variants, others, titles).wanted
    held = {name: values for name, values in held.items() if name not in named.wanted and name not in named.refused}
    extreme = extreme_option(text, variants, named)
    held = {name: values for name, values in held.items() if extreme is None or name != extreme[0]}
    if not named and extreme is None and not held:
        return Versions()
    for kept in [held, {}] if held and named else [held]:
        meant = Named({**kept, **named.wanted}, named.refused)
        places = [place for place, each in enumerate(variants) if meant.fits(each)]
        if places:
            if extreme is not None:
                places = _extremes(places, variants, *extreme)
            return Versions(places, named, kept)
    return Versions((), named, {})


def extreme_option(text: str, variants: Sequence[Mapping[str, str]], named: Named) -> tuple[str, bool] | None:
    """The option of which the most (True) or the least is asked for: the volume of "the biggest bottle"."""
    said = _EXTREME.search(without_other_extremes(plain(text)))
    if said is None:
        return None
    names = list(dict.fromkeys(name for each in variants for name in each))
    ranked = [
        name
        for name in names
        if name not in named.wanted
        and len({each.get(name) for each in variants}) > 1
        and all(amount_of(each.get(name, "")) is not None for each in variants)
    ]
    of = next((names for words, names in _DIMENSIONS if words.search(said.group())), ())
    ranked.sort(
        key=lambda name: (
            not any(word in name.casefold() for word in of),
            not any(word in name.casefold() for word in (*SIZED, "重", "量", "件", "piece", "pack", "weight")),
        )
    )
    return (ranked[0], any(said[group] for group in _MOST)) if ranked else None


def _extremes(places: Sequence[int], variants: Sequence[Mapping[str, str]], option: str, most: bool) -> list[int]:
    amounts = {place: amount_of(variants[place].get(option, "")) or 0.0 for place in places}
    best = max(amounts.values()) if most else min(amounts.values())
    return [place for place in places if amounts[place] == best]


__all__ = ["Versions", "extreme_option", "versions_meant"]
