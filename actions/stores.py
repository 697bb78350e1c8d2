"""The shop's stores: where they are, when they are open, and what may be brought back to them. Public."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from actions.desk import DeskAction, Event, Turn, last_action, last_response, last_words
from actions.resolver import Focus, resolve_date
from actions.resolver.vocabulary import read
from actions.store_answers import CARDS, StoreAction, StoreAnswer
from shopdesk_schemas.stores import StoreView

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
_HOLIDAY: Final = re.compile(
    r"\b(?:easter|christmas(?: (?:eve|day))?|xmas|thanksgiving|new year['’]?s?(?: (?:eve"
    r"|day))?|labou?r day|memorial day"
    r"|independence day|4th of july|july 4(?:th)?|boxing day|black friday|(?:bank"
    r"|public|national) holidays?|holidays)\b"
    r"|春节|过年|元旦|国庆节?|五一|劳动节|圣诞节?|感恩节|复活节|中秋节?|端午节?|清明节?|节假日|法定假",
    re.IGNORECASE,
)
"""Days with hours of their own, which no calendar here tells the date of."""
_IN_TOWN: Final = frozenset({"postcode", "city"})
"""How the CRM found a store in the shopper's own town: the nearest, however many kilometres that may be."""
_ALSO_WORDS: Final = frozenset({"nice", "cork"})
"""Cities whose names are words besides: "somewhere nice"."""


class ActionFindStore(StoreAction):
    """Where the stores are; the nearest first when the place is known."""

    def name(self) -> str:
        """The action's name."""
        return "action_find_store"

    async def answer(self, answer: StoreAnswer) -> list[Event]:
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
            first = answer.wording.sentences(_none_there(place.stores, answer), _unrecorded(nearest, answer), first)
            return answer.utter([first, answer.now(nearest)], place.stores[:CARDS], spoken=[nearest])
        listed = answer.wording.listed([f"{each.name}" for each in place.stores])
        sentences = [answer.say("all", count=len(place.stores), stores=listed)]
        if (none := _none_there(place.stores, answer)) is not None:
            sentences.insert(0, none)
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

    async def answer(self, answer: StoreAnswer) -> list[Event]:
        """The hours of the day first."""
        place = await self.place(answer.turn)
        if not place.stores:
            return answer.utter([answer.say("none")])
        one = place.one or (None if _ALL.search(answer.turn.text) else _spoken_last(answer.turn, place.stores))
        stores = [one] if one is not None else _told_just_now(answer.turn, place.stores)[:CARDS]
        weeks = [await self.desk.crm.store(each.external_id, answer.turn.language) for each in stores]
        wanted = self._day(answer, stores[0])
        holiday = _HOLIDAY.search(answer.turn.text) if wanted is None else None
        sentences: list[str | None] = []
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
        if holiday is not None:
            return answer.utter([answer.say("holiday_unknown", day=holiday.group()), *sentences], stores)
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

    def _day(self, answer: StoreAnswer, store: StoreView) -> date | None:
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


def _none_there(stores: Sequence[StoreView], answer: StoreAnswer) -> str | None:
    """That there is no store in the city asked for, where the message names one that none of `stores` is in.

    Nothing is said of regions, which no store's record has to name, nor of cities written in another script than the
    stores' own: what is called differently may be the same.
    """
    city = _city_in(answer.turn.text)
    if city is None or city.lower() in read("regions")["regions"]:
        return None
    places = [f"{each.city} {each.name}".lower() for each in stores]
    if any(city.lower() in place or (not city.isascii() and place.isascii()) for place in places):
        return None
    return answer.say("none_in", city=city)


def _city_in(text: str) -> str | None:
    """The city or region of the world that a text names, as it is written there; None where it names none."""
    names = sorted((str(name) for known in read("places").values() for name in known), key=len, reverse=True)
    for name in names:
        edges = r"(?<![a-z]){}(?![a-z])" if name.isascii() else "{}"
        if name in _ALSO_WORDS:
            edges = r"(?<=\bin ){}(?![a-z])"
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


def _unrecorded(store: StoreView, answer: StoreAnswer) -> str | None:
    """That parking, the next station and the like are not on record, where they are asked for."""
    return answer.say("not_recorded", store=store.name) if _AMENITY.search(answer.turn.text) else None


def _told_just_now(turn: Turn, stores: list[StoreView]) -> list[StoreView]:
    """Of `stores` those that the last reply showed, in its order, when the message goes on from there; else all."""
    if last_response(turn) != "utter_stores" or turn.entities("postcode"):
        return stores
    by_code = {each.external_id: each for each in stores}
    shown = Focus.from_slot(turn.tracker.get_slot("focus")).stores
    return [by_code[code] for code in shown if code in by_code] or stores


class ActionReturnInStore(StoreAction):
    """Whether goods can be brought back to a store, by the shop's rules."""

    def name(self) -> str:
        """The action's name."""
        return "action_return_in_store"

    async def answer(self, answer: StoreAnswer) -> list[Event]:
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
    ActionReturnInStore,
)


def _store_buttons(store: StoreView, answer: StoreAnswer) -> list[dict[str, str]]:
    payload = "/ask_store_hours" + json.dumps({"store": store.external_id}, ensure_ascii=False)
    return [{"title": answer.say("button.hours"), "payload": payload}]
