"""Questions whether what is still on its way can go back: it is told apart from what has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.changes.dialogue import conversation_focus
from actions.changes.records import ORDERS_READ, Records
from actions.changes.wording import ChangeWording
from actions.desk import Turn
from actions.resolver import LineCandidate, resolve_lines, resolve_orders
from actions.return_terms import mind_reason, terms_for, terms_in_words
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView, PolicyExplanation

_NAMED: Final = frozenset({"name", "near_name"})


async def told_as_on_its_way(turn: Turn, records: Records) -> tuple[OrderView, list[LineCandidate]] | None:
    """The sent order that the words mean by how far it is, with the lines they name; None where they mean none."""
    numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    focus = conversation_focus(turn)
    told = resolve_orders(turn.text, await records.order_candidates(numbers), focus=focus, today=records.today)
    on_its_way = [
        match.candidate.number
        for match in told.matches
        if match.candidate.state == "shipped" and any(reason.kind == "state" for reason in match.reasons)
    ]
    if not on_its_way:
        return None
    views = {view.number: view for view in await records.orders(on_its_way) if view.state == "shipped"}
    lines = [line for number in views for line in records.lines(number)]
    named = resolve_lines(turn.text, lines, focus=focus, today=records.today)
    meant = [match.candidate for match in named.matches if any(reason.kind in _NAMED for reason in match.reasons)]
    if not meant and named.asked_but_absent and any(each.kind == "thing" for each in named.asked_but_absent):
        # Goods are named that are in none of what is on its way.
        return None
    number = next((line.order for line in meant), next(iter(views), None))
    if number is None:
        return None
    named_there = [line for line in meant if line.order == number]
    return views[number], named_there or list(records.lines(number))


def not_here_yet(
    view: OrderView,
    lines: Sequence[LineCandidate],
    policies: PolicyExplanation,
    wording: Wording,
    currency: str | None,
) -> list[str]:
    """That these lines of an order cannot go back before they arrive, and the shop's terms from then on."""
    words = ChangeWording(wording, policies.shop.timezone, view)
    names = [str(words.values({"line_number": line.line_number})["name"]) for line in lines]
    told = [wording.say("returns.on_its_way", names=wording.listed(names), order=view.number)]
    rules = policies.returns
    if rules is not None:
        reason = mind_reason(policies)
        of_lines = [
            terms_for(rules, policies.shop.country, frozenset(each.casefold() for each in line.categories), reason)
            for line in lines
        ]
        alike = bool(of_lines) and all(terms == of_lines[0] for terms in of_lines)
        terms = of_lines[0] if alike else terms_for(rules, policies.shop.country, frozenset(), reason)
        told += terms_in_words(terms, policies, wording, currency=currency)
    return told
