"""What lies in the stores, and what they keep for a shopper.

What lies there is public. Keeping goods and giving them back are changes of the CRM, for who is signed in.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded, ProposalIsVoid
from actions.desk import DeskAction, Event, Turn
from actions.goods import find_goods, product_focus, show_goods
from actions.orders import OPEN_STATES
from actions.product_answers import button
from actions.resolver.portions import leaves_as_is
from actions.store_answers import CARDS, StoreAction, StoreAnswer
from shopdesk_schemas.content import ProposalChange, ProposalContent
from shopdesk_schemas.products import ProductView, VariantView
from shopdesk_schemas.stores import ReservationView, StoreView

_COLLECTS: Final = re.compile(
    r"\b(?:collect|pick(?:ing)? up|fetch)\b.*\b(?:order|parcel)\b|\border\b.*\b(?:collect|pick)\w*"
    r"|\binstead of (?:deliver|ship|post)\w+|(?:订单|那单|这单|已经买|买好|包裹).{0,8}(?:自提|去店里?取|到店取|店里取)",
    re.IGNORECASE,
)
"""An order that there is shall be fetched from a store."""
RESERVING: Final = "reserve:"
"""How the slot `offer` begins while a reservation waits for a yes; the proposal's id follows."""
_HELD: Final = frozenset({"reserved", "ready"})


_IN_STOCK: Final = re.compile(r"\bin stock\b|\bavailable\b|有货|现货|有没有", re.IGNORECASE)
_STORES: Final = re.compile(r"\b(?:stores?|shops?|branch\w*)\b|店", re.IGNORECASE)


class ActionAskStoreStock(StoreAction):
    """Which stores have something, or whether one has it."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_store_stock"

    async def answer(self, answer: StoreAnswer) -> list[Event]:
        """Yes or no for the store named, else those that have it."""
        product, variant, events = await self._meant(answer)
        if product is None or variant is None:
            return events
        place = await self.place(answer.turn, sku=variant.sku, with_stock=True)
        name = answer.goods.variant_name(product, variant)
        having = [each for each in place.stores if each.quantity]
        listed = answer.wording.listed([answer.say("has", store=each.name, count=each.quantity) for each in having])
        buttons = [_reserve_button(variant.sku, each, answer) for each in having[:CARDS]]
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
        both = [answer.say("stock", name=name, stores=listed)]
        if (
            _IN_STOCK.search(answer.turn.text)
            and not _STORES.search(answer.turn.text)
            and not answer.turn.entities("store")
        ):
            # "Is it in stock?" asks first whether it can be had at all.
            price = answer.goods.money(variant.price_minor, variant.currency)
            both = [answer.goods.say(f"available.{variant.availability}", name=name, price=price), *both]
        return [*answer.utter(both, having, buttons), *events]

    async def _meant(self, answer: StoreAnswer) -> tuple[ProductView | None, VariantView | None, list[Event]]:
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

    async def answer(self, answer: StoreAnswer) -> list[Event]:
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
        return await self._confirm(StoreAnswer(dispatcher, turn, self.desk.wording(turn.language)), proposal)

    async def _propose(self, answer: StoreAnswer, name: str, variant: VariantView, store: StoreView) -> list[Event]:
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
        self, answer: StoreAnswer, refused: ChangeRefused, name: str, variant: VariantView, store: StoreView
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

    async def _confirm(self, answer: StoreAnswer, proposal: str) -> list[Event]:
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

    def _moment(self, answer: StoreAnswer, moment: str, zone: str) -> str:
        return answer.wording.moment(datetime.fromisoformat(moment), zone)


class ActionAskReservation(StoreAction):
    """What is kept for the shopper, and until when."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_reservation"

    async def answer(self, answer: StoreAnswer) -> list[Event]:
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

    async def answer(self, answer: StoreAnswer) -> list[Event]:
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


ACTIONS: tuple[type[DeskAction], ...] = (
    ActionAskStoreStock,
    ActionReserveItem,
    ActionAskReservation,
    ActionCancelReservation,
)


def _reserve_button(sku: str, store: StoreView, answer: StoreAnswer) -> dict[str, str]:
    return button(answer.say("button.reserve", store=store.name), "reserve_item", sku, store=store.external_id)


def _goods(reservation: ReservationView, answer: StoreAnswer) -> str:
    name = reservation.name or reservation.sku
    if not reservation.options:
        return name
    return answer.wording.say(
        "products.variant", name=name, options=answer.wording.listed(list(reservation.options.values()))
    )


def _told(reservation: ReservationView, answer: StoreAnswer) -> str:
    return answer.say(
        f"reservation.{reservation.state}",
        name=_goods(reservation, answer),
        count=reservation.quantity,
        store=reservation.store_name,
        until=answer.wording.moment(reservation.hold_until, reservation.timezone),
    )


def _give_back(reservation: ReservationView, answer: StoreAnswer) -> dict[str, str]:
    payload = "/cancel_reservation" + json.dumps({"reservation": reservation.id}, ensure_ascii=False)
    return {"title": answer.say("button.give_back", name=_goods(reservation, answer))[:200], "payload": payload}
