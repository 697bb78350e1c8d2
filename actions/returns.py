"""Questions about returns: the terms for this item, how goods travel back, and how long money takes.

Anybody may ask. Who is known gets the answer for their own order and day; the terms come from the CRM.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.dialogue import conversation_focus
from actions.changes.records import ORDERS_READ, Records
from actions.changes.wording import ChangeWording
from actions.desk import Desk, DeskAction, Event, Turn
from actions.details import number_key
from actions.goods import category_names, find_goods
from actions.help_pages import page_answer
from actions.on_its_way import not_here_yet, told_as_on_its_way
from actions.orders import refund_status
from actions.resolver import (
    Focus,
    LineCandidate,
    OrderCandidate,
    Resolution,
    resolve_lines,
    resolve_orders,
    resolve_reason,
)
from actions.resolver.resolution import nothing
from actions.resolver.return_conditions import states_asked
from actions.resolver.text import fold, stems_of
from actions.resolver.vocabulary import phrases, read
from actions.return_terms import (
    Terms,
    fault_in_words,
    freight_in_words,
    insurance_in_words,
    mind_reason,
    terms_for,
    terms_in_words,
)
from actions.returns_asked import asks_for_window, asks_what_it_costs, without_dislike
from actions.wording import LANGUAGES, Wording
from shopdesk_schemas.crm import OrderView, PolicyExplanation
from shopdesk_schemas.returns import ReasonVerdict, ReturnableLine

START: Final = "/return_items"
"""The button that begins a return."""
_PARTS: Final = re.compile(r"\s*(?:&|/|,|\+|\band\b|[、与和及])\s*")
"""What stands between the parts of a category's name."""


_INSURANCE: Final = re.compile(
    r"运费险|退货险|\b(?:returns?|freight|shipping|postage)(?: freight| shipping)? insurance\b", re.IGNORECASE
)


class ReturnsAction(DeskAction):
    """What the answers about returns share."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers."""
        return await self.told(dispatcher, Turn(tracker))

    async def told(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
        """Answers a message, whatever it was understood as."""
        policies = await self.desk.crm.policies()
        records = Records(self.desk, turn, policies)
        currency = await records.currency(conversation_focus(turn).orders)
        answer = ReturnsAnswer(dispatcher, turn, self.desk.wording(turn.language), policies, currency)
        if policies.returns is None:
            return answer.utter([answer.say("unknown")], person=True)
        return await self.answer(answer, records)

    async def answer(self, answer: ReturnsAnswer, records: Records) -> list[Event]:
        """Says what is asked."""
        raise NotImplementedError


class ReturnsAnswer:
    """What an answer about returns is said with, and how."""

    def __init__(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        wording: Wording,
        policies: PolicyExplanation,
        currency: str | None = None,
    ) -> None:
        """`currency`: of the shopper's orders, in which amounts of the terms are told; the shop's when None."""
        self.dispatcher = dispatcher
        self.turn = turn
        self.wording = wording
        self.policies = policies
        self.currency = currency
        self.changes = ChangeWording(wording, policies.shop.timezone)

    def say(self, key: str, /, **values: object) -> str:
        """The words at `returns.key`."""
        return self.wording.say(f"returns.{key}", **values)

    def not_here_yet(self, view: OrderView, lines: Sequence[LineCandidate], *, focused: bool = True) -> list[Event]:
        """How these lines of an order on its way may go back once they arrive, or what that costs where that is asked.

        `focused`: the lines are what "it" means from now on; else only the order is.
        """
        if asks_what_it_costs(self.turn.text):
            told = freight_in_words(self.policies, self.wording, currency=self.currency)
        else:
            whether = not asks_for_window(self.turn.text)
            told = not_here_yet(view, lines, self.policies, self.wording, self.currency, whether=whether)
        numbers = sorted(line.line_number for line in lines) if focused else []
        return self.utter(told, order=view.number, lines=numbers)

    def utter(
        self,
        sentences: Sequence[str | None],
        *,
        person: bool = False,
        start: bool = False,
        order: str | None = None,
        lines: Sequence[int] = (),
    ) -> list[Event]:
        """The answer. `start`: with a button that begins a return; `order`, `lines`: what "it" means from now on."""
        response = "utter_returns_offer_person" if person else "utter_returns"
        buttons = [{"title": self.say("button.start"), "payload": START}] if start else None
        self.dispatcher.utter_message(response=response, buttons=buttons, answer=self.wording.sentences(*sentences))
        if order is None:
            return []
        focus = conversation_focus(self.turn).on_orders([order]).as_slot()
        focus["lines"] = [f"{order}/{line}" for line in lines]
        return [SlotSet("focus", focus)]


_WARRANTY: Final = re.compile(r"\bwarrant\w+|\bguarantee\w*|保修|质保|三包", re.IGNORECASE)
_GIFT_CARD: Final = re.compile(r"\bgift (?:cards?|vouchers?)\b|礼品卡|购物卡", re.IGNORECASE)


class ActionAskReturnPolicy(ReturnsAction):
    """Whether, until when and on whose cost something may come back: of the shopper's own, of a product, of all.

    `further`: the question goes on with the one before it, whose answer need not be told again.
    """

    def __init__(self, desk: Desk, *, further: bool = False) -> None:
        super().__init__(desk)
        self._further = further

    def name(self) -> str:
        """The action's name."""
        return "action_ask_return_policy"

    async def answer(self, answer: ReturnsAnswer, records: Records) -> list[Event]:
        """For this item and day, where it is known which; of return insurance first, where that is asked about."""
        if _INSURANCE.search(answer.turn.text):
            return answer.utter(insurance_in_words(answer.policies, answer.wording))
        warranty = _WARRANTY.search(answer.turn.text)
        page = await page_answer(self.desk, answer.turn, of=warranty.group()) if warranty is not None else None
        if page is not None:
            return answer.utter([page])
        spoken = await self._spoken_of(answer)
        sent = None if spoken else await told_as_on_its_way(answer.turn, records)
        if sent is not None:
            return answer.not_here_yet(*sent)
        own = None if spoken else await own_lines(answer.turn, records)
        if own is not None:
            view, lines = own
            returnable = await self.desk.crm.returnable(answer.turn.conversation_id, view.number, answer.turn.language)
            meant = [each for each in returnable.lines if each.line_number in lines] or returnable.lines
            if meant and asks_what_it_costs(answer.turn.text):
                told = self._costs(meant, answer)
                return answer.utter(told, order=view.number, lines=sorted(lines))
            if meant and all(each.rule == "not_delivered_yet" for each in meant):
                numbers = {each.line_number for each in meant}
                candidates = [line for line in records.lines(view.number) if line.line_number in numbers]
                return answer.not_here_yet(view, candidates, focused=bool(lines))
            if meant:
                words = ChangeWording(answer.wording, answer.policies.shop.timezone, view)
                told = _terms_of_lines(meant, view, answer, words)
                allowed = any(each.allowed for each in meant)
                return answer.utter(told, start=allowed, person=not allowed, order=view.number, lines=sorted(lines))
        assert answer.policies.returns is not None  # noqa: S101 - looked at before
        market = answer.policies.shop.country
        names = spoken or await self._category(answer.turn) or await self._spoken_of(answer, part=True)
        if _says(answer.turn, "opened"):
            return answer.utter(await self._once_opened(answer, market, names), start=True)
        reason = _reason(answer.turn.text, answer.policies.returns.reasons)
        states = states_asked(answer.turn.text)
        if states and reason.status != "one":
            terms = terms_for(answer.policies.returns, market, names, mind_reason(answer.policies))
            told = terms_in_words(terms, answer.policies, answer.wording, currency=answer.currency)
            judged = [answer.say(f"state.{each}.{terms.condition}") for each in states] if terms.returnable else []
            faults = fault_in_words(terms, answer.policies, answer.wording)
            return answer.utter([*judged, told[0], *faults], start=True)
        if not names and asks_what_it_costs(answer.turn.text):
            why = reason.first if reason.status == "one" else None
            costs = freight_in_words(answer.policies, answer.wording, reason=why, currency=answer.currency)
            return answer.utter(costs, start=True)
        same = self._further and not names and reason.status != "one"
        why = reason.first if reason.status == "one" else mind_reason(answer.policies)
        terms = terms_for(answer.policies.returns, market, names, why)
        told = terms_in_words(terms, answer.policies, answer.wording, currency=answer.currency)
        if same:
            return answer.utter([answer.say("no_difference"), *told], start=True)
        if not names and _says(answer.turn, "reduced"):
            told.insert(0, answer.say("reduced_alike"))
        elif not names and _GIFT_CARD.search(answer.turn.text):
            told.insert(0, answer.say("gift_card_not_named"))
        if terms.returnable and _says(answer.turn, "no_reason"):
            told.insert(0, answer.say("no_reason"))
        if why not in answer.policies.returns.faults:
            told += await self._other_terms(answer, market, names, terms)
        return answer.utter(told, start=True)

    @staticmethod
    def _costs(lines: Sequence[ReturnableLine], answer: ReturnsAnswer) -> list[str]:
        """What the way back costs, by the CRM's verdict on these lines where they are all alike."""
        said = _reason(answer.turn.text, [each.reason for each in lines[0].reasons])
        why = said.first if said.status == "one" else mind_reason(answer.policies)
        payers = {each.freight for line in lines for each in line.reasons if each.reason == why}
        if payers == {"shop"}:
            return [answer.say("freight.shop")]
        reason = why if said.status == "one" else None
        return freight_in_words(answer.policies, answer.wording, reason=reason, currency=answer.currency)

    async def _once_opened(self, answer: ReturnsAnswer, market: str, names: frozenset[str]) -> list[str]:
        """Whether what was opened may come back: by the condition that holds, and by those of other categories."""
        rules = answer.policies.returns
        assert rules is not None  # noqa: S101 - looked at before
        terms = terms_for(rules, market, names, mind_reason(answer.policies))
        if not terms.returnable:
            return terms_in_words(terms, answer.policies, answer.wording, currency=answer.currency)
        told = [answer.say(f"opened.{terms.condition}", days=terms.window_days)]
        others = await self._other_terms(answer, market, names, terms)
        return [*told, *others]

    async def _other_terms(self, answer: ReturnsAnswer, market: str, names: frozenset[str], usual: Terms) -> list[str]:
        """What is different for faults, and for the categories that the shop makes an exception of."""
        rules = answer.policies.returns
        assert rules is not None  # noqa: S101 - looked at before
        told = []
        fault = next((each for each in rules.faults if each in rules.reasons), None)
        if fault is not None:
            terms = terms_for(rules, market, names, fault)
            now = (terms.window_days, terms.freight, terms.condition)
            if now != (usual.window_days, usual.freight, usual.condition):
                told.append(answer.say(f"fault_{terms.freight}", days=terms.window_days))
        for rule in rules.rules if not names else ():
            if not rule.categories or (rule.markets and market not in rule.markets):
                continue
            categories = frozenset(each.casefold() for each in rule.categories)
            terms = terms_for(rules, market, categories, mind_reason(answer.policies))
            called = [(await category_names(self.desk, each))[answer.turn.language] for each in rule.categories]
            listed = answer.wording.listed(called)
            if not terms.returnable:
                told.append(answer.say("except_not", categories=listed))
            elif (terms.window_days, terms.condition) != (usual.window_days, usual.condition):
                condition = answer.say(f"short_condition.{terms.condition}")
                told.append(answer.say("except", categories=listed, days=terms.window_days, condition=condition))
        return told

    async def _spoken_of(self, answer: ReturnsAnswer, *, part: bool = False) -> frozenset[str]:
        """The names, in every language, of a category that the message names and the shop has a rule for.

        `part`: one part of a name is enough, or what else its goods are called.
        """
        rules = answer.policies.returns
        assert rules is not None  # noqa: S101 - looked at before
        said = fold(answer.turn.text)
        stems = set(stems_of(said))
        for rule in rules.rules:
            for category in rule.categories:
                names = await category_names(self.desk, category)
                if any(names_category(name, said, stems, part=part) for name in (category, *names.values())):
                    return frozenset(each.strip().casefold() for each in (category, *names.values()))
        return frozenset()

    async def _category(self, turn: Turn) -> frozenset[str]:
        """The names, in every language, of the category of the one product that the message names."""
        goods = await find_goods(self.desk, turn, several=True)
        if (
            not goods.found
            or goods.nearly
            or not goods.words.goods
            or len({g.product.category for g in goods.found}) > 1
        ):
            return frozenset()
        product = goods.found[0].product.external_id
        views = [await self.desk.crm.product(product, language) for language in LANGUAGES]
        return frozenset(view.category.strip().casefold() for view in views if view.category)


def names_category(name: str, said: str, stems: set[str], *, part: bool) -> bool:
    """Whether a message (`said` folded, `stems` its words) names a category called `name`.

    With `part`, "Tea & Coffee" is named by either, and by what else either is called in the vocabulary of goods.
    """
    parts = _PARTS.split(fold(name)) if part else []
    words = [fold(name), *(word for each in parts for word in (each.strip(), *_called(each.strip())))]
    return any(
        bool(found := set(stems_of(word))) and found <= stems if word.isascii() else len(word) > 1 and word in said
        for word in words
    )


@cache
def _called(word: str) -> tuple[str, ...]:
    """What else goods of that word are called, in either language."""
    stems = stems_of(word)
    groups = read("goods")["groups"]
    return tuple(
        fold(str(each)) for group in groups if any(stems_of(str(one)) == stems for one in group) for each in group
    )


def _says(turn: Turn, kind: str) -> bool:
    """Whether a message has one of the vocabulary's words for what follows a question about returns."""
    said = fold(turn.text)
    return any(fold(each) in said for each in phrases("follow_ups", kind))


def _reason(text: str, codes: Sequence[str]) -> Resolution[str]:
    """The reason that is spoken of. "Too late" is said of the window here, not of the parcel."""
    return resolve_reason(text, [each for each in codes if each not in ("arrived_late", "too_slow")])


def _terms_of_lines(
    lines: Sequence[ReturnableLine], view: OrderView, answer: ReturnsAnswer, words: ChangeWording
) -> list[str]:
    """The terms of lines of the shopper's; what is the same for several is said once."""
    same: dict[str, list[ReturnableLine]] = {}
    for line in lines:
        same.setdefault(_line_terms(line, _NAME, view, answer, words, several=True), []).append(line)
    told = []
    for alike in same.values():
        names = [words.values({"line_number": line.line_number})["name"] for line in alike]
        several = len(alike) > 1
        name = answer.say("all_of", count=len(alike)) if several and len(same) == 1 else answer.wording.listed(names)
        told.append(_line_terms(alike[0], name, view, answer, words, several=several))
    return told[:4]


_NAME: Final = "_"


def _line_terms(
    line: ReturnableLine, name: str, view: OrderView, answer: ReturnsAnswer, words: ChangeWording, *, several: bool
) -> str:
    """One line of the shopper's, or `several` alike: yes with day, condition and freight, or no with the rule."""
    by_reason = {each.reason: each for each in line.reasons}
    said = _reason(answer.turn.text, list(by_reason))
    mind = by_reason.get(said.first if said.status == "one" else mind_reason(answer.policies))
    fault = next((each for each in line.reasons if each.freight == "shop" and each.allowed and each is not mind), None)
    wrong = "fault_until_of_several" if several else "fault_until"
    if mind is not None and mind.allowed:
        yes = answer.say("may" if said.status != "one" else "may_so", name=name, until=_day(mind, view, answer))
        condition = "condition_of_several" if several else "condition"
        further = [
            answer.say(f"{condition}.{mind.condition}") if mind.condition != "any" else None,
            answer.say(f"freight.{mind.freight}"),
            words.told_note("law", {"law": mind.law}) if mind.law else None,
        ]
        if fault is not None and mind.freight == "shopper":
            further.append(answer.say(wrong, until=_day(fault, view, answer)))
        return answer.wording.sentences(yes, *further)
    rule = (mind.rule if mind else None) or line.rule or "window_over"
    values = {"line_number": line.line_number, "title": line.title, "order": view.number}
    no = (
        answer.say("may_not_any_more", name=name, until=_day(mind, view, answer))
        if mind is not None and rule == "window_over" and mind.until
        else words.rule(rule, values)
    )
    repair = next((each.repair_until for each in line.reasons if each.repair_until), None)
    return answer.wording.sentences(
        no,
        answer.say(wrong, until=_day(fault, view, answer)) if fault is not None else None,
        answer.say("repair_until", until=answer.wording.day_of(repair, view.timezone)) if repair else None,
    )


def _day(verdict: ReasonVerdict, view: OrderView, answer: ReturnsAnswer) -> str:
    """The last day of a window: its end is the first moment after it."""
    if verdict.until is None:
        return answer.say("day_unknown")
    return answer.wording.last_day(verdict.until, view.timezone)


async def own_lines(turn: Turn, records: Records) -> tuple[OrderView, set[int]] | None:
    """The order of the shopper's that is meant, and its lines; None where none is named, pointed at or open."""
    summaries = (await records.summaries())[:ORDERS_READ]
    by_key = {number_key(each.number): each.number for each in summaries}
    focus = conversation_focus(turn)
    named = [by_key[key] for each in turn.entities("order_number") if (key := number_key(str(each))) in by_key]
    if not summaries:
        return None
    views = await records.orders(named[:1] or [each.number for each in summaries])
    lines = [line for view in views for line in records.lines(view.number)]
    found = resolve_lines(without_dislike(turn.text), lines, focus=focus, today=records.today)
    delivered = {view.number for view in views if view.state == "delivered"}
    pointed = resolve_orders(
        turn.text, await records.order_candidates([view.number for view in views]), focus=focus, today=records.today
    )
    meant = [line for line in found.candidates if line.order in delivered] or list(found.candidates)
    orders = list(dict.fromkeys(line.order for line in meant)) if found.status != "none" else []
    if named:
        number = named[0]
    elif focus.shown and not _by_name(found) and _by_place(pointed):
        # "The second one", of the orders on the screen.
        number, found = pointed.first.number, nothing(turn.text)
    elif orders and (found.status in ("one", "many") or len(orders) < len(views)):
        number = orders[0]
    elif any(absent.kind == "thing" for absent in found.asked_but_absent):
        # Goods are named that are in none of the orders.
        return None
    elif focus.orders and focus.orders[0] in {view.number for view in views} and not _listed_unsent(focus, views):
        number = focus.orders[0]
    elif len(summaries) == 1 and turn.tracker.get_slot("last_order"):
        number = summaries[0].number
    else:
        return None
    clear = found.status in ("one", "many") or (found.status == "unclear" and len(meant) == 1)
    chosen = {line.line_number for line in meant if line.order == number} if clear else set()
    return await records.order(number), chosen


def _by_name(found: Resolution[LineCandidate]) -> bool:
    return any(reason.kind == "name" for match in found.matches for reason in match.reasons)


def _by_place(found: Resolution[OrderCandidate]) -> bool:
    return found.status == "one" and any(reason.kind == "ordinal" for reason in found.matches[0].reasons)


def _listed_unsent(focus: Focus, views: Sequence[OrderView]) -> bool:
    """Whether the first order of the focus only stood first in a list, and others of it have arrived."""
    listed = [view for view in views if view.number in focus.shown]
    return len(listed) > 1 and any(view.state == "delivered" and view.number != focus.orders[0] for view in listed)


class ActionAskRefundTime(ReturnsAction):
    """How long money takes to come back."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_refund_time"

    async def answer(self, answer: ReturnsAnswer, records: Records) -> list[Event]:
        """The days, from when they count, and what is different for some ways to pay."""
        if asks_for_window(answer.turn.text):
            return await ActionAskReturnPolicy(self.desk).answer(answer, records)
        rules = answer.policies.returns
        assert rules is not None  # noqa: S101 - looked at before
        if (cancelled := await self._cancelled_just_now(answer, records)) is not None:
            days = answer.policies.cancellation.refund_days if answer.policies.cancellation else None
            return answer.utter([refund_status(cancelled, answer.wording, usual_days=days)], order=cancelled.number)
        told = [answer.say(f"refund_{rules.refund_when}", days=rules.refund_days)]
        others = [
            answer.say("refund_way", way=answer.changes.code("method", way), days=days)
            for way, days in rules.refund_days_by_method.items()
            if days != rules.refund_days
        ]
        if others:
            told.append(answer.say("refund_others", ways=answer.wording.listed(others)))
        if answer.policies.cancellation is not None:
            told.append(answer.say("refund_cancelled", days=answer.policies.cancellation.refund_days))
        return answer.utter(told)

    @staticmethod
    async def _cancelled_just_now(answer: ReturnsAnswer, records: Records) -> OrderView | None:
        """The order spoken of last, where it was cancelled and its money is on the way."""
        spoken = conversation_focus(answer.turn).orders[:1]
        mine = [each.number for each in await records.summaries() if each.number in spoken]
        view = await records.order(mine[0]) if mine else None
        return view if view is not None and view.state == "cancelled" and view.refunds else None


ACTIONS: tuple[type[DeskAction], ...] = (ActionAskReturnPolicy, ActionAskRefundTime)
