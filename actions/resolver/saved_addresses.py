"""Addresses of the book by what they are called, or by what they are to the shopper: "my office", 父母家, 家里.

Somebody else's home is never the shopper's own: "to my brother's house" and 寄到爷爷家 mean an address that is called
so, or none of the book.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from actions.resolver.candidates import AddressCandidate
from actions.resolver.resolution import Absent, Match, Reason, Resolution, Span, Status
from actions.resolver.text import fold
from actions.resolver.vocabulary import mapping

PLACES: Final = ("home", "work", "parents", "school")
_PERSON: Final = (
    r"(?:父母|爸妈|爸爸妈妈|爹妈|爸爸?|妈妈?|母亲|父亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|公婆|岳父母?|岳母|丈母?娘?|女朋友|男朋友|女友|男友|对象"
    r"|朋友|同学|同事|室友|闺蜜|哥哥?|姐姐?|弟弟?|妹妹?|儿子|女儿|亲戚|邻居|老[公婆板师]|叔叔?|阿姨|舅舅?|姑姑?|姨妈?|他们?|她们?|人|别人)"
)
_NOT_OWN_HAN: Final = re.compile(rf"(?:{_PERSON}的?家里?|(?:老|娘|婆)家)")
_NOT_OWN: Final = re.compile(
    r"\b(?!(?:it|that|there|here|let|what|who|order|today|yesterday)['’]?s)(?:my |our |the )?"
    r"(?:[a-z]+(?:['’]s|s['’])|parents?|in[- ]laws?['’]?) (?:own |new |old )?(?:home|house|place|flat|apartment)\b"
)
_HOME_HAN: Final = re.compile(
    r"(?<![大商国人店专卖厂公独居搬你])(?<!你们)家(?=里|中|那|这|的(?!具|电|居)|地址|[吧啊呢嘛去了]|就|可以|行|好|谢|[\s，。,.;；!！?？、）)]|$)"
)
"""家 as a word of its own: neither 家具 nor 商家."""


def without_homes_of_others(text: str) -> str:
    """`text` with blanks for what is somebody else's: "my brother's house", 爷爷家."""
    return _NOT_OWN_HAN.sub(_blanks, _NOT_OWN.sub(_blanks, text))


def by_label(text: str, addresses: Sequence[AddressCandidate]) -> Resolution[AddressCandidate] | None:
    """The address that `text` calls by its label or its kind; None where it does neither.

    What it calls so and the book has not is absent.
    """
    folded = fold(text)
    own = without_homes_of_others(folded)
    labels = {fold(address.label): address.label for address in addresses if address.label}
    for label in sorted(labels, key=len, reverse=True):
        if (span := _span(label, folded, own)) is not None:
            same = [place for place, each in enumerate(addresses) if fold(each.label) == label]
            return _labelled(addresses, same, span, text)
    said = [
        (kind, word, span)
        for kind, words in mapping("address_labels").items()
        for word in words
        if (span := _span(fold(word), folded, own)) is not None
    ]
    for kind, word, span in sorted(said, key=lambda each: -len(each[1])):
        if kind == "default":
            return _labelled(addresses, [place for place, each in enumerate(addresses) if each.is_default], span, text)
        hits = [place for place, each in enumerate(addresses) if _is_of(kind, word, fold(each.label))]
        if hits:
            return _labelled(addresses, hits, span, text)
        if kind in PLACES and len(word) > 1:
            return _absent(addresses, span, text)
    theirs = _NOT_OWN_HAN.search(folded) or _NOT_OWN.search(folded)
    if theirs is None or any(each.city and fold(each.city) in folded for each in addresses):
        return None
    return _absent(addresses, Span(*theirs.span()), text)


def names_saved_address(text: str) -> bool:
    """Whether `text` calls an address by what it is to the shopper (home, work, 公司), as an address book does."""
    folded = fold(text)
    labels = mapping("address_labels")
    return any(_said(fold(word), folded) for kind in PLACES for word in labels[kind] if len(word) > 1)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


@cache
def _home_words() -> frozenset[str]:
    return frozenset(fold(word) for word in mapping("address_labels")["home"])


def _span(label: str, folded: str, own: str) -> Span | None:
    """Where a label or a word for a kind of address is said; the words for one's home not of somebody else's."""
    text = own if label in _home_words() else folded
    if label == "家":
        found = _HOME_HAN.search(text)
    elif label.isascii():
        found = re.search(rf"(?<![a-z]){re.escape(label)}(?:'?s)?(?![a-z])", text)
    else:
        found = re.search(re.escape(label), text)
    return Span(found.start(), found.start() + len(label)) if found is not None else None


def _said(label: str, folded: str) -> bool:
    """Whether a label is among the words, also as somebody's: "my work's address"."""
    if not label.isascii():
        return label in folded
    return re.search(rf"(?<![a-z]){re.escape(label)}(?:'?s)?(?![a-z])", folded) is not None


def _is_of(kind: str, word: str, label: str) -> bool:
    """Whether an address that is called so is meant by a word for its kind: "Parents" and "Parents' house"."""
    words = {fold(each) for each in mapping("address_labels")[kind]}
    return label in words or (kind != "home" and len(word) > 1 and _said(fold(word), label))


def _labelled(
    addresses: Sequence[AddressCandidate], hits: Sequence[int], span: Span, text: str
) -> Resolution[AddressCandidate] | None:
    if not hits:
        return None
    status: Status = "one" if len(hits) == 1 else "unclear"
    reason = Reason("label", span.of(text), span)
    matches = tuple(Match(addresses[place], round(0.96 / len(hits), 4), (reason,)) for place in hits)
    return Resolution(status, matches, text, (span,))


def _absent(addresses: Sequence[AddressCandidate], span: Span, text: str) -> Resolution[AddressCandidate]:
    names = tuple(each.label or " ".join((*each.lines, each.city)) for each in addresses)
    return Resolution("none", rest=text, asked_but_absent=(Absent("thing", span.of(text), instead=names, span=span),))


__all__ = ["PLACES", "by_label", "names_saved_address"]
