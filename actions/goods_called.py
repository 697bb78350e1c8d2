"""What goods are called and what is on record of them, held against the words by which they are looked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from actions.resolver.catalogue import groups
from actions.resolver.goods_words import goods_words
from actions.resolver.text import fold, stems_of
from actions.resolver.vocabulary import read
from shopdesk_schemas.products import ProductView

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_FOR_USE: Final = re.compile(
    r"\b(?:something|anything|smth|sth|a thing|what (?:do|can|would|should) (?:you|i))\b"
    r".*\b(?:to|for|that|which|when|so)\b"
    r"|\b(?:need|want|have|got) (?:something|anything|smth|sth)\b|(?:什么|啥|东西|有没有).{0,3}(?:能|可以|用来|适合)",
    re.IGNORECASE,
)
"""It is said what goods are wanted for, and not what they are called."""
_FOR_IT: Final = re.compile(r"\b(?:for|with|w|to|in|into|on)\b|给|用于|配|搭", re.IGNORECASE)
"""What is named behind it is what goods are for, and not what they are."""
_LATIN_WORD: Final = re.compile(r"[a-z]{3,}[a-z\d]*|[a-z]+\d[a-z\d]*|\d+[a-z]+")
_COMMON: Final = frozenset(
    {"the", "and", "for", "with", "one", "all", "set", "kit", "two", "new", "you", "your", "what"}
)
_BEHIND: Final = re.compile(r"\s*(?:[(（,，–—]|\b(?:for|with|in|of)\b)")
_OF_VALUE: Final = re.compile(r"\bfor (?:an?|my|our|the|his|her|their) {2,}(?:size(?:d)? )?[a-z]+\b", re.IGNORECASE)
"""What a version is for: the bed of "a mattress for a queen bed"."""
_ENDING: Final = re.compile(r"(?:ing|ers?|ed|s)$")
_LEAST_ROOT: Final = 4
_SHORT_ROOT: Final = 3
_PARTICLES: Final = re.compile(r"(?:\s+|(?<=[\u4e00-\u9fff]))[么吗呢吧啊呀嘛](?=\s|$)")
"""What a Chinese question ends with, and names nothing."""
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")
_OTHER_NAMES: Final = 5
"""How many other names of goods are searched for, where what was said finds nothing wholly."""


def of_kind(
    text: str, goods: str, found: list[list[ProductView]], *, kind: str, nearly: bool
) -> list[list[ProductView]]:
    """Those of what was found that are of the kind asked for; each product in one language or in two.

    `kind` are the words that say what it is. `nearly`: they have only some of the words, of which one at least must be
    of their name, shelf, maker or options: what is merely described with a word is no answer. Where a general name of
    goods is asked for that no product bears, those that mention it are left out too: no piano that comes with
    headphones is a pair of headphones.
    """
    last = _PARTICLES.sub("", kind or goods).split()[-1:]
    # What stands last says what it is: 蓝牙耳机 are earphones, a 笔记本支架 is no laptop.
    general = [each for name in last for each in goods_words(name) if _HAN.search(each) is None or name.endswith(each)]
    if general and not _FOR_IT.search(text):
        called = [views for views in found if any(_bears(each, views) for each in general)]
        if not called:
            # "Binoculars, I wear glasses" asks for no glasses.
            others = [each for each in goods.split() if each not in last and len(each) > 1]
            called = [views for views in found if any(words_shared(each, product_titles(views)) for each in others)]
        if not called or any(_HAN.search(each) for each in general):
            found = called
    if not nearly or (_FOR_USE.search(text) and not goods_words(text)):
        # "Something to keep my coffee hot" is of no kind: what is described so is near.
        return found
    words = [each for each in goods.split() if len(each) > 1]
    return [views for views in found if any(_bears(word, views) for word in words)]


def called_last(goods: str, views: Sequence[ProductView]) -> bool:
    """Whether what is asked for is what a product is called by the last word of its name."""
    word = goods.split()[-1].rstrip("子") if goods.split() else ""
    if word and _HAN.search(word):
        return any(title.rstrip("子").endswith((word[-2:], word[-1])) for title in product_titles(views))
    last = list(stems_of(goods))[-1:]
    names = [list(stems_of(_BEHIND.split(title)[0])) for title in product_titles(views)]
    return bool(last) and any(name[-1:] == last for name in names)


def is_called_so(goods: str, views: Sequence[ProductView]) -> bool:
    """Whether any of the words that name goods is one of a product's name, shelf, maker or options."""
    return any(_bears(word, views) for word in goods.split())


def _bears(word: str, views: Sequence[ProductView]) -> bool:
    """Whether a product is called so, or lies on a shelf, is made by somebody or has options called so."""
    told = [
        *product_titles(views),
        *(told for view in views for told in (view.category, view.brand) if told),
        *(str(value) for view in views for option in view.options for value in (option.name, *option.values)),
    ]
    alike = [word, *other_names_of(word)]
    if any(words_shared(each, told) for each in alike):
        return True
    if any(len(each) == 1 and any(each in title for title in product_titles(views)) for each in alike):
        # 靴子 is said of a 短靴.
        return True
    root = _ENDING.sub("", word)
    if len(root) >= _LEAST_ROOT and any(root in fold(each).replace(" ", "") for each in told):
        return True
    # What dries is a dryer, or a drying rack.
    return len(root) >= _SHORT_ROOT and any(
        _ENDING.sub("", each) == root for title in told for each in re.findall(r"[a-z]+", fold(title))
    )


def has_all(words: str, views: Sequence[ProductView], rest: str) -> bool:
    """Whether everything that is asked for is on record of a product, in whatever form: "that charges", "charging".

    `rest` is what was said without the values of its options.
    """
    told = [
        *product_titles(views),
        *(part for view in views for part in (view.category, view.brand, view.description) if part),
        *(str(part) for view in views for pair in view.attributes.items() for part in pair if isinstance(part, str)),
        *(str(part) for view in views for option in view.options for part in (option.name, *option.values)),
    ]
    joined = fold(" ".join(told))
    stems = {_ENDING.sub("", stem) for each in told for stem in stems_of(each)}
    unnamed = set(stems_of(rest))
    for word in words.split():
        if _HAN.search(word):
            left = word
            for run in sorted(_runs(word), key=len, reverse=True):
                left = left.replace(run, "") if run in joined else left
            if len(left) > 1 or (left == word and len(word) > 1):
                return False
        elif not all(_ENDING.sub("", stem) in stems or stem not in unnamed for stem in stems_of(word)):
            return False
    return True


def called_in_part(text: str, titles: Mapping[str, Sequence[str]], other: Sequence[str]) -> str | None:
    """The one product of which a text says a word of its name that the titles `other` lack; None for none or several.

    A model's number is such a word, too: "the S9". General names of goods are none.
    """
    folded = fold(text)
    theirs = set(_name_words(" ".join(other)))
    general = " ".join(goods_words(text))
    called = {
        key
        for key, names in titles.items()
        for word in _name_words(" ".join(names))
        if word not in theirs and word not in general and _says(folded, word)
    }
    return called.pop() if len(called) == 1 else None


def _says(text: str, word: str) -> bool:
    return word in text if _HAN.search(word) else re.search(rf"(?<![a-z\d]){word}(?![a-z\d])", text) is not None


def _name_words(titles: str) -> list[str]:
    """The words of titles that may tell one from another, Chinese ones by their runs of two characters."""
    folded = fold(titles)
    latin = [each for each in _LATIN_WORD.findall(folded) if each not in _COMMON and not each.isdigit()]
    runs = [run[place : place + 2] for run in _HAN_RUN.findall(folded) for place in range(len(run) - 1)]
    return [*latin, *runs]


def without_whom_for(rest: str) -> str:
    """What was said without the values of options, and without what such a value said of: "for a queen bed".

    `rest` has blanks in the place of those values.
    """
    return _OF_VALUE.sub(" ", rest)


def words_shared(text: str, titles: Sequence[str]) -> int:
    """How many words, or Chinese characters in a row, a text has of the title that it shares the most with."""
    said, folded = set(stems_of(text)), fold(text)

    def share(title: str) -> int:
        words = sum(1 for stem in set(stems_of(title)) & said if stem.isascii() and len(stem) > 1)
        han = max((len(run) for run in _runs(fold(title)) if run in folded), default=0)
        return max(words, han)

    return max(map(share, titles), default=0)


def _runs(title: str) -> Iterator[str]:
    """The runs of Chinese characters in a title, of two and more."""
    for whole in _HAN_RUN.findall(title):
        yield from (whole[a:b] for a in range(len(whole)) for b in range(a + 2, len(whole) + 1))


def other_names_of(goods: str) -> list[str]:
    """Searches by the other general names that one of the words for goods has: 靴子 is also 靴, "kids" are children."""
    by_terms, _ = groups()
    named = read("goods")["groups"]
    found: list[str] = []
    for word in goods.split():
        for number in by_terms.get(stems_of(word), ()):
            others = [str(each) for each in named[number] if str(each).isascii() == word.isascii()]
            found += [goods.replace(word, each) for each in others if each.casefold() != word.casefold()]
    return found[:_OTHER_NAMES]


def covered_by(word: str) -> list[list[str]]:
    """What a wider word for goods covers, each by its general names in the script of the word: the rings of jewelry."""
    content = read("goods")
    members = content["wider"].get(fold(word), ())
    groups_of = [group for member in members for group in content["groups"] if member in group]
    named = [[str(each) for each in group if str(each).isascii() == word.isascii()] for group in groups_of]
    return [each for each in named if each]


def is_one(names: Sequence[str], title: str) -> bool:
    """Whether a title ends with one of the general names: a ring, and no ring light."""
    said = _BEHIND.split(fold(title), maxsplit=1)[0].strip()
    stems = tuple(stems_of(said))
    for name in names:
        own = tuple(stems_of(fold(name)))
        if said.endswith(fold(name)) if _HAN.search(name) else own and stems[-len(own) :] == own:
            return True
    return False


def product_titles(views: Sequence[ProductView]) -> list[str]:
    """What a product is called, in the languages of `views` and then as shoppers call it besides."""
    return [*(view.name for view in views if view.name), *views[0].other_names]


__all__ = [
    "called_in_part",
    "covered_by",
    "has_all",
    "is_called_so",
    "is_one",
    "of_kind",
    "other_names_of",
    "product_titles",
    "without_whom_for",
    "words_shared",
]
