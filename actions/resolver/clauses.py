"""A message's elements as clauses: what is wanted of which things, with what in their place, and under what condition.

A clause is kept together over commas while it goes on speaking of the same thing; a conjunction before a new name, or a
new verb, begins the next. Reasons ("because it does not match my coat") are left out: what they name is not asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from actions.resolver.another_of import names_another
from actions.resolver.counting import is_count
from actions.resolver.ones_listed import goes_on_with_ones
from actions.resolver.reading import Element
from actions.resolver.resolution import Span
from actions.resolver.sent_on import sent_on, wanted
from actions.resolver.statements import (
    asks_of_money,
    begins_correction,
    corrects,
    is_statement,
    leaves_out,
    named_by_statements,
    says_fine,
    still_wanted,
    subject_of,
    sums_up,
    together,
)
from actions.resolver.vocabulary import phrases

ConditionKind = Literal["unavailable", "too_late", "dearer"]


@dataclass(slots=True)
class RawCondition:
    """A condition as it was said: when, and what then."""

    kind: ConditionKind
    when: list[Element]
    then: list[Element]


@dataclass(slots=True)
class Clause:
    """One wish: `wish` None when no verb says it, `sources` what it concerns, `target` what is wanted in its place."""

    wish: str | None = None
    sources: list[Element] = field(default_factory=list)
    target: list[Element] = field(default_factory=list)
    trailing: list[Element] = field(default_factory=list)
    """Option words said after a pause ("the coat is too small, I need a 42"): a target, or more of the source."""
    continues: bool = False
    """Whether "it" points at the clause before."""
    stated: bool = False
    """Whether it says how things are, and wants nothing of them."""


@dataclass(slots=True)
class Said:
    """A whole message."""

    clauses: list[Clause]
    excluded: list[Element]
    conditions: list[RawCondition]
    every: bool
    """Whether an exception was made from everything."""


_WHICHEVER = frozenset({"whichever", "either one works"})
_OR = frozenset({"or", "或", "或者", "或是", "要么", "还是"})
_NEGATIONS = frozenset({"not", "never", "hasnt", "havent", "isnt", "没", "没有", "还没", "还没有", "未", "尚未"})
_SENDS = frozenset({"send", "give", "take", "bring", "ship", "mail", "post"})
_REFERENCES = ("ordinal", "slice", "sup", "everything", "rest", "each_one", "order_number", "date", "amount")


def refers(element: Element) -> bool:
    """Whether the element speaks of things themselves, not only of a value that they may have."""
    if element.kind == "name":
        return True
    return element.kind in _REFERENCES or element.roles.get("pronoun") in ("other", "others", "both")


def analyse(elements: Sequence[Element]) -> Said:
    """The clauses, exceptions and conditions of a message."""
    kept, conditions = _without_conditions(_spelled_out(_without_reasons(_without_mere_wanting(elements))))
    kept, excluded, every = _without_exclusions(kept)
    return Said(_clauses(kept), excluded, conditions, every)


def _without_mere_wanting(elements: Sequence[Element]) -> list[Element]:
    """Drops a "still want" before the verb of what is wanted: 我还要退围巾 keeps nothing, 围巾我还要 does."""
    kept = []
    for place, element in enumerate(elements):
        # In English a "to" may stand between: "I still want to send the scarf back".
        far = 2 if element.words.isascii() else 1
        merely = element.has("keep") and element.words.lower().endswith(_WANTING)
        if not (merely and any(_begins_wish(after) for after in elements[place + 1 : place + 1 + far])):
            kept.append(element)
    return kept


_WANTING: Final = ("要", "still want", "still need")


def _begins_wish(element: Element) -> bool:
    """Whether a verb or what leads to one stands there."""
    verb = element.has("wish") and not element.names and element.roles["wish"] != "keep"
    return verb or element.words in _BEFORE_OBJECT or element.words.startswith("退")


_BEFORE_OBJECT = frozenset({"把", "将", "给"})


def _without_reasons(elements: Sequence[Element]) -> list[Element]:
    """Drops what follows "because" up to the sentence's end, where something was asked for before it."""
    kept: list[Element] = []
    skipping = False
    for element in elements:
        if element.kind == "end" or (skipping and (element.kind == "wish" or element.kind == "comma")):
            skipping = False
        before = kept[-1].words.lower() if kept else ""
        liked = element.words.lower() == "like the" and before in _LIKING
        if element.has("because") and not liked and not element.names and any(refers(e) or e.has("wish") for e in kept):
            skipping = True
        if not skipping:
            kept.append(element)
    return kept


_LIKING: Final = frozenset({"i", "we", "don't", "dont", "didn't", "didnt", "not", "really", "do", "doesn't", "doesnt"})
"""Before "like the": the thing is spoken of, and compared with nothing."""
_IF_AFTER = "的话"
"""The Chinese "if" that stands behind what it makes a condition of."""


def _spelled_out(elements: Sequence[Element]) -> list[Element]:
    """With the "if" that a state's ending has swallowed ("发了的" + "话"), and with those that are left unsaid.

    "已经发货了就退货", beside a wish for what was not sent, is a condition although nothing says "if".
    """
    found: list[Element] = []
    for place, element in enumerate(elements):
        if element.words == "话" and found and found[-1].words.endswith("的"):
            state = found.pop()
            middle = state.span.end - 1
            found.append(replace(state, span=Span(state.span.start, middle), words=state.words[:-1]))
            found.append(Element("condition", Span(middle, element.span.end), _IF_AFTER, {"condition": "if"}))
            continue
        begins = place == 0 or elements[place - 1].kind in ("comma", "end")
        then = next(
            (e for e in elements[place + 1 : place + 4] if e.kind in ("comma", "end") or e.words[:1] in "就那"), None
        )
        fails = element.roles.get("condition") == "unavailable" and not element.words.isascii()
        if (
            begins
            and (_is_sent(element) or fails)
            and then is not None
            and then.kind not in ("comma", "end")
            and not then.has("pronoun")
        ):
            found.append(
                Element("condition", Span(element.span.start, element.span.start), "如果", {"condition": "if"})
            )
        found.append(element)
    return found


def _is_sent(element: Element) -> bool:
    return element.roles.get("condition") == "too_late" or element.roles.get("state") == "shipped"


def _alternatives(elements: Sequence[Element]) -> tuple[list[Element], RawCondition | None]:
    """The first of "A or B, whichever still works" is wanted, the second where the first cannot be."""
    marker = next(
        (i for i, e in enumerate(elements) if e.words.lower() in _WHICHEVER or e.words.startswith("哪个")), None
    )
    if marker is None or not any(e.has("wish") for e in elements[:marker]):
        return list(elements), None
    before, after = list(elements[:marker]), list(elements[marker:])
    either = next(
        (
            i
            for i in range(len(before) - 1, 0, -1)
            if before[i].words.lower() in _OR
            and any(e.has("wish") for e in before[:i])
            and any(e.has("wish") and not e.names for e in before[i + 1 :])
        ),
        None,
    )
    if either is None:
        return list(elements), None
    second = before[either + 1 :]
    verb = next(i for i, e in enumerate(second) if e.has("wish") and not e.names)
    # What follows the second verb is named for both: "cancel or return the lamp".
    shared = second[verb + 1 :] if not any(e.names for e in before[:either]) else []
    end = next((i for i, e in enumerate(after) if e.kind == "end"), len(after))
    condition = RawCondition("too_late", [after[0]], [e for e in second if e not in shared])
    return [*before[:either], *shared, *after[end:]], condition


def _without_conditions(elements: Sequence[Element]) -> tuple[list[Element], list[RawCondition]]:
    elements, either = _alternatives(elements)
    kept: list[Element] = []
    conditions: list[RawCondition] = []
    if either is not None:
        conditions += [either, replace(either, kind="unavailable")]
    unsent = False
    """Whether something is wanted where the goods were not sent yet: "otherwise" is where they were."""
    at = 0
    while at < len(elements):
        element = elements[at]
        role = element.roles.get("condition")
        if role not in ("if", "otherwise") or element.names or _is_no_condition(elements, at):
            kept.append(element)
            at += 1
            continue
        if element.words == _IF_AFTER and (behind := _behind(kept)):
            following = list(elements[at + 1 :])
            stop = next((i for i, e in enumerate(following) if e.kind in ("comma", "end")), len(following))
            del kept[len(kept) - len(behind) :]
            kept += [e for e in behind if e.names]
            if _is_unsent(behind):
                unsent = True
                at += 1
                continue
            if (kind := _kind(behind)) is not None:
                conditions.append(RawCondition(kind, behind, following[:stop]))
                at += 1 + stop
                continue
            kept = [*kept, *(e for e in behind if not e.names)]
            at += 1
            continue
        end = next((i for i in range(at + 1, len(elements)) if elements[i].kind == "end"), len(elements))
        body = list(elements[at + 1 : end])
        if role == "otherwise":
            while conditions is not None and body and body[0].kind in ("comma", "boundary"):
                body = body[1:]
            if any(e.has("wish") or e.names or _sends_back(body, i) for i, e in enumerate(body)):
                body, left = _up_to_next_wish(body)
                conditions.append(RawCondition("too_late" if unsent else "unavailable", [element], body))
                at = end - left
                continue
            taken = _taken_back(kept)
            if taken:
                # "… or cancel it if there's none"
                del kept[len(kept) - len(taken) :]
                conditions.append(RawCondition("too_late" if unsent else "unavailable", [element, *body], taken))
                at = end
                continue
            at += 1
            continue
        when, then = _when_and_then(body)
        kind = _kind(when)
        if kind is None and _is_unsent(when):
            # "Cancel it if it hasn't shipped": asked for, and what is said of the other case is its condition.
            unsent = True
            kept += [e for e in when if e.names]
            at = end - len(then) if then else at + 1 + len(when)
            continue
        if kind is None and unsent and then:
            # The other case of "if it hasn't shipped": what is wanted where it has
            kind = "too_late"
        if kind is None:
            # "if you have it in M, swap it": said to be polite; what follows is asked for all the same.
            if not then:
                at = at + 1 + len(when)
                continue
            at = end - len(then)
            continue
        if not any(e.has("wish") or e.names for e in then):
            taken = _taken_back(kept)
            if taken:
                then = taken
                del kept[len(kept) - len(taken) :]
        then, left = _up_to_next_wish(then)
        conditions.append(RawCondition(kind, when, then))
        at = end - left
    return kept, conditions


def _is_no_condition(elements: Sequence[Element], place: int) -> bool:
    """Whether a "should" stands there that begins nothing: "the lamp should still be sent"."""
    before = elements[place - 1].kind if place else "end"
    return elements[place].words.lower() == "should" and before not in ("comma", "end", "boundary")


def _up_to_next_wish(then: list[Element]) -> tuple[list[Element], int]:
    """What is wanted if, without a further wish behind a pause, and how many elements are left: 没货就退，围巾取消."""
    for place, element in enumerate(then):
        if element.kind != "comma" or not any(e.has("wish") for e in then[:place]):
            continue
        if any(e.has("wish") and not e.names for e in then[place:]) and any(e.kind == "name" for e in then[place:]):
            return then[:place], len(then) - place
    return then, 0


def _behind(kept: Sequence[Element]) -> list[Element]:
    """The elements since the last pause."""
    start = next((i + 1 for i in range(len(kept) - 1, -1, -1) if kept[i].kind in ("comma", "end")), 0)
    return list(kept[start:])


def _is_unsent(elements: Sequence[Element]) -> bool:
    """Whether they say that goods were not sent yet."""
    return any(
        e.roles.get("state") == "open" or (_is_sent(e) and _is_negated(elements, place))
        for place, e in enumerate(elements)
    )


def _is_negated(elements: Sequence[Element], place: int) -> bool:
    words = [e.words.lower() for e in elements[max(0, place - 3) : place]]
    return any(word in _NEGATIONS or word.endswith("n't") for word in words)


def _sends_back(elements: Sequence[Element], place: int) -> bool:
    """Whether "send it back" begins there: neither word alone is a wish."""
    following = [e.words.lower() for e in elements[place : place + 4]]
    return following[0] in _SENDS and "back" in following


def _when_and_then(body: list[Element]) -> tuple[list[Element], list[Element]]:
    for place, element in enumerate(body):
        if element.roles.get("condition") == "otherwise" and element.words.endswith("就"):
            return body[: place + 1], body[place + 1 :]
        if element.kind == "comma" or element.words.startswith(("就", "那就")) or element.words.lower() == "then":
            then = body[place + 1 :] if element.kind == "comma" or element.words.lower() == "then" else body[place:]
            if any(_kind([e]) or _is_unsent([e]) for e in body[:place]) or element.kind == "comma":
                return body[:place], then
        begins = element.has("wish") and (not element.words.isascii() or element.kind == "wish")
        if place and (begins or _sends_back(body, place)) and (_kind(body[:place]) or _is_unsent(body[:place])):
            return body[:place], body[place:]
    return body, []


def _kind(elements: Sequence[Element]) -> ConditionKind | None:
    if _is_unsent(elements):
        return None
    found = [e.roles.get("condition") for e in elements]
    if "too_late" in found:
        return "too_late"
    costs = any(e.roles.get("sup") == "price_max" and "cost" in e.words.lower() for e in elements)
    if "dearer" in found or costs or any(e.roles.get("comp") == "price_max" for e in elements):
        return "dearer"
    if "unavailable" in found or "otherwise" in found:
        return "unavailable"
    if any(e.roles.get("state") in ("shipped",) for e in elements):
        return "too_late"
    return None


def _taken_back(kept: list[Element]) -> list[Element]:
    """The words since the last pause, when they hold a wish of their own: "… or leave it if there is none"."""
    start = next(
        (i + 1 for i in range(len(kept) - 1, -1, -1) if kept[i].kind in ("comma", "end") or kept[i].has("boundary")), 0
    )
    tail = kept[start:]
    earlier = kept[:start]
    if any(e.has("wish") for e in tail) and any(e.has("wish") for e in earlier):
        return tail
    return []


def _without_exclusions(elements: Sequence[Element]) -> tuple[list[Element], list[Element], bool]:
    kept: list[Element] = []
    excluded: list[Element] = []
    every = False
    excluding = False
    negated = False
    skip = -1
    denied = 0
    for place, element in enumerate(elements):
        following = elements[place + 1 : place + 4]
        starts = element.kind == "except" or (
            element.words.lower() == "but"
            and place > 0
            and any(e.has("everything") or e.has("rest") for e in elements[:place])
            and (_named(following) or _counts_only(following))
        )
        if place < denied:
            continue
        if element.words in _NOT_HAN and place + 1 < len(elements) and elements[place + 1].has("everything"):
            # 不要全退
            denied = _end_of_denied(elements, place)
            continue
        if (element.words.lower() in _NO and element.has("except")) or element.words in _NO_HAN:
            if denied := _end_of_denied(elements, place):
                continue
            starts = _named(following[:2]) and any(refers(e) for e in [*kept, *elements[place + 3 :]])
            negated = starts or negated
            if not (starts or excluding) and element.words.isascii() and _named(following[:2]):
                # "Not the scarf", and nothing else that is meant: it stays.
                kept.append(replace(element, kind="wish", roles={"wish": "keep"}))
                continue
        if element.words in _BEHIND_HAN and not excluding and any(e.kind == "name" for e in kept):
            # 围巾除外: what is left out stands before.
            start = next((i + 1 for i in range(len(kept) - 1, -1, -1) if not _describes(kept[i])), 0)
            excluded += kept[start:]
            kept, every = kept[:start], True
            continue
        if starts and _counts_only(following) and not _named(following):
            # "All the lamps but one": one of what was named stays.
            excluded += [*(e for e in kept if e.kind == "name"), following[0], _ONE_OF]
            kept = [e for e in kept if e.kind != "name"]
            skip = place + 1
            every = True
            continue
        if place == skip:
            continue
        if starts and (_named(elements[place + 1 : place + 6]) or any(refers(e) for e in following)):
            excluding = True
            every = every or not negated
            continue
        if excluding:
            han = not element.words.isascii()
            ends = (
                element.kind in ("end", "except_end", "wish")
                or (negated and element.kind == "comma")
                or (han and (element.kind in ("everything", "rest", "comma") or element.roles.get("pronoun") == "both"))
                or (element.kind == "comma" and _goes_on_elsewhere(elements[place + 1 :]))
                or (element.kind == "rest")
            )
            if ends:
                excluding = negated = False
                if element.kind != "except_end":
                    kept.append(element)
                continue
            excluded.append(element)
            continue
        kept.append(element)
    return kept, excluded, every


def _goes_on_elsewhere(following: Sequence[Element]) -> bool:
    """Whether what stands behind a comma is no other thing that is left out: "all but the scarf, put it on my card"."""
    first = next((e for e in following if e.words.lower() not in _LEAD_TO_NAMES), None)
    return first is None or not (refers(first) or first.kind in ("option", "quantity", "number"))


def _end_of_denied(elements: Sequence[Element], place: int) -> int:
    """Where "not all of them" and 不是四个都退 end, which deny and say nothing else; 0 where no such thing is said."""
    end = next((i for i in range(place + 1, len(elements)) if elements[i].kind in ("comma", "end")), len(elements))
    body = elements[place + 1 : end]
    if not body or any(e.kind == "name" and e.strengths for e in body):
        return 0
    if elements[place].words.isascii():
        only_number = all(is_count(e) or e.kind == "glue" for e in body) and any(is_count(e) for e in body)
        return end if only_number or (body[0].has("everything") and body[0].kind == "everything") else 0
    return end if any(e.has("everything") for e in body) else 0


_NOT_HAN: Final = frozenset({"不要", "别", "不用", "不想"})
_NO: Final = frozenset({"not", "nothing with", "nothing to do with"})
_NO_HAN: Final = frozenset({"不是"})
"""Says of what follows that it is not meant, where something else is."""
_BEHIND_HAN: Final = frozenset({"除外", "不算", "不包括", "不含", "以外", "之外"})
"""Leaves out what stands before it."""


def _describes(element: Element) -> bool:
    """Whether it may be part of the name of goods."""
    return element.kind in ("name", "option", "glue", "unknown", "quantity", "number")


_LEAD_TO_NAMES = frozenset(
    {"the", "my", "a", "an", "and", "or", "also", "n", "nor", "this", "that", "those", "these", "our"}
)
_ONE_OF = Element("one_of", Span(0, 0), "", {"one_of": True})


def _counts_only(following: Sequence[Element]) -> bool:
    """Whether a number and nothing else follows: "all the lamps but one"."""
    return bool(following) and is_count(following[0]) and not any(e.names for e in following[1:2])


def _named(elements: Sequence[Element]) -> bool:
    for element in elements:
        if element.kind in ("end", "comma"):
            return False
        if element.names or refers(element) or (element.kind == "state" and element.determined):
            return True
    return False


def _segments(elements: Sequence[Element]) -> list[tuple[list[Element], bool]]:
    """The elements between pauses, each with whether a sentence ended before it."""
    found: list[tuple[list[Element], bool]] = []
    current: list[Element] = []
    ended = False
    for place, element in enumerate(elements):
        if _lists_on(current, element, elements[place + 1 : place + 3]) or goes_on_with_ones(
            current, element, elements[place + 1 :]
        ):
            current.append(replace(element, kind="comma", words=",", roles={"boundary": True}))
        elif element.kind in ("comma", "end") or (element.has("boundary") and not element.names):
            if current:
                found.append((current, ended))
                ended = False
            ended = ended or element.kind == "end"
            current = []
        elif (element.has("rest") or element.roles.get("pronoun") in ("other", "others")) and is_statement(current):
            # "One mug is cracked the other three are fine"
            found.append((current, ended))
            current, ended = [element], False
        elif (
            element.kind == "wish"
            and element.words.isascii()
            and any(e.kind == "wish" for e in current)
            and any(refers(e) or e.has("pronoun") for e in current)
        ):
            found.append((current, ended))
            current, ended = [element], False
        else:
            current.append(element)
    if current:
        found.append((current, ended))
    return found


_JOINING: Final = frozenset({"and", "n", "&", "和", "跟", "与", "及", "以及", "、"})


def _lists_on(current: Sequence[Element], element: Element, following: Sequence[Element]) -> bool:
    """Whether "the scarf and the lamp" goes on there, of which something is said or wanted behind both."""
    if element.words.lower() not in _JOINING or not any(e.kind == "name" for e in current):
        return False
    bare = all(e.kind in ("name", "option", "comma") or is_count(e) or e.words.lower() in _ARTICLES for e in current)
    ahead = [e for e in following if e.words.lower() not in _ARTICLES]
    return bare and bool(ahead) and ahead[0].kind in ("name", "option")


_ARTICLES: Final = frozenset({"the", "my", "that", "this", "those", "these", "both", "的", "那", "这", "我的", "我"})
_BACK = frozenset(phrases("verbs_of_back"))
_NO_LONGER_WANTED = frozenset(phrases("no_longer_wanted"))


_TAKES: Final = frozenset({"take", "taking", "knock", "strike", "cross", "pull"})
_OUT: Final = frozenset({"out", "off"})


def _wish(segment: Sequence[Element]) -> tuple[str | None, Element | None]:
    found = [
        e for place, e in enumerate(segment) if e.has("wish") and not e.names and not _rejects_value(segment, place)
    ]
    words = [e.words.lower() for e in segment]
    if any(word in _BACK for word in words) and any(word.endswith("back") for word in words):
        return "return", next((e for e in found), None)
    said_last = [word for word in words if word not in ("please", "pls", "too", "then")][-1:]
    if any(word in _TAKES for word in words) and ((said_last and said_last[0] in _OUT) or _off_an_order(segment)):
        # "Take the lamp out", "take the lamp off order #123"
        return "cancel", next((e for e in found), None)
    if not found and leaves_out(segment):
        return "cancel", None
    if not found:
        kept = still_wanted(segment) or (
            says_fine(segment)
            and any(e.kind == "name" or e.has("rest") or e.roles.get("pronoun") in ("other", "others") for e in segment)
        )
        return ("keep" if kept else None), None
    keep = next((e for e in found if e.roles["wish"] == "keep"), None)
    if keep is not None:
        return "keep", keep
    strong = [
        e for e in found if e.words.lower() not in ("make", "can be", "to be", "want", "change", "换", "改", "不要")
    ]
    element = (strong or found)[0]
    return str(element.roles["wish"]), element


def _off_an_order(segment: Sequence[Element]) -> bool:
    """Whether goods that are named are taken "off my order" there."""
    out = next((place for place, each in enumerate(segment) if each.words.lower() in ("off", "out", "out of")), None)
    if out is None or not any(each.kind == "name" for each in segment[:out]):
        return False
    behind = segment[out + 1 : out + 6]
    return any(each.kind == "order_number" or each.words.lower() in _ORDERS for each in behind)


def _off_follows(segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]) -> bool:
    """Whether "take" has its "off my order" behind the last of several things."""
    if not any(each.words.lower() in _TAKES for each in segment) or not any(each.kind == "name" for each in segment):
        return False
    for later, ended in following:
        if ended or _wish(later)[0] is not None:
            return False
        if _off_an_order(later):
            return True
    return False


def _rejects_value(segment: Sequence[Element], place: int) -> bool:
    """Whether 不要 turns down a value there, not the thing: 键盘不要红轴."""
    following = segment[place + 1 : place + 2]
    if segment[place].words != "不要" or not following or following[0].kind != "option":
        return False
    return any(e.kind == "name" for e in segment[:place]) and not any(e.kind == "name" for e in segment[place:])


def _back_follows(segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]) -> bool:
    """Whether "send" has its "back" behind the last of several things: "send the kettle and the toaster back"."""
    if not any(e.words.lower() in _BACK for e in segment):
        return False
    for later, ended in following:
        if ended or _wish(later)[0] is not None:
            return False
        if any(e.words.lower() == "back" for e in later):
            return True
    return False


def _split_target(segment: list[Element], wish: str | None) -> tuple[list[Element], list[Element]]:
    """Source and target of one segment: what stands behind "for", "to", 换成, or else behind "in"."""
    if wish not in ("exchange", None):
        return segment, []
    verb = next((i for i, e in enumerate(segment) if e.roles.get("wish") == "exchange"), None)
    if wish is None:
        return segment, []
    for strength in ("strong", "weak"):
        for place, element in enumerate(segment):
            if element.roles.get("target") != strength or element.names:
                continue
            han = not element.words.isascii()
            if not han and verb is not None and place <= verb:
                continue
            after = segment[place + 1 :]
            if (
                strength == "weak"
                and not han
                and not any(e.kind in ("option", "comp", "sup") or e.has("same") for e in after[:3])
            ):
                continue
            if (
                strength == "weak"
                and element.words.lower() in ("a", "an")
                and not any(refers(e) or e.has("pronoun") for e in segment[:place])
            ):
                continue
            if strength == "weak" and _is_an_order(after):
                # "In my latest order" says where it is.
                continue
            if _says_target(after):
                return segment[:place], after
    if verb is not None:
        for place, element in enumerate(segment):
            if (
                place > verb
                and (element.kind in ("comp", "different") or element.has("comp"))
                and any(refers(e) for e in segment[:place])
            ):
                return segment[:place], segment[place:]
    return segment, []


def _is_an_order(elements: Sequence[Element]) -> bool:
    return any(element.words.lower().rpartition(" ")[2] in _ORDERS for element in elements[:5])


_ORDERS: Final = frozenset({"order", "orders", "parcel", "package", "delivery", "purchase", "shipment"})


def _says_target(elements: Sequence[Element]) -> bool:
    return any(
        e.names
        or e.kind in ("comp", "sup", "different", "same", "unknown", "quantity", "digits", "ordinal")
        or e.has("comp")
        for e in elements
    )


def _clauses(elements: Sequence[Element]) -> list[Clause]:
    clauses: list[Clause] = []
    goes_back = any(e.roles.get("wish") in ("return", "exchange") and not e.names for e in elements)
    off = any(
        (e.roles.get("wish") in ("return", "cancel") and not e.names) or e.words.lower() in _LIMITING for e in elements
    )
    """Whether goods go, or only some of them."""
    segments = named_by_statements(_segments(elements))
    corrected = False
    """Whether what comes now takes the place of what was named last."""
    for place, (segment, ended) in enumerate(segments):
        if corrects(segment):
            corrected = True
            continue
        wish, said = _wish(segment)
        if wish is None and _back_follows(segment, segments[place + 1 :]):
            wish = "return"
        if wish is None and _off_follows(segment, segments[place + 1 :]):
            wish = "cancel"
        if wish is None and (sent_on(segment) or (off and wanted(segment))):
            wish = "keep"
        if (
            goes_back
            and wish == "cancel"
            and said is not None
            and said.words.lower() in _NO_LONGER_WANTED
            and not any(refers(e) for e in segment)
            and not (clauses and clauses[-1].wish is None)
        ):
            # "Send all of it back, I don't want it any more": why, and nothing else that is wished.
            continue
        if wish == "return" and clauses and asks_of_money(segment) and not any(refers(e) for e in segment):
            continue
        last = clauses[-1] if clauses else None
        inherited = wish
        if (
            wish is None
            and last is not None
            and last.wish == "exchange"
            and any(e.roles.get("target") == "strong" for e in segment)
        ):
            inherited = "exchange"
        source, target = _split_target(segment, inherited)
        rejected = next((i for i in range(len(source)) if _rejects_value(source, i)), None)
        stated = wish is None and not target and rejected is None and is_statement(segment)
        if rejected is not None:
            source = source[:rejected]
        elif stated:
            source = subject_of(source)
        open_ones = [
            clause for clause in clauses if clause.wish is None and any(e.kind == "name" for e in clause.sources)
        ]
        if clauses and wish is None and not target and _speaks_of_all_only(segment):
            # "The honey broke, everything is sticky"
            continue
        if clauses and not target and sums_up(segment) and (wish is None or wish == clauses[-1].wish):
            # "The scarf goes too, all together": no more than what was named.
            named = any(e.kind == "name" for e in clauses[-1].sources)
            if named and (together(segment) or clauses[-1].wish == wish is not None):
                continue
        if open_ones and not target and sums_up(segment):
            # As "return both" does of the coat that leaks and the boots that pinch.
            for clause in open_ones:
                clause.wish = wish
            continue
        if target and not any(refers(e) or e.kind == "option" or e.has("pronoun") for e in source):
            moved = [e for e in target if e.kind == "name" and e.strengths]
            if moved and last is None:
                source, target = [*source, *moved], [e for e in target if e not in moved]
        referring = any(refers(e) for e in source)
        pronoun = any(e.roles.get("pronoun") in ("it", "them") for e in source) and not referring
        options = any(e.kind in ("option", "comp", "sup", "different") or e.has("comp") for e in source)
        if (
            wish == "keep"
            and last is not None
            and last.wish in ("return", "cancel")
            and not referring
            and _no_swap(segment)
        ):
            continue
        counted = any(e.kind in ("quantity", "number") or e.has("one_of") for e in source)
        if wish is None and not target and not referring:
            if last is not None and counted and not (options or last.target):
                # "I bought four mugs, two are broken": how many of them.
                last.sources += source
            elif (
                last is not None
                and last.wish in _GOING
                and _is_one_more(segment)
                and names_another(last.sources, source)
            ):
                last.sources += [_pause(segment), *source]
            elif last is not None and (options or counted):
                (last.target if last.target else last.trailing).extend(source)
            elif (
                options
                or (pronoun and not clauses)
                or counted
                or (not clauses and any(e.kind in ("unknown", "state") for e in source))
            ):
                clauses.append(Clause(None, source))
            continue
        if last is not None and not referring and last.wish in (None, wish) and not ended_anew(last, wish, ended):
            # "The coat is too small, swap it for an L"; 围巾，退掉
            again = last.wish == wish is not None and any(e.kind == "option" for e in source)
            last.wish = wish or last.wish
            if again and not target and last.wish in _GOING and names_another(last.sources, source):
                # "The metal watch goes, and one of the silicone ones"
                last.sources += [_pause(segment), *source]
                continue
            last.target += target
            if again and not target and any(e.kind == "option" for e in last.sources):
                # "Cancel the beginner puzzle, cancel one of the art ones"
                last.sources += [Element("comma", segment[0].span, ",", {"boundary": True}), *source]
            elif options or counted:
                last.sources += [e for e in source if e.kind in ("quantity", "number", "option", "comp", "different")]
            continue
        lacking = wish is None and not target and _lacks_value(source)
        takes_back = (corrected or begins_correction(segment)) and wish is None and not stated
        corrected = False
        if takes_back and last is not None and last.wish is not None and any(e.kind == "name" for e in segment):
            # "Cancel the scarf. No sorry, I meant the jumper"
            last.sources = source
            last.target, last.trailing = (target or last.target), []
            continue
        if (
            last is not None
            and wish is None
            and not target
            and not last.target
            and last.wish != "keep"
            and not (stated or lacking)
        ):
            # "Send back the kettle and the toaster"
            last.sources += [_pause(segment), *source]
            continue
        if last is not None and wish is None and target and last.wish == "exchange" and not last.target and not ended:
            # "Swap the raincoat and the rug for bigger ones"
            last.sources += [_pause(segment), *source]
            last.target = target
            continue
        clause = Clause(inherited if wish is None else wish, source, target, stated=stated or lacking)
        if (
            wish is None
            and not target
            and last is not None
            and not (stated or lacking)
            and _inherits(last, segment, ended)
        ):
            clause.wish = last.wish
        if last is not None and not referring and not options:
            clause.continues = True
        elif (
            last is not None
            and last.wish is None
            and last.sources
            and wish is not None
            and not ended
            and not last.target
            and not last.stated
            and _only_names(last)
            and not (wish == "keep" and last.sources[0].words.lower() in _LIMITING)
        ):
            # "The kettle, the mug: cancel the toaster" does not happen; 外套、围巾都退 is one wish
            clause.sources = [*last.sources, _pause(segment), *source]
            clauses.pop()
        clauses.append(clause)
    return clauses


_GOING: Final = frozenset({"cancel", "return"})


def _is_one_more(segment: Sequence[Element]) -> bool:
    """Whether it counts pieces and says nothing of them: "one of the red ones", not "the red one fits"."""
    said = [e for e in segment if not e.has("boundary")]
    value = next((i for i, e in enumerate(said) if e.kind == "option"), len(said))
    counted = any(e.has("one_of") or e.kind == "quantity" for e in said) or any(is_count(e) for e in said[:value])
    too = any(e.words.lower() in ("too", "also", "as well", "也") for e in said)
    return (counted or too) and not any(e.kind in ("unknown", "state") for e in said)


def _pause(segment: Sequence[Element]) -> Element:
    """Divides what is named before a segment from what is named in it."""
    return Element("comma", segment[0].span, ",", {"boundary": True})


def _speaks_of_all_only(segment: Sequence[Element]) -> bool:
    """Whether it says how all of it is, naming nothing and wanting nothing: "everything is sticky", 全是水."""
    if any(e.names or e.has("wish") for e in segment) or not segment[0].has("everything"):
        return False
    return any(e.kind == "unknown" for e in segment[1:]) and segment[0].words.lower() != "all"


def _lacks_value(segment: Sequence[Element]) -> bool:
    """Whether a value stands beside a thing that has another: "the coat in 40", of one in 38."""
    names = [e for e in segment if e.kind == "name" and e.strengths]
    if not names:
        return False
    named = set(names[0].strengths).intersection(*(set(e.strengths) for e in names))
    return any(e.kind == "option" and named & e.having and not named & set(e.strengths) for e in segment)


def _inherits(last: Clause, segment: Sequence[Element], ended: bool) -> bool:
    """Whether what is named is wanted like what was named before it; staying is said of what stands beside only."""
    if last.wish != "keep":
        return True
    return not ended and not any(e.has("everything") for e in segment) and segment[0].words.lower() not in _LIMITING


_LIMITING = frozenset(("only", "just", "it's", "只", "只有", "就"))


def _no_swap(segment: Sequence[Element]) -> bool:
    """Whether it says more of a return, taking nothing back: 退了，不用换."""
    return any("换" in e.words or "swap" in e.words.lower() or "exchange" in e.words.lower() for e in segment)


def _only_names(clause: Clause) -> bool:
    return all(e.names or e.kind in ("glue", "quantity", "number", "pronoun", "comma") for e in clause.sources)


def ended_anew(last: Clause, wish: str | None, ended: bool) -> bool:
    """Whether a wish without a name of its own begins something new rather than saying more of the clause before."""
    return last.wish is not None and last.wish == wish and bool(last.target) and ended
