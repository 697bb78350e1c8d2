"""A return that was offered with its sum, taken up for some of its goods only: "just the vacuum then, onto my gift card"."""  # noqa: E501

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.crm_client import CrmNotFound
from actions.desk import Desk, Turn
from actions.own_questions import offer_made
from actions.resolver import resolve_lines

_ONLY: Final = re.compile(r"\b(?:just|only|not (?:for )?both|not all)\b|只|就(?=退|取消|要)|不是都|别都", re.IGNORECASE)
_ASKS: Final = re.compile(r"\b(?:how much|what (?:would|if|about)|how about)\b|[?？吗呢]\s*$|多少|怎么", re.IGNORECASE)
_NOT_ALL: Final = re.compile(
    r"\bnot (?:for )?(?:both|all)(?: of (?:them|those|it))?\b|不是都退?|别都退?", re.IGNORECASE
)
_NAMES: Final = frozenset({"name", "near_name"})


async def offered_in_part(desk: Desk, turn: Turn) -> ChangeRequest | None:
    """The part of what was offered just now that a message limits it to; None where it limits it to none."""
    offer = offer_made(turn)
    if offer is None or not _ONLY.search(turn.text) or _ASKS.search(turn.text):
        return None
    records = Records(desk, turn, await desk.crm.policies())
    try:
        await records.orders(offer.orders)
    except CrmNotFound:
        return None
    lines = [line for number in offer.orders for line in records.lines(number) if line.key in offer.lines]
    named = resolve_lines(_NOT_ALL.sub(" ", turn.text), lines, today=records.today)
    meant = {
        match.candidate.key: match.quantity if match.quantity is not None else offer.lines[match.candidate.key]
        for match in named.matches
        if any(reason.kind in _NAMES for reason in match.reasons)
    }
    sure = named.sure or len(named.candidates) == 1
    return replace(offer, lines=meant) if sure and 0 < len(meant) < len(lines) else None


__all__ = ["offered_in_part"]
