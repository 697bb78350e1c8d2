"""Sentences of a first message that name goods of other orders alone: they are requests of their own.

"The kettle in glass, please. And of my two bookcases the pine one goes back", of the kettle's order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from actions.changes.reading import Reader
from actions.changes.request import ChangeRequest
from actions.changes.said_of_each import names_goods
from actions.resolver import LineCandidate, Wish, read_requests

_SENTENCE: Final = re.compile(r"[^.!?。！？；;\n]+(?:\.\d[^.!?。！？；;\n]*)*[.!?。！？；;\n]*")
_KINDS: Final[dict[Wish, str]] = {"return": "return", "exchange": "exchange", "cancel": "cancel"}


def without_sentences_of_others(reader: Reader, text: str, lines: Sequence[LineCandidate]) -> str:
    """`text` without those sentences, each taken for afterwards, where another one names goods of `lines`."""
    request, today = reader.request, reader.records.today
    others = [each for order in reader.records.read() if order.number not in request.orders for each in order.lines]
    sentences = [each[0] for each in _SENTENCE.finditer(text)]
    if len(request.orders) != 1 or len(sentences) == 1 or not others:
        return text
    here = [bool(names_goods(each, lines, today=today)) for each in sentences]
    apart = [
        not own and bool(names_goods(each, others, today=today)) for own, each in zip(here, sentences, strict=True)
    ]
    if not any(here) or not any(apart):
        return text
    taken = list[ChangeRequest]()
    for place, each in enumerate(said for said, other in zip(sentences, apart, strict=True) if other):
        wished = {wish.wish for wish in read_requests(each, others, today=today)} - {None, "keep"}
        kind = _KINDS.get(wished.pop()) if len(wished) == 1 else None  # type: ignore[arg-type]
        if kind is None:
            return text
        taken.append(ChangeRequest(kind, f"{request.origin}:apart{place}", each.strip()))
    request.then += [each.as_slot() for each in taken]
    left = "".join(each for each, other in zip(sentences, apart, strict=True) if not other)
    request.text = left if request.text == text else request.text
    return left


__all__ = ["without_sentences_of_others"]
