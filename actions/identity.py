"""Whether an order is the shopper's: a number and a proof of a guest, asked for once, by whichever form is open.

The CRM alone decides. A wrong combination gets the same words whether or not there is such an order. Both forms, the
one that tracks and the one that changes orders, read and ask by what is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.asked_again import would_nag
from actions.by_name import identified_by_name, offering_name, read_by_name
from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.desk import Desk, DeskAction, Event, Turn, leave_form
from actions.details import Asked, Details, Proof, number_key, read_details, without_passing
from actions.handoff import NOT_UNDERSTOOD, REQUESTED, hand_over, say_handed_over
from actions.help_pages import PERSON
from actions.proofs import FOUR_DIGITS, PROOFS, REFERENCE, Identified, read_proofs, stored_proofs
from actions.resolver.claims import claimed_spans
from actions.wording import Wording
from actions.wrong_person import without_denied
from shopdesk_schemas.crm import OrderProof, PolicyExplanation, Verification, VerificationRequest

_QUESTIONS_BEFORE_HANDOVER = 2
_PROOFS_TRIED_PER_MESSAGE = 2


@dataclass(frozen=True)
class _Given:
    """What is on the table after this message."""

    references: list[str]
    proofs: list[Proof]


class IdentityForm(DeskAction):
    """The part of a form's validation that finds out whose order it is."""

    def read(self, turn: Turn, asked: Asked, policies: PolicyExplanation) -> Details:
        """The identifiers of the message, read by what was asked for."""
        # After too many tries what comes next is most likely one more proof for the same number.
        limited = None if asked else turn.tracker.get_slot("limited_reference")
        if policies.verification.name_and_postcode and not limited:
            by_name = read_by_name(turn, asked, policies)
            if by_name is not None:
                return by_name
        details = read_details(
            without_passing(turn.text, without_denied(turn.text, turn.message.get("entities") or [])),
            asked=PROOFS if limited else asked,
            known_reference=limited or turn.tracker.get_slot(REFERENCE),
            postcode_digits=4 if policies.shop.country in FOUR_DIGITS else None,
            refused=read_proofs(turn.tracker.get_slot("refused_proofs")),
            claimed=claimed_spans(turn.text, currency=policies.shop.currency),
        )
        if not details.references and turn.page_order and not (turn.tracker.get_slot(REFERENCE) or asked or limited):
            return Details([turn.page_order], details.proofs)
        return details

    async def identify(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        asked: Asked,
        details: Details,
        verification: Verification | None,
        policies: PolicyExplanation,
    ) -> Identified | list[Event]:
        """Who may be shown which order: found out, or the events that ask on (or hand over).

        `verification` is how the conversation is verified; None where the proof given is tried by `_open` anyway.
        """
        tracker = turn.tracker
        opened_number = verification.order_number if verification and verification.level == "order" else None
        if opened_number and not tracker.get_slot("another_order"):
            opened = await self._opened(turn, asked, details, opened_number)
            if opened is not None:
                return opened
        accepted = policies.verification.proofs
        usable = [proof for proof in details.proofs if proof.kind in accepted]
        if policies.verification.name_and_postcode and not details.references:
            by_name = await identified_by_name(self.desk, dispatcher, turn, details, policies)
            if by_name is not None:
                return by_name
        refused_kind = bool(details.proofs) and not usable
        known = None if turn.intent == "track_another" and not details.references else tracker.get_slot(REFERENCE)
        if details.proofs and not asked:
            known = known or tracker.get_slot("limited_reference")
        references = details.references or ([known, *(tracker.get_slot("further_references") or [])] if known else [])
        kept = read_proofs(tracker.get_slot(PROOFS))
        proofs = usable or [proof for proof in kept if proof.kind in accepted]
        corrected = bool(details.references and known and number_key(details.references[0]) != number_key(known))
        if not proofs and corrected:
            # Only the number was wrong: what was given with it is tried again.
            proofs = read_proofs(tracker.get_slot("refused_proofs"))
        given = _Given(references, _in_order(proofs, accepted))
        if references and proofs:
            return await self._verify(dispatcher, turn, given)
        if asked and turn.intent == "affirm" and not details and tracker.get_slot("offer") == PERSON:
            await say_handed_over(self, dispatcher, turn)
            return hand_over(REQUESTED)
        events = await self._ask(dispatcher, turn, asked, given, progress=bool(details), refused_kind=refused_kind)
        return events if references else offering_name(events, policies)

    async def _opened(self, turn: Turn, asked: Asked, details: Details, opened: str) -> Identified | None:
        """Ends the form when the message is about the order that is already open."""
        if asked and not details.references:
            return None
        if not details.references:
            return Identified([opened])
        first = number_key(details.references[0])
        if first != number_key(opened):
            try:
                order = await self.desk.crm.order(turn.conversation_id, opened, turn.language)
            except CrmNotFound:
                return None
            if first not in {number_key(each.tracking_number or "") for each in order.shipments}:
                return None
        return Identified([opened, *details.references[1:]], details.proofs)

    async def _verify(self, dispatcher: CollectingDispatcher, turn: Turn, given: _Given) -> Identified | list[Event]:
        reference = given.references[0]
        for proof in given.proofs[:_PROOFS_TRIED_PER_MESSAGE]:
            try:
                opened = await self._open(turn, reference, proof)
            except CrmTooManyRequests as limit:
                wait = self.desk.wording(turn.language).wait(limit.retry_after)
                dispatcher.utter_message(response="utter_verification_limited", wait=wait)
                return [*leave_form(), SlotSet("offer", PERSON), SlotSet("limited_reference", reference)]
            if opened is not None:
                return Identified([opened, *given.references[1:]], given.proofs)
        failures = turn.count("verification_failures") + 1
        return [
            SlotSet(REFERENCE, reference),
            SlotSet("further_references", given.references[1:]),
            SlotSet(PROOFS, None),
            SlotSet("refused_proofs", stored_proofs(given.proofs)),
            SlotSet("verification_failures", failures),
            SlotSet("questions_in_vain", 0),
            SlotSet("question_variant", "failed" if failures == 1 else "failed_again"),
            SlotSet("offer", None if failures == 1 else PERSON),
            SlotSet("tracking_step", "ask"),
        ]

    async def _open(self, turn: Turn, reference: str, proof: Proof) -> str | None:
        """The number of the order that `proof` opens; None when it does not fit. Raises `CrmTooManyRequests`."""
        verified = await try_proof(self.desk, turn, reference, proof)
        return None if verified is None else verified.order_number or reference

    async def _ask(
        self,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        asked: Asked,
        given: _Given,
        *,
        progress: bool,
        refused_kind: bool,
    ) -> list[Event]:
        waits = turn.intent == "affirm" and turn.tracker.get_slot("question_variant") != "waiting"
        in_vain = 0 if progress or not asked else turn.count("questions_in_vain") + (0 if waits else 1)
        if in_vain > _QUESTIONS_BEFORE_HANDOVER:
            dispatcher.utter_message(response="utter_handoff_misunderstood")
            return hand_over(NOT_UNDERSTOOD)
        if "out_of_scope" in turn.also_asked:
            # Where an order is shown at once, this comes after it (`ActionTrackOrder`).
            dispatcher.utter_message(response="utter_out_of_scope_in_passing")
        next_question: Asked = PROOFS if given.references else REFERENCE
        variant = self._variant(turn, asked, given, next_question, in_vain, refused_kind)
        return [
            SlotSet(REFERENCE, given.references[0] if given.references else None),
            SlotSet("further_references", given.references[1:] or turn.tracker.get_slot("further_references") or []),
            SlotSet(PROOFS, stored_proofs(given.proofs) or None),
            SlotSet("questions_in_vain", in_vain),
            SlotSet("question_variant", variant),
            SlotSet("offer", PERSON if variant in {"help", "lack_again"} else None),
            SlotSet("tracking_step", "ask"),
        ]

    @staticmethod
    def _variant(turn: Turn, asked: Asked, given: _Given, question: Asked, in_vain: int, refused_kind: bool) -> str:
        """How to put the question: never twice in a row the same way."""
        last = turn.tracker.get_slot("question_variant") if asked else None
        if refused_kind:
            return "not_accepted" if question == PROOFS else "first"
        if turn.intent == "lack_details":
            return "lack_again" if last in ("lack", "lack_name") else "lack"
        if turn.intent == "track_another" or (turn.tracker.get_slot("another_order") and not asked):
            return "another" if question == REFERENCE else "first"
        if asked and turn.intent == "affirm" and last != "waiting":
            return "waiting"
        if in_vain == 0 or asked != question:
            if question == REFERENCE and given.proofs:
                return "with_proof"
            return "changed" if asked == PROOFS and question == PROOFS else "first"
        return "again" if in_vain == 1 and last != "again" else "help"


class AskIdentity(DeskAction):
    """Puts a question of the form. After an answered digression the question comes back in short."""

    form: ClassVar[str]
    slot: Literal["order_reference", "identity_proofs"]

    def name(self) -> str:
        """The action's name."""
        return f"action_ask_{self.form}_{self.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Asks."""
        turn = Turn(tracker)
        variant = tracker.get_slot("question_variant") or "first"
        if tracker.get_slot("details_message") != turn.message_id:
            variant = "resume"
            if would_nag(turn, self.slot):
                return []
        values: dict[str, Any] = {}
        if self.slot == PROOFS:
            wording = self.desk.wording(turn.language)
            values = {"order": tracker.get_slot(REFERENCE) or "", "proofs": await self._proofs(wording)}
        dispatcher.utter_message(response=f"utter_ask_{self.slot}_{variant}", **values)
        return []

    async def _proofs(self, wording: Wording) -> str:
        policy = (await self.desk.crm.policies()).verification
        return wording.any_of([wording.say(f"common.proofs.{kind}") for kind in policy.proofs])


async def try_proof(desk: Desk, turn: Turn, reference: str, proof: Proof) -> Verification | None:
    """The verification that `proof` gives, or None when it does not fit. Raises `CrmTooManyRequests`."""
    if not can_be_tried(reference, proof):
        return None
    request = VerificationRequest.model_validate({"reference": reference, proof.kind: proof.value})
    try:
        return await desk.verify(turn, request)
    except CrmNotFound:
        return None


async def open_at_once(desk: Desk, turn: Turn, reference: str, proof: Proof) -> str | None:
    """The number of the order that is open with `proof`, kept for `Desk.order`; `reference` where the customer's
    record is open anyway, and None when the proof does not fit. Raises `CrmTooManyRequests`.
    """
    if not can_be_tried(reference, proof):
        return None
    given = {"reference": reference, proof.kind: proof.value, "language": turn.language}
    try:
        proven = await desk.prove(turn, OrderProof.model_validate(given))
    except CrmNotFound:
        return None
    if not proven.tried and proven.verification.level == "customer":
        return reference
    return proven.verification.order_number or reference


def can_be_tried(reference: str, proof: Proof) -> bool:
    """Whether they are no longer than any that the CRM looks at."""
    return len(reference) <= 100 and len(proof.value) <= (254 if proof.kind == "email" else 20)


def asked_identity(tracker: Tracker, form: str) -> Asked:
    """Which of the two is being asked for by `form`; None when it asks for something else, or is not open."""
    slot = tracker.get_slot("requested_slot")
    if (tracker.active_loop or {}).get("name") != form:
        return None
    return slot if slot in (REFERENCE, PROOFS) else None


def _in_order(proofs: Sequence[Proof], accepted: Sequence[str]) -> list[Proof]:
    """Proofs of different certainty keep their order; those the shop asks for first come first."""
    kinds = {proof.kind for proof in proofs}
    ambiguous = len({proof.value for proof in proofs}) == 1 and len(kinds) > 1
    return list(proofs) if ambiguous else sorted(proofs, key=lambda proof: accepted.index(proof.kind))
