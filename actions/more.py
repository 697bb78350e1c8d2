"""Going on with a list: what comes after the goods that were shown, never the same ones again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.crm_client import CrmNotFound
from actions.desk import DeskAction, Event, Turn
from actions.goods import Good, find_goods, product_focus
from actions.listed import Listed
from actions.product_answers import Answer
from actions.products import ActionAskAlternatives, ActionSearchProducts
from actions.recommendations import ACTIONS as RECOMMENDING
from actions.recommendations import RecommendingAction
from actions.resolver.products import read_product_words
from actions.resolver.refusals import without_refused

_SEVERAL: Final = 2


class ActionShowMore(DeskAction):
    """The next ones of the list shown last; where nothing was listed, what can be asked for."""

    def name(self) -> str:
        """The action's name."""
        return "action_show_more"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Shows them, or says that there are no more."""
        turn = Turn(tracker)
        listed = Listed.of(turn)
        if listed is None:
            dispatcher.utter_message(response="utter_ask_capabilities")
            return []
        for action in RECOMMENDING:
            recommending = action(self.desk)
            if isinstance(recommending, RecommendingAction) and recommending.name() == listed.action:
                return await recommending.go_on(dispatcher, turn, listed)
        answer = Answer(dispatcher, turn, self.desk.wording(turn.language))
        if listed.action == "action_ask_alternatives" and listed.anchor is not None:
            return await self._alternatives(answer, listed, listed.anchor)
        goods = await find_goods(self.desk, turn, search=True, several=True, asked=listed.text, skip=listed.skip)
        if not goods.found:
            answer.utter([answer.say("no_more")])
            return []
        return ActionSearchProducts(self.desk).show(answer, goods, listed)

    async def _alternatives(self, answer: Answer, listed: Listed, anchor: str) -> list[Event]:
        try:
            product = await self.desk.crm.product(anchor, answer.turn.language)
        except CrmNotFound:
            answer.utter([answer.say("no_more")])
            return []
        chosen = [each for each in product.variants if each.sku == anchor]
        words = read_product_words(listed.text, currency=(await self.desk.crm.policies()).shop.currency)
        good = Good(product, chosen or product.variants)
        return await ActionAskAlternatives(self.desk).show(answer, good, words, listed)


class ActionAskAlternativesOfList(ActionAskAlternatives):
    """What can be had in place of something; "something cheaper?" after recommendations means more of those."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Of the list that was recommended, where there is one on the screen."""
        turn = Turn(tracker)
        listed = Listed.of(turn)
        for action in RECOMMENDING if listed is not None and not turn.entities("sku") else ():
            recommending = action(self.desk)
            if not isinstance(recommending, RecommendingAction) or listed is None:
                continue
            if recommending.name() == listed.action and (below := await self.cheapest_shown(turn)) is not None:
                return await recommending.go_on(dispatcher, turn, listed, below_minor=below)
            if recommending.name() == listed.action and await self._of_none_of_them(turn, listed):
                told = replace(listed, text=f"{turn.text}. {listed.text}")
                return await recommending.go_on(dispatcher, turn, told)
        return await super().run(dispatcher, tracker, domain)

    async def _of_none_of_them(self, turn: Turn, listed: Listed) -> bool:
        """Whether other goods than all of a list on the screen are asked for: "something else, no soap"."""
        focus = product_focus(turn)
        if len(focus.shown) < _SEVERAL or list(focus.products[: len(focus.shown)]) != list(focus.shown):
            return False
        if not set(focus.shown) <= set(listed.shown):
            return False
        currency = (await self.desk.crm.policies()).shop.currency
        words = read_product_words(without_refused(turn.text).kept, currency=currency)
        return not words.goods and not words.points and words.compared is None


ACTIONS: tuple[type[DeskAction], ...] = (ActionShowMore, ActionAskAlternativesOfList)
