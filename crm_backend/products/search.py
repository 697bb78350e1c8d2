"""Finding products by words, in either language, through the terms that `index.py` keeps.

The same few statements serve both databases. What a word means is tried in this order: the term itself, a term that
begins with it, and where there is neither, terms that are one slip of the finger away (two in long words).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import and_, func, or_, select

from crm_backend.database.engine import ReadSession
from crm_backend.products.index import CATEGORY, HEAD, NAME, OPTION
from crm_backend.products.models import Product, ProductTerm
from crm_backend.products.terms import STOP_CHARACTERS, Run, distance, pairs, questions, slips_allowed

PREFIX_LETTERS = 3
"""A shorter word is not taken for the beginning of another."""

_SHORT = 2
_SUFFIX = "子"
INSIDE_NAME = 4
"""What one Chinese character inside a longer name weighs (茶 in 茶歇裙): less than what the category is called."""

EXACT, PREFIX, SLIP = 1.0, 0.8, 0.6
"""How much a term counts by how it was met."""

WORTH_SHOWING = 0.6
"""A product must have this share of what the best one has of the question."""

MAXIMUM_FOUND = 500
"""Products that a search gives at most: nobody looks at more."""


@dataclass(slots=True)
class Found:
    """Products by how well they fit, best first."""

    product_ids: list[int] = field(default_factory=list)
    matched: Literal["all", "some"] | None = None
    corrected: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Hits:
    """What of one run each product has: its share of the run, and how much that weighs."""

    size: float
    """How much of the question the run is: 1 a word, as two Chinese characters."""
    of_product: dict[int, tuple[float, float]] = field(default_factory=dict)
    weight_of: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    """The most that one of its terms weighs in each product."""
    slipped: bool = False
    """Whether it was only met one slip of the finger away."""
    is_head: bool = False
    """Whether it is what some product is called: the last word of its name."""


def search(session: ReadSession, text: str) -> Found:
    """Products for a question. Nothing for a question without a letter or digit."""
    asked = questions(text)
    if not asked:
        return Found()
    catalogue_size = session.scalar(select(func.count()).select_from(Product)) or 0
    found = Found()
    hits = [
        _word_hits(session, run.text, catalogue_size, found.corrected)
        if run.kind == "word"
        else _han_hits(session, run, catalogue_size)
        for run in asked
    ]
    total = sum(hit.size for hit in hits)
    shares: defaultdict[int, float] = defaultdict(float)
    scores: defaultdict[int, float] = defaultdict(float)
    for hit in hits:
        for product, (share, score) in hit.of_product.items():
            shares[product] += share * hit.size / total
            scores[product] += score
    if not shares:
        return found
    best = max(shares.values())
    whole = best > 1 - 1e-9
    if not whole:
        # Of a long wish a word that is only like one of ours tells less than a word that is ours.
        for hit in hits:
            for product, (share, _score) in hit.of_product.items() if hit.slipped else ():
                shares[product] -= (1 - SLIP) * share * hit.size / total
        best = max(shares.values())
    kept = [product for product, share in shares.items() if share >= WORTH_SHOWING * best]
    if len(hits) == 1 and hits[0].is_head:
        # Who asks for tea is shown what is called so, then what lies on that shelf, then tea towels; no mug that is
        # described as good for it.
        places = {product: _beside_heads(weight) for product, weight in hits[0].weight_of.items()}
        kept = [product for product in kept if places[product] is not None]
        kept.sort(key=lambda product: (places[product], -scores[product], product))
    else:
        kept.sort(key=lambda product: (-round(shares[product], 6), -scores[product], product))
    found.product_ids = kept[:MAXIMUM_FOUND]
    found.matched = "all" if whole else "some"
    return found


def _beside_heads(weight: int) -> int | None:
    """In what place a product comes where others are called what is asked for; None where it does not."""
    if weight >= HEAD:
        return 0
    if weight >= NAME:
        return 2
    return 1 if weight >= CATEGORY else None


def _rarity(products: int, catalogue_size: int) -> float:
    return math.log(1 + catalogue_size / max(products, 1))


def _word_hits(session: ReadSession, word: str, catalogue_size: int, corrected: dict[str, str]) -> _Hits:
    condition = ProductTerm.term == word
    if len(word) >= PREFIX_LETTERS:
        # The last code point that there is: everything that begins with the word sorts before it.
        condition = or_(condition, and_(ProductTerm.term >= word, ProductTerm.term < word + "\U0010ffff"))
    rows = session.execute(select(ProductTerm.term, ProductTerm.product_id, ProductTerm.weight).where(condition)).all()
    if not rows and (compound := _compound_hits(session, word, catalogue_size)) is not None:
        return compound
    qualities: Mapping[str, float] = {term: EXACT if term == word else PREFIX for term, _product, _weight in rows}
    if not rows and (near := _nearest_terms(session, word)):
        corrected[word] = near[0]
        qualities = dict.fromkeys(near, SLIP)
        rows = session.execute(
            select(ProductTerm.term, ProductTerm.product_id, ProductTerm.weight).where(ProductTerm.term.in_(near))
        ).all()
    rarity = _rarity(len({product for _term, product, _weight in rows}), catalogue_size)
    hits = _Hits(1.0, slipped=word in corrected)
    for term, product, weight in rows:
        score = weight * qualities[term] * rarity
        hits.weight_of[product] = max(
            hits.weight_of[product], weight if qualities[term] == EXACT else min(weight, NAME)
        )
        hits.is_head = hits.is_head or (weight >= HEAD and qualities[term] == EXACT)
        if product not in hits.of_product or hits.of_product[product][1] < score:
            hits.of_product[product] = (1.0, score)
    return hits


def _compound_hits(session: ReadSession, word: str, catalogue_size: int) -> _Hits | None:
    """Products that have both parts of a word that they write in two: skincare on the shelf Skin Care."""
    cuts = [(word[:at], word[at:]) for at in range(PREFIX_LETTERS, len(word) - PREFIX_LETTERS + 1)]
    if not cuts or not word.isalpha():
        return None
    having: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for term, product, weight in _terms(session, list({part for cut in cuts for part in cut})):
        having[term][product] = weight
    hits = _Hits(1.0)
    for first, second in cuts:
        both = {
            product: min(having[first][product], having[second][product])
            for product in having[first].keys() & having[second].keys()
        }
        for product, weight in both.items():
            # In a description two words may stand anywhere.
            if weight >= OPTION and weight > hits.weight_of[product]:
                hits.weight_of[product] = weight
                hits.of_product[product] = (1.0, weight * EXACT * _rarity(len(both), catalogue_size))
    return hits if hits.of_product else None


def _nearest_terms(session: ReadSession, word: str) -> list[str]:
    """The terms with the fewest slips between them and the word; the most frequent first."""
    limit = slips_allowed(word)
    if not limit:
        return []
    candidates = session.execute(
        select(ProductTerm.term, func.count())
        .where(
            func.length(ProductTerm.term).between(len(word) - limit, len(word) + limit),
            # Whoever slips rarely does so at both the first and the second letter.
            or_(
                func.substr(ProductTerm.term, 1, 1) == word[0],
                func.substr(ProductTerm.term, 2, 1) == word[1],
                func.substr(ProductTerm.term, 1, 1) == word[1],
            ),
        )
        .group_by(ProductTerm.term)
    )
    by_slips: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for term, products in candidates:
        if not any(one.isdigit() for one in term) and (slips := distance(word, term, limit)) <= limit:
            by_slips[slips].append((-products, term))
    return [term for _products, term in sorted(by_slips[min(by_slips)])] if by_slips else []


def _han_hits(session: ReadSession, run: Run, catalogue_size: int) -> _Hits:
    telling = [at for at, one in enumerate(run.text) if one not in STOP_CHARACTERS] or list(range(len(run.text)))
    hits = _Hits(len(telling) / 2)
    places: defaultdict[str, set[int]] = defaultdict(set)
    for at, pair in enumerate(pairs(run.text)):
        places[pair] |= {at, at + 1}
    rows = _terms(session, list(places))
    if len(run.text) == _SHORT and run.text[-1] == _SUFFIX:
        # 杯子 is said of every 杯.
        rows += [row for row in _terms(session, [run.text[0]]) if row[2] >= HEAD]
        places[run.text[0]] |= {0}
    if not rows:
        # 红壶 is said of a 水壶 that is 红色: then every character must be somewhere.
        places.clear()
        for at in telling:
            places[run.text[at]].add(at)
        rows = _terms(session, list(places))
        everywhere = set(places)
        having: defaultdict[int, set[str]] = defaultdict(set)
        for term, product, _weight in rows:
            having[product].add(term)
        rows = [row for row in rows if having[row[1]] == everywhere]
    spread: defaultdict[str, int] = defaultdict(int)
    for term, _product, _weight in rows:
        spread[term] += 1
    covered: defaultdict[int, set[int]] = defaultdict(set)
    scores: defaultdict[int, float] = defaultdict(float)
    for term, product, weight in rows:
        covered[product] |= places[term]
        counted = INSIDE_NAME if len(term) == 1 and weight == NAME else weight
        scores[product] += counted * EXACT * _rarity(spread[term], catalogue_size)
    for _term, product, weight in rows:
        hits.weight_of[product] = max(hits.weight_of[product], weight)
    hits.is_head = len(run.text) <= _SHORT and any(weight >= HEAD for _term, _product, weight in rows)
    for product, characters in covered.items():
        if share := len(characters.intersection(telling)) / len(telling):
            hits.of_product[product] = (share, scores[product] / max(len(places), 1))
    return hits


def _terms(session: ReadSession, wanted: Sequence[str]) -> list[tuple[str, int, int]]:
    if not wanted:
        return []
    rows = session.execute(
        select(ProductTerm.term, ProductTerm.product_id, ProductTerm.weight).where(ProductTerm.term.in_(wanted))
    )
    return [(term, product, weight) for term, product, weight in rows]
