"""One message's step of one request: what is known, what is said, and the question that waits then.

What it goes on with is beside it: `taking_orders`, `asking_pieces`, `proposing`, and `next_piece` for what is next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_KEY
from actions.changes.question import BUTTONS, Question, choice_payload
from actions.changes.reading import Reader
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.several import Beside
from actions.desk import Desk, Turn
from actions.farewells import says_farewell, says_thanks
from actions.orders import line_name
from actions.resolver import NO_FOCUS, Focus
from actions.wording import Wording
from shopdesk_schemas.crm import OrderView, PolicyExplanation, Verification


class ChangeDialogue:
    """One message's step of one request. What it says goes to the dispatcher; `question` is what waits then."""

    def __init__(
        self,
        desk: Desk,
        turn: Turn,
        dispatcher: CollectingDispatcher,
        request: ChangeRequest,
        verification: Verification,
        policies: PolicyExplanation,
        records: Records | None = None,
    ) -> None:
        self.desk = desk
        """The CRM and the clock."""
        self.turn = turn
        """The message."""
        self._dispatcher = dispatcher
        self.request = request
        self.verification = verification
        self.policies = policies
        """The shop's rules."""
        # What was read for this message already is not asked for again.
        self.records = records or Records(desk, turn, policies)
        self.wording: Wording = desk.wording(turn.language)
        """The reader's language."""
        self.focus = NO_FOCUS if turn.metadata.get("begun") else conversation_focus(turn)
        self.reader = Reader(self.records, request, self.focus)
        self.question: Question | None = None
        self.finished = False
        self.offers_person = False
        self.farewell = False
        """The shopper took leave: what waits besides is not taken up."""
        self.beside: Beside | None = None
        """What else is to be done of the order, once something of it was agreed to."""
        self.done: dict[str, str] = {}
        """What was carried out, for questions about it: see `just_done`."""
        self.settled: list[str] = []
        """What was carried out of lines: see `settled`."""
        self.touched: list[str] = []
        """Orders that were changed: what "it" means next."""

    @property
    def kind(self) -> ChangeKind:
        """The request's."""
        return BY_KEY[self.request.kind]

    @property
    def waits(self) -> bool:
        """Whether there is nothing more to do with this message."""
        return self.question is not None or self.finished

    # What is asked and said

    def ask(self, slot: str, key: str, choices: Mapping[str, str], **values: str) -> None:
        """Puts a question of the kind's own: the words at `changes.ask.key`, buttons by what pressing them means."""
        buttons = [{"title": title[:200], "payload": choice_payload(choice)} for choice, title in choices.items()]
        text = self.words(f"ask.{key}", **values)
        self.question = Question(slot, text, buttons[:BUTTONS], any_words=slot in self.kind.any_words)

    def say(self, response: str, **values: Any) -> None:
        """Says something beside the questions."""
        self._dispatcher.utter_message(response=response, **values)

    def finish(self) -> None:
        """There is nothing more to do with this request."""
        self.finished = True

    @property
    def told(self) -> str:
        """What is proposed just now, in words; empty where nothing is."""
        return self.request.told if self.request.proposals else ""

    @property
    def chosen(self) -> str | None:
        """What a button beside the request means."""
        return next((str(each) for each in self.turn.entities("choice")), None)

    # Leaving

    async def leave(self) -> None:
        """Nothing is changed: what was offered is turned down."""
        await self.drop_proposals()
        self.request.then = [{**each, "agreed": []} for each in self.request.then]
        self.say("utter_change_left")
        if says_farewell(self.turn.text) or says_thanks(self.turn.text):
            self.say("utter_goodbye")
            self.farewell = True
        self.finish()

    async def drop_proposals(self) -> None:
        """Turns down what was shown: another offer comes, or none."""
        for shown in self.request.proposals:
            await self.desk.crm.decline(
                self.turn.conversation_id, shown.id, key=f"{self.turn.message_id}:-{shown.id}"[:200]
            )
        self.request.proposals = []

    # Words

    def question_words(self, piece: str, **values: str) -> str:
        """The question for a piece, in the kind's own words where there are some."""
        own = f"ask.{self.kind.key}.{piece}"
        return self.words(own if self.wording.has(f"changes.{own}") else f"ask.{piece}", **values)

    def words(self, key: str, **values: str) -> str:
        """The words at `changes.key` of the locale."""
        return self.wording.say(f"changes.{key}", **values)

    def listed_orders(self) -> str:
        """The numbers of the request's orders, as a list is written."""
        return self.wording.listed(self.request.orders)

    def line_names(self, view: OrderView) -> dict[str, str]:
        """The lines of an order as they are named, by their keys."""
        return {f"{view.number}/{line.line_number}": line_name(line, self.wording) for line in view.lines}

    def names_of(self, lines: Iterable[str]) -> list[str]:
        """Lines as they are named, by their keys."""
        return [name for key in lines if (name := self.name_of(key))]

    def name_of(self, key: str) -> str:
        """A line as it is named; empty where its order was not read."""
        view = self.records.known(key.rpartition("/")[0])
        return self.line_names(view).get(key, "") if view else ""


def conversation_focus(turn: Turn) -> Focus:
    """The focus of the conversation, with what the shopper looks at on the page first."""
    focus = Focus.from_slot(turn.tracker.get_slot("focus"))
    page = turn.metadata.get("page") or {}
    orders = [page["order"], *focus.orders] if page.get("order") else focus.orders
    products = [page["sku"], *focus.products] if page.get("sku") else focus.products
    return replace(focus, orders=orders, products=products)
