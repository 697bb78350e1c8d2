"""Goals over two orders, of the same goods in several versions, and those that come out one after the other."""

from __future__ import annotations

from typing import Literal

from benchmarks.shoppers.goals import Goal, GoodsRunOut, Maker, Task
from benchmarks.shoppers.shops import Bought, BoughtLine


def cancel_in_both(maker: Maker) -> Goal:
    """The same kind of goods out of two open orders; what else is in them comes."""
    one, other = maker.order("approved", lines=2), maker.order("processing", lines=2)
    line = one.lines[0]
    twin = BoughtLine(maker.rng.choice([each for each in line.variant.product.variants if each.available]))
    other.lines.append(twin)
    name = maker.name(line)
    request = maker.say("request.cancel_in_both", item=name, plural=maker.say.plural(name))
    facts = frozenset(maker.cancelled(one, [line]) | maker.cancelled(other, [twin]))
    return maker.alone(Task("cancel", [one, other], facts, request, [line, twin], piecemeal=True))


def cancel_and_change(maker: Maker) -> Goal:
    """Something out of one order, and something else in another."""
    one, other = maker.order("approved", lines=2), maker.order("approved", lines=2, swaps=1)
    line, second = one.lines[0], other.lines[0]
    variant = maker.other_variant(second)
    if variant is None:
        raise GoodsRunOut(second.variant.sku)
    request = maker.say(
        "request.cancel_and_change", order=maker.ref(one), item=maker.items([line]), order2=maker.ref(other),
        item2=maker.items([second]), target2=maker.target(second, variant),
        target2_np=maker.target_np(second, variant),
    )  # fmt: skip
    facts = frozenset({("sku", other.number, maker.place(other, second), variant.sku)} | maker.cancelled(one, [line]))
    task = Task("items", [one, other], facts, request, [line, second], {second.variant.sku: variant}, piecemeal=True)
    return maker.alone(task)


def one_and_one_of(maker: Maker) -> Goal:
    """The same goods in two versions, of which one comes alone and the other twice: that one, and one of these."""
    apart = maker.rng.random() < 0.5
    order = maker.order("approved", lines=2, swaps=1)
    line = order.lines[0]
    variant = maker.other_variant(line)
    if variant is None:
        raise GoodsRunOut(line.variant.sku)
    pair = BoughtLine(variant, 2)
    second = maker.order("approved", lines=1) if apart else order
    second.lines.append(pair)
    name = maker.name(line)
    mine, theirs = maker.target(pair, line.variant), maker.target(line, variant)
    request = maker.say(
        "request.one_and_one_of", item=name, plural=maker.say.plural(name), value=mine, value2=theirs
    )  # fmt: skip
    facts = frozenset(maker.cancelled(order, [line]) | maker.cancelled(second, [pair], 1))
    orders = [order, second] if apart else [order]
    return maker.alone(Task("cancel", orders, facts, request, [line, pair], quantity=1, piecemeal=apart))


def keep_one(maker: Maker) -> Goal:
    """Of the same goods in two open orders the dearer or cheaper stays, and the other is cancelled."""
    one, other = maker.order("approved", lines=2, swaps=1), maker.order("approved", lines=1)
    line = one.lines[0]
    prices = {each.price_minor: each for each in line.variant.product.variants if each.available}
    prices.pop(line.variant.price_minor, None)
    if not prices:
        raise GoodsRunOut(line.variant.sku)
    twin = BoughtLine(prices[maker.rng.choice(sorted(prices))])
    other.lines.append(twin)
    low, high = sorted(((one, line), (other, twin)), key=lambda each: each[1].variant.price_minor)
    way, (order, meant) = maker.rng.choice((("dearer", low), ("cheaper", high)))
    name = maker.name(line)
    request = maker.say(f"request.keep_{way}", item=name, plural=maker.say.plural(name))
    return maker.alone(Task("cancel", [order], frozenset(maker.cancelled(order, [meant])), request, [meant]))


def return_from_two(maker: Maker) -> Goal:
    """One thing out of each of two delivered orders."""
    one, other = maker.order("delivered", lines=2), maker.order("delivered", lines=2)
    line, second = maker.rng.choice(one.lines), maker.rng.choice(other.lines)
    request = maker.say(
        "request.return_from_two", order=maker.ref(one), item=maker.items([line]), order2=maker.ref(other),
        item2=maker.items([second]),
    )  # fmt: skip
    facts = frozenset(maker.back(one, [line]) | maker.back(other, [second]))
    reason = maker.rng.choice(("does_not_fit", "changed_mind", "faulty"))
    return maker.alone(
        Task("return", [one, other], facts, request, [line, second], reason=reason, piecemeal=True)
    )  # fmt: skip


def keep_and_cancel(maker: Maker) -> Goal:
    """Of one order something is cancelled and something kept, both by name."""
    order = maker.order("approved", lines=3)
    line, kept = maker.rng.sample(order.lines, 2)
    request = maker.say(
        "request.keep_and_cancel", order=maker.ref(order), item=maker.name(line), kept=maker.name(kept)
    )  # fmt: skip
    return maker.alone(Task("cancel", [order], frozenset(maker.cancelled(order, [line])), request, [line]))


def keep_alone(maker: Maker) -> Goal:
    """Of one order only one thing is wanted still."""
    order = maker.order("approved", lines=3)
    kept = maker.rng.choice(order.lines)
    lines = [line for line in order.lines if line is not kept]
    request = maker.say("request.keep_alone", order=maker.ref(order), kept=maker.name(kept))
    return maker.alone(Task("cancel", [order], frozenset(maker.cancelled(order, lines)), request, lines))


def _next_time(maker: Maker) -> Literal["proposal", "done"]:
    return maker.rng.choice(("proposal", "done"))


def _out_of(maker: Maker, order: Bought, line: BoughtLine) -> Task:
    request = maker.say("request.cancel_lines", order=maker.ref(order), items=maker.items([line]))
    return Task("cancel", [order], frozenset(maker.cancelled(order, [line])), request, [line])


def cancel_too(maker: Maker) -> Goal:
    """One thing out of an order, and after that another, out of the same or of another one."""
    order = maker.order("approved", lines=3)
    elsewhere = maker.order("approved", lines=2) if maker.rng.random() < 0.4 else order
    task = _out_of(maker, order, order.lines[0])
    after = _out_of(maker, elsewhere, elsewhere.lines[-1])
    after.later = _next_time(maker)
    after.said_later = maker.say("too.cancel", item=maker.name(after.items[0]))
    return maker.alone(task, after)


def return_too(maker: Maker) -> Goal:
    """One thing back out of a delivered order, and after that another."""
    order = maker.order("delivered", lines=3)
    elsewhere = maker.order("delivered", lines=2) if maker.rng.random() < 0.4 else order
    tasks = []
    for each, line in ((order, order.lines[0]), (elsewhere, elsewhere.lines[-1])):
        request = maker.say("request.return_lines", order=maker.ref(each), items=maker.items([line]))
        tasks.append(Task("return", [each], frozenset(maker.back(each, [line])), request, [line]))
    tasks[1].later = _next_time(maker)
    tasks[1].said_later = maker.say("too.send_back", item=maker.name(tasks[1].items[0]))
    return maker.alone(*tasks)


def change_then(maker: Maker) -> Goal:
    """Something is cancelled, and after that something else is wanted in another version."""
    order = maker.order("approved", lines=3, swaps=1)
    elsewhere = maker.order("approved", lines=2, swaps=1) if maker.rng.random() < 0.4 else order
    line = elsewhere.lines[0]
    variant = maker.other_variant(line)
    if variant is None:
        raise GoodsRunOut(line.variant.sku)
    task = _out_of(maker, order, order.lines[-1])
    words = {"target": maker.target(line, variant), "target_np": maker.target_np(line, variant)}
    request = maker.say("request.items", order=maker.ref(elsewhere), item=maker.items([line]), **words)
    facts = frozenset({("sku", elsewhere.number, maker.place(elsewhere, line), variant.sku)})
    after = Task("items", [elsewhere], facts, request, [line], {line.variant.sku: variant})
    after.later = _next_time(maker)
    after.said_later = maker.say("too.change", item=maker.name(line), **words)
    return maker.alone(task, after)
