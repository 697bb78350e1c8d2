"""What the answers about stores share: the store or place a message means, and how stores are put into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.desk import DeskAction, Event, Turn
from actions.product_answers import Answer
from actions.resolver import Focus, StoreCandidate, resolve_store
from actions.wording import Wording
from shopdesk_schemas.content import StoreCard, StoreCardsContent
from shopdesk_schemas.stores import OpeningDay, StoreList, StoreView

_STORES: Final = 20
CARDS: Final = 5
"""How many stores are shown at once."""


@dataclass(frozen=True)
class Place:
    """The stores a message may mean: the one named, else all in order of nearness where a place was given."""

    stores: list[StoreView]
    one: StoreView | None
    near: str | None


class StoreAction(DeskAction):
    """What the answers about stores share."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers, or says that the shop has no stores."""
        return await self.answer(StoreAnswer(dispatcher, Turn(tracker), self.desk.wording(Turn(tracker).language)))

    async def answer(self, answer: StoreAnswer) -> list[Event]:
        """Says what is asked."""
        raise NotImplementedError

    async def place(self, turn: Turn, **wanted: Any) -> Place:
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
        return Place(found.stores if found is not None else stores, one, found.near if found is not None else None)


class StoreAnswer:
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
        cards = [self._card(each) for each in stores[:CARDS]]
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
            focus["stores"] = [each.external_id for each in (spoken or stores)[:CARDS]]
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


def _candidate(store: StoreView) -> StoreCandidate:
    return StoreCandidate(
        code=store.external_id,
        names=[store.name],
        city=store.city or "",
        street=store.line1 or "",
        postcode=store.postcode or "",
        distance_metres=None if store.distance_km is None else round(store.distance_km * 1000),
    )
