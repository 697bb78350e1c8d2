"""What delivery costs, where to and how long it takes. Anybody may ask; all of it is the shop's rates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.arrival_days import ordered_today, usual_days
from actions.changes.records import Records
from actions.crm_client import CrmNotFound
from actions.delivery_questions import answered, asked_of_delivery, asks_free, free_of_charge
from actions.desk import DeskAction, Event, Turn, last_action, last_response, last_words
from actions.goods import find_goods
from actions.how_to_return import told_of_open_return
from actions.resolver.vocabulary import read
from actions.return_terms import freight_in_words
from actions.returns_asked import asks_bare_cost
from actions.wording import Wording
from shopdesk_schemas.crm import PolicyExplanation
from shopdesk_schemas.delivery_experience import DeliveryExperience
from shopdesk_schemas.rules import ShippingRateView

_LOCALES: Final = {"en": Locale("en"), "zh": Locale("zh", "CN", script="Hans")}
_CODE: Final = re.compile(r"^[A-Z]{2}$")
_CARRIER: Final = re.compile(
    r"\bcarriers?\b|\bcouriers?\b|\bwho (?:delivers|ships|brings|sends)\b|\bwhich (?:post|parcel service)\b"
    r"|\b(?:shipping|delivery) (?:company|companies|service|firm)\b"
    r"|(?:什么|哪家?|哪个|啥|哪种)(?:快递|物流)|(?:快递|物流)(?:公司)?(?:是|用|走|发)?(?:哪|什么|啥)"
    r"|快递公司|物流公司|承运",
    re.IGNORECASE,
)
"""Who carries is asked for."""
_WISHES: Final = frozenset({"time_of_day", "weekend", "carry_up"})
"""What can be passed on as a wish for an order that there is."""
_WHERE_TO: Final = re.compile(
    r"\b(?:where|do you (?:deliver|ship|send)|can you (?:deliver|ship|send)|deliver to|ship to)\b"
    r"|哪里|哪些|能送|能寄|可以寄|可以送",
    re.IGNORECASE,
)
_ALSO: Final = {
    "GB": ("uk", "u.k.", "britain", "england", "scotland", "wales", "northern ireland"),
    "US": ("usa", "u.s.", "the us", "the states", "america"),
    "CN": ("大陆", "国内", "内地", "全国"),
    "HK": ("hong kong", "香港"),
    "MO": ("macau", "macao", "澳门"),
    "TW": ("taiwan", "台湾"),
    "NL": ("holland", "荷兰"),
    "AE": ("dubai", "迪拜"),
}
"""What people say besides a country's name in CLDR."""


_ALSO_WORDS: Final = frozenset({"nice", "reading", "bath", "cork", "orange", "split", "kent", "oral"})
"""Places whose names are words too: they count only after "to" or "in"."""


def _names() -> list[tuple[str, str]]:
    named = [
        (name.casefold(), code)
        for locale in _LOCALES.values()
        for code, name in locale.territories.items()
        if _CODE.match(code) and code not in ("EU", "EZ", "UN", "XA", "XB")
    ]
    named += [(name, code) for code, names in _ALSO.items() for name in names]
    named += [(str(name).casefold(), code) for code, names in read("places").items() for name in names]
    named += _zone_cities()
    return sorted(named, key=lambda each: -len(each[0]))


HOW_LONG: Final = re.compile(
    r"\W*(?:and |so |ok |about |roughly )*(?:how (?:long|many days|fast|quick\w*)|when|days)"
    r"(?: (?:does|will|would|is) (?:it|that|this))?"
    r"(?: (?:take|be|arrive|come|usually|normally|then))*\W*"
    r"|\W*(?:那|大概|一般|要|得|需要)*(?:多久|多长时间|几天|多少天)(?:能|会|可以)?(?:到|收到|送到)?[了呢啊呀？?\s]*",
    re.IGNORECASE,
)
"""A question for a time that names nothing: it goes on with what was answered before."""
_RESPONSES: Final = frozenset({"utter_delivery", "utter_delivery_offer_person"})
_ASKS_WHETHER: Final = re.compile(
    r"\b(?:do|does|can|could|will|would|is it possible)\b|[吗么]\W*$|能|可以|支持", re.IGNORECASE
)
ANSWERS: Final = frozenset({"action_ask_delivery_cost", "action_ask_delivery_options"})
"""After one of these a question that names no place goes on with the country of before."""
ASKS_TIME: Final = re.compile(
    r"\bhow (?:long|many days|fast|quick\w*|soon)\b|\bwhen\b|多久|多长时间|几天|多少天|什么时候|啥时候|几号",
    re.IGNORECASE,
)
"""A question for a time."""
_ASKS_COST: Final = re.compile(
    r"\bhow much\b|\bcosts?\b|\bcharges?\b|\bfees?\b|\bprice\b|\bfree\b|\bpostage\b"
    r"|多少钱|运费|邮费|几块|包邮|免邮|收费",
    re.IGNORECASE,
)
_AROUND_PLACE: Final = re.compile(
    r"\b(?:and|or|so|ok|okay|oh|hm+|then|what|how|about|if|it|i'?m|i|live|to|in|for|is|does|will|would|be|the|same|also"
    r"|do|you|ship|deliver|send|there|much|long|cost|take|please|days|many|when|delivery|shipping|postage)\b"
    r"|[那要如果是寄到发往送去的话呢啊吗嘛也可以能行还有运费邮费多少钱久几天得需大概我在人住]",
    re.IGNORECASE,
)
"""The words that a question may have which changes nothing but the place: "what about France, how much?"."""
_ONLY_POSTCODE: Final = re.compile(
    r"^\W*(?:\b(?:and|so|ok|to|for|in|it['’]?s|i['’]?m|my|the|zip(?: ?code)?|post ?code"
    r"|is)\b\W*|[寄送发]?[到往去给]|邮编|是|那|我)*\W*"
    r"(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,5}(?:[ -][A-Z0-9]{3,4})?\W*(?:的话|呢)?\W*",
    re.IGNORECASE,
)
_OTHER_WORDS: Final = 1


_ABOUT_RETURNS: Final = frozenset({"action_ask_return_policy", "action_ask_how_to_return"})
_BACK: Final = re.compile(
    r"\b(?:who|pay|postage|shipping|freight|free|cost|fee|return)\b|运费|邮费|快递费|谁|免费|钱", re.IGNORECASE
)
"""After an answer about returns: a question for what the way back costs."""


_SENT_BACK: Final = re.compile(
    r"\breturn (?:shipping|postage|freight|delivery|label)\b"
    r"|\b(?:shipping|postage) (?:for|on|of) (?:an? |the |my )?returns?\b"
    r"|\b(?:send|ship|mail|post)(?:ing)? (?:it |them |this |things? |something |stuff )?back\b"
    r"|\bif i return\b|\bto return\b|退货|退回去?|寄回",
    re.IGNORECASE,
)
"""What goes back is spoken of, whatever was before."""
_GOES_OUT: Final = re.compile(
    r"\b(?:deliver|order|buy|new|to me|send me)\w*\b|下单|买|新|配送|派送|发货", re.IGNORECASE
)
"""What is delivered to the shopper, whatever goes back."""


def of_way_back(text: str) -> bool:
    """Whether words name by themselves what goes back to the shop."""
    return _SENT_BACK.search(text) is not None


def _zone_cities() -> list[tuple[str, str]]:
    """The cities after which time zones are called, in each language."""
    found = []
    for locale in _LOCALES.values():
        for zone, country in get_global("zone_territories").items():
            city = locale.time_zones.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")
            if "/" in zone and _CODE.match(country) and len(city) > 1 + 2 * city.isascii():
                found.append((str(city).casefold(), country))
    return found


_NAMES: Final = _names()


def country_in(text: str) -> str | None:
    """The country that a text names, itself or by a city, in English or Chinese (ISO 3166-1 alpha-2); None if none."""
    folded = text.casefold()
    for name, code in _NAMES:
        before = r"(?<=\bto )|(?<=\bin )" if name in _ALSO_WORDS else r"(?<![a-z])"
        after = r"(?=\W*$|\s*[,.?!])" if name in _ALSO_WORDS else r"(?![a-z])"
        if name in folded and (not name.isascii() or re.search(rf"(?:{before}){re.escape(name)}{after}", folded)):
            return code
    return None


def place_in(text: str, country: str) -> str | None:
    """The city or region of `country` that a text names, as it is written there; None where it names none of it."""
    if country_in(text) != country:
        return None
    own = {
        name.casefold() for locale in _LOCALES.values() for code, name in locale.territories.items() if code == country
    }
    own |= set(_ALSO.get(country, ()))
    named = [name for name, code in _NAMES if code == country and name not in own]
    for name in named:
        edges = rf"(?<![a-z]){re.escape(name)}(?![a-z])" if name.isascii() else re.escape(name)
        found = re.search(edges, text, re.IGNORECASE)
        if found is not None:
            return found.group() if found.group() != found.group().lower() else found.group().title()
    return None


def rate_for(rates: Sequence[ShippingRateView], country: str) -> ShippingRateView | None:
    """The rate that holds for a country: its own, else the one for all others."""
    own = next((rate for rate in rates if country in rate.countries), None)
    return own or next((rate for rate in rates if not rate.countries), None)


class DeliveryAction(DeskAction):
    """What the two answers share."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers for the country named, else where this shopper lives, else the shop's own."""
        return await self.tell(dispatcher, Turn(tracker))

    async def tell(self, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
        """Answers a message, whatever it was understood as; what goes on with an answer keeps what was asked."""
        going_on = None if _ASKS_WHETHER.search(turn.text) else goes_on(turn)
        if going_on is not None and not isinstance(self, going_on):
            return await going_on(self.desk).tell(dispatcher, turn)
        policies = await self.desk.crm.policies()
        further = HOW_LONG.fullmatch(turn.text) or asks_bare_cost(turn.text)
        about_delivery = last_action(turn) in ANSWERS or last_response(turn) in _RESPONSES
        earlier = country_in(last_words(turn)) if about_delivery and further else None
        wording = self.desk.wording(turn.language)
        of_returns = last_action(turn) in _ABOUT_RETURNS or last_response(turn) == "utter_returns"
        if of_returns and _BACK.search(turn.text) and country_in(turn.text) is None:
            return await self._costs_back(dispatcher, turn, policies)
        if _BACK.search(turn.text) and country_in(turn.text) is None and not _GOES_OUT.search(turn.text):
            # Of who just sends something back, "do I pay postage?" asks of that.
            told = await told_of_open_return(self.desk, dispatcher, turn)
            if told is not None:
                return told
            if of_way_back(turn.text):
                return await self._costs_back(dispatcher, turn, policies)
        country = country_in(turn.text) or earlier or await self._home(turn) or policies.shop.country
        named = country_in(turn.text) is not None or earlier is not None
        sentences, sure = await self.told(turn, policies, wording, country, named=named)
        if sure and (place := place_in(turn.text, country)) is not None:
            # An island or a far state might cost more elsewhere: here no rate of its own is known.
            within = wording.say("delivery.within", place=place, country=country_name(country, wording))
            sentences = [within, *sentences]
        response = "utter_delivery" if sure else "utter_delivery_offer_person"
        dispatcher.utter_message(response=response, answer=wording.sentences(*sentences))
        return []

    async def _costs_back(
        self, dispatcher: CollectingDispatcher, turn: Turn, policies: PolicyExplanation
    ) -> list[Event]:
        wording = self.desk.wording(turn.language)
        currency = await Records(self.desk, turn, policies).currency()
        answer = wording.sentences(*freight_in_words(policies, wording, currency=currency))
        dispatcher.utter_message(response="utter_delivery", answer=answer)
        return []

    async def _home(self, turn: Turn) -> str | None:
        try:
            book = await self.desk.crm.addresses(turn.conversation_id)
        except CrmNotFound:
            return None
        return next((each.country for each in book.addresses if each.country), None)

    async def _usual_days(
        self, rate: ShippingRateView, country: str, wording: Wording
    ) -> tuple[str, DeliveryExperience]:
        """How long parcels take, as the shop promises it or else as they took lately; and what was seen lately."""
        lately = await self.desk.crm.delivery_experience(country)
        if rate.days is not None:
            return wording.say("delivery.days", least=rate.days[0], most=rate.days[1]), lately
        if lately.days is not None:
            key = "days_lately" if lately.days[0] < lately.days[1] else "days_lately_same"
            return wording.say(f"delivery.{key}", least=lately.days[0], most=lately.days[1]), lately
        return wording.say("delivery.days_unknown"), lately

    def _today(self, policies: PolicyExplanation) -> date:
        return self.desk.clock.now().astimezone(ZoneInfo(policies.shop.timezone)).date()

    def _answered(
        self,
        turn: Turn,
        rate: ShippingRateView,
        lately: DeliveryExperience,
        policies: PolicyExplanation,
        wording: Wording,
    ) -> tuple[list[str], bool]:
        usual = usual_days(rate, lately)
        return answered(turn.text, usual, self._today(policies), policies.shop.timezone, wording)

    @staticmethod
    def _free(rate: ShippingRateView, currency: str, wording: Wording) -> str | None:
        free = rate.free_from_minor.get(currency)
        return None if free is None else wording.say("delivery.free_from", amount=wording.money(free, currency).text)

    async def told(
        self, turn: Turn, policies: PolicyExplanation, wording: Wording, country: str, *, named: bool
    ) -> tuple[list[str | None], bool]:
        """The sentences, and whether they answer it."""
        raise NotImplementedError


class ActionAskDeliveryCost(DeliveryAction):
    """What delivery costs, and from when on it is free."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_delivery_cost"

    async def told(
        self, turn: Turn, policies: PolicyExplanation, wording: Wording, country: str, *, named: bool
    ) -> tuple[list[str | None], bool]:
        """For a product that is named, whether it is enough for free delivery."""
        place = country_name(country, wording)
        rates = policies.shipping.rates if policies.shipping else []
        rate = rate_for(rates, country)
        if rate is None:
            return [wording.say("delivery.cost_unknown", country=place), _served(rates, policies, wording)], False
        currency = (
            policies.shop.currency if policies.shop.currency in rate.charge_minor else next(iter(rate.charge_minor))
        )
        charge, free = rate.charge_minor[currency], rate.free_from_minor.get(currency)
        cost = (
            wording.say("delivery.cost", country=place, charge=wording.money(charge, currency).text)
            if charge
            else wording.say("delivery.cost_nothing", country=place)
        )
        told: list[str | None] = [free_of_charge(turn.text, rate, currency, wording), cost]
        if charge and free is not None:
            told.append(wording.say("delivery.free_from", amount=wording.money(free, currency).text))
            told.append(await self._for_goods(turn, wording, currency, charge, free))
        days, lately = await self._usual_days(rate, country, wording)
        first, counted = self._answered(turn, rate, lately, policies, wording)
        if ASKS_TIME.search(turn.text) or counted:
            told.append(days)
        told = [*first, *told] if counted or not asks_free(turn.text) else [*told, *first]
        return told, True

    async def _for_goods(self, turn: Turn, wording: Wording, currency: str, charge: int, free: int) -> str | None:
        goods = await find_goods(self.desk, turn)
        if len(goods.found) != 1 or goods.nearly:
            return None
        good = goods.found[0]
        prices = {each.price_minor for each in good.variants if each.price_minor and each.currency == currency}
        if len(prices) != 1:
            return None
        key = "goods_free" if prices.pop() >= free else "goods_charged"
        return wording.say(f"delivery.{key}", name=good.product.name, charge=wording.money(charge, currency).text)


class ActionAskDeliveryOptions(DeliveryAction):
    """Where to, how long, and what can be chosen."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_delivery_options"

    async def told(
        self, turn: Turn, policies: PolicyExplanation, wording: Wording, country: str, *, named: bool
    ) -> tuple[list[str | None], bool]:
        """Whether the country is served, the usual days, the cost; what is not on record is said not to be."""
        place = country_name(country, wording)
        rates = policies.shipping.rates if policies.shipping else []
        rate = rate_for(rates, country)
        if rate is None:
            return [wording.say("delivery.not_listed", country=place), _served(rates, policies, wording)], False
        told: list[str | None] = [wording.say("delivery.served", country=place)] if named else []
        currency = (
            policies.shop.currency if policies.shop.currency in rate.charge_minor else next(iter(rate.charge_minor))
        )
        days, lately = await self._usual_days(rate, country, wording)
        carriers = (
            wording.say("delivery.carriers", carriers=wording.listed(lately.carriers)) if lately.carriers else None
        )
        first, counted = self._answered(turn, rate, lately, policies, wording)
        free_now = free_of_charge(turn.text, rate, currency, wording)
        if first or free_now is not None:
            # What is asked by name is answered, and no more of the rest told than belongs to it.
            wishes = wording.say("delivery.wishes") if set(asked_of_delivery(turn.text)) & _WISHES else None
            return [free_now, *first, None if counted else days, wishes], True
        if HOW_LONG.fullmatch(turn.text) or (ASKS_TIME.search(turn.text) and not _WHERE_TO.search(turn.text)):
            usual = usual_days(rate, lately)
            today = self._today(policies)
            between = None
            if usual is not None:
                zone = policies.shop.timezone
                start, end = usual.between(today)
                between = ordered_today(start, end, zone, wording)
            cost = wording.say("delivery.costs", charge=wording.money(rate.charge_minor[currency], currency).text)
            return [days, between, *told, cost, self._free(rate, currency, wording)], usual is not None
        if not named:
            told = [wording.say("delivery.served", country=place)]
        if _CARRIER.search(turn.text):
            told = [carriers or wording.say("delivery.carriers_unknown", country=place), *(told if named else [])]
            carriers = None
        told += [days, carriers]
        told.append(wording.say("delivery.costs", charge=wording.money(rate.charge_minor[currency], currency).text))
        told.append(self._free(rate, currency, wording))
        if not named:
            told.append(_served(rates, policies, wording))
        told.append(wording.say("delivery.wishes"))
        return told, rate.days is not None or lately.days is not None


def country_name(code: str, wording: Wording) -> str:
    """A country in the reader's language."""
    return str(_LOCALES[wording.language].territories.get(code, code))


def _served(rates: Sequence[ShippingRateView], policies: PolicyExplanation, wording: Wording) -> str | None:
    codes = list(dict.fromkeys(code for rate in rates for code in rate.countries))
    if not codes or any(not rate.countries for rate in rates):
        return None
    return wording.say("delivery.countries", countries=wording.listed([country_name(each, wording) for each in codes]))


def goes_on(turn: Turn) -> type[DeliveryAction] | None:
    """What a message asks that only goes on with an answer about delivery: another place, or how long; else None."""
    before = last_action(turn)
    if before not in ANSWERS and last_response(turn) not in _RESPONSES:
        return None
    if HOW_LONG.fullmatch(turn.text):
        return ActionAskDeliveryOptions
    if asks_bare_cost(turn.text):
        return ActionAskDeliveryCost
    if names_only_postcode(turn.text):
        return ActionAskDeliveryCost if before == "action_ask_delivery_cost" else ActionAskDeliveryOptions
    if not _names_only_a_place(turn.text):
        return None
    time, cost = ASKS_TIME.search(turn.text) is not None, _ASKS_COST.search(turn.text) is not None
    if time == cost:
        return ActionAskDeliveryCost if before == "action_ask_delivery_cost" else ActionAskDeliveryOptions
    return ActionAskDeliveryOptions if time else ActionAskDeliveryCost


def names_only_postcode(text: str) -> bool:
    """Whether a message is nothing but a postcode to deliver to: "to 43210", 寄到43210."""
    return _ONLY_POSTCODE.fullmatch(text) is not None


def _names_only_a_place(text: str) -> bool:
    """Whether a country is named, or a city of one, and nothing else that could be asked about."""
    name = next((name for name, _ in _NAMES if country_in(text) and name in text.casefold()), None)
    if name is None:
        return False
    rest = _AROUND_PLACE.sub(" ", text.casefold().replace(name, " "))
    return len(re.findall(r"[a-z']{2,}|[\u4e00-\u9fff]", rest)) <= _OTHER_WORDS


ACTIONS: tuple[type[DeskAction], ...] = (ActionAskDeliveryCost, ActionAskDeliveryOptions)
