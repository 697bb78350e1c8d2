"""The shop's stores: where they are, when they are open, what lies there, and what they keep for a shopper.

Where, when and what are public. Keeping goods and giving them back are changes of the CRM, for who is signed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded, ProposalIsVoid
from actions.desk import DeskAction, Event, Turn, last_action, last_response, last_words
from actions.goods import find_goods, product_focus, show_goods
from actions.orders import OPEN_STATES
from actions.products import Answer, button
from actions.resolver import Focus, StoreCandidate, resolve_date, resolve_store
from actions.resolver.portions import leaves_as_is
from actions.resolver.vocabulary import read
from actions.wording import Wording
from shopdesk_schemas.content import ProposalChange, ProposalContent, StoreCard, StoreCardsContent
from shopdesk_schemas.products import ProductView, VariantView
from shopdesk_schemas.stores import OpeningDay, ReservationView, StoreList, StoreView

_STORES: Final = 20
_HOURS: Final = "action_ask_store_hours"
_SHORT: Final = 24
"""Characters of a message that says no more than which store."""
_AMENITY: Final = re.compile(
    r"\b(?:parking|park|car park|tube|underground|metro|subway|station|bus|tram|toilets?|wheelchair"
    r"|step[- ]free|lift|cafe|fitting rooms?|changing rooms?|dogs?)\b"
    r"|停车|地铁|公交|车站|厕所|卫生间|轮椅|试衣间|试穿|怎么走|怎么去",
    re.IGNORECASE,
)
"""What no store's record has."""
_ALL: Final = re.compile(
    r"\b(?:stores|shops|branches|any|which|all|each|every)\b|哪家|哪些|每家|所有|各家|各店|几家|都", re.IGNORECASE
)
"""Words that mean more than the store spoken of last."""
_COLLECTS: Final = re.compile(
    r"\b(?:collect|pick(?:ing)? up|fetch)\b.*\b(?:order|parcel)\b|\border\b.*\b(?:collect|pick)\w*"
    r"|\binstead of (?:deliver|ship|post)\w+|(?:订单|那单|这单|已经买|买好|包裹).{0,8}(?:自提|去店里?取|到店取|店里取)",
    re.IGNORECASE,
)
"""An order that there is shall be fetched from a store."""
_CARDS: Final = 5
RESERVING: Final = "reserve:"
"""How the slot `offer` begins while a reservation waits for a yes; the proposal's id follows."""
_HELD: Final = frozenset({"reserved", "ready"})
_IN_TOWN: Final = frozenset({"postcode", "city"})
"""How the CRM found a store in the shopper's own town: the nearest, however many kilometres that may be."""


@dataclass(frozen=True)
class _Place:
    """The stores a message may mean: the one named, else all in order of nearness where a place was given."""

    stores: list[StoreView]
    one: StoreView | None
    near: str | None


class StoreAction(DeskAction):
    """What the answers about stores share."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers, or says that the shop has no stores."""
        return await self.answer(_Answer(dispatcher, Turn(tracker), self.desk.wording(Turn(tracker).language)))

    async def answer(self, answer: _Answer) -> list[Event]:
        """Says what is asked."""
        raise NotImplementedError

    async def place(self, turn: Turn, **wanted: Any) -> _Place:
        """The store or place that the message of `turn` names; the shopper's home where none is named."""
        crm = self.desk.crm
        stores = (await crm.stores(turn.language, limit=_STORES)).stores
        pressed = next(iter(turn.entities("store")), None)
        focus = Focus.from_slot(turn.tracker.get_slot("focus"))
        local = Focus(stores=focus.stores, shown=focus.stores)
        by_code = {each.external_id: each for each in stores}
        one = by_code.get(str(pressed)) if pressed else None
        if one is None and stores:
            named = resolve_store(turn.text, [_candidate(each) for each in stores], focus=local)
            one = by_code[named.first.code] if named.status == "one" else None
        if one is None and len(stores) == 1:
            one = stores[0]
        postcode = next(iter(turn.entities("postcode")), None)
        found: StoreList | None = None
        if postcode:
            found = await crm.stores(turn.language, postcode=str(postcode)[:20], limit=_STORES, **wanted)
            one = one if one is not None and one.postcode == postcode else None
        elif one is None:
            found = await crm.stores_near_home(turn.conversation_id, turn.language, limit=_STORES, **wanted)
        elif wanted:
            found = await crm.stores(turn.language, limit=_STORES, **wanted)
        return _Place(found.stores if found is not None else stores, one, found.near if found is not None else None)


class _Answer:
    """Puts stores into words and cards."""

    def __init__(self, dispatcher: CollectingDispatcher, turn: Turn, wording: Wording) -> None:
        self.dispatcher = dispatcher
        self.turn = turn
        self.wording = wording
        self.goods = Answer(dispatcher, turn, wording)

    def say(self, key: str, /, **values: object) -> str:
        """The words at `stores.key`."""
        return self.wording.say(f"stores.{key}", **values)

    def utter(
        self,
        sentences: Sequence[str | None],
        stores: Sequence[StoreView] = (),
        buttons: Sequence[dict[str, str]] = (),
        *,
        spoken: Sequence[StoreView] = (),
    ) -> list[Event]:
        """The answer with a card for each store; what "there" and "the second one" mean from now on.

        `spoken`: those of the stores shown that the words are about, if not all.
        """
        cards = [self._card(each) for each in stores[:_CARDS]]
        content: dict[str, Any] | None = None
        if cards:
            whole: StoreCardsContent[Any] = StoreCardsContent(text="", stores=cards)
            content = whole.model_dump(mode="json", exclude={"text", "buttons"})
        self.dispatcher.utter_message(
            response="utter_stores",
            json_message=content,
            buttons=list(buttons) or None,
            answer=self.wording.sentences(*sentences),
        )
        focus = Focus.from_slot(self.turn.tracker.get_slot("focus")).as_slot()
        if stores:
            focus["stores"] = [each.external_id for each in (spoken or stores)[:_CARDS]]
        return [SlotSet("focus", focus)]

    def person(self) -> dict[str, str]:
        """A button for a person."""
        return {"title": self.say("button.person"), "payload": "/ask_human"}

    def address(self, store: StoreView) -> str:
        """Its street, city and postcode."""
        parts = [part for part in (store.line1, store.city, store.postcode) if part]
        return self.wording.listed(parts) or self.say("no_address")

    def hours(self, day: OpeningDay, zone: str) -> str:
        """From when to when, or that it is closed."""
        if not day.spans:
            return self.say("closed")
        times = [
            self.say("span", opens=self.clock(span.opens_at, zone), closes=self.clock(span.closes_at, zone))
            for span in day.spans
        ]
        return self.wording.listed(times)

    def clock(self, moment: datetime, zone: str) -> str:
        """A time of day, local to the store."""
        return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")

    def now(self, store: StoreView) -> str:
        """Whether it is open, and until or from when."""
        if not store.hours_known:
            return self.say("hours_unknown", store=store.name)
        if store.open_now and store.closes_at is not None:
            return self.say("open_until", store=store.name, closes=self.clock(store.closes_at, store.timezone))
        if store.opens_at is not None:
            opens = self.wording.moment(store.opens_at, store.timezone)
            return self.say("closed_until", store=store.name, opens=opens)
        return self.say("closed_now", store=store.name)

    def near(self, store: StoreView) -> str:
        """Its name with how far away it is, where that is known."""
        if store.distance_km is None:
            return store.name
        return self.say("distance", store=store.name, km=f"{store.distance_km:.0f}")

    def _card(self, store: StoreView) -> StoreCard:
        today = self.hours(store.today, store.timezone) if store.hours_known else None
        return StoreCard(
            name=store.name,
            address=self.address(store),
            hours_text=None if today is None else self.say("today", hours=today),
            map_url=None,
        )


class ActionFindStore(StoreAction):
    """Where the stores are; the nearest first when the place is known."""

    def name(self) -> str:
        """The action's name."""
        return "action_find_store"

    async def answer(self, answer: _Answer) -> list[Event]:
        """The store named or nearest, then the others."""
        place = await self.place(answer.turn)
        if not place.stores:
            return answer.utter([answer.say("none")])
        last = _spoken_last(answer.turn, place.stores) if _AMENITY.search(answer.turn.text) else None
        if place.one is None and last is not None:
            return answer.utter(
                [_unrecorded(last, answer), answer.say("where", store=last.name, address=answer.address(last))], [last]
            )
        if place.one is not None and last_action(answer.turn) == _HOURS and len(answer.turn.text) <= _SHORT:
            # "The London one!", of whose hours it was.
            return await ActionAskStoreHours(self.desk).answer(answer)
        if place.one is not None:
            store = place.one
            if (unknown := _unrecorded(store, answer)) is not None:
                where = answer.say("where", store=store.name, address=answer.address(store))
                return answer.utter([unknown, where], [store], _store_buttons(store, answer))
            told = answer.say("where", store=store.name, address=answer.address(store))
            phone = answer.say("phone", phone=store.phone) if store.phone else None
            return answer.utter([told, answer.now(store), phone], [store], _store_buttons(store, answer))
        nearest = place.stores[0]
        if nearest.distance_km is not None or place.near in _IN_TOWN:
            first = answer.say("nearest", store=answer.near(nearest), address=answer.address(nearest))
            first = answer.wording.sentences(_unrecorded(nearest, answer), first)
            return answer.utter([first, answer.now(nearest)], place.stores[:_CARDS], spoken=[nearest])
        listed = answer.wording.listed([f"{each.name}" for each in place.stores])
        sentences = [answer.say("all", count=len(place.stores), stores=listed)]
        if (city := _city_in(answer.turn.text)) is not None:
            sentences.insert(0, answer.say("none_in", city=city))
        if answer.turn.entities("postcode"):
            sentences.insert(0, answer.say("place_unknown"))
        elif place.near != "region":
            sentences.append(answer.say("say_place"))
        return answer.utter(sentences, place.stores)


class ActionAskStoreHours(StoreAction):
    """When a store is open: today, or on the day asked for."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_store_hours"

    async def answer(self, answer: _Answer) -> list[Event]:
        """The hours of the day first."""
        place = await self.place(answer.turn)
        if not place.stores:
            return answer.utter([answer.say("none")])
        one = place.one or (None if _ALL.search(answer.turn.text) else _spoken_last(answer.turn, place.stores))
        stores = [one] if one is not None else _told_just_now(answer.turn, place.stores)[:_CARDS]
        weeks = [await self.desk.crm.store(each.external_id, answer.turn.language) for each in stores]
        wanted = self._day(answer, stores[0])
        sentences = []
        for week in weeks:
            store = week.store
            day = next((each for each in week.days if each.day == wanted), None) if wanted else week.days[0]
            if not store.hours_known:
                sentences.append(answer.say("hours_unknown", store=store.name))
            elif day is None:
                sentences.append(answer.say("day_too_far", store=store.name))
            else:
                key = "closed_on" if not day.spans else "holiday_hours" if day.holiday else "hours_on"
                sentences.append(
                    answer.say(
                        key,
                        store=store.name,
                        day=answer.wording.day(day.day, store.timezone),
                        hours=answer.hours(day, store.timezone),
                    )
                )
        if wanted is None and len(weeks) == 1 and weeks[0].store.hours_known:
            sentences = [answer.now(weeks[0].store), *sentences]
            further = [
                answer.say(
                    "day_hours",
                    day=answer.wording.day(day.day, weeks[0].store.timezone),
                    hours=answer.hours(day, weeks[0].store.timezone),
                )
                for day in weeks[0].days[1:]
            ]
            sentences.append(answer.say("further", days=answer.say("separator").join(further)))
        return answer.utter(sentences, stores)

    def _day(self, answer: _Answer, store: StoreView) -> date | None:
        """The day asked for: the next one that the words can mean."""
        today = self.desk.clock.now().astimezone(ZoneInfo(store.timezone)).date()
        found = resolve_date(answer.turn.text, today=today)
        if found.status != "one" and last_action(answer.turn) == _HOURS:
            found = resolve_date(last_words(answer.turn), today=today)
        if found.status != "one":
            return None
        start = found.first.first
        if start < today:
            # "on Sunday" of a past week is the coming one here.
            start += timedelta(days=7 * (((today - start).days + 6) // 7))
        return start


def _city_in(text: str) -> str | None:
    """The city or region of the world that a text names, as it is written there; None where it names none."""
    names = sorted((str(name) for known in read("places").values() for name in known), key=len, reverse=True)
    for name in names:
        edges = r"(?<![a-z]){}(?![a-z])" if name.isascii() else "{}"
        if (found := re.search(edges.format(re.escape(name)), text, re.IGNORECASE)) is not None:
            return found.group() if found.group() != found.group().lower() else found.group().title()
    return None


def _spoken_last(turn: Turn, stores: Sequence[StoreView]) -> StoreView | None:
    """The one store that was spoken of last; None where several were, or the message gives a place."""
    code = one_store_spoken_of(turn)
    if code is None or turn.entities("postcode"):
        return None
    return next((each for each in stores if each.external_id == code), None)


def one_store_spoken_of(turn: Turn) -> str | None:
    """The code of the store that was spoken of last; None where several were."""
    spoken = Focus.from_slot(turn.tracker.get_slot("focus")).stores
    return spoken[0] if len(spoken) == 1 else None


def asks_more_of_store(turn: Turn) -> bool:
    """Whether a message asks for parking, the next station or the like of the one store that was spoken of."""
    return one_store_spoken_of(turn) is not None and _AMENITY.search(turn.text) is not None


def _unrecorded(store: StoreView, answer: _Answer) -> str | None:
    """That parking, the next station and the like are not on record, where they are asked for."""
    return answer.say("not_recorded", store=store.name) if _AMENITY.search(answer.turn.text) else None


def _told_just_now(turn: Turn, stores: list[StoreView]) -> list[StoreView]:
    """Of `stores` those that the last reply showed, in its order, when the message goes on from there; else all."""
    if last_response(turn) != "utter_stores" or turn.entities("postcode"):
        return stores
    by_code = {each.external_id: each for each in stores}
    shown = Focus.from_slot(turn.tracker.get_slot("focus")).stores
    return [by_code[code] for code in shown if code in by_code] or stores


class ActionAskStoreStock(StoreAction):
    """Which stores have something, or whether one has it."""

    reserving: ClassVar[bool] = False

    def name(self) -> str:
        """The action's name."""
        return "action_ask_store_stock"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Yes or no for the store named, else those that have it."""
        product, variant, events = await self._meant(answer)
        if product is None or variant is None:
            return events
        place = await self.place(answer.turn, sku=variant.sku, with_stock=True)
        name = answer.goods.variant_name(product, variant)
        having = [each for each in place.stores if each.quantity]
        listed = answer.wording.listed([answer.say("has", store=each.name, count=each.quantity) for each in having])
        buttons = [_reserve_button(variant.sku, each, answer) for each in having[:_CARDS]]
        if place.one is not None:
            here = next((each for each in having if each.external_id == place.one.external_id), None)
            if here is not None:
                told = answer.say("stock_here", store=here.name, name=name, count=here.quantity)
                return [
                    *answer.utter([told, answer.now(here)], [here], [_reserve_button(variant.sku, here, answer)]),
                    *events,
                ]
            sentences = [answer.say("no_stock_here", store=place.one.name, name=name)]
            sentences.append(answer.say("stock_elsewhere", stores=listed) if having else answer.say("stock_nowhere"))
            return [*answer.utter(sentences, having, buttons), *events]
        if not having:
            return [*answer.utter([answer.say("no_stock", name=name)]), *events]
        return [*answer.utter([answer.say("stock", name=name, stores=listed)], having, buttons), *events]

    async def _meant(self, answer: _Answer) -> tuple[ProductView | None, VariantView | None, list[Event]]:
        """The variant meant; without one the question for it has been put."""
        goods = await find_goods(self.desk, answer.turn)
        if not goods.found:
            return None, None, answer.goods.none(goods)
        if len(goods.found) > 1:
            return None, None, answer.goods.which(goods)
        good = goods.found[0]
        focus = product_focus(answer.turn)
        spoken = next((each for each in good.variants if each.sku in focus.products), None)
        variant = good.one or (None if good.narrowed else spoken)
        if variant is None:
            store = next(iter(answer.turn.entities("store")), None)
            more = {"store": str(store)} if store else {}
            choices = [each for each in good.variants if each.stores_with_stock] or good.variants
            if not any(each.stores_with_stock for each in good.variants):
                name = answer.goods.title(good.product)
                return good.product, None, answer.utter([answer.say("no_stock", name=name)])
            buttons = [
                button(
                    answer.wording.listed(list(each.options.values())) or each.sku, answer.turn.intent, each.sku, **more
                )
                for each in choices[:10]
            ]
            asked = answer.say("which_variant", name=answer.goods.title(good.product))
            events = answer.utter([asked], (), buttons)
            return good.product, None, [*events, *show_goods(answer.turn, [good.product.external_id])]
        return good.product, variant, show_goods(answer.turn, [good.product.external_id], variant.sku)


class ActionReserveItem(ActionAskStoreStock):
    """Has something kept in a store, after a yes to exactly what and until when."""

    def name(self) -> str:
        """The action's name."""
        return "action_reserve_item"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Confirms what was shown, or finds out what and where and shows it."""
        pressed = next(iter(answer.turn.entities("proposal")), None)
        if pressed:
            return await self._confirm(answer, str(pressed))
        if not answer.turn.pressed and leaves_as_is(answer.turn.text):
            # "The shirts can stay" is said of an order, and asks no shop for anything.
            answer.dispatcher.utter_message(response="utter_change_left")
            return []
        if _COLLECTS.search(answer.turn.text) and await self._has_open_order(answer.turn):
            return answer.utter([answer.say("collect_order")], (), [answer.person()])
        product, variant, events = await self._meant(answer)
        if product is None or variant is None:
            return events
        place = await self.place(answer.turn, sku=variant.sku, with_stock=True)
        name = answer.goods.variant_name(product, variant)
        having = [each for each in place.stores if each.quantity]
        store = place.one or (having[0] if len(having) == 1 else None)
        if store is None:
            if not having:
                return [*answer.utter([answer.say("no_stock", name=name)]), *events]
            buttons = [
                button(answer.near(each), "reserve_item", variant.sku, store=each.external_id) for each in having[:10]
            ]
            return [*answer.utter([answer.say("which_store", name=name)], having, buttons), *events]
        return [*await self._propose(answer, name, variant, store), *events]

    async def _has_open_order(self, turn: Turn) -> bool:
        """Whether the shopper has something ordered that has not come."""
        if (await self.desk.verification(turn)).level == "none":
            return False
        try:
            orders = (await self.desk.crm.orders(turn.conversation_id, turn.language)).orders
        except CrmNotFound:
            return False
        return any(each.state in OPEN_STATES for each in orders)

    async def confirm(self, dispatcher: CollectingDispatcher, turn: Turn, proposal: str) -> list[Event]:
        """A yes in words to the proposal shown last."""
        return await self._confirm(_Answer(dispatcher, turn, self.desk.wording(turn.language)), proposal)

    async def _propose(self, answer: _Answer, name: str, variant: VariantView, store: StoreView) -> list[Event]:
        details = {"store": store.external_id, "sku": variant.sku, "quantity": 1}
        turn = answer.turn
        try:
            offer = await self.desk.crm.propose(
                turn.conversation_id, "store.reserve", details, key=f"{turn.message_id}:reserve"[:200]
            )
        except HigherLevelNeeded:
            return answer.utter([answer.say("reserve_sign_in", name=name, store=store.name)], [store])
        except ChangeRefused as refused:
            return self._refused(answer, refused, name, variant, store)
        except (CrmRefused, CrmNotFound):
            return answer.utter([answer.say("reserve_refused", name=name, store=store.name)])
        until = next((str(note.values["at"]) for note in offer.notes if note.key == "held_until"), None)
        told = answer.say("reserving", name=name, store=store.name)
        held = answer.say("held", until=self._moment(answer, until, store.timezone)) if until else None
        content: ProposalContent[Any] = ProposalContent(
            text="",
            proposal_id=offer.id,
            expires_at=offer.expires_at,
            changes=[ProposalChange(label=told, detail=held)],
        )
        answer.dispatcher.utter_message(
            response="utter_stores",
            json_message=content.model_dump(mode="json", exclude={"text", "buttons"}),
            buttons=[
                {
                    "title": answer.say("button.confirm"),
                    "payload": "/reserve_item" + json.dumps({"proposal": offer.id}),
                },
                {"title": answer.say("button.leave"), "payload": "/deny"},
            ],
            answer=answer.wording.sentences(told, held, answer.say("shall_i")),
        )
        return [SlotSet("offer", f"{RESERVING}{offer.id}")]

    def _refused(
        self, answer: _Answer, refused: ChangeRefused, name: str, variant: VariantView, store: StoreView
    ) -> list[Event]:
        known = answer.wording.has(f"stores.refused.{refused.rule}")
        values = {"name": name, "store": store.name, "maximum": refused.values.get("maximum", "")}
        why = answer.say(f"refused.{refused.rule}" if known else "reserve_refused", **values)
        buttons = [
            button(str(each.values["store_name"]), "reserve_item", variant.sku, store=str(each.values["store"]))
            for each in refused.alternatives
            if each.key == "reserve_in_other_store"
        ]
        return answer.utter([why, answer.say("other_stores") if buttons else None], (), buttons)

    async def _confirm(self, answer: _Answer, proposal: str) -> list[Event]:
        turn = answer.turn
        forget = [SlotSet("offer", None)]
        try:
            done = await self.desk.crm.confirm(
                turn.conversation_id, proposal, key=f"{turn.message_id}:{proposal}"[:200]
            )
        except (ProposalIsVoid, CrmNotFound):
            return [*answer.utter([answer.say("reserve_void")]), *forget]
        except HigherLevelNeeded:
            return [*answer.utter([answer.say("sign_in")]), *forget]
        kept = (await self.desk.crm.reservations(turn.conversation_id, turn.language)).reservations
        number = str(done.outcome.values.get("reservation") or "") if done.outcome else ""
        mine = next((each for each in kept if each.id == number), None)
        if mine is None:
            return [*answer.utter([answer.say("reserved_plain")]), *forget]
        until = answer.wording.moment(mine.hold_until, mine.timezone)
        told = answer.say("reserved", name=_goods(mine, answer), store=mine.store_name, until=until)
        return [*answer.utter([told]), *forget]

    def _moment(self, answer: _Answer, moment: str, zone: str) -> str:
        return answer.wording.moment(datetime.fromisoformat(moment), zone)


class ActionAskReservation(StoreAction):
    """What is kept for the shopper, and until when."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_reservation"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Each with its state; who is not signed in is told why nothing can be seen."""
        turn = answer.turn
        if (await self.desk.crm.verification(turn.conversation_id)).level != "customer":
            return answer.utter([answer.say("sign_in")])
        kept = (await self.desk.crm.reservations(turn.conversation_id, turn.language)).reservations
        held = [each for each in kept if each.state in _HELD]
        if not kept:
            stores = (await self.desk.crm.stores(turn.language, limit=1)).stores
            return answer.utter([answer.say("no_reservation" if stores else "no_stores")])
        sentences = [_told(each, answer) for each in (held or kept[:1])]
        return answer.utter(sentences, (), [_give_back(each, answer) for each in held[:10]])


class ActionCancelReservation(StoreAction):
    """Gives back what is kept; at once, as the shop takes it."""

    def name(self) -> str:
        """The action's name."""
        return "action_cancel_reservation"

    async def answer(self, answer: _Answer) -> list[Event]:
        """The one there is, or asks which."""
        turn = answer.turn
        if (await self.desk.crm.verification(turn.conversation_id)).level != "customer":
            return answer.utter([answer.say("sign_in")])
        kept = (await self.desk.crm.reservations(turn.conversation_id, turn.language)).reservations
        held = [each for each in kept if each.state in _HELD]
        pressed = next(iter(turn.entities("reservation")), None)
        chosen = [each for each in held if each.id == pressed] if pressed else held
        if not chosen:
            return answer.utter([answer.say("nothing_held")])
        if len(chosen) > 1:
            return answer.utter(
                [answer.say("which_reservation")], (), [_give_back(each, answer) for each in chosen[:10]]
            )
        mine = chosen[0]
        try:
            await self.desk.crm.propose(
                turn.conversation_id,
                "store.cancel_reservation",
                {"reservation": mine.id},
                key=f"{turn.message_id}:release"[:200],
            )
        except (ChangeRefused, CrmRefused, CrmNotFound, HigherLevelNeeded):
            return answer.utter([answer.say("not_given_back", name=_goods(mine, answer), store=mine.store_name)])
        return answer.utter([answer.say("given_back", name=_goods(mine, answer), store=mine.store_name)])


class ActionReturnInStore(StoreAction):
    """Whether goods can be brought back to a store, by the shop's rules."""

    def name(self) -> str:
        """The action's name."""
        return "action_return_in_store"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Yes or no first, then the other ways there are."""
        rules = (await self.desk.crm.policies()).returns
        start = [{"title": answer.say("button.return"), "payload": "/return_items"}]
        days = rules.terms.window_days if rules is not None and rules.terms.returnable else None
        taken = rules is not None and "store" in (rules.terms.methods or ())
        others = (
            [answer.say(f"method.{each}") for each in (rules.terms.methods or ()) if each != "store"] if rules else []
        )
        sentences = [
            answer.say("return_in_store" if taken else "no_return_in_store"),
            answer.say("return_also_by" if taken else "return_by", methods=answer.wording.any_of(others))
            if others
            else None,
            answer.say("return_within", days=days) if days else None,
        ]
        return answer.utter(sentences, (), start)


ACTIONS: tuple[type[DeskAction], ...] = (
    ActionFindStore,
    ActionAskStoreHours,
    ActionAskStoreStock,
    ActionReserveItem,
    ActionAskReservation,
    ActionCancelReservation,
    ActionReturnInStore,
)


def _candidate(store: StoreView) -> StoreCandidate:
    return StoreCandidate(
        code=store.external_id,
        names=[store.name],
        city=store.city or "",
        street=store.line1 or "",
        postcode=store.postcode or "",
        distance_metres=None if store.distance_km is None else round(store.distance_km * 1000),
    )


def _store_buttons(store: StoreView, answer: _Answer) -> list[dict[str, str]]:
    payload = "/ask_store_hours" + json.dumps({"store": store.external_id}, ensure_ascii=False)
    return [{"title": answer.say("button.hours"), "payload": payload}]


def _reserve_button(sku: str, store: StoreView, answer: _Answer) -> dict[str, str]:
    return button(answer.say("button.reserve", store=store.name), "reserve_item", sku, store=store.external_id)


def _goods(reservation: ReservationView, answer: _Answer) -> str:
    name = reservation.name or reservation.sku
    if not reservation.options:
        return name
    return answer.wording.say(
        "products.variant", name=name, options=answer.wording.listed(list(reservation.options.values()))
    )


def _told(reservation: ReservationView, answer: _Answer) -> str:
    return answer.say(
        f"reservation.{reservation.state}",
        name=_goods(reservation, answer),
        count=reservation.quantity,
        store=reservation.store_name,
        until=answer.wording.moment(reservation.hold_until, reservation.timezone),
    )


def _give_back(reservation: ReservationView, answer: _Answer) -> dict[str, str]:
    payload = "/cancel_reservation" + json.dumps({"reservation": reservation.id}, ensure_ascii=False)
    return {"title": answer.say("button.give_back", name=_goods(reservation, answer))[:200], "payload": payload}
