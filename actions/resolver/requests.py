"""Reads a message that asks for something with several lines of an order, each with its own wish and condition.

    "swap the raincoat for the same in a 40 and the rug for a darker one; if there is no dark rug
    that size, leave the rug"

The variants that the lines can be exchanged for are seldom known before the lines are. So read twice: first without
`variants`, to learn which lines are meant; then with the variants of those products, to learn the targets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from actions.resolver.candidates import LineCandidate, VariantCandidate
from actions.resolver.clauses import analyse
from actions.resolver.counting import counted
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.lines import choose_lines, choose_phrases, line_pool, read_lines, resolve_lines
from actions.resolver.no_purchase import without_no_purchase
from actions.resolver.payments import resolve_refund_target
from actions.resolver.reading import Element
from actions.resolver.resolution import Match, Reason, Resolution, Span, Status, nothing
from actions.resolver.said import Clause, RawCondition, Said, refers
from actions.resolver.selection import Choice, Pool, resolution_of
from actions.resolver.taken_back import without_turned_down_colour
from actions.resolver.variants import resolve_variant
from actions.resolver.what_is_changed import put_plainly

Wish = Literal["cancel", "return", "exchange", "keep"]
"""What is wanted of a line. `keep` was said out loud: "leave the rug"."""

_BY_NAME = frozenset(("name", "near_name", "category"))
_POINTING = frozenset(("pronoun", "everything"))
_SEVERAL = 2

_ORDER = frozenset(("order", "orders", "订单", "整单", "单子"))

ConditionKind = Literal["unavailable", "too_late", "dearer"]
"""When the other wish holds: there is no such variant (or none left) · the goods are on their way already ·
it would cost more."""

Otherwise = Literal["leave", "cancel", "return", "ask"]


@dataclass(frozen=True, slots=True)
class Condition:
    """What to do instead, if. `applies_to_all` when it says so of everything (要是M没货就都退了)."""

    kind: ConditionKind
    otherwise: Otherwise
    applies_to_all: bool = False
    target: str = ""
    """Words for another target in that case ("or else the grey one"); empty when none was named."""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class LineRequest:
    """What one clause asks for.

    `wish` is None where the words name none (the intent of the whole then holds). `lines` are usually one, but "send
    back all of it but the scarf" has several. `wanted` are the words that describe the target; `target` is None where no
    target was spoken of, and its status `none` where no variants were given yet or none fits.
    """  # noqa: E501

    wish: Wish | None
    lines: Resolution[LineCandidate]
    quantity: int | None = None
    wanted: str = ""
    target: Resolution[VariantCandidate] | None = None
    conditions: Sequence[Condition] = ()
    span: Span | None = None
    kept_partly: bool = False
    """`quantity` is what is left of a line of which some pieces were said to stay."""

    @property
    def otherwise(self) -> Otherwise | None:
        """What to do when the target cannot be had; None when nothing was said of it."""
        return next((each.otherwise for each in self.conditions if each.kind == "unavailable"), None)


def read_requests(
    text: str,
    lines: Sequence[LineCandidate],
    *,
    variants: Mapping[str, Sequence[VariantCandidate]] | None = None,
    focus: Focus = NO_FOCUS,
    today: date,
) -> list[LineRequest]:
    """The wishes in `text`, in the order in which they were said; each line at most once, its last wish counting.

    `variants` are those of each line's `product` (or of its `sku` where it has no product). An empty list says that the
    text asks for nothing that concerns a line.
    """
    text = without_turned_down_colour(without_no_purchase(text))
    if not lines or not text.strip():
        return []
    text = put_plainly(text, lambda thing: _is_named(thing, lines, today))
    pool = line_pool(lines, focus)
    said = analyse(read_lines(text, pool, today, size_expected=True))
    said.clauses = _without_money(said.clauses, text)
    if said.excluded and said.every:
        return _all_but(said, pool, text)
    requests: list[LineRequest] = []
    for clause in said.clauses:
        requests += _requests_of(clause, said, pool, text, requests, variants or {})
    requests = _last_word_counts([each for each in _kept_pieces(requests) if not _is_about_money(each)])
    requests = _without_denied(requests, said, pool)
    for condition in said.conditions:
        requests = _with_condition(requests, condition, pool, text)
    return requests


def _is_named(thing: str, lines: Sequence[LineCandidate], today: date) -> bool:
    found = resolve_lines(thing, lines, today=today)
    return any(reason.kind == "name" for match in found.matches for reason in match.reasons)


def _all_but(said: Said, pool: Pool[LineCandidate], text: str) -> list[LineRequest]:
    wish = next((clause.wish for clause in said.clauses if clause.wish), None)
    found = choose_lines(said, pool, text)
    request = LineRequest(_wish(wish), found)
    requests = [request]
    for condition in said.conditions:
        requests = _with_condition(requests, condition, pool, text)
    return requests


def _without_denied(requests: list[LineRequest], said: Said, pool: Pool[LineCandidate]) -> list[LineRequest]:
    """The requests without lines that were said not to be meant: "cancel the rug. No, not the rug, the scarf"."""
    if not any(e.kind == "name" and e.strengths for e in said.excluded):
        return requests
    chosen = [c for c in choose_phrases(said.excluded, pool, wished=False) if c.spoke and c.sure and not c.every]
    denied = {pool.keys[p] for choice in chosen for p in choice.scores}
    left: list[LineRequest] = []
    for request in requests:
        matches = tuple(match for match in request.lines.matches if match.candidate.key not in denied)
        if len(matches) == len(request.lines.matches) or request.target is not None:
            left.append(request)
        elif matches:
            status: Status = request.lines.status if not request.lines.sure else "one" if len(matches) == 1 else "many"
            left.append(replace(request, lines=replace(request.lines, status=status, matches=matches)))
    return left


def _without_money(clauses: list[Clause], text: str) -> list[Clause]:
    """The clauses without those that only say where money goes, unless they name goods: a gift card can be bought."""
    kept = []
    for clause in clauses:
        span = _span([*clause.sources, *clause.target])
        about_goods = any(e.names and e.strengths for e in [*clause.sources, *clause.target])
        money = span is not None and resolve_refund_target(span.of(text), ("original", "gift_card")).sure
        if about_goods or not money or len(clauses) == 1:
            kept.append(clause)
    return kept


def _is_about_money(request: LineRequest) -> bool:
    """Whether it only says where money goes: "refund to my gift card"."""
    words = " ".join(absent.words for absent in request.lines.asked_but_absent)
    return not request.lines.matches and bool(words) and resolve_refund_target(words, ("original", "gift_card")).sure


def _wish(wish: str | None) -> Wish | None:
    return wish if wish in ("cancel", "return", "exchange", "keep") else None  # type: ignore[return-value]


def _span(elements: Sequence[Element]) -> Span | None:
    if not elements:
        return None
    return Span(min(e.span.start for e in elements), max(e.span.end for e in elements))


def _requests_of(
    clause: Clause,
    said: Said,
    pool: Pool[LineCandidate],
    text: str,
    before: Sequence[LineRequest],
    variants: Mapping[str, Sequence[VariantCandidate]],
) -> list[LineRequest]:
    """What one clause asks for: one request, or one for each line where each gets something else in its place."""
    target = list(clause.target)
    sources = list(clause.sources)
    wish = clause.wish
    if wish == "keep" and _is_of_other_pieces(sources):
        # "One mug is cracked, the other three are fine": they stay without being named.
        return []
    spoken = any(refers(e) for e in sources)
    kept = _kept(said, clause, pool) if any(e.has("rest") for e in sources) else set()
    strangers = _of_another_kind(sources, before, pool)
    if not target and wish in (None, "exchange") and spoken:
        sources, target = _values_it_lacks(sources, pool)
    if not target and clause.trailing and wish in (None, "exchange"):
        found = resolution_of(pool, choose_phrases(sources, pool, wished=True), text)
        if (
            found.status == "unclear"
            and not found.asked_but_absent
            and not any(e.kind == "comp" for e in clause.trailing)
        ):
            sources = [*sources, *clause.trailing]
        elif wish is None and found.sure and _has_values(found, clause.trailing, pool):
            # "The lamp isn't needed, the white one": more of what it is.
            sources = [*sources, *clause.trailing]
        else:
            target = list(clause.trailing)
    elif clause.trailing and not target:
        sources = [*sources, *clause.trailing]
    choices = choose_phrases(sources, pool, wished=wish is not None)
    lines = resolution_of(pool, choices, text, excluded=kept | strangers)
    if strangers and len(lines.matches) == 1 and not lines.asked_but_absent:
        lines = replace(lines, status="one")
    if lines.said_nothing or (lines.status == "none" and not spoken):
        lines = _understood(clause, sources, pool, before, text, wish, bool(target), lines)
    if lines.said_nothing and wish is None and not target:
        return []
    if lines.said_nothing and wish == "keep":
        return []
    wanted_span = _span(target)
    wanted = wanted_span.of(text) if wanted_span else ""
    span = _span([*sources, *target])
    if not target:
        quantity = lines.matches[0].quantity if len(lines.matches) == 1 else None
        return [LineRequest(_wish(wish), lines, quantity, span=span)]
    if not lines.sure:
        return [LineRequest(_wish(wish), lines, None, wanted, nothing(wanted), span=span)]
    requests = []
    for match in _without_pointed_beside(lines.matches):
        line = match.candidate
        known = variants.get(line.product or "", ()) or variants.get(line.sku or "", ())
        resolved = resolve_variant(wanted, known, current=line) if known else nothing(wanted)
        alone = Resolution("one", (match,), lines.rest, lines.spans, lines.asked_but_absent)
        requests.append(LineRequest(_wish(wish) or "exchange", alone, match.quantity, wanted, resolved, span=span))
    return requests


def _without_pointed_beside(matches: Sequence[Match[LineCandidate]]) -> Sequence[Match[LineCandidate]]:
    """The matches without those only pointed at beside a named one that has several pieces.

    "The suitcases, swap both": the two of the suitcases, and not the boots besides.
    """
    named = [each for each in matches if any(reason.kind in _BY_NAME for reason in each.reasons)]
    if len(named) != 1 or named[0].candidate.quantity < _SEVERAL:
        return matches
    return [each for each in matches if each in named or any(reason.kind not in _POINTING for reason in each.reasons)]


def _has_values(found: Resolution[LineCandidate], elements: Sequence[Element], pool: Pool[LineCandidate]) -> bool:
    """Whether each value said is one that a line found has already."""
    places = set(pool.positions([match.candidate.key for match in found.matches]))
    values = [each for each in elements if each.kind == "option"]
    return bool(values) and all(places & set(each.strengths) for each in values)


def _kept(said: Said, clause: Clause, pool: Pool[LineCandidate]) -> set[int]:
    """What "the rest" leaves out: the lines that another clause names."""
    named: set[int] = set()
    for other in said.clauses:
        if other is not clause:
            for choice in choose_phrases(other.sources, pool, wished=True):
                # "All the trainers" is no more than them.
                if not choice.every or len(choice.scores) < len(pool.items):
                    named |= set(choice.scores)
    return named


def _of_another_kind(sources: Sequence[Element], before: Sequence[LineRequest], pool: Pool[LineCandidate]) -> set[int]:
    """All but the others of the kind named before: "keep the cheaper camera, cancel the other one" is of cameras."""
    other = any(e.roles.get("pronoun") in ("other", "others") for e in sources) and not any(e.names for e in sources)
    if not other or not before or not before[-1].lines.sure:
        return set()
    named = set(pool.positions([match.candidate.key for match in before[-1].lines.matches]))
    titles = {title for place in named for title in pool.items[place].titles}
    alike = {place for place, line in enumerate(pool.items) if titles & set(line.titles)} - named
    return set(range(len(pool.items))) - alike if alike else set()


def _is_of_other_pieces(sources: Sequence[Element]) -> bool:
    others = any(e.has("rest") or e.roles.get("pronoun") in ("other", "others") for e in sources)
    return others and counted(sources).wanted is not None and not any(e.names for e in sources)


def _values_it_lacks(sources: list[Element], pool: Pool[LineCandidate]) -> tuple[list[Element], list[Element]]:
    """A value that the named line lacks is the one wanted: "the raincoat in a 40", of one in 38."""
    options = [e for e in sources if e.kind == "option"]
    if not options or not any(e.kind == "name" for e in sources):
        return sources, []
    plain = [e for e in sources if e.kind != "option"]
    named: set[int] = set()
    for choice in choose_phrases(plain, pool, wished=True):
        if choice.spoke and choice.sure:
            named |= set(choice.scores)
    lacking = [e for e in options if named and not named & set(e.strengths)]
    if not lacking:
        return sources, []
    return [e for e in sources if e not in lacking], lacking


def _understood(
    clause: Clause,
    sources: Sequence[Element],
    pool: Pool[LineCandidate],
    before: Sequence[LineRequest],
    text: str,
    wish: str | None,
    has_target: bool,
    found: Resolution[LineCandidate],
) -> Resolution[LineCandidate]:
    """Lines of a clause that names none: those of the clause before, of the focus, or the only ones there are."""
    if wish is None and not has_target:
        return found
    if found.asked_but_absent:
        return found
    unknown = any(e.kind == "name" and not e.strengths for e in sources)
    if unknown:
        return found
    if clause.continues and before and before[-1].wish == "keep" and wish != "keep" and counted(sources).wanted is None:
        # What was said to stay is never what the next words do away with.
        earlier = next((each for each in reversed(before) if each.wish != "keep" and each.lines.sure), None)
        return earlier.lines if earlier is not None else found
    if clause.continues and before and before[-1].lines.sure:
        return _counted_anew(before[-1].lines, sources)
    focus = pool.positions(pool.focus)
    if any(e.kind == "order_number" for e in sources) or _is_the_order(sources):
        # The order as a whole is spoken of, whatever was spoken of before.
        return found
    if focus:
        line, reason = pool.items[focus[0]], Reason("pronoun")
    elif len(pool.items) == 1:
        line, reason = pool.items[0], Reason("only")
    else:
        return found
    count = counted(sources)
    quantity = count.of(line.changeable)
    if (quantity is None and (count.half or not count.sure)) or (quantity or 0) > line.changeable:
        return Resolution("unclear", (Match(line, 0.5, (reason,), None),), text)
    return Resolution("one", (Match(line, 0.85, (reason,), quantity),), text)


def _counted_anew(lines: Resolution[LineCandidate], sources: Sequence[Element]) -> Resolution[LineCandidate]:
    """The line of the clause before, with the number that is said now: "keep one of the mugs, cancel two"."""
    if len(lines.matches) != 1:
        return lines
    match = lines.matches[0]
    quantity = counted(sources).of(match.candidate.changeable)
    if quantity is None or quantity > match.candidate.changeable:
        return lines
    reasons = (Reason("pronoun"),)
    return replace(lines, status="one", matches=(replace(match, quantity=quantity, reasons=reasons),))


def _is_the_order(sources: Sequence[Element]) -> bool:
    """Whether it says "the order" and neither "it" nor any goods."""
    said = any(e.words.lower() in _ORDER for e in sources)
    return said and not any(e.has("pronoun") or e.names for e in sources)


def _kept_pieces(requests: Sequence[LineRequest]) -> list[LineRequest]:
    """What stays of a line turned into what goes: who keeps one mug of three gives up two.

    "Keep one of the mugs and cancel the other" is one wish; "I keep one" leaves the wish to the intent of the whole.
    """
    partly = [each for each in requests if each.wish == "keep" and _stays(each)]
    if not partly:
        return list(requests)
    others = [each for each in requests if each.wish in ("cancel", "return") and not _names_goods(each)]
    wish = others[0].wish if others else None
    turned = []
    for request in requests:
        if request in others:
            continue
        if request in partly:
            match = request.lines.matches[0]
            left = match.candidate.changeable - _stays(request)
            lines = replace(request.lines, status="one", matches=(replace(match, quantity=left),))
            request = replace(request, wish=wish, lines=lines, quantity=left, kept_partly=True)
        turned.append(request)
    return turned


def _stays(request: LineRequest) -> int:
    """How many pieces of its one line are kept where not all are; else 0."""
    if not request.lines.sure or len(request.lines.matches) != 1:
        return 0
    match = request.lines.matches[0]
    return match.quantity if match.quantity and match.quantity < match.candidate.changeable else 0


def _names_goods(request: LineRequest) -> bool:
    return any(
        reason.kind not in ("pronoun", "only", "everything")
        for match in request.lines.matches
        for reason in match.reasons
    )


def _last_word_counts(requests: list[LineRequest]) -> list[LineRequest]:
    """Each line at most once: a later wish for the same line takes its place."""
    kept: list[LineRequest] = []
    for place, request in enumerate(requests):
        later = {
            match.candidate.key
            for other in requests[place + 1 :]
            if other.lines.sure and (other.wish is not None or other.target is not None)
            for match in other.lines.matches
        }
        if not request.lines.sure or not later:
            kept.append(request)
            continue
        left = [match for match in request.lines.matches if match.candidate.key not in later]
        if not left:
            continue
        if len(left) < len(request.lines.matches):
            status: Status = "one" if len(left) == 1 else "many"
            request = replace(request, lines=replace(request.lines, status=status, matches=tuple(left)))
        kept.append(request)
    return kept


def _with_condition(
    requests: list[LineRequest], raw: RawCondition, pool: Pool[LineCandidate], text: str
) -> list[LineRequest]:
    if not requests:
        return requests
    wishes = [str(e.roles["wish"]) for e in raw.then if e.has("wish") and not e.names]
    strong = next((w for w in wishes if w == "keep"), None) or next((w for w in wishes if w != "exchange"), None)
    said = [e for e in raw.then if not e.has("wish")]
    words = {e.words.lower() for e in raw.then}
    if "back" in words and words & {"send", "give", "take", "bring", "ship"}:
        strong = "return"
    otherwise: Otherwise = "ask"
    if strong == "keep":
        otherwise = "leave"
    elif strong == "cancel":
        otherwise = "cancel"
    elif strong == "return":
        otherwise = "return"
    span = _span(said)
    options = [e for e in raw.then if e.kind in ("option", "comp") or (e.kind == "unknown" and "exchange" in wishes)]
    target = span.of(text) if span and options and otherwise == "ask" else ""
    to_all = any(e.has("everything") for e in raw.then)
    condition = Condition(raw.kind, otherwise, to_all, target, _span([*raw.when, *raw.then]))
    if to_all and not _named_lines(raw.then, pool):
        at = next((i for i in range(len(requests) - 1, -1, -1) if requests[i].target is not None), len(requests) - 1)
        named = _named_lines(raw.when, pool)
        places = [i for i, r in enumerate(requests) if named & _keys(r) and r.target is not None] or [at]
    else:
        named = _named_lines(raw.when, pool) | _named_lines(raw.then, pool)
        places = [i for i, r in enumerate(requests) if named & _keys(r) and r.wish != "keep"]
        if not places:
            with_target = [i for i, r in enumerate(requests) if r.target is not None]
            places = with_target[-1:] or [len(requests) - 1]
    return [
        replace(request, conditions=(*request.conditions, condition)) if place in places else request
        for place, request in enumerate(requests)
    ]


def _keys(request: LineRequest) -> set[str]:
    return {match.candidate.key for match in request.lines.matches}


def _named_lines(elements: Sequence[Element], pool: Pool[LineCandidate]) -> set[str]:
    names = [e for e in elements if e.kind == "name"]
    if not names:
        return set()
    found: list[Choice] = choose_phrases(names, pool, wished=False)
    return {pool.keys[p] for choice in found if choice.spoke and choice.sure for p in choice.scores}


def settle_requests(requests: Sequence[LineRequest], *, failing: Mapping[str, ConditionKind]) -> list[LineRequest]:
    """The requests with their conditions decided.

    `failing` maps the key of a line to what stands in the way of its wish, as the CRM said. A wish whose target is
    absent or not available fails as `unavailable` by itself. What fails and has a condition takes its other wish; one
    that applies to all takes every other request along. What fails without a condition is left as it is, for the caller
    to ask.
    """
    settled: list[LineRequest] = []
    for_all: Wish | None = None
    for request in requests:
        failed = {failing[key] for key in _keys(request) if key in failing}
        if request.target is not None and _has_no_target(request.target):
            failed.add("unavailable")
        if "too_late" in failed and request.target is None:
            # "… if that's not possible": of what is only called off, being sent is the one way not to be.
            failed.add("unavailable")
        condition = next((c for c in request.conditions if c.kind in failed), None)
        if condition is None or condition.otherwise == "ask":
            settled.append(request)
            continue
        wish: Wish = "keep" if condition.otherwise == "leave" else condition.otherwise
        if condition.applies_to_all:
            for_all = wish
        settled.append(replace(request, wish=wish, wanted="", target=None, conditions=()))
    if for_all is not None:
        settled = [replace(request, wish=for_all, wanted="", target=None, conditions=()) for request in settled]
    return settled


def _has_no_target(target: Resolution[VariantCandidate]) -> bool:
    if target.status == "none":
        return bool(target.asked_but_absent)
    if target.sure:
        return not all(match.candidate.available for match in target.matches)
    return bool(target.asked_but_absent)
