"""The kinds of goals that simulated shoppers have, by name, and a goal of a kind with the traits that chance gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.shoppers.across_orders import (
    cancel_and_change,
    cancel_in_both,
    cancel_too,
    change_then,
    keep_alone,
    keep_and_cancel,
    keep_one,
    one_and_one_of,
    return_from_two,
    return_too,
)
from benchmarks.shoppers.goals import Goal, GoodsRunOut, Maker


def goal_of(maker: Maker, kind: str) -> Goal:
    """A goal of a kind of `KINDS`."""
    kind, goal = _made(maker, kind)
    goal.kind = kind
    rng = maker.rng
    orders = maker.customer.orders
    one_order = len(orders) == 1 and kind not in ("payment", "reorder", "address_same")
    goal.guest = one_order and maker.shop.country == "GB" and rng.random() < 0.3
    goal.careless = rng.random() < 0.15
    goal.asks_total = goal.asks_total or rng.random() < 0.1
    goal.digresses = rng.random() < 0.1
    if not goal.guest and rng.random() < 0.5:
        for _ in range(rng.choice((1, 2))):
            maker.order("delivered", lines=rng.choice((1, 2)), days=rng.randint(8, 25))
    return goal


def _made(maker: Maker, kind: str) -> tuple[str, Goal]:
    """The goal, with other goods where the first have nothing for it: not everything comes in another version.

    With it its kind: a shop whose goods have nothing for the one asked for gives an order that is cancelled.
    """
    for _ in range(60):
        try:
            return kind, KINDS[kind](maker)
        except GoodsRunOut:
            maker.begin_again()
    return "cancel_whole", KINDS["cancel_whole"](maker)


KINDS: Mapping[str, Callable[[Maker], Goal]] = {
    "cancel_whole": lambda m: m.alone(m.cancel_whole()),
    "cancel_lines": lambda m: m.alone(m.cancel_lines()),
    "cancel_all_but": lambda m: m.alone(m.cancel_all_but()),
    "cancel_quantity": lambda m: m.alone(m.cancel_quantity()),
    "cancel_smaller": lambda m: m.smaller(),
    "change_items": lambda m: m.alone(m.change_items()),
    "change_two": lambda m: m.alone(m.change_two()),
    "change_unless": lambda m: m.alone(m.change_two("unless")),
    "change_or_cancel": lambda m: m.alone(m.change_two("or_cancel")),
    "address": lambda m: m.alone(m.address()),
    "address_all": lambda m: m.alone(m.address_all()),
    "address_same": lambda m: m.alone(m.address_same()),
    "address_typed": lambda m: m.alone(m.address_typed()),
    "return_lines": lambda m: m.alone(m.send_back("lines")),
    "return_all_but": lambda m: m.alone(m.send_back("all_but")),
    "return_whole": lambda m: m.alone(m.send_back("whole")),
    "exchange": lambda m: m.alone(m.exchange()),
    "cheapest": lambda m: m.alone(m.cheapest()),
    "exchange_one": lambda m: m.alone(m.exchange_one()),
    "return_one": lambda m: m.alone(m.return_one()),
    "dearer": lambda m: m.alone(m.dearer()),
    "also": lambda m: m.also(),
    "cancel_else_return": lambda m: m.alone(m.cancel_else_return()),
    "two_requests": lambda m: m.several(2),
    "three_requests": lambda m: m.several(3),
    "cancel_in_both": cancel_in_both,
    "cancel_and_change": cancel_and_change,
    "one_and_one_of": one_and_one_of,
    "keep_one": keep_one,
    "keep_and_cancel": keep_and_cancel,
    "keep_alone": keep_alone,
    "return_from_two": return_from_two,
    "cancel_too": cancel_too,
    "return_too": return_too,
    "change_then": change_then,
    "just_first": lambda m: m.just_first(),
    "back_instead": lambda m: m.back_instead(),
    "target_instead": lambda m: m.target_instead(),
    "gift_instead": lambda m: m.gift_instead(),
    "leave": lambda m: m.leave(),
    "payment": lambda m: m.alone(m.payment()),
    "reorder": lambda m: m.alone(m.reorder()),
}
