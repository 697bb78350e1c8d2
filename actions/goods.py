"""Which products a message speaks of: what a button or the page names, what is on the screen, or what a search finds.

What is found comes with the variants that have the options asked for. Nothing is guessed: several products that fit
are all given back, and an option that a product does not have is said to be absent.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rasa_sdk.events import SlotSet

from actions.bought import buys_again, calls_it_own, lines_bought
from actions.crm_client import CrmNotFound, Language
from actions.desk import Desk, Event, Turn, last_response, last_words
from actions.goods_called import (
    called_last,
    has_all,
    of_kind,
    other_names_of,
    product_titles,
    without_whom_for,
    words_shared,
)
from actions.resolver import Absent, Amount, Focus, VariantCandidate, resolve_variant, variants_having
from actions.resolver.goods_words import goods_words
from actions.resolver.points_back import other_of, points_back
from actions.resolver.products import PriceOrder, ProductWords, read_product_words
from actions.resolver.refusals import Refused, without_refused
from actions.resolver.sides import sides_said
from actions.resolver.text import fold, stems_of
from actions.resolver.versions import Versions, versions_meant
from actions.resolver.vocabulary import phrases
from actions.wording import LANGUAGES
from shopdesk_schemas.crm import Catalogue
from shopdesk_schemas.products import ProductView, VariantView

SEEN: Final = 8
"""How many products of a search are looked into."""
_FEW: Final = 8
"""Chinese characters that name something at most: more are a sentence."""
_CALLED_SO: Final = 3
"""How many products may share the name in a question for it to be one of them that is asked about."""
GONE = frozenset({"out_of_stock", "discontinued"})

_LATIN = re.compile(r"[A-Za-z]{3,}")
_BESIDE = re.compile(
    r"\b(?:and|or|vs?|versus|with|than|from|to)\b|[,，、和跟与同或]|还是|比(?!较|一|比)", re.IGNORECASE
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


_MEASURED: Final = re.compile(r"(\d+(?:\.\d+)?)\s*[^\d\s.,].*")
_BARE_NUMBER: Final = re.compile(
    r"^\W*(\d+(?:\.\d+)?)\W*$|\b(?:the|in|size|in an?) (\d+(?:\.\d+)?)(?= ones?\b|\W*$)"
    r"|(?<![\d.])(\d+(?:\.\d+)?)(?=[的款版那])",
    re.IGNORECASE,
)
"""A number that may be an option, and counts nothing."""
_ANY_NUMBER: Final = re.compile(
    r"(?<![\d.A-Za-z])(\d+(?:\.\d+)?)"
    r"(?![\d.]|\s*(?!(?:with|or|and|vs|versus|ones?|is|than)\b)[A-Za-z])"
)


@dataclass(frozen=True)
class Good:
    """A product and those of its variants that have what was asked for (all when nothing was)."""

    product: ProductView
    variants: list[VariantView]
    absent: Absent | None = None
    """An option's value that was asked for and that it does not have."""
    narrowed: bool = False
    """Whether options were asked for."""
    named_sku: str | None = None

    @property
    def can_be_had(self) -> list[VariantView]:
        """The variants that can be bought now."""
        return [each for each in self.variants if each.availability not in GONE]

    @property
    def one(self) -> VariantView | None:
        """The variant meant, when it is only one."""
        return self.variants[0] if len(self.variants) == 1 else None


@dataclass(frozen=True)
class Goods:
    """What a message speaks of, best first. `spoke`: whether it named or pointed at goods at all."""

    found: list[Good] = field(default_factory=list)
    words: ProductWords = field(default_factory=ProductWords)
    spoke: bool = False
    nearly: bool = False
    """They have only some of the words."""
    total: int = 0
    foreign: str | None = None
    """The currency of an amount that the shop's prices cannot be compared with."""
    guessed: bool = False
    """Words were taken as slips of the finger."""
    unread: bool = False
    """One product is meant, and the message says more than its names, options and facts do."""


async def find_goods(
    desk: Desk,
    turn: Turn,
    *,
    search: bool = False,
    several: bool = False,
    compared_with_it: bool = False,
    asked: str | None = None,
    skip: int = 0,
    below_minor: int | None = None,
    order: PriceOrder | None = None,
    words: str | None = None,
) -> Goods:
    """The goods that the message of `turn` speaks of, or that the words `asked` earlier spoke of.

    `search`: the whole catalogue is meant, unless something on the screen is pointed at. `several`: more than one may
    be meant; otherwise names that fit one product on the screen mean that one. `skip`: how many of the catalogue's
    answer are left out, those shown before. `compared_with_it`: prices said are those of other goods,
    compared with the one spoken of. `below_minor`: only what costs less, the cheapest first. `order`: by price,
    whatever the words say. `words` are those of the message that may name goods; all of it when None.
    """
    finder = _Finder(desk, turn, asked=asked, skip=skip, below_minor=below_minor, order=order, words=words)
    return await finder.find(search=search, several=several, compared_with_it=compared_with_it)


async def find_each(desk: Desk, turn: Turn) -> list[Good]:
    """The products that a message names one beside the other: "the sandals and the boots"."""
    finder = _Finder(desk, turn)
    parts = [part for part in _BESIDE.split(turn.text) if part.strip()]
    # Chinese has no spaces but between what is said one after the other.
    parts = [each for part in parts for each in (part.split() if _HAN.search(part) else [part])]
    return await finder.each(parts)


def good_named(desk: Desk, turn: Turn, product: ProductView) -> Good:
    """A product that a message names, with those of its variants that have the options it says."""
    finder = _Finder(desk, turn)
    return finder.good_of(product)


def variants_named(text: str, good: Good) -> list[list[VariantView]]:
    """The variants of a product that a message names one beside the other: "the L and the M"."""
    return [each for _, each in sides_of(text, good) if each]


def sides_of(text: str, good: Good) -> list[tuple[dict[str, str], list[VariantView]]]:
    """What a message names of a product one beside the other, and the variants that have it: none where none has."""
    variants = good.product.variants
    names = max((len(each.other_options) for each in variants), default=0)
    others = [
        [each.other_options[place] if place < len(each.other_options) else each.options for each in variants]
        for place in range(names)
    ]
    whole = with_units(text, _variants([good.product]), anywhere=True)
    titles = [each for each in (good.product.name, *good.product.other_names) if each]
    sides = sides_said(whole, [each.options for each in variants], others, titles)
    found = [
        (side, [each for each in variants if all(each.options.get(name) == value for name, value in side.items())])
        for side in sides
    ]
    return [(side, there) for side, there in found if len(there) < len(variants)]


async def category_names(desk: Desk, category: str) -> dict[Language, str]:
    """What a category is called in each language, by its name in any; as it is where the catalogue does not know it."""
    page = await desk.crm.catalogue("en", category=category, limit=1)
    if not page.products:
        return dict.fromkeys(LANGUAGES, category)
    product = page.products[0].external_id
    views = [await desk.crm.product(product, language) for language in LANGUAGES]
    known = {view.category.strip().casefold() for view in views if view.category}
    if category.strip().casefold() not in known:
        # One level of a longer name.
        return dict.fromkeys(LANGUAGES, category)
    return {language: view.category or category for language, view in zip(LANGUAGES, views, strict=True)}


class _Finder:
    def __init__(
        self,
        desk: Desk,
        turn: Turn,
        *,
        asked: str | None = None,
        skip: int = 0,
        below_minor: int | None = None,
        order: PriceOrder | None = None,
        words: str | None = None,
    ) -> None:
        self._crm = desk.crm
        self._turn = turn
        self._desk = desk
        self._refused = without_refused(asked if asked is not None else turn.text if words is None else words)
        self._text = self._refused.kept
        self._again = asked is not None
        self._skip = skip
        self._below_minor = below_minor
        self._order = order
        self._currency = ""
        self._goes_on = False
        """Whether no goods are named: options are those of what was spoken of before."""
        self._languages: list[Language] = [turn.language]
        if turn.language == "zh" and _LATIN.search(self._text):
            self._languages.append("en")
        elif turn.language == "en" and _HAN.search(self._text):
            self._languages.append("zh")

    async def find(self, *, search: bool, several: bool, compared_with_it: bool = False) -> Goods:
        """See `find_goods`."""
        found = await self._found(search=search, several=several, compared_with_it=compared_with_it)
        if not search and not several:
            found = await self._pointed_back(found)
        if not self._refused.words:
            return found
        if not found.found and (left := await self._left_of_spoken()) is not None:
            # "Without ads how much?", of a reader that comes with and without.
            return Goods([left], found.words, spoke=True, total=1)
        return self._without_refused(found)

    async def _left_of_spoken(self) -> Good | None:
        """The product spoken of last without the versions that are not wanted; None where none of them is refused."""
        key = next(iter(product_focus(self._turn).products), None)
        views = await self.views([key]) if key is not None and not self._again else []
        left = wanted_of(Good(views[0][0], views[0][0].variants), self._refused) if views else None
        return left if left is not None and left.narrowed else None

    async def _pointed_back(self, goods: Goods) -> Goods:
        """What was spoken of last, where a word of another product's name is what goes in, on or with "it"."""
        focus = product_focus(self._turn)
        key = other_of(self._text, focus.shown, next(iter(focus.products), None))
        titles = [name for each in goods.found for name in (each.product.name, *each.product.other_names) if name]
        said = {stem for name in titles for stem in stems_of(name)} & set(stems_of(self._text))
        if key is None and goods.found and points_back(self._text, said):
            key = next(iter(focus.products), None)
        if key is None or any(each.product.external_id == key for each in goods.found[:1]):
            return goods
        views = await self.views([key])
        return replace(goods, found=[self._good(views[0])], spoke=True, nearly=False, total=1) if views else goods

    def _without_refused(self, goods: Goods) -> Goods:
        """Without the goods and variants that are said not to be wanted."""
        left = [kept for each in goods.found if (kept := wanted_of(each, self._refused)) is not None]
        total = max(goods.total - (len(goods.found) - len(left)), len(left))
        return replace(goods, found=left, total=total, spoke=True)

    async def _found(self, *, search: bool, several: bool, compared_with_it: bool = False) -> Goods:
        pressed = next(iter(self._turn.entities("sku")), None)
        if self._again:
            currency = self._currency = (await self._crm.policies()).shop.currency
            words = read_product_words(self._text, currency=currency)
            words = words if self._order is None else replace(words, order=self._order)
            return await self._searched(words, currency, several=several)
        if pressed:
            views = await self.views([str(pressed)])
            return Goods([self._good(view, str(pressed)) for view in views], spoke=True, total=len(views))
        currency = self._currency = (await self._crm.policies()).shop.currency
        focus = product_focus(self._turn)
        known = await self.views(list(dict.fromkeys([*focus.shown, *focus.products]))[:SEEN])
        known = known or (await self._of_order(focus) if not search else [])
        candidates = [_candidate(each) for each in known]
        words = read_product_words(self._text, currency=currency, known=candidates)
        self._goes_on = not words.goods
        theirs = buys_again(self._turn.text) if search else calls_it_own(self._turn.text)
        if theirs and not several:
            bought = await self._bought(words, focus)
            if bought is not None:
                return bought
        if compared_with_it and candidates and not words.goods and not words.points:
            spoken = [views for key in focus.products for views in known if views[0].external_id == key] or known
            return Goods([self._good(spoken[0])], words, spoke=True, total=1)
        if candidates and (not search or not words.goods):
            here = self._on_screen(known, candidates, words, focus, several=several)
            if here:
                return Goods([self._good(view) for view in here], words, spoke=True, total=len(here))
        if words.said_nothing and len(words.options.split()) > 1:
            # "The oat cream": a name of nothing but colours.
            named = await self._searched(replace(words, goods=words.options), currency, several=several)
            theirs_so = [each for each in named.found if words_shared(words.options, [each.product.name or ""]) > 1]
            if theirs_so:
                return replace(named, found=theirs_so, total=len(theirs_so), words=words)
        if words.said_nothing or (words.points and not words.goods and not search):
            return Goods([], words, spoke=False)
        found = await self._searched(words, currency, several=several)
        gift = words.amount is not None and all(each in phrases("gift_words") for each in words.goods.split())
        if search and gift and words.goods and (found.nearly or not found.found):
            # "Anything under 20 for a gift": goods are no gifts by their names.
            return await self._searched(replace(words, goods="", things=""), currency, several=several)
        if search or several:
            return found
        if found.nearly or not found.found:
            found = await self._named_among(found, words, currency, known, focus)
        if len(found.found) > 1:
            names = {
                each.product.external_id: [each.product.name or "", *each.product.other_names] for each in found.found
            }
            called = most_named(self._text, names, names)
            found = replace(found, found=[each for each in found.found if each.product.external_id in called])
        fixed = [-1 if each.absent is not None else _options_fixed(each) for each in found.found]
        if fixed and min(fixed) < max(fixed):
            # "The yellow raincoat in 40" is not the children's one, which has no such size.
            having = [each for each, options in zip(found.found, fixed, strict=True) if options == max(fixed)]
            found = replace(found, found=having, total=len(having))
        if len(found.found) > 1:
            # "What about the wall one?", of dryers: no plug, though one is called so.
            shelves = {views[0].category for views in known if views[0].external_id in list(focus.products)[:1]}
            shelf = [each for each in found.found if each.product.category in shelves]
            if len(shelf) == 1 and (last_response(self._turn) or "").startswith("utter_products"):
                return replace(found, found=shelf, total=1)
        if len(found.found) > 1:
            # "Does the rug come bigger?", of the order that was just spoken of; "is the lamp dimmable", of any.
            own = await self._own(found.found, focus)
            if len(own) == 1:
                return replace(found, found=own, nearly=False, total=1)
        return found

    async def _named_among(
        self, found: Goods, words: ProductWords, currency: str, known: Sequence[list[ProductView]], focus: Focus
    ) -> Goods:
        """The product that a question names beside words which no product has; else the one that was spoken of."""
        if words.things and words.things != words.goods:
            again = await self._searched(replace(words, goods=words.things), currency, several=False)
            if again.found and not again.nearly:
                both = {each.product.external_id: each for each in (*found.found, *again.found)}
                titles = {key: product_titles([each.product]) for key, each in both.items()}
                called = most_named(self._text, titles, titles)
                if len(called) == 1:
                    # "Does the cordless fountain run on batteries?": what asks something is a part of its name.
                    return replace(again, found=[both[each] for each in called], words=words, total=1)
                return replace(again, words=words)
            found = again if again.found else found
        views = await self.views([each.product.external_id for each in found.found])
        named = resolve_variant(self._text, [_candidate(each) for each in views])
        told = (last_response(self._turn) or "").startswith("utter_products")
        by_name = {
            each.candidate.sku
            for each in named.matches
            if any(why.kind == "name" and not (told and _is_character(why.words)) for why in each.reasons)
        }
        by_name = most_named(self._text, {each[0].external_id: product_titles(each) for each in views}, by_name)
        if by_name and len(by_name) <= _CALLED_SO:
            own = [each for each in found.found if each.product.external_id in by_name]
            return replace(found, found=own, words=words, nearly=False, total=len(own), unread=True)
        asks_size = self._turn.intent == "ask_size_advice"
        spoken = next((views for key in focus.products for views in known if views[0].external_id == key), None)
        nothing = (not found.found or (found.nearly and told)) and self._turn.intent == "ask_product_facts"
        if spoken is not None and (words.points or words.facts or not words.things or asks_size or nothing):
            return Goods([self._good(spoken)], words, spoke=True, total=1, unread=True)
        return found

    async def _own(self, found: Sequence[Good], focus: Focus) -> list[Good]:
        """Those of several that the shopper bought: with the order spoken of last, else ever."""
        bought = {views[0].external_id for views in await self._of_order(replace(focus, lines=()))}
        own = [each for each in found if each.product.external_id in bought]
        if own:
            return own
        skus = {line.sku for line in await lines_bought(self._desk, self._turn)}
        return [each for each in found if any(variant.sku in skus for variant in each.product.variants)]

    async def _bought(self, words: ProductWords, focus: Focus) -> Goods | None:
        """What the shopper bought and the message names, in their variant; None where it is not clear."""
        lines = await lines_bought(self._desk, self._turn)
        views = await self.views(list(dict.fromkeys(str(line.sku) for line in lines)))
        if not views:
            return None
        candidates = [_candidate(each) for each in views]
        named = resolve_variant(self._text, candidates)
        keys = [each.candidate.sku for each in named.matches if any(why.kind == "name" for why in each.reasons)]
        if not keys and not words.things:
            ids = [each.sku for each in candidates]
            keys = [key for key in focus.products if key in ids][:1] or (ids if len(ids) == 1 else [])
        keys = list(dict.fromkeys(keys))
        if len(keys) != 1:
            return None
        meant = next(each for each in views if each[0].external_id == keys[0])
        skus = {line.sku for line in lines}
        good = self._good(meant)
        chosen = [each for each in good.variants if each.sku in skus] or [
            each for each in meant[0].variants if each.sku in skus
        ]
        return Goods([replace(good, variants=chosen, absent=None, narrowed=True)], words, spoke=True, total=1)

    async def _of_order(self, focus: Focus) -> list[list[ProductView]]:
        """The goods of the lines spoken of last, or else of the whole order: no more than who asks may see."""
        number = next(iter(focus.orders), None)
        if number is None:
            return []
        try:
            order = await self._crm.order(self._turn.conversation_id, number, self._turn.language)
        except CrmNotFound:
            return []
        keys = [key.rpartition("/")[2] for key in focus.lines if key.rpartition("/")[0] == number]
        lines = [line for line in order.lines if not keys or str(line.line_number) in keys]
        return await self.views(list(dict.fromkeys(line.sku for line in lines if line.sku))[:SEEN])

    async def each(self, parts: Sequence[str]) -> list[Good]:
        """The product of each part that names one, on the screen or in the catalogue."""
        currency = self._currency = (await self._crm.policies()).shop.currency
        focus = product_focus(self._turn)
        known = await self.views(list(dict.fromkeys([*focus.shown, *focus.products]))[:SEEN])
        shelves = {views[0].category for views in known if views[0].external_id in list(focus.products)[:1]}
        found: dict[str, list[ProductView]] = {}
        for part in parts:
            words = read_product_words(part, currency=currency)
            if not words.goods and not words.points:
                continue
            here = known
            local = Focus(products=[views[0].external_id for views in known], shown=focus.shown)
            meant = resolve_variant(part, [_candidate(each) for each in known], focus=local)
            by_words = any(reason.kind != "pronoun" for match in meant.matches[:1] for reason in match.reasons)
            if words.goods and (meant.status != "one" or not by_words):
                page = await self._named_wholly(part, words.goods, words.things)
                here = await self.views([each.external_id for each in page.products])
                meant = resolve_variant(part, [_candidate(each) for each in here])
                if page.matched == "all" and len(here) == 1 and words_shared(part, product_titles(here[0])):
                    found[here[0][0].external_id] = here[0]
                    continue
                names = {each[0].external_id: product_titles(each) for each in here}
                by_name = {each.candidate.sku for each in meant.matches if any(w.kind == "name" for w in each.reasons)}
                called = most_named(part, names, by_name)
                alike = {each[0].external_id for each in here if each[0].category in shelves}
                called = called & alike if len(called) > 1 and called & alike else called
                if meant.status != "one" and len(called) == 1:
                    views = next(each for each in here if each[0].external_id in called)
                    found[views[0].external_id] = views
                    continue
            if meant.status == "one" and (here is known or words_shared(part, list(meant.first.titles))):
                views = next(each for each in here if each[0].external_id == meant.first.sku)
                found[views[0].external_id] = views
        return [Good(views[0], views[0].variants) for views in found.values()]

    async def _named_wholly(self, part: str, goods: str, things: str) -> Catalogue:
        """What the catalogue finds for a part of a message: of a few Chinese characters as they are, else of names."""
        queries = [part] if _HAN.search(part) and len(part) <= _FEW else []
        queries = list(dict.fromkeys(each for each in [*queries, goods, things, part] if each.strip()))
        pages = None
        for query in queries:
            pages = await self._crm.catalogue(self._turn.language, q=query[:200], limit=SEEN)
            if pages.matched == "all":
                break
        assert pages is not None  # noqa: S101 - there is one query at least
        return pages

    def _on_screen(
        self,
        known: Sequence[list[ProductView]],
        candidates: Sequence[VariantCandidate],
        words: ProductWords,
        focus: Focus,
        *,
        several: bool,
    ) -> list[list[ProductView]]:
        """Those of the products spoken of or shown that are meant."""
        by_id = {views[0].external_id: views for views in known}
        shown = [key for key in focus.shown if key in by_id]
        local = Focus(products=[views[0].external_id for views in known], shown=shown or list(by_id))
        found = resolve_variant(self._text, candidates, focus=local)
        if found.sure and (several or found.status == "one"):
            return [by_id[each.sku] for each in found.candidates]
        if found.matches and words.points and not words.goods:
            return [by_id[found.first.sku]]
        if not words.goods and not words.amount and (not words.order or (words.compared and not several)):
            # "what sizes are there?": what was spoken of last.
            spoken = [key for key in focus.products if key in by_id] or list(by_id)
            return [by_id[key] for key in (spoken if several else spoken[:1])]
        return []

    async def _searched(self, words: ProductWords, currency: str, *, several: bool) -> Goods:
        amount = words.amount
        foreign = amount.currency if amount and amount.currency not in (None, currency) else None
        if foreign:
            amount = None
        limit = SEEN * 2 if self._refused.words else SEEN
        wanted = {
            "sort": words.order or ("relevance" if self._below_minor is None else "price_asc"),
            "minimum_minor": amount.minor if amount and amount.bound in ("at_least", "between") else None,
            "maximum_minor": _upper(amount) if self._below_minor is None else self._below_minor - 1,
            "limit": limit,
            "offset": self._skip or None,
        }
        # "red wine glasses", "green tea": a colour may be part of the name; where nothing has all, it is an option.
        pages: Catalogue | None = None
        nearest: Catalogue | None = None
        other_words = [] if self._again or not several else other_names_of(words.goods)
        for query in dict.fromkeys([f"{words.colours} {words.goods}".strip(), words.goods, *other_words]):
            pages = await self._crm.catalogue(self._turn.language, q=query[:200] or None, **wanted)
            nearest = nearest or pages
            if not query or (pages.matched == "all" and not (pages.corrected and other_words)):
                nearest = pages if self._again else await self._called_so(pages, query, wanted)
                break
        pages = nearest
        assert pages is not None  # noqa: S101 - there is one query at least
        if several and not self._again and pages.matched == "all" and not pages.corrected:
            pages = await self._with_other_names(pages, words.goods, wanted)
        found = await self.views([each.external_id for each in pages.products])
        asked = " ".join([words.goods, *(pages.corrected or {}).values()])
        nearly = several and pages.matched == "some"
        found = of_kind(self._text, asked, found, kind=words.things, nearly=nearly)
        if words.order is None and self._below_minor is None:
            # A camp stove is shown before what else lies on the shelf for camping.
            said = [words.things or words.goods, self._text]
            found = sorted(found, key=lambda views: not any(called_last(each, views) for each in said))
        if amount is not None and several:
            found = await self._called_as_others_are(found, words.things or words.goods)
        goods = [self._good(view) for view in found]
        if several or pages.matched != "all" or len(goods) < 2:
            nearly = pages.matched == "some"
            if nearly and goods and several:
                rest = without_whom_for(versions_of(found[0], self._text).named.rest)
                nearly = not has_all(asked, found[0], rest)
            dropped = len(found) < len(pages.products)
            found_in_all, guessed = (len(goods) if dropped else pages.total or len(goods)), bool(pages.corrected)
            return Goods(goods, words, spoke=True, nearly=nearly, total=found_in_all, foreign=foreign, guessed=guessed)
        # The one of which more words are said is meant: of two fountains the cordless one.
        called = most_named(self._text, {each[0].external_id: product_titles(each) for each in found}, _ids(found))
        named = resolve_variant(self._text, [_candidate(each) for each in found if each[0].external_id in called])
        if named.status == "one":
            goods = [each for each in goods if each.product.external_id == named.first.sku]
        return Goods(goods, words, spoke=True, total=len(goods), foreign=foreign)

    async def _called_as_others_are(self, found: list[list[ProductView]], goods: str) -> list[list[ProductView]]:
        """Those that are called what is asked for, where at any price something is: no speaker is a pair of earphones.

        A shelf may be called so that holds other things beside.
        """
        general = [each for name in goods.split()[-1:] for each in goods_words(name)][:1]
        if not found or not general or all(words_shared(general[0], product_titles(views)) for views in found):
            return found
        page = await self._crm.catalogue(self._turn.language, q=general[0], limit=SEEN)
        named = [each.name or "" for each in page.products if page.matched == "all" and not page.corrected]
        names = [general[0], *other_names_of(general[0])]
        if not any(words_shared(each, [name]) for each in names for name in named):
            return found
        return [views for views in found if any(words_shared(each, product_titles(views)) for each in names)]

    async def _with_other_names(self, found: Catalogue, goods: str, wanted: Mapping[str, Any]) -> Catalogue:
        """With what bears another general name of the goods, where no more than such a name is said: 行李箱, 拉杆箱."""
        if fold(goods) not in goods_words(goods) and not (goods.isascii() and len(goods.split()) == 1):
            return found
        known = {each.external_id for each in found.products}
        more = []
        for other in other_names_of(goods):
            page = await self._crm.catalogue(self._turn.language, q=other[:200], **wanted)
            for each in page.products if page.matched == "all" and not page.corrected else ():
                called = words_shared(other, [each.name or ""]) >= (1 if other.isascii() else len(other))
                if each.external_id not in known and called:
                    known.add(each.external_id)
                    more.append(each)
        if not more:
            return found
        products = [*found.products, *more]
        if (order := wanted["sort"]) != "relevance":
            products.sort(key=lambda each: each.price_from_minor or 0, reverse=order == "price_desc")
        total = (found.total or len(found.products)) + len(more)
        return found.model_copy(update={"products": products[:SEEN], "total": total})

    async def _called_so(self, found: Catalogue, query: str, wanted: Mapping[str, Any]) -> Catalogue:
        """What is called so in other words, where what was found only has such an option: no backpack is a laptop."""
        if any(words_shared(query, [each.name]) or query in each.name for each in found.products):
            return found
        for other in other_names_of(query):
            page = await self._crm.catalogue(self._turn.language, q=other[:200], **wanted)
            if page.matched == "all" and any(words_shared(other, [each.name]) for each in page.products):
                return page
        return found

    async def views(self, references: Sequence[str]) -> list[list[ProductView]]:
        """Each product that is there, in the languages of the message, the reader's first."""
        found = await asyncio.gather(*(self._view(reference) for reference in references))
        by_id = {views[0].external_id: views for views in found if views}
        return list(by_id.values())

    async def _view(self, reference: str) -> list[ProductView]:
        try:
            return list(await asyncio.gather(*(self._crm.product(reference, language) for language in self._languages)))
        except CrmNotFound:
            return []

    def good_of(self, product: ProductView) -> Good:
        """The same of one product that is known."""
        self._currency = product.currency or ""
        return self._good([product])

    def _good(self, views: Sequence[ProductView], sku: str | None = None) -> Good:
        product = views[0]
        if sku is not None and sku != product.external_id:
            chosen = [each for each in product.variants if each.sku.casefold() == sku.casefold()]
            return Good(product, chosen or product.variants, narrowed=bool(chosen), named_sku=sku)
        page = (self._turn.metadata.get("page") or {}).get("sku")
        candidates = _variants(views)
        if len(candidates) < 2:
            return Good(product, product.variants, self._absent(candidates))
        self._text = with_units(self._text, candidates)
        versions = self._versions(views)
        named = {product.variants[place].sku for place in versions.places}
        found = resolve_variant(self._text, candidates)
        by_option = [each for each in found.matches if any(reason.kind == "option" for reason in each.reasons)]
        if by_option and not found.asked_but_absent:
            skus = {each.candidate.sku for each in by_option}
            if self._goes_on:
                skus = set(among_the_shown([*skus], product_focus(self._turn)))
            # What is held from before bounds no more than what is there of it.
            skus = (named & skus or (named if versions.named else skus)) if named else skus
            return Good(product, [each for each in product.variants if each.sku in skus], narrowed=True)
        if named and (versions.named or self._absent(candidates) is None):
            return Good(product, [each for each in product.variants if each.sku in named], narrowed=True)
        if len(versions.named.wanted) > 1:
            said = " / ".join("/".join(sorted(values)) for values in versions.named.wanted.values())
            return Good(product, product.variants, Absent("combination", said, value=said))
        absent = self._absent(candidates)
        having = {each.sku for each in variants_having(self._text, candidates)} if absent or not by_option else set()
        if having:
            # Said in part or in other words: "an alexa one", "without lights". Nothing is denied that there is.
            return Good(product, [each for each in product.variants if each.sku in having], narrowed=True)
        if absent is None and page and any(each.sku == page for each in product.variants):
            return Good(product, [each for each in product.variants if each.sku == page])
        return Good(product, product.variants, absent)

    def _versions(self, views: Sequence[ProductView]) -> Versions:
        """Which of a product's variants are meant, by what is said now and was said of it just before."""
        if self._again or not self._goes_on:
            return versions_of(views, self._text)
        before, chosen = said_before(self._turn, views[0])
        return versions_of(views, self._text, before=before, chosen=chosen)

    def _absent(self, candidates: Sequence[VariantCandidate]) -> Absent | None:
        """An option's value that was asked for and that none of the variants has."""
        if not candidates:
            return None
        said = read_product_words(self._text, currency=self._currency, known=candidates)
        if not said.options:
            return None
        found = resolve_variant(said.options, candidates)
        return next((each for each in found.asked_but_absent if each.kind in ("value", "combination")), None)


def _ids(found: Sequence[Sequence[ProductView]]) -> list[str]:
    return [views[0].external_id for views in found]


def within(product: ProductView, amount: Amount | None) -> bool:
    """Whether any version of a product costs what is to be spent; so is one whose prices are not known."""
    prices = [each.price_minor for each in product.variants if each.price_minor is not None]
    if amount is None or not prices or amount.currency not in (None, product.currency):
        return True
    least = amount.minor if amount.bound in ("at_least", "between") else None
    most = _upper(amount)
    return any((least is None or each >= least) and (most is None or each <= most) for each in prices)


def said_before(turn: Turn, product: ProductView) -> tuple[str, VariantView | None]:
    """What the shopper said just before of the product spoken of last, and the version of it that was chosen then.

    Nothing where that is another product. Of a message that is answered part by part it is the whole of it.
    """
    spoken = next(iter(product_focus(turn).products), None)
    chosen = next((each for each in product.variants if each.sku == spoken), None)
    if chosen is None and spoken != product.external_id:
        return "", None
    whole = str((turn.metadata.get("whole") or {}).get("text") or "")
    return (whole if whole and whole != turn.text else last_words(turn)), chosen


def versions_of(
    views: Sequence[ProductView], text: str, *, before: str = "", chosen: VariantView | None = None
) -> Versions:
    """Which variants of a product, seen in one language or in two, a text means; see `versions_meant`."""
    product = views[0]
    translated = {each.sku: each.options for view in views[1:] for each in view.variants}
    others = [
        translated.get(each.sku) or (each.other_options[0] if each.other_options else each.options)
        for each in product.variants
    ]
    return versions_meant(
        text,
        [each.options for each in product.variants],
        others,
        product_titles(views),
        before=before,
        chosen=chosen.options if chosen is not None else None,
    )


def _options_fixed(good: Good) -> int:
    """How many options of a product the words asked for settle."""
    every = {name: {each.options.get(name) for each in good.product.variants} for name in good.variants[0].options}
    left = {name: {each.options.get(name) for each in good.variants} for name in every}
    return sum(1 for name in every if len(left[name]) < len(every[name])) if good.narrowed else 0


def most_named(text: str, titles: Mapping[str, Sequence[str]], among: Collection[str]) -> set[str]:
    """Those of the products `among` whose titles share the most words, or Chinese characters in a row, with a text."""
    shares = {key: words_shared(text, titles[key]) for key in among if key in titles}
    most = max(shares.values(), default=0)
    return {key for key, of in shares.items() if of == most}


def wanted_of(good: Good, refused: Refused) -> Good | None:
    """A product without the variants that a message refuses; None where nothing is left of it."""
    names = [good.product.name or "", *good.product.other_names]
    told = [value for value in good.product.attributes.values() if isinstance(value, str)]
    if refused.of_goods.refuses([*names, *told]):
        return None
    left = [each for each in good.variants if not refused.refuses(each.options.values())]
    if not left:
        return None
    if len(left) < len(good.variants):
        return replace(good, variants=left, narrowed=True)
    return None if refused.refuses(names) else good


def with_units(text: str, variants: Sequence[VariantCandidate], *, anywhere: bool = False) -> str:
    """A message in which a bare number that can only be one option has its unit: "the 240" of 160 ml and 240 ml.

    `anywhere`: nothing in the message counts pieces or is a price.
    """
    values = {value for each in variants for value in each.options.values()}
    by_number: dict[str, set[str]] = {}
    for value in values:
        if (measured := _MEASURED.match(value)) is not None:
            by_number.setdefault(measured[1], set()).add(value)

    def whole(said: re.Match[str]) -> str:
        number = next(filter(None, said.groups()))
        meant = by_number.get(number, set())
        return said.group().replace(number, meant.copy().pop()) if len(meant) == 1 and number not in values else said[0]

    return (_ANY_NUMBER if anywhere else _BARE_NUMBER).sub(whole, text)


def product_focus(turn: Turn) -> Focus:
    """The products spoken of last, those on the page first."""
    focus = Focus.from_slot(turn.tracker.get_slot("focus"))
    page = (turn.metadata.get("page") or {}).get("sku")
    products = [str(page), *focus.products] if page else list(focus.products)
    shown = focus.shown if focus.products else ()
    return replace(focus, products=products, shown=shown)


def among_the_shown(skus: Sequence[str], focus: Focus) -> list[str]:
    """Those of the variants that were told just now, where some of them were; else all: options add up."""
    return [each for each in skus if each in focus.shown] or list(skus)


def show_goods(turn: Turn, shown: Sequence[str], meant: str | None = None, chosen: str | None = None) -> list[Event]:
    """What "it" and "the second" mean from now on: `shown` in the order on the screen, `meant` before all others.

    `chosen`: a variant of what is meant.
    """
    focus = Focus.from_slot(turn.tracker.get_slot("focus")).as_slot()
    products = list(
        dict.fromkeys([*([chosen] if chosen else []), *([meant] if meant else []), *shown, *focus["products"]])
    )
    return [SlotSet("focus", {**focus, "products": products[:SEEN], "shown": list(shown)})]


def _is_character(words: str) -> bool:
    """Whether a name is said by one Chinese character of it only: 要不要自己磨 names no 磨毛衬衫."""
    return len(words) == 1 and _HAN.search(words) is not None


def _upper(amount: Amount | None) -> int | None:
    if amount is None:
        return None
    if amount.bound == "between":
        return amount.upper_minor
    return None if amount.bound == "at_least" else amount.minor


def _candidate(views: Sequence[ProductView]) -> VariantCandidate:
    """A product as something to choose."""
    product = views[0]
    return VariantCandidate(
        sku=product.external_id,
        titles=product_titles(views),
        price_minor=product.price_from_minor,
        available=product.available,
        categories=[view.category for view in views if view.category],
    )


def _variants(views: Sequence[ProductView]) -> list[VariantCandidate]:
    others = [{each.sku: each.options for each in view.variants} for view in views[1:]]
    return [
        VariantCandidate(
            sku=each.sku,
            titles=product_titles(views),
            product=views[0].external_id,
            options=each.options,
            other_options=[*(other[each.sku] for other in others if each.sku in other), *each.other_options],
            price_minor=each.price_minor,
            available=each.availability not in GONE,
        )
        for each in views[0].variants
    ]
