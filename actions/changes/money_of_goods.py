"""Where money goes that was said once: there goes that of all that is sent back, or of the goods that it was said for.

"Send back the mat, and I'd like it on my gift card" holds for whatever goes back after it, of another order too; "the
money for the mat on my gift card" holds for the mat.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest
from actions.changes.returns import ReturnItems
from actions.resolver import Focus, Resolution, Span, resolve_lines

_OF_SOME: Final = re.compile(
    r"\b(?:money|refund\w*|amount|price|credit|cash|dollars)\b[^,.;!?]*\b(?:for|of|from)\b"
    r"|\b(?:only|just|this time|this one|that one|the other|the first|the second|part of|half)\b"
    r"|的(?:钱|款|退款|那份)|只有?|仅|这次|这[个件单次]|那[个件单]|另|一半|部分|其中",
    re.IGNORECASE,
)
"""Words of a clause that say of which goods the money goes there, of all that go back."""
_AS_BEFORE: Final = re.compile(r"\W*(?:the )?same (?:way|method)\W*", re.IGNORECASE)
_DIFFERENCE: Final = re.compile(
    r"\b(?:price )?difference\b|\bpay (?:any )?(?:extra|more)\b|差价|差额|补钱|补的钱", re.IGNORECASE
)
_SENTENCE: Final = re.compile(r"[.!?](?=\s|$)|[。！？\n]")
_WISHES: Final = re.compile(r"\b(?:exchang|swap|switch|return|send|replac)\w*|[换退]", re.IGNORECASE)
"""Something of its own is wanted."""
_CLAUSE_ENDS: Final = ",.;!?，。；！？\n"
_NAMED = frozenset({"name", "near_name", "category"})


def names_other_goods(reader: Reader, clause: str) -> bool:
    """Whether a clause names goods, none of which the request is about: "the gift card was for the mug"."""
    request, records = reader.request, reader.records
    lines = [line for number in request.orders if records.known(number) for line in records.lines(number)]
    if not request.lines or not lines:
        return False
    found = resolve_lines(clause, lines, today=records.today)
    named = {match.candidate.key for match in found.matches if any(each.kind in _NAMED for each in match.reasons)}
    return bool(named) and not named & request.lines.keys()


def keep_money_with_goods(request: ChangeRequest) -> None:
    """Forgets where money was to go once the request is about other goods than it was said for."""
    if request.refund_target is None or not request.lines:
        return
    if request.refund_of_all:
        return
    if request.refund_for and not set(request.refund_for) & request.lines.keys():
        request.refund_target, request.refund_for = None, []
        return
    request.refund_for = [*request.lines]


def keep_payment_with_goods(reader: Reader) -> None:
    """Forgets what a difference is paid with where that was said in the sentence of another wish.

    "Exchange the jumper for an L, a difference from the gift card. And could you change my mug to green?"
    """
    request, records = reader.request, reader.records
    said = _DIFFERENCE.search(request.text)
    if request.payment_method is None or not request.lines or said is None:
        return
    start = max((each.end() for each in _SENTENCE.finditer(request.text, 0, said.start())), default=0)
    ends = _SENTENCE.search(request.text, said.end())
    end = ends.start() if ends is not None else len(request.text)
    its, rest = request.text[start:end], f"{request.text[:start]} {request.text[end:]}"
    lines = [line for number in request.orders if records.known(number) for line in records.lines(number)]

    def names(text: str) -> bool:
        found = resolve_lines(text, lines, today=records.today)
        return any(
            match.candidate.key in request.lines and any(each.kind in _NAMED for each in match.reasons)
            for match in found.matches
        )

    if names(rest) and not names(its) and _WISHES.search(request.text[start : said.start()]):
        request.payment_method = None


def said_of_all(text: str, spans: Sequence[Span]) -> bool:
    """Whether where money goes, which stands at `spans` of `text`, is said of all that goes back."""
    for span in spans:
        start = max(text.rfind(each, 0, span.start) for each in _CLAUSE_ENDS) + 1
        end = min((place for each in _CLAUSE_ENDS if (place := text.find(each, span.end)) >= 0), default=len(text))
        if _OF_SOME.search(text[start:end]):
            return False
    return True


def same_way(where: Resolution[str]) -> bool:
    """Whether where money goes is only said to be as before: what was chosen before it holds, if anything was."""
    said = [reason.words for match in where.matches for reason in match.reasons]
    return bool(said) and all(_AS_BEFORE.fullmatch(each) for each in said)


def recall_money(request: ChangeRequest, focus: Focus, offered: Sequence[str]) -> None:
    """Takes for goods that are sent back where money was said to go before, where that is offered."""
    if request.kind == ReturnItems.key and request.refund_target is None and focus.money in offered:
        request.refund_target, request.refund_of_all = focus.money, True


def money_after(request: ChangeRequest, focus: Focus) -> str:
    """Where money of goods that go back later shall go, as far as it was said."""
    said = request.kind == ReturnItems.key and request.refund_of_all and request.refund_target
    return str(said or focus.money)


def with_money_of(done: ChangeRequest, further: dict[str, Any]) -> dict[str, Any]:
    """A return that follows another one, with where that one's money goes where it was said of all that goes back."""
    if further["refund_target"] or not (further["kind"] == done.kind == ReturnItems.key and done.refund_of_all):
        return further
    return {**further, "refund_target": done.refund_target, "refund_of_all": True}
