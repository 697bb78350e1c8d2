"""Pieces of a request that do not depend on its order: the reason, where money goes, the way to pay, the address."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.money_of_goods import names_other_goods, said_of_all, same_way
from actions.changes.places_meant import read_address
from actions.changes.reading import Reader
from actions.changes.ways_apart import Of, refund_way

_MONEY_VERB = re.compile(r"(?:(?:钱|款)?(?:退款?|返|打|转|放|充)(?:回|到|进|至|在|给)?(?:我的?)?)?$")
"""What is done with money before where it goes: the return of no goods."""
_DIFFERENCE = re.compile(
    r"(?<![^,.;，。；\n])[^,.;，。；\n]*(?:\b(?:price )?difference\b|\bpay (?:any )?(?:extra|more)\b"
    r"|差价|差额|补钱|补的钱)[^.;。；\n]*",
    re.IGNORECASE,
)
"""The clause that says where what is paid on top comes from: looked for once from where a clause starts, so that long
messages take no time that grows with their square.
"""


_EITHER_WAY: Final = re.compile(
    r"\b(?:either way|both ways|whether|back or (?:extra|more)|or (?:get|refund))\b"
    r"|补不补|退不退|多退少补|少补多退|不管|无论|补还是退|退还是补",
    re.IGNORECASE,
)
"""What is paid on top and what goes back are to take the same way."""


async def read_other_pieces(reader: Reader, text: str) -> None:
    """Reason, refund target, way to pay and address, where the kind has them and the words name them."""
    request, policies = reader.request, reader.records.policies
    reader.kind.read(text, request, reader.records)
    reader.reason(text)
    spoken = text
    if pays := _DIFFERENCE.search(text):
        if reader.kind.swaps:
            await reader.payment_method(pays.group())
        if not _EITHER_WAY.search(pays.group()):
            reader.spoken[text] = spoken = text[: pays.start()] + " " * len(pays.group()) + text[pays.end() :]
    if offered := reader.kind.refund_targets(policies):
        way: Of = "return" if reader.kind.goes_back else "change"
        where = refund_way(spoken, offered, way, elsewhere=lambda clause: names_other_goods(reader, clause))
        if where.status == "one" and not (request.refund_target and same_way(where)):
            if where.first != request.refund_target or "\n" not in text:
                # What was said before is said of the goods that it was said for.
                request.refund_for = []
                request.refund_of_all = said_of_all(spoken, where.spans)
            request.refund_target = where.first
            for span in where.spans:
                start = _MONEY_VERB.search(spoken[: span.start]).start()  # type: ignore[union-attr]
                spoken = spoken[:start] + " " * (span.end - start) + spoken[span.end :]
            reader.spoken[text] = spoken
    if reader.kind.pays:
        await reader.payment_method(reader.kind.way_words(text))
    if reader.kind.moves:
        await read_address(reader, text)
