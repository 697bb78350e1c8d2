"""Which wish the words of a clause hold, and where what is wanted in its place begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.resolver.reading import Element
from actions.resolver.said import refers
from actions.resolver.statements import leaves_out, says_fine, still_wanted
from actions.resolver.vocabulary import phrases

_BACK = frozenset(phrases("verbs_of_back"))

NO_LONGER_WANTED = frozenset(phrases("no_longer_wanted"))

_TAKES: Final = frozenset({"take", "taking", "knock", "strike", "cross", "pull"})

_SWITCHES: Final = frozenset({"turn", "switch", "switching", "switched"})

_OUT: Final = frozenset({"out", "off"})


def wish_of(segment: Sequence[Element]) -> tuple[str | None, Element | None]:
    """The wish that a segment holds (cancel, return, exchange, keep), and the word that says so where one does."""
    found = [
        e
        for place, e in enumerate(segment)
        if e.has("wish") and not e.names and not rejects_value(segment, place) and not _goes_on_or_off(segment, place)
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


def _goes_on_or_off(segment: Sequence[Element], place: int) -> bool:
    """Whether "turn" and "switch" say there that a thing goes on or off: "it won't turn on" swaps nothing."""
    if segment[place].words.lower() not in _SWITCHES:
        return False
    return any(each.words.lower() in ("on", "off", "on or off") for each in segment[place + 1 : place + 3])


def _off_an_order(segment: Sequence[Element]) -> bool:
    """Whether goods that are named are taken "off my order" there."""
    out = next((place for place, each in enumerate(segment) if each.words.lower() in ("off", "out", "out of")), None)
    if out is None or not any(each.kind == "name" for each in segment[:out]):
        return False
    behind = segment[out + 1 : out + 6]
    return any(each.kind == "order_number" or each.words.lower() in _ORDERS for each in behind)


def off_follows(segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]) -> bool:
    """Whether "take" has its "off my order" behind the last of several things."""
    if not any(each.words.lower() in _TAKES for each in segment) or not any(each.kind == "name" for each in segment):
        return False
    for later, ended in following:
        if ended or wish_of(later)[0] is not None:
            return False
        if _off_an_order(later):
            return True
    return False


def rejects_value(segment: Sequence[Element], place: int) -> bool:
    """Whether 不要 turns down a value there, not the thing: 键盘不要红轴."""
    following = segment[place + 1 : place + 2]
    if segment[place].words != "不要" or not following or following[0].kind != "option":
        return False
    return any(e.kind == "name" for e in segment[:place]) and not any(e.kind == "name" for e in segment[place:])


def back_follows(segment: Sequence[Element], following: Sequence[tuple[list[Element], bool]]) -> bool:
    """Whether "send" has its "back" behind the last of several things: "send the kettle and the toaster back"."""
    if not any(e.words.lower() in _BACK for e in segment):
        return False
    for later, ended in following:
        if ended or wish_of(later)[0] is not None:
            return False
        if any(e.words.lower() == "back" for e in later):
            return True
    return False


def split_target(segment: list[Element], wish: str | None) -> tuple[list[Element], list[Element]]:
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
