"""Chooses among candidates what one phrase of a message means: "the second of the blue mugs", 上周买的那条围巾.

A phrase first says what sort of thing (names, options), then which of them (day, state, amount, position, comparison,
pronoun), then how many. Each step narrows what the step before left; a step that leaves nothing says what is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from actions.resolver.amounts import Amount
from actions.resolver.catalogue import Catalogue
from actions.resolver.counting import Count, counted, is_count
from actions.resolver.dates import DateRange
from actions.resolver.reading import Element
from actions.resolver.resolution import Absent, Match, Reason, ReasonKind, Resolution, Span, Status
from actions.resolver.statements import begins_predicate
from actions.resolver.text import stems_of
from actions.resolver.vocabulary import phrases

SURE = 0.7
"""From which score on a single best candidate is taken without asking; set on the development shops."""
MARGIN = 0.1
"""How much better than the next the best must be."""


@dataclass(slots=True)
class Pool[T]:
    """Candidates with everything they can be told apart by; lists run along `items`."""

    items: Sequence[T]
    keys: list[str]
    catalogue: Catalogue[Any]
    names: list[str]
    placed: list[date | None]
    arrived: list[date | None]
    states: list[str]
    amounts: list[list[int]]
    pieces: list[int]
    ranks: dict[str, list[float | None]] = field(default_factory=dict)
    """By dimension (price, size, length, weight, light, date, count)."""
    focus: Sequence[str] = ()
    shown: Sequence[str] = ()
    by_date: bool = False
    """Whether "the first" and "the last" without a list on the screen mean days, as they do of orders."""

    def positions(self, keys: Iterable[str]) -> list[int]:
        """The positions of the candidates with these keys, in the keys' order, each once."""
        at = {key: position for position, key in enumerate(self.keys)}
        return list(dict.fromkeys(at[key] for key in keys if key in at))


@dataclass(slots=True)
class Choice:
    """What one phrase means: positions with scores. `spoke` says that it referred to something at all."""

    spoke: bool = False
    sure: bool = True
    every: bool = False
    weak: bool = False
    """Only a pronoun: anything more telling elsewhere in the message counts instead."""
    scores: dict[int, float] = field(default_factory=dict)
    quantity: int | None = None
    each: bool = False
    reasons: list[Reason] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)

    def positions(self) -> list[int]:
        """Best first, else as the candidates stand."""
        return sorted(self.scores, key=lambda position: (-self.scores[position], position))


def phrases_of(elements: Sequence[Element], catalogue: Catalogue[Any]) -> list[list[Element]]:
    """The elements cut into phrases: at conjunctions and commas, unless a title has the conjunction inside."""
    found: list[list[Element]] = [[]]
    for place, element in enumerate(elements):
        cut = element.kind in ("comma", "end", "boundary") or (element.has("boundary") and not element.names)
        if cut and element.kind != "end" and 0 < place < len(elements) - 1:
            left, right = elements[place - 1], elements[place + 1]
            if (
                left.names
                and right.names
                and (_last_stem(left), _last_stem(right, first=True)) in catalogue.joined_by_and
            ):
                cut = False
        if cut:
            found.append([])
        else:
            found[-1].append(element)
    phrases = [phrase for phrase in found if phrase]
    each = next((element for phrase in phrases for element in phrase if element.has("each_one")), None)
    if each is not None:
        # "One each of the mugs and the lamps": of all that stand together.
        phrases = [phrase if _counts_itself(phrase) else [*phrase, each] for phrase in phrases]
    return _share_heads(phrases)


def _counts_itself(phrase: Sequence[Element]) -> bool:
    return not any(e.names for e in phrase) or any(e.has("each_one") or is_count(e) for e in phrase)


def _last_stem(element: Element, first: bool = False) -> str:
    stems = stems_of(element.words)
    return (stems[0] if first else stems[-1]) if stems else ""


def _share_heads(phrases: list[list[Element]]) -> list[list[Element]]:
    """A phrase with options only borrows the name beside it ("the red and the blue mug"); "lamp, brass" is one."""
    shared: list[list[Element]] = []
    for place, phrase in enumerate(phrases):
        if _is_only_options(phrase):
            before = next((p for p in reversed(shared) if any(e.kind == "name" for e in p)), None)
            if before is not None:
                names = [e for e in before if e.kind == "name"]
                has_option = any(e.kind == "option" for e in before)
                joint = _joint(names) & _joint([e for e in phrase if e.kind == "option"])
                if joint and not has_option and before is shared[-1]:
                    before += phrase
                    continue
                if joint:
                    shared.append([*phrase, *names])
                    continue
            after = next((p for p in phrases[place + 1 :] if any(e.kind == "name" for e in p)), None)
            if before is None and after is not None and not any(e.has("pronoun") for e in phrase):
                names = [e for e in after if e.kind == "name"]
                if _joint(names) & _joint([e for e in phrase if e.kind == "option"]):
                    shared.append([*phrase, *names])
                    continue
        shared.append(phrase)
    return shared


def _is_only_options(phrase: Sequence[Element]) -> bool:
    return any(e.kind == "option" for e in phrase) and not any(
        e.kind in ("name", "ordinal", "sup", "date", "amount", "state", "order_number", "everything", "rest")
        for e in phrase
    )


def _joint(elements: Sequence[Element]) -> set[int]:
    sets = [set(e.strengths) for e in elements]
    return set.intersection(*sets) if sets else set()


def choose[T](
    pool: Pool[T], phrase: Sequence[Element], *, within: Iterable[int] | None = None, wished: bool = False
) -> Choice:
    """What `phrase` means among the pool, or the part of it `within`. `wished` says that a verb asks for its object here."""  # noqa: E501
    choice = Choice()
    allowed = list(range(len(pool.items))) if within is None else sorted(set(within))
    if not allowed:
        return choice
    left = _by_name(pool, phrase, allowed, choice, wished)
    named = choice.spoke
    if choice.absent and not left:
        return choice
    left = _by_number(phrase, left, choice)
    left = _by_state(pool, phrase, left, choice)
    left = _by_date(pool, phrase, left, choice)
    left = _by_amount(pool, phrase, left, choice)
    left = _by_position(pool, phrase, left, choice, named)
    left = _by_comparison(pool, phrase, left, choice)
    left = _by_pronoun(pool, phrase, left, choice)
    if not choice.spoke:
        choice.scores = {}
        return choice
    _settle(pool, phrase, left, choice, allowed)
    return choice


def _reason(choice: Choice, kind: ReasonKind, element: Element) -> None:
    choice.spoke = True
    choice.reasons.append(Reason(kind, element.words, element.span))


def _by_name[T](
    pool: Pool[T], phrase: Sequence[Element], allowed: list[int], choice: Choice, wished: bool
) -> list[int]:
    ok = set(allowed)
    names = [e for e in phrase if e.kind == "name" and any(p in ok for p in e.strengths)]
    options = [e for e in phrase if e.kind == "option"]
    foreign = [
        e
        for place, e in enumerate(phrase)
        if e.kind == "name" and e.has("goods") and not any(p in ok for p in e.strengths) and not _is_part(phrase, place)
    ]
    scores = dict.fromkeys(allowed, 0.0)
    if names:
        weights = [_weight(e) for e in names]
        whole = sum(weights)
        for position in allowed:
            scores[position] = (
                sum(w * e.strengths.get(position, 0.0) for w, e in zip(weights, names, strict=True)) / whole
            )
        top = max(scores.values())
        if foreign and (top < 0.9 or _follows(names[-1], foreign[-1])):
            choice.spoke = True
            choice.sure = False
            choice.absent.append(
                _absent_thing(pool, [names[-1], foreign[-1]] if _follows(names[-1], foreign[-1]) else foreign, allowed)
            )
            top_left = [p for p in allowed if scores[p] >= top - MARGIN]
            choice.scores = dict.fromkeys(top_left, 0.3)
            return []
        left = [p for p in allowed if scores[p] >= top - MARGIN and scores[p] > 0]
        for element in names:
            _reason(choice, "near_name" if element.near else "name", element)
        if (len(names) > 1 and top < 0.6) or (top < 0.9 and _head_is_unknown(phrase, names[-1])):
            choice.sure = False
    elif foreign and (wished or any(e.determined for e in foreign)):
        choice.spoke = True
        choice.absent.append(_absent_thing(pool, foreign, allowed))
        return []
    else:
        left = allowed
    for element in options:
        hits = {p: element.strengths[p] for p in left if p in element.strengths}
        if hits:
            _reason(choice, "option", element)
            top = max(hits.values())
            # Nothing that is only like it stands beside what has the very value: walnut is walnut before it is brown.
            least = top if top >= 1.0 else top - MARGIN
            left = [p for p in left if hits.get(p, 0) >= least]
            for position in left:
                scores[position] = (
                    (scores[position] + hits[position]) / 2 if names else max(scores[position], hits[position])
                )
            if len(names) == 0 and top < 0.5:
                choice.sure = False
        elif set(left) & element.having or not element.having:
            if names and not (set(left) & element.having):
                continue
            if not element.strengths and not element.having and not (element.has("letter") or element.has("size")):
                continue
            choice.spoke = True
            choice.sure = False
            elsewhere = bool(element.strengths)
            choice.absent.append(absent_value(pool, element, left, "combination" if elsewhere else "value"))
            if not names:
                return []
    if names or options:
        worst = sum(1 for e in phrase if e.kind == "unknown" and len(e.words) > 2)
        for position in left:
            base = scores[position] if scores[position] else 0.6
            choice.scores[position] = max(0.2, min(0.99, base - 0.02 * min(worst, 4)))
    return left


def _is_part(phrase: Sequence[Element], place: int) -> bool:
    """Whether it is what goods come in, behind their name: "the honey jar" is the honey."""
    before = phrase[place - 1] if place else None
    named = before is not None and before.kind == "name" and bool(before.strengths) and _follows(before, phrase[place])
    return named and phrase[place].words.lower() in phrases("parts")


def _head_is_unknown(phrase: Sequence[Element], name: Element) -> bool:
    """Whether the word right behind is no known one: "coffee grinder" where there are only coffee beans, 登山杖 for 登山袜."""  # noqa: E501
    at = next(i for i, element in enumerate(phrase) if element is name)
    following = phrase[at + 1] if at + 1 < len(phrase) else None
    if following is None or following.kind != "unknown" or not _follows(name, following):
        return False
    return not begins_predicate(phrase[at + 1 :])


def _weight(element: Element) -> float:
    return 0.5 + len(element.words) / 4 if not element.words.isascii() else 1.0


def _follows(one: Element, other: Element) -> bool:
    """Whether `other` stands right behind `one`, as a compound's head does."""
    return 0 <= other.span.start - one.span.end <= 1


def _absent_thing[T](pool: Pool[T], elements: Sequence[Element], allowed: Sequence[int]) -> Absent:
    span = Span(elements[0].span.start, elements[-1].span.end)
    joint = " " if elements[0].words.isascii() else ""
    instead = list(dict.fromkeys(pool.names[p] for p in allowed))[:5]
    return Absent("thing", joint.join(e.words for e in elements), instead=instead, span=span)


def absent_value[T](pool: Pool[T], element: Element, left: Sequence[int], kind: str) -> Absent:
    """What is said of an option's value that nothing in `left` has."""
    option, instead = "", []
    for position in left:
        for name, value, meaning in pool.catalogue.item_values[position]:
            same = (
                (element.has("letter") and meaning.letter)
                or (element.has("size") and meaning.number is not None)
                or (element.colour and meaning.colour)
                or (element.measure and meaning.measures)
            )
            if same:
                option = option or name
                if name == option and value not in instead:
                    instead.append(value)
    value = str(element.roles.get("letter") or element.words)
    return Absent(
        "combination" if kind == "combination" else "value", element.words, option, value, instead, element.span
    )


def _by_number(phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    found = [e for e in phrase if e.kind == "order_number"]
    if not found:
        return left
    wanted = {e.roles["order_number"] for e in found}
    for element in found:
        _reason(choice, "number", element)
    choice.scores = dict.fromkeys(wanted, 0.99)
    return [p for p in left if p in wanted]


def _by_state[T](pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    if not pool.states:
        return left
    for place, element in enumerate(phrase):
        state = element.roles.get("state")
        if not state or element.has("wish") or (place + 1 < len(phrase) and phrase[place + 1].words.lower() == "to"):
            # "Have it delivered to my office" says where to, and of no order how far it is.
            continue
        hits = [p for p in left if pool.states[p] == state]
        if not hits and state == "shipped":
            hits = (
                [p for p in left if pool.states[p] == "open"]
                if "arriv" in element.words.lower() or "到" in element.words
                else []
            )
        if hits:
            _reason(choice, "state", element)
            left = hits
        elif not (element.has("placing") or element.has("arrival")):
            choice.spoke = True
            choice.sure = False
            choice.absent.append(Absent("state", element.words, span=element.span))
    return left


def _by_date[T](pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    for element in phrase:
        days = element.roles.get("date")
        if not isinstance(days, DateRange):
            continue
        arrival = any(e.has("arrival") and not e.has("placing") for e in phrase) or not any(pool.placed)
        known = pool.arrived if arrival and any(pool.arrived) else pool.placed
        if not any(known[p] for p in left):
            known = pool.placed if any(pool.placed[p] for p in left) else pool.arrived
        if not any(known[p] for p in left):
            continue
        hits = [p for p in left if (day := known[p]) and days.contains(day)]
        if not hits and (days.about or not days.is_day):
            slack = timedelta(days=3)
            hits = [p for p in left if (day := known[p]) and days.first - slack <= day <= days.last + slack]
            choice.sure = choice.sure and len(hits) == 1 and days.about
        if hits:
            _reason(choice, "date", element)
            left = hits
        else:
            choice.spoke = True
            choice.sure = False
            choice.absent.append(Absent("date", element.words, span=element.span))
    return left


def _by_amount[T](pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    for element in phrase:
        amount = element.roles.get("amount")
        if not isinstance(amount, Amount) or not any(pool.amounts):
            continue
        hits = [p for p in left if any(amount.fits(minor) for minor in pool.amounts[p][:1])]
        hits = hits or [p for p in left if any(amount.nearly_fits(minor) for minor in pool.amounts[p][:1])]
        hits = hits or [p for p in left if any(amount.nearly_fits(minor) for minor in pool.amounts[p])]
        if hits:
            _reason(choice, "amount", element)
            left = hits
        else:
            choice.spoke = True
            choice.sure = False
            choice.absent.append(Absent("amount", element.words, span=element.span))
    return left


def _by_position[T](
    pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice, named: bool
) -> list[int]:
    for element in phrase:
        place, piece = element.roles.get("ordinal"), element.roles.get("slice")
        if element.kind not in ("ordinal", "slice") or (place is None and piece is None):
            continue
        shown = [p for p in pool.positions(pool.shown) if p in left]
        row = shown if len(shown) > 1 or (shown and not named) else list(left)
        placed = any(e.has("placing") for e in phrase)
        if (placed or not shown) and pool.by_date and (piece is not None or place in (1, -1, -2)):
            # "The last one I placed" is the newest, wherever it stands on the screen.
            row = sorted(left, key=lambda p: (pool.placed[p] or date.min, -p))
        if place is not None:
            index = int(place) - 1 if int(place) > 0 else len(row) + int(place)
            if 0 <= index < len(row):
                _reason(choice, "ordinal", element)
                left = [row[index]]
                continue
        elif piece is not None and len(row) >= abs(int(piece)):
            _reason(choice, "ordinal", element)
            left = sorted(row[: int(piece)] if int(piece) > 0 else row[int(piece) :])
            choice.every = True
            continue
        choice.spoke = True
        choice.sure = False
        choice.absent.append(Absent("ordinal", element.words, span=element.span))
        return []
    return left


def _by_comparison[T](pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    for element in phrase:
        said = element.roles.get("sup") or element.roles.get("comp")
        if not said or element.kind not in ("sup", "comp", "state", "nearest"):
            continue
        dimension, _, edge = str(said).partition("_")
        if dimension == "arrived" or (dimension == "date" and any(e.kind == "arrival" for e in phrase)):
            left = _by_arrival(pool, element, edge, left, choice)
            continue
        ranks = pool.ranks.get(dimension)
        known = [p for p in left if ranks and ranks[p] is not None]
        if len(known) < 2 or not ranks:
            if known and len(left) == 1:
                choice.spoke = True
            continue
        best = (max if edge == "max" else min)(ranks[p] or 0.0 for p in known)
        hits = [p for p in known if ranks[p] == best]
        _reason(choice, "comparative", element)
        left = hits
    return left


def _by_arrival[T](pool: Pool[T], element: Element, edge: str, left: list[int], choice: Choice) -> list[int]:
    """Of what has arrived, the latest or the first; what is still on its way is never meant by "that just came"."""
    days = {p: day for p in left if (day := pool.arrived[p]) is not None}
    if not days:
        choice.spoke = True
        choice.sure = False
        choice.absent.append(Absent("state", element.words, span=element.span))
        return []
    best = (max if edge == "max" else min)(days.values())
    _reason(choice, "state", element)
    return [p for p in left if days.get(p) == best]


def _by_pronoun[T](pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice) -> list[int]:
    told = choice.spoke
    focus = [p for p in pool.positions(pool.focus) if p in left]
    for element in phrase:
        which = element.roles.get("pronoun")
        if element.kind == "each_one":
            _reason(choice, "everything", element)
            continue
        if (element.has("everything") or element.has("rest")) and element.kind in ("everything", "rest"):
            choice.every = True
            choice.spoke = True
            choice.reasons.append(Reason("everything", element.words, element.span))
            continue
        if element.kind != "pronoun":
            continue
        if which == "both":
            if len(left) == 2 or told:
                choice.every = True
                choice.spoke = True
                choice.reasons.append(Reason("pronoun", element.words, element.span))
            elif len(focus) == 2 or len(shown := [p for p in pool.positions(pool.shown) if p in left]) == 2:
                left, choice.every = focus if len(focus) == 2 else shown, True
                _reason(choice, "pronoun", element)
            elif len(left) > 2:
                # Two of several, and none said to be those: "they" beside it means no more than that.
                choice.spoke, choice.sure, told = True, False, True
        elif which in ("other", "others"):
            shown = [p for p in pool.positions(pool.shown) if p in left]
            among = shown if len(shown) > 1 and not told and (not focus or focus[0] in shown) else left
            others = [p for p in among if p not in focus[:1]]
            if focus and others and len(others) < len(left):
                _reason(choice, "pronoun", element)
                left = others
                choice.every = which == "others"
            elif which == "others" and not focus:
                continue
            else:
                choice.spoke = True
                choice.sure = choice.sure and len(left) == 1
        elif not told and which in ("it", "them"):
            choice.weak = True
            if focus:
                _reason(choice, "pronoun", element)
                left = focus if which == "them" else focus[:1]
                choice.every = which == "them"
            elif len(left) == 1 or which == "them":
                _reason(choice, "pronoun", element)
                choice.every = which == "them"
    return left


def _settle[T](
    pool: Pool[T], phrase: Sequence[Element], left: list[int], choice: Choice, allowed: Sequence[int]
) -> None:
    """How many are meant, and how sure that is."""
    count = counted(phrase)
    each = any(e.has("each_one") for e in phrase)
    plural = any(e.plural for e in phrase if e.names)
    old = choice.scores
    choice.scores = {p: old.get(p, 0.9) for p in left}
    choice.each = each
    if each:
        choice.quantity, choice.every = 1, True
        return
    if not left:
        choice.sure = False
        return
    if any(e.kind in ("sup", "comp", "ordinal") or e.roles.get("pronoun") == "both" for e in phrase):
        # "The smaller of my two orders": two is how many there are, not how many are meant.
        one_number = count.wanted is not None and count.total is None
        count = Count() if one_number else count if count.wanted is not None else Count(half=count.half)
    wanted, total = count.wanted, count.total
    pieces = sum(pool.pieces[p] for p in left)
    if len(left) == 1:
        _settle_one(pool, phrase, left[0], choice, count)
        return
    if count.half:
        choice.sure = False
        choice.every = False
        return
    if choice.every and wanted is None:
        return
    asserted = wanted is not None and total is None and count.asserted
    alone = all(pool.pieces[p] == 1 for p in left)
    if (
        wanted is not None and total is None and (wanted == pieces or (wanted == len(left) and (alone or asserted)))
    ) or (plural and wanted is None and not any(e.has("one_of") for e in phrase)):
        choice.every = True
    elif choice.every and (wanted is None or wanted >= len(left)):
        return
    else:
        best = sorted(choice.scores.values(), reverse=True)
        if best[0] - best[1] < MARGIN:
            choice.sure = False
            choice.every = False
            choice.quantity = wanted if wanted and wanted <= max(pool.pieces[p] for p in left) else None
            for position in left:
                choice.scores[position] = round(choice.scores[position] / len(left), 4)


def _settle_one[T](pool: Pool[T], phrase: Sequence[Element], position: int, choice: Choice, count: Count) -> None:
    """How many pieces of the one candidate left."""
    pieces = pool.pieces[position]
    wanted = count.of(pieces)
    if (count.half and wanted is None) or (not count.sure and pieces > 1):
        choice.sure = False
    elif wanted is None:
        choice.quantity = pieces if choice.every and pieces > 1 and not choice.weak else None
    elif wanted > pieces:
        element = next(e for e in phrase if is_count(e))
        choice.absent.append(Absent("quantity", element.words, instead=[str(pieces)], span=element.span))
        choice.sure = False
        choice.quantity = None
    else:
        choice.quantity = wanted
        choice.every = False


def resolution_of[T](
    pool: Pool[T],
    choices: Sequence[Choice],
    text: str,
    *,
    excluded: Iterable[int] = (),
    excluding: Reason | None = None,
) -> Resolution[T]:
    """All phrases of a message together."""
    told = [c for c in choices if c.spoke and not c.weak and (c.scores or c.absent)]
    chosen = told or [c for c in choices if c.spoke and c.weak][:1]
    without = set(excluded)
    absent = list(dict.fromkeys(a for c in chosen for a in _hashable(c.absent)))
    spans = sorted({r.span for c in chosen for r in c.reasons if r.span}, key=lambda s: s.start)
    rest = _rest(text, spans)
    scores: dict[int, float] = {}
    reasons: dict[int, list[Reason]] = {}
    quantities: dict[int, int | None] = {}
    sure = True
    for choice in chosen:
        sure = sure and choice.sure and bool(choice.scores)
        for position in choice.positions():
            if position in without:
                continue
            new = position not in scores
            scores[position] = max(scores.get(position, 0.0), choice.scores[position])
            reasons.setdefault(position, []).extend(choice.reasons)
            if choice.every and choice.quantity is None and any(r.kind == "everything" for r in choice.reasons):
                quantities[position] = pool.pieces[position]
            elif new or choice.quantity is not None:
                # Of what may be meant, a line with fewer pieces than were said is offered without a number.
                quantities[position] = choice.quantity if (choice.quantity or 0) <= pool.pieces[position] else None
    if excluding is not None:
        for found in reasons.values():
            found.append(excluding)
    order = sorted(scores, key=lambda p: (-round(scores[p], 6), p)) if not sure else sorted(scores)
    least = min(scores.values(), default=0.0)
    if sure and scores and least < SURE and not any(c.every for c in chosen):
        sure = False
    matches = [Match(pool.items[p], round(scores[p], 4), tuple(reasons[p]), quantities.get(p)) for p in order]
    status: Status
    if not matches:
        status = "none"
    elif not sure:
        status = "unclear"
    elif (
        len(matches) == len(pool.items)
        and len(matches) > 1
        and not without
        and any(c.every for c in chosen)
        and any(r.kind == "everything" for c in chosen for r in c.reasons)
    ):
        status = "all"
    else:
        status = "one" if len(matches) == 1 else "many"
    return Resolution(status, tuple(matches), rest, tuple(spans), tuple(absent))


def _hashable(absent: Sequence[Absent]) -> list[Absent]:
    return [Absent(a.kind, a.words, a.option, a.value, tuple(a.instead), a.span) for a in absent]


def _rest(text: str, spans: Sequence[Span]) -> str:
    kept, at = [], 0
    for span in spans:
        if span.start >= at:
            kept.append(text[at : span.start])
            at = span.end
    return " ".join(" ".join([*kept, text[at:]]).split())


__all__ = ["Choice", "Pool", "absent_value", "choose", "phrases_of", "resolution_of"]
