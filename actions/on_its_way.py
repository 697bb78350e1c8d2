"""Questions whether what is still on its way can go back: it is told apart from what has arrived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from actions.changes.dialogue import conversation_focus
from actions.changes.records import ORDERS_READ, Records
from actions.changes.wording import ChangeWording
from actions.desk import Turn
from actions.resolver import LineCandidate, resolve_lines, resolve_orders
from actions.return_terms import Terms, fault_in_words, mind_reason, terms_for, terms_in_words
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView, PolicyExplanation
from shopdesk_schemas.rules import ReturnRules

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
    *,
    whether: bool = True,
) -> list[str]:
    """That these lines of an order may go back once they are here, and the shop's terms from then on.

    `whether`: it is asked whether they may; else only until when, and a yes would answer nothing.
    """
    rules = policies.returns
    if rules is None:
        return []
    words = ChangeWording(wording, policies.shop.timezone, view)
    alike: dict[tuple[object, ...], list[LineCandidate]] = {}
    terms_of: dict[tuple[object, ...], Terms] = {}
    for line in lines:
        terms = _terms_of(line, policies, rules)
        key: tuple[object, ...] = (
            terms.returnable,
            terms.window_days,
            terms.window_start,
            terms.condition,
            terms.freight,
        )
        terms_of.setdefault(key, terms)
        alike.setdefault(key, []).append(line)
    told = []
    for which, same in alike.items():
        terms = terms_of[which]
        names = [str(words.values({"line_number": line.line_number})["name"]) for line in same]
        start = terms.window_start if terms.returnable else "not_returnable"
        number = "one" if len(names) == 1 and same[0].quantity == 1 else "several"
        said = wording.say(f"returns.once_here.{start}.{number}", names=wording.listed(names), days=terms.window_days)
        if terms.returnable and not whether and len(alike) == 1:
            said = wording.say(f"returns.window.{start}", days=terms.window_days)
        told.append(wording.sentences(said, *_further(terms, policies, wording, currency, several=number == "several")))
    if len(alike) == 1 and (terms := next(iter(terms_of.values()))).returnable:
        told += fault_in_words(terms, policies, wording)
    return told


def _further(
    terms: Terms, policies: PolicyExplanation, wording: Wording, currency: str | None, *, several: bool
) -> list[str]:
    """The condition and who pays for the way back."""
    if not terms.returnable:
        return []
    condition = "condition_of_several" if several else "condition"
    return [
        *([wording.say(f"returns.{condition}.{terms.condition}")] if terms.condition != "any" else []),
        *terms_in_words(terms, policies, wording, freight_only=True, currency=currency),
    ]


def _terms_of(line: LineCandidate, policies: PolicyExplanation, rules: ReturnRules) -> Terms:
    categories = frozenset(each.casefold() for each in line.categories)
    return terms_for(rules, policies.shop.country, categories, mind_reason(policies))
