"""What simulated shoppers want: a customer with orders, the requests in words, and what is to be true afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.shoppers.crm import Fact, Facts
from benchmarks.shoppers.phrasing import Phrasing
from benchmarks.shoppers.shops import TYPED, Address, Bought, BoughtLine, Customer, Shop, Variant, numbers


@dataclass
class Task:
    """One thing that is wanted. `facts` are what is to be new in the CRM afterwards."""

    kind: str
    orders: list[Bought]
    facts: Facts
    request: str
    """As a phrase that begins with a verb."""
    items: list[BoughtLine] = field(default_factory=list)
    targets: Mapping[str, Variant] = field(default_factory=dict)
    """By the SKU that is to be replaced."""
    address: Address | None = None
    reason: str = "changed_mind"
    money: str = "original"
    pay: str = "card"
    quantity: int | None = None
    piecemeal: bool = False
    """Whether one part of it after the other will do: they are of several orders."""
    later: Literal["", "proposal", "done"] = ""
    """When it is named at first, where not at the beginning: at the first request's proposal, or when that is done."""
    said_later: str = ""
    """The words with which it is named then."""
    sentence: bool = False
    """Whether the request is a whole sentence rather than a phrase to be framed."""

    def __post_init__(self) -> None:
        if self.request.startswith("="):
            self.request, self.sentence = self.request[1:], True


@dataclass
class Turnabout:
    """A change of mind when the first proposal of the task is shown: what is said, and what is wanted then."""

    say: str
    task: Task


@dataclass
class Goal:
    """One shopper's whole problem."""

    kind: str
    customer: Customer
    language: str
    tasks: list[Task]
    turnabout: Turnabout | None = None
    leaves: bool = False
    """At the proposal they decide to leave everything as it is."""
    asks_total: bool = False
    digresses: bool = False
    guest: bool = False
    """Not signed in: order number and postcode are asked for."""
    careless: bool = False
    """Says yes to whatever is proposed."""

    @property
    def facts(self) -> Facts:
        """What is to be new at the end."""
        if self.leaves:
            return frozenset()
        tasks = [self.turnabout.task, *self.tasks[1:]] if self.turnabout else self.tasks
        return frozenset().union(*(task.facts for task in tasks))


class GoodsRunOut(LookupError):
    """Of the goods that this shopper has not ordered yet there are too few, or none with another variant."""


class Maker:
    """Makes goals of one shop and language, by chance."""

    def __init__(self, shop: Shop, language: str, rng: random.Random, serial: int) -> None:
        self.shop, self.language, self.rng = shop, language, rng
        self.say = Phrasing(language, rng)
        self._numbers = numbers(shop, 1000 + serial * 37)
        names = ("Mei Garcia", "Noah Brown", "Yusuf Rossi", "Olivia Lopez", "Aarav Moore", "Sofia Hernandez")
        if shop.country == "CN":
            names = ("王芳", "李明", "张伟", "刘洋")
        self.customer = Customer(f"SIM-{shop.name}-{serial}", rng.choice(names), shop, [])
        self._used: set[str] = set()
        self._latest: Bought | None = None
        """The order that was called the latest: those made after it are older."""
        self._more_follow = False
        """Whether further open orders will be made, so that none is the only one."""

    # Things

    def order(
        self, state: str, *, lines: int = 0, swaps: int = 0, quantity: int = 0, days: int | None = None
    ) -> Bought:
        """An order with distinct goods; the first `swaps` lines have variants to swap for."""
        rng = self.rng
        lines = lines or rng.choice((1, 2, 3))
        days = days if days is not None else {"delivered": rng.randint(4, 6)}.get(state, rng.randint(0, 2))
        if self._latest is not None:
            days = max(days, self._latest.days_ago + 1)
        products = [each for each in self.shop.products if each.code not in self._used]
        rng.shuffle(products)
        products.sort(key=lambda each: len(each.axes) == 0) if swaps else None
        chosen = products[: max(1, lines)] if products else list(self.shop.products)[:lines]
        rest = [BoughtLine(rng.choice([v for v in p.variants if v.available])) for p in chosen]
        if quantity:
            rest[0].quantity = quantity
        if not swaps:
            rng.shuffle(rest)
        self._used |= {line.variant.product.code for line in rest}
        bought = Bought(next(self._numbers), state, days, rest)
        self.customer.orders.append(bought)
        return bought

    def name(self, line: BoughtLine) -> str:
        """What this shopper calls the goods of a line."""
        return self.rng.choice(list(line.variant.product.call[self.language]))

    def items(self, lines: Sequence[BoughtLine]) -> str:
        """Several, listed."""
        return self.say.listed([self.say("my_item", item=self.name(line)) for line in lines])

    def ref(self, order: Bought) -> str:
        """Words for an order, such that it is the only one they fit, those made later included."""
        mine = self.customer.orders
        ways = ["number", "number"]
        elsewhere = {line.variant.product.code for each in mine if each is not order for line in each.lines}
        telling = [line for line in order.lines if line.variant.product.code not in elsewhere]
        if telling:
            ways.append("goods")
        same = [each for each in mine if each.open == order.open]
        if len(same) == 1 and order.open and not self._more_follow:
            ways.append("only")
        if order.days_ago < min([each.days_ago for each in mine if each is not order], default=99):
            ways.append("latest")
        way = self.rng.choice(ways)
        if way == "latest":
            self._latest = order
        if way == "only" and not order.days_ago:
            way = "open"
        item = self.name(self.rng.choice(telling or order.lines))
        return self.say(f"order.{way}", number=order.number, item=item)

    def other_variant(self, line: BoughtLine, *, available: bool = True) -> Variant | None:
        """Another variant that differs in one option."""
        mine = line.variant.values[self.language]
        others = [
            each
            for each in line.variant.product.variants
            if each.available == available
            and sum(a != b for a, b in zip(each.values[self.language], mine, strict=True)) == 1
        ]
        return self.rng.choice(others) if others else None

    def differs(self, line: BoughtLine, variant: Variant) -> list[bool]:
        """For each option, whether the variant has another value than the line."""
        mine = line.variant.values[self.language]
        return [a != b for a, b in zip(variant.values[self.language], mine, strict=True)]

    def target(self, line: BoughtLine, variant: Variant) -> str:
        """The options in which it differs: "blue", "size 40"."""
        before, after = line.variant.options(self.language), variant.options(self.language)
        words = []
        for name, value in after.items():
            if before[name] != value:
                short = value.isascii() and (value.isdigit() or len(value) <= 2)
                words.append(
                    (f"{name.lower()} {value}" if self.language == "en" else f"{value}码")
                    if short and name in ("Size", "尺码")
                    else value
                )
        return " ".join(words)

    def target_np(self, line: BoughtLine, variant: Variant) -> str:
        """As what is wanted in its place: "the blue one", "a 40"."""
        words = self.target(line, variant)
        if self.language == "zh":
            return words
        one = "ones" if line.variant.product.plural else "one"
        if words.startswith("size "):
            return self.rng.choice((f"the same in {words}", f"{words}", f"the same {one} in a {words[5:]}"))
        return self.rng.choice((f"the {words} {one}", f"the {words} version", f"the same in {words}"))

    def _some_of(self, order: Bought) -> list[BoughtLine]:
        """One or two of an order's lines."""
        count = self.rng.choice((1, 2))
        if count > len(order.lines):
            raise GoodsRunOut(order.number)
        return self.rng.sample(order.lines, count)

    # Facts

    @staticmethod
    def place(order: Bought, line: BoughtLine) -> int:
        """A line's number."""
        return next(i for i, each in enumerate(order.lines, start=1) if each is line)

    def cancelled(self, order: Bought, lines: Sequence[BoughtLine], quantity: int | None = None) -> set[Fact]:
        """That these lines are cancelled."""
        return {("cancelled", order.number, self.place(order, line), quantity or line.quantity) for line in lines}

    def back(self, order: Bought, lines: Sequence[BoughtLine], new: Mapping[str, Variant] | None = None) -> set[Fact]:
        """That these lines go back, for others where `new` has them."""
        return {
            (
                "back", order.number, "exchange" if new else "refund", self.place(order, line), line.quantity,
                new[line.variant.sku].sku if new else "",
            )
            for line in lines
        }  # fmt: skip

    # Tasks

    def cancel_whole(self, order: Bought | None = None, ref: str | None = None) -> Task:
        """The whole of an order."""
        order = order or self.order("approved")
        request = self.say("request.cancel_whole", order=ref or self.ref(order))
        task = Task("cancel", [order], frozenset(self.cancelled(order, order.lines)), request, list(order.lines))
        return self._money(task)

    def cancel_lines(self) -> Task:
        """Some lines."""
        order = self.order("approved", lines=self.rng.choice((3, 4)))
        lines = self._some_of(order)
        request = self.say("request.cancel_lines", order=self.ref(order), items=self.items(lines))
        return self._money(Task("cancel", [order], frozenset(self.cancelled(order, lines)), request, lines))

    def cancel_all_but(self) -> Task:
        """All lines but one."""
        order = self.order("processing", lines=3)
        kept = self.rng.choice(order.lines)
        lines = [line for line in order.lines if line is not kept]
        request = self.say("request.cancel_all_but", order=self.ref(order), kept=self.items([kept]))
        return Task("cancel", [order], frozenset(self.cancelled(order, lines)), request, lines)

    def cancel_quantity(self) -> Task:
        """Some pieces of a line."""
        order = self.order("approved", lines=self.rng.choice((1, 2)), quantity=3)
        line = next(each for each in order.lines if each.quantity == 3)
        n = self.rng.choice((1, 2))
        count, wanted = self.say.number(3), self.say.number(n)
        words = self.say.plural(self.name(line))
        request = self.say("request.cancel_quantity", order=self.ref(order), n=wanted, count=count, plural=words)
        return Task("cancel", [order], frozenset(self.cancelled(order, [line], n)), request, [line], quantity=n)

    def change_items(self, order: Bought | None = None) -> Task:
        """One line to another variant."""
        order = order or self.order("approved", lines=self.rng.choice((1, 2, 3)), swaps=1)
        line = order.lines[0]
        variant = self.other_variant(line)
        if variant is None:
            raise GoodsRunOut(line.variant.sku)
        request = self.say(
            "request.items", order=self.ref(order), item=self.items([line]), target=self.target(line, variant),
            target_np=self.target_np(line, variant),
        )  # fmt: skip
        facts = frozenset({("sku", order.number, self.place(order, line), variant.sku)})
        return self._pay(Task("items", [order], facts, request, [line], {line.variant.sku: variant}))

    def change_two(self, condition: str = "both") -> Task:
        """Two lines, one of which may not be there to be had."""
        for _ in range(20):
            self.begin_again()
            order = self.order("approved", lines=3, swaps=2)
            one, two = order.lines[:2]
            first, second = self.other_variant(one), self.other_variant(two, available=condition == "both")
            if first and second:
                break
        if first is None or second is None:
            raise GoodsRunOut("two to change")
        request = self.say(
            f"request.items_{condition}", item=self.items([one]), target=self.target(one, first),
            target_np=self.target_np(one, first), item2=self.items([two]), target2=self.target(two, second),
            target2_np=self.target_np(two, second), bare2=self.name(two),
        )  # fmt: skip
        facts: set[Fact] = {("sku", order.number, self.place(order, one), first.sku)}
        targets = {one.variant.sku: first}
        if condition == "both":
            facts.add(("sku", order.number, self.place(order, two), second.sku))
            targets[two.variant.sku] = second
        elif condition == "or_cancel":
            facts |= self.cancelled(order, [two])
        lines = [one] if condition == "unless" else [one, two]
        return Task("items", [order], frozenset(facts), request, lines, targets)

    def address(self) -> Task:
        """Another address of the book."""
        order = self.order("approved")
        place = self.customer.book[self.rng.choice((1, 2))]
        label = place.label[self.language].lower()
        request = self.say("request.address", order=self.ref(order), label=label)
        return Task("address", [order], frozenset({("address", order.number, place.postcode)}), request, address=place)

    def address_all(self) -> Task:
        """All open orders."""
        orders = [self.order("approved", lines=1), self.order("processing", lines=1)]
        self.order("delivered", lines=1, days=9)
        place = self.customer.book[1]
        request = self.say("request.address_all", orders=self.say("all_open"), label=place.label[self.language].lower())
        facts = frozenset(("address", order.number, place.postcode) for order in orders)
        return Task("address", orders, facts, request, address=place)

    def address_same(self) -> Task:
        """To where the other order goes."""
        order, other = self.order("approved", lines=1), self.order("shipped", lines=1, days=3)
        other.address = self.rng.choice((1, 2))
        place = self.customer.book[other.address]
        request = self.say("request.address_same", order=self.ref(order))
        return Task("address", [order], frozenset({("address", order.number, place.postcode)}), request, address=place)

    def address_typed(self) -> Task:
        """One that is not in the book."""
        order = self.order("approved")
        place = TYPED[self.shop.country]
        request = self.say("request.address_typed", order=self.ref(order), address=self.written(place))
        return Task("address", [order], frozenset({("address", order.number, place.postcode)}), request, address=place)

    def written(self, place: Address) -> str:
        """An address in a line."""
        if self.shop.country == "CN":
            return f"{place.region}{place.city}{place.district}{place.line1}，{place.postcode}"
        return f"{place.line1}, {place.city}, {place.postcode}"

    def send_back(self, how: str = "lines") -> Task:
        """Some, all but one, or all of a delivered order."""
        order = self.order("delivered", lines={"lines": 3, "all_but": 3, "whole": 2}[how])
        kept = self.rng.choice(order.lines)
        lines = {
            "lines": self._some_of(order),
            "all_but": [line for line in order.lines if line is not kept],
            "whole": list(order.lines),
        }[how]
        request = self.say(
            f"request.return_{how}", order=self.ref(order), items=self.items(lines), kept=self.items([kept])
        )
        task = Task("return", [order], frozenset(self.back(order, lines)), request, lines)
        return self._money(self._because(task))

    def exchange(self) -> Task:
        """A delivered line for another variant."""
        order = self.order("delivered", lines=self.rng.choice((1, 2, 3)), swaps=1)
        line = order.lines[0]
        variant = self.other_variant(line)
        if variant is None:
            raise GoodsRunOut(line.variant.sku)
        request = self.say(
            "request.exchange", order=self.ref(order), item=self.items([line]), target=self.target(line, variant),
            target_np=self.target_np(line, variant),
        )  # fmt: skip
        new = {line.variant.sku: variant}
        task = Task("exchange", [order], frozenset(self.back(order, [line], new)), request, [line], new)
        return self._pay(self._because(task, "does_not_fit"))

    def cheapest(self) -> Task:
        """One line to the cheapest that has another value of one option; the other options may change too."""
        order = self.order("approved", lines=self.rng.choice((1, 2)), swaps=1)
        line = order.lines[0]
        variants = line.variant.product.variants
        others = [
            (axis, value)
            for axis, mine in enumerate(line.variant.values[self.language])
            for value in {each.values[self.language][axis] for each in variants} - {mine}
        ]
        if not others:
            raise GoodsRunOut(line.variant.sku)
        axis, value = self.rng.choice(sorted(others))
        fits = [each for each in variants if each.available and each.values[self.language][axis] == value]
        fits.sort(key=lambda each: each.price_minor)
        if not fits or [each.price_minor for each in fits].count(fits[0].price_minor) > 1:
            # None to be had, or two that are the cheapest.
            raise GoodsRunOut(line.variant.sku)
        request = self.say("request.cheapest", order=self.ref(order), item=self.items([line]), value=value)
        facts = frozenset({("sku", order.number, self.place(order, line), fits[0].sku)})
        return self._pay(Task("items", [order], facts, request, [line], {line.variant.sku: fits[0]}))

    def exchange_one(self) -> Task:
        """One of two delivered pieces for another variant."""
        order = self.order("delivered", lines=self.rng.choice((1, 2)), swaps=1, quantity=2)
        line = order.lines[0]
        variant = self.other_variant(line)
        if variant is None:
            raise GoodsRunOut(line.variant.sku)
        request = self.say(
            "request.exchange_one", order=self.ref(order), plural=self.say.plural(self.name(line)),
            target=self.target(line, variant), target_np=self.target_np(line, variant),
        )  # fmt: skip
        fact = ("back", order.number, "exchange", self.place(order, line), 1, variant.sku)
        new = {line.variant.sku: variant}
        task = Task("exchange", [order], frozenset({fact}), request, [line], new, quantity=1)
        return self._because(task, "changed_mind")

    def return_one(self) -> Task:
        """One of two delivered pieces."""
        order = self.order("delivered", lines=self.rng.choice((1, 2)), quantity=2)
        line = next(each for each in order.lines if each.quantity == 2)
        plural = self.say.plural(self.name(line))
        request = self.say("request.return_one", order=self.ref(order), plural=plural)
        fact = ("back", order.number, "refund", self.place(order, line), 1, "")
        return self._money(self._because(Task("return", [order], frozenset({fact}), request, [line], quantity=1)))

    def dearer(self) -> Task:
        """The dearer or cheaper of the same product, bought in two open orders."""
        one, other = self.order("approved", lines=2, swaps=1), self.order("approved", lines=1)
        line = one.lines[0]
        prices = {each.price_minor: each for each in line.variant.product.variants if each.available}
        prices.pop(line.variant.price_minor, None)
        if not prices:
            raise GoodsRunOut(line.variant.sku)
        twin = BoughtLine(prices[self.rng.choice(sorted(prices))])
        other.lines.append(twin)
        low, high = sorted(((one, line), (other, twin)), key=lambda each: each[1].variant.price_minor)
        way, (order, meant) = self.rng.choice((("dearer", high), ("cheaper", low)))
        request = self.say(f"request.cancel_{way}", plural=self.say.plural(self.name(line)), item=self.name(line))
        return Task("cancel", [order], frozenset(self.cancelled(order, [meant])), request, [meant])

    def cancel_else_return(self) -> Task:
        """Cancelled where that still can be, else sent back."""
        order = self.order(self.rng.choice(("approved", "delivered")), lines=2)
        line = order.lines[0]
        request = self.say("request.cancel_else_return", order=self.ref(order), item=self.items([line]))
        facts = self.cancelled(order, [line]) if order.open else self.back(order, [line])
        return Task("cancel" if order.open else "return", [order], frozenset(facts), request, [line])

    def payment(self) -> Task:
        """Paid another way."""
        order = self.order("approved")
        request = self.say("request.payment", order=self.ref(order))
        return Task("payment", [order], frozenset({("paid_with", order.number, "gift")}), request, pay="gift")

    def reorder(self) -> Task:
        """The same again."""
        order = self.order("delivered")
        request = self.say("request.reorder", order=self.ref(order))
        return Task("reorder", [order], frozenset({("again", order.number)}), request)

    def _money(self, task: Task) -> Task:
        if self.rng.random() < 0.3:
            task.money = "gift_card"
            task.facts |= {("gift_card", task.orders[0].number)}
            joint = ", " if self.language == "en" else "，"
            task.request += joint + self.say("money_gift")
        return task

    def _pay(self, task: Task) -> Task:
        if task.kind == "exchange" and self.rng.random() < 0.4:
            task.pay = "gift"
            task.request += (", and " if self.language == "en" else "，") + self.say("pay_gift")
            task.facts |= {("paid_with", task.orders[0].number, "gift")}
        return task

    def _because(self, task: Task, reason: str | None = None) -> Task:
        task.reason = reason or self.rng.choice(("does_not_fit", "changed_mind", "faulty"))
        if self.rng.random() < 0.5:
            task.request += (", " if self.language == "en" else "，") + self.say(f"reason.{task.reason}")
        return task

    # Goals

    def alone(self, *tasks: Task) -> Goal:
        """The tasks, and nothing besides."""
        return Goal("", self.customer, self.language, list(tasks))

    def several(self, count: int) -> Goal:
        """Several requests at once."""
        makers: list[Callable[[], Task]] = [
            self.cancel_whole, self.cancel_lines, self.change_items, self.address, self.send_back, self.exchange
        ]  # fmt: skip
        self._more_follow = count > 1
        while True:
            try:
                return self.alone(*(make() for make in self.rng.sample(makers, count)))
            except GoodsRunOut:
                self.begin_again()

    def begin_again(self) -> None:
        """Forgets the goods and orders that were made."""
        self._used.clear()
        self.customer.orders.clear()
        self._latest = None

    def smaller(self) -> Goal:
        """The smaller or larger of two open orders."""
        one, two = self.order("approved", lines=1), self.order("processing", lines=2)
        if one.total_minor == two.total_minor:
            two.lines[0].quantity += 1
        small, large = sorted((one, two), key=lambda each: each.total_minor)
        way, order = self.rng.choice((("smaller", small), ("larger", large)))
        return self.alone(self.cancel_whole(order, self.say(f"order.{way}")))

    def just_first(self) -> Goal:
        """The whole, then only one of it."""
        task = self.cancel_whole(self.order("approved", lines=2))
        order = task.orders[0]
        line = self.rng.choice(order.lines)
        say = self.say("just_first", item=self.name(line), verb="取消")
        facts = self.cancelled(order, [line])
        if task.money == "gift_card":
            facts.add(("gift_card", order.number))
        after = Task(
            "cancel",
            [order],
            frozenset(facts),
            self.say("request.cancel_lines", order=self.ref(order), items=self.items([line])),
            [line],
            money=task.money,
        )
        return Goal("", self.customer, self.language, [task], Turnabout(say, after))

    def back_instead(self) -> Goal:
        """An exchange, then rather a return."""
        task = self.exchange()
        order = task.orders[0]
        request = self.say("request.return_lines", order=self.ref(order), items=self.items(task.items))
        after = Task(
            "return", [order], frozenset(self.back(order, task.items)), request, task.items, reason=task.reason
        )
        return Goal("", self.customer, self.language, [task], Turnabout(self.say("back_instead"), after))

    def also(self) -> Goal:
        """One line to another variant, and with the yes another of the same order."""
        both = self.change_two()
        (order,) = both.orders
        line, second = both.items
        first = frozenset({("sku", order.number, self.place(order, line), both.targets[line.variant.sku].sku)})
        words = {"target": self.target(line, both.targets[line.variant.sku])}
        words["target_np"] = self.target_np(line, both.targets[line.variant.sku])
        request = self.say("request.items", order=self.ref(order), item=self.items([line]), **words)
        task = Task("items", [order], first, request, [line], {line.variant.sku: both.targets[line.variant.sku]})
        other = both.targets[second.variant.sku]
        also = {"target": self.target(second, other), "target_np": self.target_np(second, other)}
        say = self.say("also", item=self.items([second]), **also)
        return Goal("", self.customer, self.language, [task], Turnabout(say, both))

    def target_instead(self) -> Goal:
        """One variant, then another."""
        for _ in range(30):
            self.begin_again()
            task = self.change_items()
            line = task.items[0]
            variant = self.other_variant(line)
            if variant is not None and variant is not task.targets[line.variant.sku]:
                axis = [
                    a != b
                    for a, b in zip(variant.values[self.language], line.variant.values[self.language], strict=True)
                ]
                old = task.targets[line.variant.sku]
                if axis == [
                    a != b for a, b in zip(old.values[self.language], line.variant.values[self.language], strict=True)
                ]:
                    break
        assert variant is not None
        order = task.orders[0]
        words = {"target": self.target(line, variant), "target_np": self.target_np(line, variant)}
        say = self.say("target_instead", **words)
        facts = frozenset({("sku", order.number, self.place(order, line), variant.sku)})
        request = self.say(
            "request.items",
            order=self.ref(order),
            item=self.items([line]),
            target=self.target(line, variant),
            target_np=self.target_np(line, variant),
        )
        after = Task("items", [order], facts, request, [line], {line.variant.sku: variant})
        return Goal("", self.customer, self.language, [task], Turnabout(say, after))

    def gift_instead(self) -> Goal:
        """At the proposal: the money rather onto a gift card."""
        while True:
            task = self.rng.choice((self.cancel_lines, self.send_back))()
            if task.money == "original":
                break
            self.begin_again()
        after = Task(
            task.kind,
            task.orders,
            task.facts | {("gift_card", task.orders[0].number)},
            task.request,
            task.items,
            reason=task.reason,
            money="gift_card",
        )
        return Goal("", self.customer, self.language, [task], Turnabout(self.say("gift_instead"), after))

    def leave(self) -> Goal:
        """Nothing after all."""
        goal = self.several(1)
        goal.leaves = True
        return goal
