"""What the shop recommends: for the shopper, like a product, with an order, as a gift, again; why, and not any more.

The lists and their reasons are the CRM's. Before the first analysis, or where a person has no history, what is popular
is said to be that, and nothing where there is nothing. Nothing is recommended while somebody waits for a person.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import CrmNotFound
from actions.desk import Desk, DeskAction, Event, Turn
from actions.goods import Good, find_goods, product_focus, show_goods, variants_named, wanted_of
from actions.goods_called import product_titles, words_shared
from actions.interests import interests_in, is_for_child, products_for_children, products_named, products_of_interest
from actions.listed import Listed
from actions.product_answers import Answer, button
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionSearchProducts, Within
from actions.resolver.products import read_product_words
from actions.resolver.refusals import Refused, without_refused
from actions.shelves import ShownShelf, log_clicked, log_shown
from actions.whats_sold import shelves
from shopdesk_schemas.content import ProductCard, ProductCardsContent
from shopdesk_schemas.products import ProductView
from shopdesk_schemas.recommendations import RecommendationReason, Recommendations, Recommended
from shopdesk_schemas.turn import Language

_SHOWN = 5
_CONSIDERED = 20
"""How many of what is alike are looked at for those within a price."""
_POPULAR = 40
"""How many of what is popular are looked at for those that suit what somebody likes."""
NO_BOUNDS = Within()
_LONGEST = 400
"""Characters of what was told of a gift that are kept."""
_OF_ORDER: Final = re.compile(r"\borders?\b|\bordered\b|\bbought\b|#|订单|单号|买的|下单", re.IGNORECASE)
_GOES_WITH: Final = re.compile(r"\b(?:go|goes|going|pair|match)\w* (?:well )?with\b|搭配|配什么|一起", re.IGNORECASE)
_ASKS_OF_GOODS: Final = re.compile(
    r"\bwhich (?!.*\b(?:would|should|could)\b)|\bhow much\b|\b(?:is|are) (?:there|it|they|the)\b"
    r"|\b(?:do|does) (?:it|the|they|this|that)\b"
    r"|多少钱|怎么卖|里面?有.{0,8}[吗么嘛没不]|[带含送]不[带含送]|哪[个款种些].{0,6}能",
    re.IGNORECASE,
)
"""It is asked what goods are like or cost."""
_BESIDE_IT: Final = re.compile(
    r"\b(?:go|goes|going|pair|pairs|match|matches|fits?|suits?|complements?) (?:well |nicely )?(?:with|my|our)\b"
    r"|\b(?:else|together|accessor\w+|add|extra|bundle|usually|recommend|suggest|need(?:ed)?|should|along)\b"
    r"|搭|配|一起|还需要|还要|顺便|推荐|别的",
    re.IGNORECASE,
)
"""It is asked what goes with something."""
_ANEW: Final = re.compile(
    r"\b(?:gift|present|something)\b.{0,20}\bfor\b|\banother (?:gift|present)\b"
    r"|送(?:给)?(?:我|一个|老|同|朋|女|男|妈|爸|孩|客)"
    r"|给(?:我)?(?:妈|爸|老|女|男|朋友|同事|孩子|奶奶|爷爷)",
    re.IGNORECASE,
)


def begins_anew(text: str) -> bool:
    """Whether a wish for a gift says who is to have it: another one than before."""
    return _ANEW.search(text) is not None


class RecommendingAction(DeskAction):
    """What the answers with recommendations share."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers; while somebody waits for a person nothing is put to them."""
        turn = Turn(tracker)
        return await self.go_on(dispatcher, turn, Listed(self.name(), turn.text))

    async def go_on(
        self, dispatcher: CollectingDispatcher, turn: Turn, before: Listed, *, below_minor: int | None = None
    ) -> list[Event]:
        """Answers with what comes after the part of a list that was shown before; `below_minor`: and costs less."""
        answer = _Answer(self.desk, dispatcher, turn, before, Within(below=below_minor))
        if turn.tracker.get_slot("handoff"):
            answer.utter(answer.say("not_now"))
            return []
        return await self.answer(answer)

    async def answer(self, answer: _Answer) -> list[Event]:
        """Says what is asked."""
        raise NotImplementedError

    async def popular(self, answer: _Answer, **wanted: Any) -> Recommendations:
        """What many buy just now."""
        wanted = {"limit": answer.limit, **wanted}
        return await self.desk.crm.public_recommendations("popular", answer.turn.language, **wanted)


class _Answer:
    def __init__(
        self, desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, before: Listed, within: Within
    ) -> None:
        self.before = before
        self.within = within
        self.limit = _POPULAR if within else _SHOWN + len(before.shown)
        self._desk = desk
        self._dispatcher = dispatcher
        self.turn = turn
        self.wording = desk.wording(turn.language)
        self.goods = Answer(dispatcher, turn, self.wording)

    def say(self, key: str, /, **values: object) -> str:
        """The words at `recommendations.key`."""
        return self.wording.say(f"recommendations.{key}", **values)

    def utter(self, *sentences: str | None) -> None:
        """An answer without cards."""
        answer = self.wording.sentences(*sentences)
        self._dispatcher.utter_message(response="utter_recommendations", answer=answer)

    async def show(
        self,
        first: str,
        found: Recommendations,
        *,
        with_reasons: bool = True,
        anchor: str | None = None,
        within: Within = NO_BOUNDS,
    ) -> list[Event]:
        """The shelf with cards, and the reason of each where there is one. The log learns what was shown.

        `anchor` is what the list is about, `within` what its goods may cost.
        """
        fresh = [each for each in found.items if each.product not in self.before.shown]
        items: Sequence[Recommended] = [
            each for each in fresh if within.holds([each.price_minor]) and self.within.holds([each.price_minor])
        ][:_SHOWN]
        if not items and self.within:
            return self.no_cheaper()
        if not items:
            self.utter(self.wording.say("products.no_more") if self.before.shown else self.say("nothing_at_that_price"))
            return []
        told = []
        for each in items:
            price = self.goods.money(each.price_minor, each.currency)
            named = self.say("item", name=each.name, price=price) if price else each.name
            why = self.reason(each.reasons) if with_reasons else None
            told.append(self.say("with_reason", item=named, reason=why) if why else named)
        cards = [
            ProductCard(
                sku=each.sku,
                title=each.name,
                price=None
                if each.price_minor is None or each.currency is None
                else self.wording.money(each.price_minor, each.currency),
                image_url=each.image_url,
                url=each.url,
            )
            for each in items
        ]
        content: ProductCardsContent[Any] = ProductCardsContent(text="", products=cards)
        self._dispatcher.utter_message(
            response="utter_recommendations",
            json_message=content.model_dump(mode="json", exclude={"text", "buttons"}),
            buttons=[button(each.name, "ask_product_facts", each.product) for each in items],
            answer=self.wording.sentences(first, self.say("list", items=self.say("separator").join(told))),
        )
        why_each = {each.product: self.reason(each.reasons) or self.say("no_reason", name=each.name) for each in items}
        shown = ShownShelf(found.shelf, why_each)
        await log_shown(self._desk, self.turn, shown)
        kept = replace(self.before, shown=[*self.before.shown, *why_each], anchor=anchor)
        return [*show_goods(self.turn, list(why_each)), shown.remembered(), kept.remembered()]

    def no_cheaper(self) -> list[Event]:
        """Nothing of the list costs less than what was shown of it."""
        self.utter(self.wording.say("products.none_cheaper"))
        return []

    def reason(self, reasons: Sequence[RecommendationReason]) -> str | None:
        """The stored reason in words; None where none is stored."""
        for each in reasons:
            values = each.values
            if each.kind == "bought_before" and values.get("times"):
                times = int(values["times"])
                last = values.get("last_on")
                day = self.wording.day(date.fromisoformat(str(last)[:10]), "UTC") if last else ""
                if day:
                    return self.say("reason.bought_once" if times == 1 else "reason.bought", times=times, day=day)
                return self.say("reason.bought_undated")
            if each.kind in ("often_bought_together", "similar_to") and values.get("name"):
                return self.say(f"reason.{each.kind}", name=values["name"])
            if each.kind == "popular_now":
                scope = str(values.get("scope") or "shop")
                known = scope if self.wording.has(f"recommendations.reason.popular_{scope}") else "shop"
                return self.say(f"reason.popular_{known}", days=values.get("days") or "")
        return None


async def told_plainly(desk: Desk, answer: _Answer, products: Sequence[str], note: str | None) -> list[Event]:
    """What suits what was said, where nothing is known of who else buys it."""
    views = [await desk.crm.product(each, answer.turn.language) for each in products]
    goods = [Good(each, each.variants) for each in views]
    listed = answer.wording.listed([answer.goods.priced(each) for each in goods])
    buttons = [button(answer.goods.title(each), "ask_product_facts", each.external_id) for each in views]
    answer.goods.utter([note, answer.wording.say("products.found", goods=listed)], goods, buttons)
    return show_goods(answer.turn, products)


class ActionRecommendForMe(RecommendingAction):
    """The shopper's shelf."""

    def name(self) -> str:
        """The action's name."""
        return "action_recommend_for_me"

    async def answer(self, answer: _Answer) -> list[Event]:
        """What fits what they bought; for strangers what is popular, and said to be."""
        turn = answer.turn
        page = (turn.metadata.get("page") or {}).get("sku")
        currency = (await self.desk.crm.policies()).shop.currency
        words = read_product_words(turn.text, currency=currency)
        bounds = Within.of(words, [])
        if bounds and (bounds.amount is None or bounds.amount.currency in (None, currency)):
            found = await self.popular(answer, limit=_POPULAR)
            return await answer.show(answer.say("popular"), found, within=bounds)
        if (versions := self._versions_told(answer, await self._spoken_of(turn))) is not None:
            return versions
        named = await products_named(self.desk, turn.text, turn.language)
        if named and not answer.before.shown:
            return await told_plainly(self.desk, answer, named[:_SHOWN], None)
        shelf = await self.desk.crm.recommendations(
            turn.conversation_id, "for_you", turn.language, limit=answer.limit, looking_at=page
        )
        found = shelf if shelf.items else await self.popular(answer)
        if not found.items:
            answer.utter(answer.say("nothing"))
            return []
        return await answer.show(answer.say("for_you" if shelf.personal else "popular"), found)

    async def _spoken_of(self, turn: Turn) -> ProductView | None:
        """The product that was spoken of last."""
        key = next(iter(product_focus(turn).products), None)
        if key is None:
            return None
        try:
            return await self.desk.crm.product(key, turn.language)
        except CrmNotFound:
            return None

    def _versions_told(self, answer: _Answer, product: ProductView | None) -> list[Event] | None:
        """Versions of the product spoken of that are held against each other, with what each costs; None for others.

        Nothing on record says which of them is the better one: "painted or natural, which would you take?"
        """
        sides = variants_named(answer.turn.text, Good(product, product.variants)) if product is not None else []
        if product is None or len(sides) < 2:
            return None
        there = [each for side in sides for each in side]
        told = [
            answer.goods.say(
                "priced",
                name=answer.goods.options_told(each),
                price=answer.goods.money(each.price_minor, each.currency),
            )
            for each in there
        ]
        name = answer.goods.title(product)
        listed = answer.goods.say("row_separator").join(told)
        answer.utter(answer.goods.say("variants.found", count=len(there), name=name, variants=listed))
        return show_goods(answer.turn, [product.external_id])


class ActionRecommendSimilar(RecommendingAction):
    """What is like a product."""

    def name(self) -> str:
        """The action's name."""
        return "action_recommend_similar"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Of the product meant."""
        turn, anchor = answer.turn, answer.before.anchor
        crm = self.desk.crm
        within = NO_BOUNDS
        if anchor is not None:
            product = await crm.product(anchor, turn.language)
        else:
            goods = await find_goods(self.desk, turn, compared_with_it=True)
            if not goods.found:
                return answer.goods.none(goods)
            if len(goods.found) > 1:
                return answer.goods.which(goods)
            product = goods.found[0].product
            within = Within.of(goods.words, [each.price_minor for each in product.variants])
        name = answer.goods.title(product)
        limit = _CONSIDERED if within else answer.limit
        found = await crm.public_recommendations("similar", turn.language, product=product.external_id, limit=limit)
        if not found.items:
            answer.utter(answer.say("nothing_similar", name=name))
            return show_goods(answer.turn, [product.external_id])
        clicked = await log_clicked(self.desk, answer.turn, [product.external_id])
        shown = await answer.show(
            answer.say("similar", name=name), found, with_reasons=False, anchor=product.external_id, within=within
        )
        return [*clicked, *shown]


class ActionRecommendWithOrder(RecommendingAction):
    """What goes with an order, or with a product."""

    def name(self) -> str:
        """The action's name."""
        return "action_recommend_with_order"

    async def answer(self, answer: _Answer) -> list[Event]:
        """The product named, else the order named, else the newest one."""
        turn = answer.turn
        numbers = turn.order_numbers
        if (told := await self._asked_of_goods(answer)) is not None:
            return told
        if answer.before.anchor is not None:
            numbers = [answer.before.anchor]
        elif not _OF_ORDER.search(turn.text) and not _GOES_WITH.search(turn.text) and numbers:
            # "A case for the iPhone 16 that works with it": the number of a model, and a search.
            found_goods = await find_goods(self.desk, turn, search=True, several=True)
            if found_goods.found and not found_goods.guessed:
                return await ActionSearchProducts(self.desk).answer(answer.goods, found_goods)
        if not numbers:
            goods = await find_goods(self.desk, turn)
            if len(goods.found) == 1:
                product = goods.found[0].product
                found = await self.desk.crm.public_recommendations(
                    "bought_together", turn.language, product=product.external_id, limit=answer.limit
                )
                name = answer.goods.title(product)
                if found.items:
                    return await answer.show(answer.say("goes_with", name=name), found, with_reasons=False)
                answer.utter(answer.say("nothing_goes_with", name=name))
                return show_goods(turn, [product.external_id])
            last = turn.tracker.get_slot("last_order")
            numbers = [str(last)] if last else []
        if not numbers:
            orders = (await self.desk.crm.orders(turn.conversation_id, turn.language)).orders
            numbers = [orders[0].number] if orders else []
        if not numbers:
            answer.utter(answer.say("which_order"))
            return []
        try:
            shelf = await self.desk.crm.recommendations_with_order(
                turn.conversation_id, numbers[0], turn.language, limit=answer.limit
            )
        except CrmNotFound:
            answer.utter(answer.say("order_closed", order=numbers[0]))
            return []
        if not shelf.items:
            answer.utter(answer.say("nothing_with_order", order=numbers[0]))
            return []
        return await answer.show(answer.say("with_order", order=numbers[0]), shelf, anchor=numbers[0])

    async def _asked_of_goods(self, answer: _Answer) -> list[Event] | None:
        """Answers what is asked of goods that are named: "which gloves work with a phone?" asks for nothing beside.

        None where what goes with something is asked for.
        """
        turn = answer.turn
        if turn.pressed or turn.entities("sku") or turn.order_numbers or answer.before.anchor or answer.before.shown:
            return None
        if not _ASKS_OF_GOODS.search(turn.text) or _BESIDE_IT.search(turn.text) or _OF_ORDER.search(turn.text):
            return None
        goods = await find_goods(self.desk, turn, search=True, several=True)
        called = [each for each in goods.found if words_shared(turn.text, product_titles([each.product]))]
        if not called:
            return None
        goods = replace(goods, found=called, nearly=False)
        asking = ActionAskProductFacts if len(called) == 1 else ActionSearchProducts
        return await asking(self.desk).answer(answer.goods, goods)


class ActionRecommendGift(RecommendingAction):
    """Something to give, within an amount where one is said."""

    def name(self) -> str:
        """The action's name."""
        return "action_recommend_gift"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Answers; what was said before of who is to have it, of the amount and what is not wanted, still holds."""
        turn = Turn(tracker)
        before = Listed.of(turn)
        told = turn.text
        if before is not None and before.action == self.name() and not begins_anew(told):
            told = f"{told}. {before.text}"[:_LONGEST]
        return await self.go_on(dispatcher, turn, Listed(self.name(), told))

    async def answer(self, answer: _Answer) -> list[Event]:
        """What suits who is to have it, within the amount; else what many buy, and said to be no more than that."""
        currency = (await self.desk.crm.policies()).shop.currency
        refused = without_refused(answer.before.text)
        text, language = refused.kept, answer.turn.language
        amount = read_product_words(text, currency=currency).amount
        foreign = amount is not None and amount.currency not in (None, currency)
        low = high = None
        if amount is not None and not foreign:
            low = amount.minor if amount.bound in ("at_least", "between") else None
            high = {"between": amount.upper_minor, "at_least": None}.get(amount.bound, amount.minor)
        if answer.within.below is not None:
            high = min(high, answer.within.below - 1) if high is not None else answer.within.below - 1
        bounds = {"minimum_minor": low, "maximum_minor": high}
        children = await products_for_children(self.desk, text, language, **bounds)
        liked = await products_of_interest(self.desk, text, language, **bounds)
        named = await products_named(self.desk, text, language, **bounds)
        liked = [each for each in liked if each in named] or named or liked
        liked = [each for each in liked if each in children] or children or liked
        wanted = bool(liked or refused.words or is_for_child(text))
        found = await self.popular(answer, limit=_POPULAR if wanted else answer.limit, **bounds)
        if suited := [each for each in found.items if each.product in liked]:
            suited.sort(key=lambda each: liked.index(each.product))
            found = found.model_copy(update={"items": suited})
        if refused.words:
            left = await self._wanted([each.product for each in found.items], refused, language)
            found = found.model_copy(update={"items": [each for each in found.items if each.product in left]})
            liked = await self._wanted(liked, refused, language)
        note = (
            answer.wording.say("products.other_currency", currency=answer.wording.currency_name(currency))
            if foreign
            else None
        )
        if (named or children) and not suited and liked:
            return await told_plainly(self.desk, answer, liked[:_SHOWN], note)
        if answer.within and not liked and interests_in(text):
            # What is cheaper and suits nobody's interest was not asked for.
            return answer.no_cheaper()
        if not found.items and liked:
            return await told_plainly(self.desk, answer, liked[:_SHOWN], note)
        if not found.items and answer.within:
            return answer.no_cheaper()
        if not found.items and (refused.words or interests_in(text) or is_for_child(text)):
            return await self._ask_kind(answer, note)
        if not found.items:
            answer.utter(note, answer.say("no_gift" if amount else "nothing"))
            return []
        if not suited and not liked and (interests_in(text) or is_for_child(text)):
            # What many buy is nothing for somebody of whom it is said what they like.
            return await self._ask_kind(answer, note)
        if suited:
            first = answer.say("gift_suited")
        elif high is not None and not answer.within:
            first = answer.say("gift_under", amount=answer.goods.money(high, currency))
        else:
            first = answer.say("gift")
        first = answer.wording.sentences(note, first)
        return await answer.show(first, found, with_reasons=False)

    async def _ask_kind(self, answer: _Answer, note: str | None) -> list[Event]:
        """Asks what sort of thing it shall be, with the shelves that there are."""
        found = await shelves(self.desk, answer.turn.language)
        listed = answer.wording.listed(found)
        answer.utter(note, answer.say("gift_unsuited"), answer.say("gift_kind", shelves=listed) if found else None)
        return [answer.before.remembered()]

    async def _wanted(self, products: Sequence[str], refused: Refused, language: Language) -> list[str]:
        """Those of the products of which something is left without what is refused."""
        views = await asyncio.gather(*(self.desk.crm.product(each, language) for each in products[:_CONSIDERED]))
        return [each.external_id for each in views if wanted_of(Good(each, each.variants), refused) is not None]


class ActionBuyAgain(RecommendingAction):
    """What the shopper buys again and again."""

    def name(self) -> str:
        """The action's name."""
        return "action_buy_again"

    async def answer(self, answer: _Answer) -> list[Event]:
        """What they bought before; for who is not signed in, why it cannot be seen."""
        turn = answer.turn
        if (await self.desk.crm.verification(turn.conversation_id)).level != "customer":
            answer.utter(answer.say("sign_in"))
            return []
        shelf = await self.desk.crm.recommendations(
            turn.conversation_id, "buy_again", turn.language, limit=answer.limit
        )
        if not shelf.items:
            answer.utter(answer.say("nothing_again"))
            return []
        return await answer.show(answer.say("buy_again"), shelf)


class ActionAskWhyRecommended(RecommendingAction):
    """Why something was recommended: the reason that was stored with it."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_why_recommended"

    async def answer(self, answer: _Answer) -> list[Event]:
        """Of the product meant, or of all that were shown."""
        shown = ShownShelf.of(answer.turn)
        kept = shown.reasons if shown is not None else {}
        if not kept:
            answer.utter(answer.say("nothing_recommended"))
            return []
        goods = await find_goods(self.desk, answer.turn)
        meant = [each.product for each in goods.found if each.product.external_id in kept]
        if len(meant) == 1:
            name = answer.goods.title(meant[0])
            answer.utter(answer.say("because", name=name, reason=kept[meant[0].external_id]))
            return show_goods(answer.turn, product_focus(answer.turn).shown, meant[0].external_id)
        answer.utter(answer.say("because_all", reasons=answer.say("separator").join(dict.fromkeys(kept.values()))))
        return []


class ActionNotInterested(RecommendingAction):
    """Keeps a product away from the shopper's shelves."""

    def name(self) -> str:
        """The action's name."""
        return "action_not_interested"

    async def answer(self, answer: _Answer) -> list[Event]:
        """At once for the product meant; asks which where it is not clear."""
        goods = await find_goods(self.desk, answer.turn)
        if not goods.found:
            return answer.goods.none(goods)
        if len(goods.found) > 1:
            return answer.goods.which(goods)
        if goods.words.goods and without_refused(answer.turn.text).words:
            # "Not the children's, the harbour one!": what is named besides what is refused is wanted.
            return await ActionAskAvailability(self.desk).answer(answer.goods, goods)
        product = goods.found[0].product
        try:
            await self.desk.crm.not_interested(
                answer.turn.conversation_id, product.external_id, key=f"{answer.turn.message_id}:dismiss"[:200]
            )
        except CrmNotFound:
            answer.utter(answer.say("nothing"))
            return []
        answer.utter(answer.say("dismissed", name=answer.goods.title(product)))
        return []


ACTIONS: tuple[type[DeskAction], ...] = (
    ActionRecommendForMe,
    ActionRecommendSimilar,
    ActionRecommendWithOrder,
    ActionRecommendGift,
    ActionBuyAgain,
    ActionAskWhyRecommended,
    ActionNotInterested,
)
