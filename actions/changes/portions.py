"""Some pieces of a line: how many of it a change is about, what the others come to, and a variant for each.

The words are read by the resolver; which line has the pieces follows from what was named, what the change is about so
far, and which line has that many.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from actions.changes.request import ChangeRequest, all_left
from actions.resolver import Focus, LineCandidate, VariantCandidate, resolve_lines, resolve_variant
from actions.resolver.portions import Portion, portion, portions_apart
from actions.resolver.resizing import resized

_NAMED = frozenset({"name", "near_name", "category", "option", "fact"})
_NUMBERS = re.compile(
    r"[一二两三四五六七八九十\d]+[个件台块条双只套把张副盏支本部辆]|\d+|\b(?:one|two|three|four|five|six)\b",
    re.IGNORECASE,
)
_THE_TWO = re.compile(
    r"\b(?:(?:the|my|those|these|our) (?P<en>two|three|four|2|3|4)|both)\b(?! orders?| parcels?| of my orders?)"
    r"|(?P<zh>[两二三四234])[个件台块条双只套把张副盏支本部辆](?!订?单)",
    re.IGNORECASE,
)
_INTO = re.compile(
    r"\b(?:for|to|into|in|as|with)\b(?! (?:(?:the )?two|swap|exchange|change|switch|return"
    r"|send|cancel|get|have|give|replace|keep|make|order|remove|drop|take|go|be|refund|see|ask|know)\b)[^,.;!?]*|(?:换|改)(?:成|为)?[^，。,.;；！!？?]*",
    re.IGNORECASE,
)
"""What something is to become: its words say nothing of what it is."""


@dataclass(frozen=True)
class Part:
    """`pieces` of the line with this key are meant; `text` is what the message says without its words for pieces."""

    key: str
    pieces: int
    portion: Portion
    text: str


@dataclass(frozen=True)
class Apart:
    """What single pieces of a line become: SKUs with how many of each; those that stay as they are not among them."""

    key: str
    targets: Mapping[str, int]


def part_meant(
    text: str,
    lines: Sequence[LineCandidate],
    request: ChangeRequest,
    *,
    focus: Focus,
    today: date,
    correcting: bool,
) -> Part | None:
    """The line of which `text` means some pieces; None where it says nothing of pieces, or it is not plain of which."""
    said = portion(text)
    if said is None:
        return None
    line, named = _line_meant(said, said.filled(), lines, request, focus=focus, today=today)
    if line is None:
        return None
    pieces = said.wanted
    if pieces is None:
        others = line.changeable == 2 and (correcting or named or said.rest != "keep")
        if not others:
            return None
        pieces = 1
    return Part(line.key, pieces, said, said.filled("" if named else piece_name(line, text)))


def apart_meant(
    text: str,
    lines: Sequence[LineCandidate],
    request: ChangeRequest,
    variants: Mapping[str, Sequence[VariantCandidate]],
    *,
    focus: Focus,
    today: date,
) -> Apart | None:
    """What single pieces of one line become, each something else; None where that is not said, or cannot be had.

    `variants` by the SKU of a line.
    """
    for said in portions_apart(text):
        line, _ = _line_meant(said, said.filled(), lines, request, focus=focus, today=today)
        if line is None or line.sku is None:
            continue
        targets: dict[str, int] = {}
        for count, wanted in said.each:
            found = resolve_variant(wanted, variants.get(line.sku, ()), current=line, focus=focus)
            if found.status == "one" and found.first.available and found.first.sku != line.sku:
                targets[found.first.sku] = targets.get(found.first.sku, 0) + count
            elif _becomes(wanted, text) or not (
                (found.status == "one" and found.first.sku == line.sku)
                or any(absent.kind == "current" for absent in found.asked_but_absent)
            ):
                # What is to be changed stays by no word for what it has: 换皮带白盘 of a white one is read in part.
                break
        else:
            if targets:
                return Apart(line.key, targets)
    return None


def _becomes(wanted: str, text: str) -> bool:
    """Whether these words stand behind a verb for a change."""
    return re.search(rf"[换改](?:成|为)?{re.escape(wanted)}", text) is not None


def _line_meant(
    said: Portion,
    words: str,
    lines: Sequence[LineCandidate],
    request: ChangeRequest,
    *,
    focus: Focus,
    today: date,
) -> tuple[LineCandidate | None, bool]:
    """The line of whose pieces something is said, and whether it is named."""
    least = (said.wanted or 1) + (0 if said.each else 1)
    several = [line for line in lines if line.changeable >= least]
    found = resolve_lines(_source(words), lines, focus=focus, today=today)
    named = [each.candidate for each in found.matches if any(why.kind in _NAMED for why in each.reasons)]
    if named:
        meant = [line for line in named if line in several]
        if len(named) > 1 and not (found.status == "unclear" or len(meant) == 1):
            return None, True
    else:
        spoken = [line for line in several if line.key in request.lines]
        spoken = spoken or [line for line in several if line.key in focus.lines and not request.lines]
        if not spoken and request.lines:
            return None, False
        meant = spoken or several
    if len(meant) > 1 and said.total is not None:
        meant = [line for line in meant if line.changeable == said.total] or meant
    return (meant[0] if len(meant) == 1 else None), bool(named)


def _source(words: str) -> str:
    """`words` without what things become; "for the two fleeces, …" says of what, not into what."""
    lead = re.match(r"\W*(?:(?:and|so|ok|okay|then) )*for\b", words, re.IGNORECASE)
    return words[: lead.end()] + _INTO.sub(" ", words[lead.end() :]) if lead else _INTO.sub(" ", words)


def piece_name(line: LineCandidate, text: str) -> str:
    """What a line is called in the language of `text`."""
    titles = list(line.titles) or [line.key]
    han = not any(character.isascii() and character.isalpha() for character in text) or any(
        "\u4e00" <= character <= "\u9fff" for character in text
    )
    return next((title for title in titles if title.isascii() != han), titles[0])


def orders_with_several(text: str, orders: Mapping[str, Sequence[LineCandidate]], *, today: date) -> list[str]:
    """The orders that have as many of the goods named as `text` speaks of: "two lamps, should be one" is where two are."""  # noqa: E501
    changed = resized(text)
    fewer = changed is not None and changed.more is None
    said = None if fewer else next(iter(portions_apart(text)), None) or portion(text)
    total = (changed.was if changed is not None else None) or (said.total if said is not None else None)
    total = total or _together(text)
    if said is None and not fewer and total is None:
        return []
    pieces = (changed.to if fewer and changed is not None else None) or (said.wanted if said is not None else None)
    least = total or (pieces or 1) + (0 if said is not None and said.each else 1)
    words = _NUMBERS.sub(" ", _source(said.filled() if said is not None else text))
    found = []
    for number, lines in orders.items():
        named = resolve_lines(words, lines, today=today)
        meant = [each.candidate for each in named.matches if any(why.kind in _NAMED for why in each.reasons)]
        counts = [line.changeable for line in meant]
        if (total is None and any(count >= least for count in counts)) or (
            total is not None and (total in counts or (sum(counts) == total and said is None and not fewer))
        ):
            found.append(number)
    return found


def _together(text: str) -> int | None:
    """How many of something there are said to be: "the two grills", both, 那两台."""
    said = _THE_TWO.search(text)
    if said is None:
        return None
    word = (said["en"] or said["zh"] or "two").casefold()
    return {"both": 2, "two": 2, "2": 2, "three": 3, "3": 3, "四": 4, "4": 4, "four": 4, "两": 2, "二": 2, "三": 3}.get(
        word
    )


def limit_to(part: Part, request: ChangeRequest, line: LineCandidate, *, kind_of_rest: str, swapped_as: str) -> None:
    """Takes no more pieces of the line than were meant; what is wanted of the others follows.

    `kind_of_rest`: what sends back, or calls off, pieces of this order; `swapped_as` what changes them.
    """
    if part.key not in request.lines and request.lines and not part.portion.alone:
        return
    kept = request.lines if part.key in request.lines or not part.portion.alone else {}
    request.lines = {**kept, part.key: all_left(line, part.pieces)}
    request.whole = False
    rest, left = part.portion.rest, line.changeable - part.pieces
    if rest in (None, "keep") or left <= 0:
        return
    name = piece_name(line, part.text)
    if rest == "exchange":
        text = (
            f"change the {name} to {part.portion.rest_wanted}"
            if name.isascii()
            else f"{name}换成{part.portion.rest_wanted}"
        )
        further = ChangeRequest(swapped_as, f"{request.origin}:rest", text, orders=[line.order])
    elif kind_of_rest == request.kind or rest == request.kind:
        if part.portion.wanted is not None:
            # "Send one back, and the other too"
            request.lines[part.key] = None
        return
    else:
        further = ChangeRequest(kind_of_rest, f"{request.origin}:rest", "", orders=[line.order], lines={part.key: left})
        further.refund_target = request.refund_target
    same = [each for each in request.then if each["origin"] == further.origin]
    if not same:
        request.then.append(further.as_slot())


def take_apart(apart: Apart, request: ChangeRequest, *, together: bool) -> None:
    """Takes a variant for each piece. `together`: one change may make several variants of a line, else one each."""
    (first, count), *others = apart.targets.items()
    request.lines = {**request.lines, apart.key: count}
    request.targets[apart.key] = first
    request.whole = False
    request.also = {}
    request.then = [each for each in request.then if not each["origin"].startswith(f"{request.origin}:each")]
    if together:
        if others:
            request.also[apart.key] = dict(others)
        return
    for place, (sku, number) in enumerate(others):
        further = ChangeRequest(
            request.kind, f"{request.origin}:each{place}", "", orders=[apart.key.rpartition("/")[0]],
            lines={apart.key: number}, targets={apart.key: sku},
        )  # fmt: skip
        request.then.append(further.as_slot())


def give_reason(request: ChangeRequest) -> None:
    """What is done with the other pieces of the same lines has the same reason, unless another was given."""
    for each in request.then:
        same = bool(each["lines"]) and set(each["lines"]) <= set(request.lines)
        if same and each["reason"] is None and each["origin"].startswith(f"{request.origin}:"):
            each["reason"] = request.reason
