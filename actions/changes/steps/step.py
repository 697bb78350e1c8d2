"""One message in one request: what both are, and how sure the message is of being a yes, a no or a request."""

from __future__ import annotations

import re
from typing import Any, Final

from rasa_sdk.executor import CollectingDispatcher

from actions.changes.agreeing import SURE_REQUEST, SURE_YES
from actions.changes.dialogue import ChangeDialogue
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.changes.settled import standing
from actions.changes.steps.questions import NO_REQUEST
from actions.changes.taking_time import opens_with_waiting
from actions.desk import Desk, Turn
from actions.identity import IdentityForm
from actions.resolver import resolve_reason
from shopdesk_schemas.crm import PolicyExplanation, Verification

_LEAVES: Final = re.compile(
    r"\b(?:leave|forget|never ?mind|stop|don't|dont|do not|keep|no longer|skip|drop)\b"
    r"|算了|别|不[用办退换取要了]|留着|保留",
    re.IGNORECASE,
)
"""Beside a reason: nothing is wanted any more."""


class Step:
    """What the modules beside this one work on: a message, the request it came into, and what became of both so far.

    Their functions take a step and return the events that say how it goes on; where None is allowed, the message is
    for another of them, or for a rule.
    """

    def __init__(
        self,
        form: IdentityForm,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        dialogue: ChangeDialogue,
        verification: Verification,
        policies: PolicyExplanation,
    ) -> None:
        self.form = form
        self.dispatcher = dispatcher
        self.turn = turn
        self.dialogue = dialogue
        """Of the request that the step is at: another one's, once one follows from it or takes its place."""
        self.verification = verification
        self.policies = policies
        self.before: dict[str, Any] | None = None
        """What was known of the request before this message; None where the message begins it."""
        self.settled: list[str] = []
        """What was carried out of lines of orders, by the requests before the one that the step is at."""
        self.waiting: list[dict[str, Any]] | None = None
        """What stays noted for afterwards, where this message took some of it up."""

    @property
    def desk(self) -> Desk:
        """The CRM and the clock."""
        return self.form.desk

    # Which request it is about

    @property
    def done(self) -> list[str]:
        """What was carried out of lines of orders in this conversation: see `settled`."""
        return standing([*self.dialogue.focus.settled, *self.settled, *self.dialogue.settled])

    def go_on_with(self, request: ChangeRequest) -> ChangeDialogue:
        """Another request of the same orders takes the place of this one: nothing changed that was read of them."""
        return self._at(request, self.dialogue.records)

    def read_afresh(self, request: ChangeRequest) -> ChangeDialogue:
        """The same where something may have changed since, or other orders are meant."""
        return self._at(request, None)

    def _at(self, request: ChangeRequest, records: Records | None) -> ChangeDialogue:
        self.settled += self.dialogue.settled
        self.dialogue = ChangeDialogue(
            self.desk, self.turn, self.dispatcher, request, self.verification, self.policies, records
        )
        return self.dialogue

    # What the message is

    def is_request(self) -> bool:
        """Whether the model is sure enough of what the message asks for to begin something else with it."""
        return self.turn.confidence >= SURE_REQUEST

    def says(self, intent: str) -> bool:
        """Whether the message, or its first words, are a yes (`affirm`) or a no (`deny`)."""
        turn = self.turn
        if intent == "affirm" and not turn.pressed and opens_with_waiting(turn.text):
            # "Wait" and "let me think" agree to nothing, whatever they resemble.
            return False
        if turn.intent == intent and turn.confidence >= SURE_YES:
            return True
        opens = turn.message.get("opening") == intent
        return opens and (turn.intent in NO_REQUEST or not self.is_request())

    def gives_reason(self) -> bool:
        """Whether the message is one of the shop's reasons, and takes nothing back beside it: "I changed my mind"."""
        beside = self.without_reason()
        return beside is not None and _LEAVES.search(beside) is None

    def without_reason(self) -> str | None:
        """The message with blanks for the one reason of the shop's that it gives; None where it gives none."""
        beside = self.turn.text
        why = resolve_reason(beside, self.dialogue.kind.reasons(self.policies))
        for span in why.spans:
            beside = beside[: span.start] + " " * (span.end - span.start) + beside[span.end :]
        return beside if why.status == "one" else None
