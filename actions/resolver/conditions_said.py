"""Conditions in a message: "if there is none in navy, leave it", 没有就算了. Told apart from what is wished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.resolver.reading import Element
from actions.resolver.resolution import Span
from actions.resolver.said import ConditionKind, RawCondition

_WHICHEVER = frozenset({"whichever", "either one works"})

_OR = frozenset({"or", "或", "或者", "或是", "要么", "还是"})

_NEGATIONS = frozenset({"not", "never", "hasnt", "havent", "isnt", "没", "没有", "还没", "还没有", "未", "尚未"})

_SENDS = frozenset({"send", "give", "take", "bring", "ship", "mail", "post"})

_IF_AFTER = "的话"
"""The Chinese "if" that stands behind what it makes a condition of."""


def spelled_out(elements: Sequence[Element]) -> list[Element]:
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


def without_conditions(elements: Sequence[Element]) -> tuple[list[Element], list[RawCondition]]:
    """`elements` without the conditions among them, and these."""
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


_WILL_DO: Final = frozenset({"行", "可以", "也行", "也可以", "都行", "fine", "ok", "okay"})


def _up_to_next_wish(then: list[Element]) -> tuple[list[Element], int]:
    """What is wanted if, without a further wish behind a pause, and how many elements are left: 没货就退，围巾取消.

    Something else that will do is wanted too: 没货的话白的也行，外套换成黑色.
    """
    for place, element in enumerate(then):
        if element.kind != "comma" or not any(e.has("wish") or e.words.lower() in _WILL_DO for e in then[:place]):
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
