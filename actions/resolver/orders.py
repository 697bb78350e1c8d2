"""Which of the shopper's orders words mean: by number, date, state, amount, what is in it, position or pronoun."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from actions.resolver.candidates import OrderCandidate
from actions.resolver.catalogue import Catalogue
from actions.resolver.clauses import analyse
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.goods_in_orders import compared_goods, counted_goods
from actions.resolver.order_labels import by_label, without_label
from actions.resolver.reading import Element, Reader, number_index
from actions.resolver.resolution import Absent, Match, Reason, Resolution, Span, nothing
from actions.resolver.said import Clause, refers
from actions.resolver.selection import Choice, Pool, choose, phrases_of, resolution_of
from actions.resolver.spelling import spelt
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases
from actions.resolver.yes_or_no import as_said


@dataclass(frozen=True, slots=True)
class _OrderWords:
    """All words that speak of an order: those of its lines and of where it goes."""

    titles: Sequence[str]
    options: Mapping[str, str] = field(default_factory=dict)
    other_options: Sequence[Mapping[str, str]] = ()
    categories: Sequence[str] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    sku: str | None = None


def _words(order: OrderCandidate) -> _OrderWords:
    return _OrderWords(
        titles=[title for line in order.lines for title in line.titles] + list(order.labels),
        other_options=[
            options for line in map(as_said, order.lines) for options in (line.options, *line.other_options)
        ],
        categories=[category for line in order.lines for category in line.categories],
    )


def order_pool(orders: Sequence[OrderCandidate], focus: Focus) -> Pool[OrderCandidate]:
    """Orders with what tells them apart."""
    totals: list[float | None] = [order.total_minor for order in orders]
    return Pool(
        items=orders,
        keys=[order.number for order in orders],
        catalogue=Catalogue([_words(order) for order in orders]),
        names=[order.number for order in orders],
        placed=[order.placed_on for order in orders],
        arrived=[order.delivered_on for order in orders],
        states=[order.state for order in orders],
        amounts=[
            [order.total_minor, *(line.unit_price_minor for line in order.lines if line.unit_price_minor is not None)]
            for order in orders
        ],
        pieces=[1] * len(orders),
        ranks={
            "price": totals,
            "size": totals,
            "date": [order.placed_on.toordinal() for order in orders],
            "count": [float(sum(line.quantity for line in order.lines)) for order in orders],
        },
        focus=focus.orders,
        shown=[key for key in focus.shown if any(key == order.number for order in orders)],
        by_date=True,
    )


_UNKNOWN_NUMBER = re.compile(
    r"(?:order(?: number| no\.?| nr\.?)?|#|订单号?|单号|尾号)\s*(?:is|是|为|:|#|no\.?|number)?\s*#?([a-z]{0,4}-?\d[\da-z-]{3,})(?![a-z0-9])"  # noqa: E501
)


_HAN_HEAD = re.compile(
    r"(?:(?:包裹|快递|那批货?|这批货?)(?:里面|里|中|当中)的?|(?:订单|单子|那一?单|这一?单|一单|的单)(?![号价])(?:里面|里|中|当中)?的?(?:(?:最|比较|更)?(?:贵|便宜|大|小|新|早)的?(?:那个|那单|一个|那一个)?)?)"
)
_HAN_EDGE = re.compile(
    r"[，。；,;！!？?：:\s]|把|将|取消掉?|退[掉了]?|换成?|改成?|帮我|给我|我想|我要|麻烦|请问?|能不能|可以|去掉|和(?=那|这|我|订)|从"
)
_ONE_OF_ORDERS = re.compile(r"\b(?:the|my)(?: \w+){0,3}?(?: one)? of (?:my|the)(?: \w+){0,3}? orders\b", re.IGNORECASE)
_LEAVES_OUT = (
    r"(?:except|excluding|but|apart|aside|other than|besides|bar(?= (?:the|my|that))|barring|minus|save for|without"
    r"|not)"
)
_GOES_ON = (
    r"(?:(?:please |just )?(?:cancel|drop|remove|scrap|return|send|swap|change|exchange|switch|replace|take|keep|leave|call|make|get|put|ship)"  # noqa: E501
    r"|i(?:'d|'ll|'m|'ve)?|we|you|can|could|would|should|has|have|only|just)\b"
)
"""What begins behind the goods of an order that is described by them: "in the order with the bikes drop one kettle"."""
_HOLDING = (
    r" (?:with|containing|that (?:has|had|contains|contained)) (?:(?:the|my|an?|some) )?"
    rf"(?!{_LEAVES_OUT}\b)[\w'-]+(?: (?!{_LEAVES_OUT}\b|{_GOES_ON})[\w'-]+){{0,3}}?(?: and (?:the|my) [\w'-]+)?"
    rf"(?= {_GOES_ON}| (?:{_LEAVES_OUT}|to|into|and|for|in|please|completely|instead|back|off|is|was|cancell?ed|delivered|shipped|sent)\b|[,.;:?!]|$)"  # noqa: E501
)
"""What an order holds, as it is described by it; what is left out of it is no part of that."""
_ALL_OF_ONE = re.compile(rf"\b(?:the|my) (?:whole|entire|complete|full) order(?={_HOLDING})", re.IGNORECASE)
_ENGLISH_ORDER = (
    re.compile(
        r"(?<=\bin )the (?:other )?(?:one|order) (?:with|containing|that has|that had) (?:the|my|an?|two|three|\d) "
        r"[\w'-]+(?: [\w'-]+){0,2}?(?=$|[,.;:?!]| (?:to|into|and|for|in|please|instead)\b)",
        re.IGNORECASE,
    ),
    _ONE_OF_ORDERS,
    re.compile(
        r"\b(?:the|my|your|that|this)(?: [\w'-]+)?? (?:(?:most )?recent|last|latest|newest|previous|first|second|third"
        r"|earlier|other|next) (?:deliver(?:y|ies)|parcels?|packages?|shipments?|purchases?)\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:the|my|that|this) (?:(?!in\b|from\b|off\b|of\b|to\b|and\b|on\b|with\b|for\b|whole\b|entire\b|complete\b|full\b|rest\b|orders?\b)"  # noqa: E501
        rf"[\w'-]+ ){{0,3}}order\b(?:{_HOLDING})?"
        r"(?: (?:that |which )?i (?:placed|made|did)(?: (?:the other day|yesterday|today|last \w+))?)?",
        re.IGNORECASE,
    ),
)


_WHOLE_ORDERS = re.compile(
    r"\b(?:both|all|the (?:two|three|four))(?: of)?(?: (?:my|the|these|those|your))?(?: (?:open|new|last|unsent))?"
    r" orders\b"
    r"|(?P<han>(?:这|那|我的?)?[两三四俩](?:个订单|张订单|笔订单|个单子|单)(?:子)?(?![里中号])(?:都|全都?|全部)?)",
    re.IGNORECASE,
)
"""Orders as a whole: everything in them is meant."""


def order_words(text: str) -> str:
    """Only what describes an order in `text`: "the sofa order", 沙发那单; empty where nothing does."""
    text = _ALL_OF_ONE.sub("everything in the order", spelt(text))
    english = [found.group() for pattern in _ENGLISH_ORDER for found in pattern.finditer(text)]
    # Behind a verb goods are looked for, whatever stands behind them.
    return "; ".join([*english, *(f"退{text[start:end]}" for start, end, _ in _han_order_words(text))])


def without_order_words(text: str) -> str:
    """`text` with what describes an order ("the order with the keyboard", "买四件套的那单里的") cut down to the word.

    What is named only to say which order is meant names no goods that anything is wanted of.
    """
    text = _ONE_OF_ORDERS.sub("the order", _ALL_OF_ONE.sub("everything in the order", spelt(text)))
    text = without_label(_WHOLE_ORDERS.sub(lambda said: "全部" if said["han"] else "all of it", text))
    for pattern in _ENGLISH_ORDER:
        text = pattern.sub("the order", text)
    pieces: list[str] = []
    done = 0
    for start, end, inside in _han_order_words(text):
        pieces += [text[done:start], f"订单{inside}"]
        done = end
    return "".join([*pieces, text[done:]])


def _han_order_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Where Chinese words that describe an order begin and end, with 里的 where what is inside it is spoken of."""
    done = 0
    for head in _HAN_HEAD.finditer(text):
        edges = [edge.end() for edge in _HAN_EDGE.finditer(text, done) if edge.end() <= head.start()]
        start = edges[-1] if edges else done
        if start < done or re.search(r"全部|所有|整|\d", text[start : head.end()]):
            continue
        yield start, head.end(), "里的" if re.search(r"里|中", head.group()) else ""
        done = head.end()


def resolve_orders(
    text: str, orders: Sequence[OrderCandidate], *, focus: Focus = NO_FOCUS, today: date
) -> Resolution[OrderCandidate]:
    """The orders that `text` means.

    `today` is the shop's day: "last week" counts from it. Says `none` without anything absent where the text speaks of
    no order; a caller that has only one order then knows which.
    """
    if not orders or not text.strip():
        return nothing(text)
    labelled = by_label(text, orders)
    if labelled is not None and len(labelled.orders) == 1:
        reason = Reason("line", labelled.span.of(text), labelled.span)
        return Resolution("one", (Match(labelled.orders[0], 0.97, (reason,)),), text, (labelled.span,))
    if labelled is not None:
        # Several are called so: what else is said, as the day, tells which.
        orders = labelled.orders
        text = text[: labelled.span.start] + " " * (labelled.span.end - labelled.span.start) + text[labelled.span.end :]
    pool = order_pool(orders, focus)
    currency = orders[0].currency
    reader: Reader[OrderCandidate] = Reader(
        pool.catalogue, numbers=number_index([order.number for order in orders]), today=today, currency=currency
    )
    elements = _about_orders(reader.read(_without_whole(text)))
    numbered = [e for e in elements if e.kind == "order_number"]
    if not numbered:
        unknown = _UNKNOWN_NUMBER.search(fold(text))
        if unknown:
            span = Span(*unknown.span(1))
            absent = Absent("number", span.of(text), instead=tuple(pool.keys[:5]), span=span)
            return Resolution("none", rest=text, spans=(span,), asked_but_absent=(absent,))
    else:
        matches = []
        for position in dict.fromkeys(e.roles["order_number"] for e in numbered):
            element = next(e for e in numbered if e.roles["order_number"] == position)
            matches.append(Match(orders[position], 0.99, (Reason("number", element.words, element.span),)))
        spans = tuple(e.span for e in numbered)
        return Resolution("one" if len(matches) == 1 else "many", tuple(matches), text, spans)
    if (beside := _beside(text, orders, focus)) is not None:
        return beside
    if (compared := compared_goods(text, orders, focus=focus, today=today)) is not None:
        held = [order for order in orders if any(match.candidate.order == order.number for match in compared.matches)]
        reasons = tuple(Reason("line", each.words, each.span) for each in compared.matches[0].reasons)
        return Resolution("one", (Match(held[0], compared.matches[0].score, reasons),), text, compared.spans)
    if (counted := counted_goods(text, orders, focus=focus, today=today)) is not None:
        return counted
    said = analyse(elements)
    kept: set[int] = set()
    excluding: Reason | None = None
    for choice in (choose(pool, phrase) for phrase in phrases_of(said.excluded, pool.catalogue)):
        kept |= set(choice.scores)
    if said.excluded:
        words = " ".join(e.words for e in said.excluded if e.names or refers(e))
        excluding = Reason("exclusion", words, said.excluded[0].span)
    choices: list[Choice] = []
    told: list[tuple[list[Element], Choice]] = []
    for clause in _without_background(said.clauses, pool):
        if clause.wish == "keep":
            kept |= {
                position
                for phrase in phrases_of(clause.sources, pool.catalogue)
                for position in choose(pool, phrase).scores
            }
            continue
        sources = [*clause.sources, *clause.trailing]
        phrases = phrases_of(sources, pool.catalogue)
        chosen = [choose(pool, phrase) for phrase in phrases]
        told += zip(phrases, chosen, strict=True)
        choices += _limited(pool, chosen, sources)
    choices = _one_of_those(orders, told, focus) or choices
    if said.clauses and said.clauses[0].wish is None and len(told) > 1 and _tells_only_order(told[0][1]):
        # "In yesterday's order, cancel the lamp"
        choices = _limited(pool, choices, [])
    if said.excluded and said.every and not any(c.spoke and not c.weak and not c.every for c in choices):
        every = Choice(spoke=True, every=True, scores=dict.fromkeys(range(len(orders)), 0.95))
        every.reasons.append(Reason("everything"))
        choices = [every]
    found = resolution_of(pool, choices, text, excluded=kept, excluding=excluding)
    return _with_line_reasons(found)


def _without_background(clauses: Sequence[Clause], pool: Pool[OrderCandidate]) -> list[Clause]:
    """The clauses without when was ordered, told by the way, where what is wanted says itself which order it is.

    "I ordered a few days ago and regret it. Cancel my last order" is about the last one, of whatever day.
    """
    told = [[choose(pool, phrase) for phrase in phrases_of(each.sources, pool.catalogue)] for each in clauses]
    meant = [
        choice
        for clause, chosen in zip(clauses, told, strict=True)
        if clause.wish not in (None, "keep")
        for choice in chosen
        if not choice.weak and len(choice.scores) == 1
    ]
    placed = any(_is_in_time(choice) for choice in meant)
    compared = placed or any({each.kind for each in choice.reasons} & {"comparative"} for choice in meant)

    def is_background(clause: Clause, chosen: Sequence[Choice]) -> bool:
        if clause.wish is not None or not chosen or not all(_only_dated(choice) for choice in chosen):
            return False
        # Of several orders of one day the cheaper one may be meant; of one there is nothing to compare.
        return placed or (compared and all(len(choice.scores) < _SEVERAL for choice in chosen))

    return [clause for clause, chosen in zip(clauses, told, strict=True) if not is_background(clause, chosen)]


def _is_in_time(choice: Choice) -> bool:
    """Whether an order is told by its place in time: the last one, the newest."""
    return any(each.kind == "ordinal" or _LATEST.search(each.words) for each in choice.reasons)


def _only_dated(choice: Choice) -> bool:
    return {reason.kind for reason in choice.reasons} <= {"date"} and bool(choice.reasons or not choice.spoke)


_SEVERAL = 2
_LATEST = re.compile(r"latest|newest|(?:most )?recent|last|first|earliest|oldest|最后|最新|最近|最早|刚", re.IGNORECASE)


def _beside(text: str, orders: Sequence[OrderCandidate], focus: Focus) -> Resolution[OrderCandidate] | None:
    """The order next to the one spoken of, by the day it was placed: "the one before that". None without such words."""
    folded = fold(text)
    said = [
        (len(phrase), step, phrase)
        for side, step in (("before", -1), ("after", 1))
        for phrase in phrases("neighbours", side)
        if _says(fold(phrase), folded)
    ]
    spoken = next((key for key in focus.orders if any(order.number == key for order in orders)), None)
    if not said or spoken is None or spoken != focus.orders[0]:
        return None
    _, step, phrase = max(said)
    span = Span(start := folded.index(fold(phrase)), start + len(phrase))
    # Candidates come newest first: of two of one day the later one stands before the other.
    row = sorted(range(len(orders)), key=lambda place: (orders[place].placed_on, -place))
    place = next(index for index, at in enumerate(row) if orders[at].number == spoken) + step
    if not 0 <= place < len(row):
        return Resolution("none", rest=text, spans=(span,), asked_but_absent=(Absent("ordinal", phrase, span=span),))
    reason = Reason("ordinal", phrase, span)
    return Resolution("one", (Match(orders[row[place]], 0.93, (reason,)),), text, (span,))


def _says(phrase: str, folded: str) -> bool:
    if not phrase.isascii():
        return phrase in folded
    return re.search(rf"(?<![a-z]){re.escape(phrase)}(?![a-z])", folded) is not None


_SELECTING = frozenset({"comparative", "pronoun", "only"})


def _one_of_those(
    orders: Sequence[OrderCandidate], told: Sequence[tuple[list[Element], Choice]], focus: Focus
) -> list[Choice]:
    """What compares selects from what was described before it: "two haven't shipped; cancel the cheaper one".

    Nothing where the later words describe orders of their own.
    """
    for place, (_, described) in enumerate(told):
        if len(described.scores) < 2 or described.weak or any(one.kind in _SELECTING for one in described.reasons):
            continue
        for phrase, selecting in told[place + 1 :]:
            kinds = {one.kind for one in selecting.reasons}
            if "comparative" not in kinds or not kinds <= _SELECTING:
                continue
            among = sorted(described.scores)
            narrow = choose(order_pool([orders[position] for position in among], focus), phrase)
            if narrow.scores:
                narrow.scores = {among[position]: score for position, score in narrow.scores.items()}
                narrow.reasons = [*described.reasons, *narrow.reasons]
                return [narrow]
    return []


def _tells_only_order(choice: Choice) -> bool:
    """Whether a day or a state tells one order, and no goods."""
    kinds = {reason.kind for reason in choice.reasons}
    return bool(kinds) and kinds <= {"date", "state", "pronoun"} and kinds != {"pronoun"}


def _limited(pool: Pool[OrderCandidate], choices: list[Choice], elements: Sequence[Element]) -> list[Choice]:
    """Phrases with one order in common mean that one: "the order from May with the kettle and the mug"."""
    told = [c for c in choices if c.spoke and not c.weak and c.scores]
    both = [place for place, e in enumerate(elements) if e.words.lower() == "both"]
    of_goods = any(e.kind == "name" for place in both for e in elements[place + 1 : place + 3])
    if len(told) < 2 or (any(c.every for c in told) and not of_goods):
        return choices
    plural = any(e.words.lower() == "orders" for e in elements) or (bool(both) and not of_goods)
    plural = plural or any(e.kind in ("order_number", "ordinal") for e in elements)
    common = set.intersection(*(set(c.scores) for c in told))
    if plural or not common:
        return choices
    joint = Choice(spoke=True, sure=len(common) == 1, scores={p: min(c.scores[p] for c in told) for p in common})
    for choice in told:
        joint.reasons += choice.reasons
        joint.absent += choice.absent
    joint.sure = joint.sure and not joint.absent
    if len(common) > 1:
        joint.scores = {p: s / len(common) for p, s in joint.scores.items()}
    else:
        joint.scores = {p: max(0.9, s) for p, s in joint.scores.items()}
    return [joint]


_WHOLE = re.compile(
    r"\b(?:the |my |this |that )?(?:whole|entire|complete|full) order\b|(?:这|那|我的?)?(?:整个|完整的?)订单|整单|全单",
    re.IGNORECASE,
)
"""All of one order: which one, it does not say."""


def _without_whole(text: str) -> str:
    """`text` with blanks for "the whole order" and the "all" beside it, which say nothing of which order is meant."""
    if not _WHOLE.search(text):
        return text
    blanked = _WHOLE.sub(lambda said: " " * len(said.group()), text)
    return re.sub(
        r"(?<=\s)(?:全?都|全部|all of it)", lambda said: " " * len(said.group()), blanked, flags=re.IGNORECASE
    )


def _about_orders(elements: Sequence[Element]) -> list[Element]:
    """Pieces and plurals count the things in an order, not orders; an option alone says little of an order."""
    kept: list[Element] = []
    for place, element in enumerate(elements):
        if element.names:
            element.plural = False
        if element.kind in ("quantity", "number") and place + 1 < len(elements) and elements[place + 1].names:
            continue
        if element.kind == "name" and element.words.lower() in ("order", "orders", "订单"):
            continue
        kept.append(element)
    return kept


def _with_line_reasons(found: Resolution[OrderCandidate]) -> Resolution[OrderCandidate]:
    """A name in an order is the name of a line."""
    matches = [
        Match(
            match.candidate,
            match.score,
            tuple(
                Reason("line", reason.words, reason.span) if reason.kind in ("name", "near_name", "option") else reason
                for reason in match.reasons
            ),
        )
        for match in found.matches
    ]
    return Resolution(found.status, tuple(matches), found.rest, found.spans, found.asked_but_absent)
