"""How goods travel back: the ways there are, and of a return that is open what is still to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.dialogue import conversation_focus
from actions.changes.plainly import plainly_asked
from actions.changes.records import Records
from actions.changes.returns import OPEN_RETURNS
from actions.crm_client import ChangeRefused, CrmNotFound, CrmRefused, HigherLevelNeeded
from actions.desk import Desk, DeskAction, Event, Turn
from actions.details import number_key
from actions.on_its_way import told_as_on_its_way
from actions.return_terms import mind_reason, terms_for, terms_in_words
from actions.returns import ReturnsAction, ReturnsAnswer, own_lines
from shopdesk_schemas.returns import ReturnView

_SENT: Final = re.compile(
    r"\btrack|\bsent\b|\bposted\b|\bshipped\b|\bdropped\b|单号|已经?寄|寄[出回了]|发出", re.IGNORECASE
)
_ASKS: Final = re.compile(r"\?|？|\bhow\b|\bwhere\b|\bcan\b|\bwhich\b|怎么|如何|哪|吗|能不能", re.IGNORECASE)


class ActionAskHowToReturn(ReturnsAction):
    """How goods travel back; of a return that is open, what is still to be done; a parcel's number is noted at once."""

    def name(self) -> str:
        """The action's name."""
        return "action_ask_how_to_return"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Begins the return where it is asked for and not asked about: "all of my last order goes back"."""
        begun = await plainly_asked(self.desk, dispatcher, Turn(tracker))
        return begun if begun is not None else await super().run(dispatcher, tracker, domain)

    async def answer(self, answer: ReturnsAnswer, records: Records) -> list[Event]:
        """The open return's way, else the ways there are."""
        turn = answer.turn
        returns = [each for each in await records.returns() if each.state in {*OPEN_RETURNS, "in_transit"}]
        number = self._parcel(turn, returns, await records.summaries() if returns else [])
        if returns and number is not None:
            return await self._note(answer, returns[0], number)
        if returns:
            return answer.utter(open_return_in_words(returns[0], answer), order=returns[0].order_number)
        sent = await told_as_on_its_way(turn, records)
        if sent is not None:
            return answer.not_here_yet(*sent)
        rules = answer.policies.returns
        assert rules is not None  # noqa: S101 - looked at before
        own = await own_lines(turn, records)
        terms = terms_for(rules, answer.policies.shop.country, frozenset(), mind_reason(answer.policies))
        ways = [answer.say(f"way.{each}") for each in terms.methods]
        steps = [
            answer.say("how", ways=answer.wording.any_of(ways)),
            answer.say("send_within", days=rules.send_within_days),
            terms_in_words(terms, answer.policies, answer.wording, freight_only=True, currency=answer.currency)[0],
        ]
        view, lines = own if own is not None else (None, set[int]())
        return answer.utter(steps, start=True, order=view.number if view else None, lines=sorted(lines))

    @staticmethod
    def _parcel(turn: Turn, returns: Sequence[ReturnView], orders: Sequence[Any]) -> str | None:
        """The number of the shopper's own parcel, where the message gives one that is no order's and no return's."""
        known = {number_key(each.number) for each in [*returns, *orders]}
        numbers = [str(each) for kind in ("order_number", "phone") for each in turn.entities(kind)]
        fresh = [each for each in numbers if number_key(each) not in known and len(number_key(each)) >= 6]
        return fresh[0] if fresh and (_SENT.search(turn.text) or not _ASKS.search(turn.text)) else None

    async def _note(self, answer: ReturnsAnswer, returned: ReturnView, number: str) -> list[Event]:
        turn = answer.turn
        details = {"number": returned.number, "tracking_number": number}
        try:
            done = await self.desk.crm.propose(
                turn.conversation_id, "return.add_tracking", details, key=f"{turn.message_id}:tracking"
            )
        except ChangeRefused as refusal:
            why = answer.changes.rule(refusal.rule, refusal.values)
            return answer.utter([why], person=True, order=returned.order_number)
        except (CrmRefused, CrmNotFound, HigherLevelNeeded):
            return answer.utter([answer.say("number_not_taken")], person=True)
        words = answer.changes.done(done)
        when = answer.policies.returns.refund_when if answer.policies.returns and returned.kind == "refund" else None
        next_step = answer.say(f"status.next_{when}") if when else None
        return answer.utter([words, next_step], order=returned.order_number)


def open_return_in_words(returned: ReturnView, answer: ReturnsAnswer) -> list[str]:
    """What is still to be done with a return that is open: how and by when it is sent, and what that costs."""
    if returned.state == "requested":
        told = [answer.say("wait_for_approval", number=returned.number)]
    elif returned.state == "in_transit":
        told = [answer.say("sent_already", number=returned.number)]
    else:
        told = [answer.say(f"send.{returned.method}", number=returned.number)]
        if returned.send_by is not None:
            told.append(
                answer.say("send_by", until=answer.wording.day_of(returned.send_by, answer.policies.shop.timezone))
            )
        if returned.method == "own":
            told.append(answer.say("tell_number"))
        if returned.freight_minor:
            amount = answer.wording.money(returned.freight_minor, returned.currency).text
            told.append(answer.say("freight_off", freight=amount))
        elif returned.freight_minor == 0:
            told.append(answer.say("freight.shop"))
    return told


async def told_of_open_return(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Tells what is still to be done with the return of the order spoken of last; None where that has none open."""
    spoken = conversation_focus(turn).orders[:1]
    if not spoken:
        return None
    policies = await desk.crm.policies()
    try:
        returns = await Records(desk, turn, policies).returns()
    except CrmNotFound:
        return None
    mine = next((each for each in returns if each.order_number == spoken[0] and each.state in OPEN_RETURNS), None)
    if mine is None:
        return None
    answer = ReturnsAnswer(dispatcher, turn, desk.wording(turn.language), policies)
    return answer.utter(open_return_in_words(mine, answer), order=mine.order_number)


ACTIONS: tuple[type[DeskAction], ...] = (ActionAskHowToReturn,)
