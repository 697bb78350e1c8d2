"""Who asks by a full name and a postcode, or an e-mail address, where the shop accepts them without a number.

What a guest says is read kindly: in one message or in several, corrected piece by piece, beside a story; digits that
were taken for an order's number are a postcode after all where a name stands beside them, or where that is said.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.desk import Desk, Event, Turn, leave_form
from actions.details import Asked, Details, Proof, read_details, without_passing
from actions.full_names import read_full_name, without_identity
from actions.help_pages import PERSON
from actions.names_beside import is_only_name
from actions.proofs import NAME, PROOFS, REFERENCE, Identified, postcode_digits, read_proofs, stored_proofs
from actions.refused import REFUSED, pair_key, read_refused_pairs, stored_refused_pairs
from actions.resolver.claims import claimed_spans
from actions.wrong_person import without_denied, without_denied_words
from shopdesk_schemas.crm import PolicyExplanation, VerificationRequest

_OFFERED: Final = {
    "first": "first_name",
    "again": "again_name",
    "lack": "lack_name",
    "help": "help_name",
    "with_proof": "with_proof_name",
}
"""Ways of asking for the number, with the same where a name serves too."""
_AWAITS_NAME: Final = frozenset(
    {"lack_name", "help_name", "with_proof_name", "postcode_wants_name", "name_failed", "name_failed_again"}
)
"""After these a message that is nothing but a name is one."""
_OFFERS_NAME: Final = _AWAITS_NAME | frozenset({*_OFFERED.values(), "name_wants_postcode"})
"""Ways of asking for the number that a full name with a postcode answers as well."""
_LETTERED_POSTCODE: Final = re.compile(
    r"[A-Z]{1,2}\d[A-Z\d]?[ -]?\d[A-Z]{2}"  # GB
    r"|[A-Z]\d[A-Z][ -]?\d[A-Z]\d"  # CA
    r"|\d{4}[ -]?[A-Z]{2}"  # NL
    r"|[A-Z]\d[\dW][ -]?[A-Z][A-Z\d]{3}"  # IE
    r"|(?:LT|BB)[ -]?\d{5}|LV[ -]?\d{4}|AD[ -]?\d{3}",
    re.IGNORECASE,
)
"""Postcodes with letters, of any country."""
_SERVES: Final = ("postcode", "email")
_TRIED: Final = 2
_NO_NUMBER: Final = re.compile(
    r"\b(?:not|(?:is|was)n['’]?t|never)(?: really| actually| even)? (?:(?:an?|the|my|any|your) )?"
    r"(?:(?:order|tracking|parcel|reference) )?(?:number|nr|no\.)(?!\w)"
    r"|\b(?:no|without an?) (?:order |tracking )?(?:number|nr)\b|\bforget (?:that|the|this) number\b"
    r"|\b(?:that['’]?s|it['’]?s|it is|is|was) (?:just |only )?(?:my|the|a|our) house"
    r"|不是(?:我的|什么|个)?(?:订?单号码?|快递单号|订单编?号|编号)|没有?(?:订单号|单号)|(?:是|只是)我?们?家?的?门牌",
    re.IGNORECASE,
)
"""What was taken for an order's number is none."""
_IS_POSTCODE: Final = re.compile(
    r"\b(?:that['’]?s|it['’]?s|it is|is|was) (?:just |only )?(?:my|the|a|our) (?:zip|post ?code|postal)"
    r"|(?:是|只是)我?的?(?:邮编|邮政编码)",
    re.IGNORECASE,
)
"""What was given is a postcode."""


def read_by_name(turn: Turn, asked: Asked, policies: PolicyExplanation) -> Details | None:
    """A full name, a postcode, an e-mail address or several of them, instead of a number; None where the message gives
    a number, or none of them.
    """
    whole = turn.metadata.get("whole") if asked is None else None
    given = _read_by_name(turn, asked, policies, turn.text, turn.message.get("entities") or [])
    if whole is not None and (given is None or not (given.name and given.proofs)):
        # Who asks was said in another part of the message than what is asked.
        said = _read_by_name(turn, asked, policies, str(whole["text"]), whole["entities"])
        if said is not None and said.name and said.proofs:
            return said
    return given


def _read_by_name(
    turn: Turn, asked: Asked, policies: PolicyExplanation, text: str, entities: Sequence[Mapping[str, Any]]
) -> Details | None:
    tracker = turn.tracker
    text, entities = without_denied_words(text, entities), without_passing(text, without_denied(text, entities))
    variant = tracker.get_slot("question_variant") if asked else None
    digits = postcode_digits(policies.shop.country)
    details = read_details(
        entities,
        asked=asked,
        known_reference=None,
        claimed=claimed_spans(text, currency=policies.shop.currency),
        postcode_awaited=True,
    )
    if details.references or any(_is_number_of_order(entities, each) for each in details.proofs):
        return None
    postcode = _likeliest([each for each in details.proofs if each.kind == "postcode"], digits)
    served = _served(policies)
    proofs = [*postcode, *(each for each in details.proofs if each.kind == "email" and each.kind in served)]
    says_no = (
        turn.intent in ("lack_details", "affirm", "deny", "ask_human", "stop")
        and not proofs
        and not _is_bare_name(text)
    )
    beside = proofs[0].value if proofs else None
    pending = str(tracker.get_slot(REFERENCE) or "") if asked == PROOFS else ""
    if pending:
        name = read_full_name(text, awaited=_may_be_postcode(pending, digits) and not says_no, beside=beside)
        return _instead_of(pending, text, name, proofs, digits)
    awaited = not says_no and (
        variant in _AWAITS_NAME or (variant in _OFFERS_NAME and is_only_name(text) and not _spoken_of(turn, text))
    )
    name = read_full_name(text, awaited=awaited, beside=beside, offered=variant in _OFFERS_NAME)
    known = tracker.get_slot(NAME)
    if name is None and postcode and variant != "name_wants_postcode" and not _is_cued(entities, postcode[0]):
        # Nothing but digits, and not as many as a postcode has here: an order's number.
        if postcode[0].value.isdigit() and len(postcode[0].value) != digits:
            return None
        if asked and not known and variant not in _OFFERS_NAME:
            return None
    expected = bool(known) or variant in _OFFERS_NAME or (not asked and bool(postcode) and digits is not None)
    if name is None and not (proofs and expected):
        return None
    return Details([], proofs, name)


def _spoken_of(turn: Turn, words: str) -> bool:
    """Whether words are what was spoken of before, the goods of an order for example, and not only said alone."""
    bare = words.strip(" .,!").casefold()
    said = [str(each.get("text") or "").casefold() for each in turn.tracker.events if each.get("event") == "user"]
    return any(bare in each and bare != each.strip(" .,!") for each in said)


def _instead_of(pending: str, text: str, name: str | None, proofs: list[Proof], digits: int | None) -> Details | None:
    """What is given in place of `pending`, which was taken for an order's number; None where that may stand."""
    if not _lets_go(pending, text, name, proofs, digits):
        return None
    if _may_be_postcode(pending, digits) and not any(
        each.kind == "postcode" and each.value != pending for each in proofs
    ):
        proofs = [Proof("postcode", pending), *(each for each in proofs if each.value != pending)]
    return Details([], proofs, name) if name or proofs else None


def _lets_go(pending: str, text: str, name: str | None, proofs: Sequence[Proof], digits: int | None) -> bool:
    """Whether `pending`, which was taken for an order's number, is none after all."""
    could_be = _may_be_postcode(pending, digits)
    if name and (could_be or (proofs and pending.isdigit())):
        return True
    if could_be and _IS_POSTCODE.search(text) and all(each.value == pending for each in proofs):
        return True
    # A number of letters and digits is no postcode here: what is given without a name proves it.
    stands = proofs and not name and not pending.isdigit()
    return _NO_NUMBER.search(text) is not None and not stands


def names_no_number(text: str) -> bool:
    """Whether it is said that what was taken for an order's number is none."""
    return _NO_NUMBER.search(text) is not None or _IS_POSTCODE.search(text) is not None


def _is_number_of_order(entities: Sequence[Mapping[str, Any]], proof: Proof) -> bool:
    """Whether letters with digits, which no words call a postcode, are formed like none: W1105262."""
    mixed = proof.kind == "postcode" and not proof.value.isdigit()
    return mixed and not _is_cued(entities, proof) and not _LETTERED_POSTCODE.fullmatch(proof.value.strip())


def _is_bare_name(text: str) -> bool:
    """Whether a message is nothing but a name, written as one; names are often understood as something else."""
    name = read_full_name(text, awaited=True)
    return name is not None and (name.istitle() or not name.isascii())


def _served(policies: PolicyExplanation) -> tuple[str, ...]:
    """The kinds of proof that serve beside a name, those asked for first before the others."""
    return _SERVES if "email" in policies.verification.proofs else ("postcode",)


def _may_be_postcode(number: str, digits: int | None) -> bool:
    return number.isdigit() and (len(number) == digits or (digits is None and 4 <= len(number) <= 6))


def _likeliest(postcodes: Sequence[Proof], digits: int | None) -> list[Proof]:
    """The one of several that is most like a postcode: a house's number often stands beside it."""
    if not postcodes:
        return []

    def likeness(each: Proof) -> tuple[bool, bool]:
        shaped = not each.value.isdigit() or len(each.value) == digits
        return shaped, len(each.value) > 3

    return [max(reversed(postcodes), key=likeness)]


def _is_cued(entities: Sequence[Mapping[str, Any]], postcode: Proof) -> bool:
    """Whether words beside a postcode call it one, or its form is no other's."""
    return any(
        each.get("value") == postcode.value and (each.get("cued") or not each.get("alternatives"))
        for each in entities
        if each.get("entity") == "postcode"
    )


async def identified_by_name(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, details: Details, policies: PolicyExplanation
) -> Identified | list[Event] | None:
    """Whose order it is by a full name and a postcode or an address, given in one message or in several; None where
    neither is spoken of.
    """
    tracker = turn.tracker
    name = details.name or tracker.get_slot(NAME)
    served = _served(policies)
    said = [each for each in details.proofs if each.kind in served]
    pending, digits = str(tracker.get_slot(REFERENCE) or ""), postcode_digits(policies.shop.country)
    if pending and not details.name and not _lets_go(pending, turn.text, None, said, digits):
        return None
    kept = [each for each in read_proofs(tracker.get_slot(PROOFS)) if each.kind in served]
    offered = tracker.get_slot("question_variant") in _OFFERS_NAME or names_no_number(turn.text)
    if not details.name and not (said and (name or offered)):
        return None
    given = [*said, *(each for each in kept if each.kind not in {one.kind for one in said})]
    given = sorted(given, key=lambda each: _SERVES.index(each.kind))
    if name is None or not given:
        return [
            SlotSet(REFERENCE, None),
            SlotSet(NAME, name),
            SlotSet(PROOFS, stored_proofs(given) or None),
            SlotSet("questions_in_vain", 0),
            SlotSet("question_variant", "name_wants_postcode" if name else "postcode_wants_name"),
            SlotSet("offer", None),
            SlotSet("tracking_step", "ask"),
        ]
    refused = read_refused_pairs(tracker.get_slot(REFUSED))
    untried = [each for each in given if pair_key(name, each) not in refused][:_TRIED]
    for proof in untried:
        request = VerificationRequest.model_validate({"name": name[:200], proof.kind: proof.value[:254]})
        try:
            verified = await desk.verify(turn, request)
        except CrmTooManyRequests as limit:
            wait = desk.wording(turn.language).wait(limit.retry_after)
            dispatcher.utter_message(response="utter_verification_limited", wait=wait)
            return [*leave_form(), SlotSet("offer", PERSON)]
        except CrmNotFound:
            continue
        return Identified([verified.order_number] if verified.order_number else [])
    failures = turn.count("verification_failures") + 1
    refused += [pair_key(name, each) for each in untried]
    return [
        SlotSet(REFERENCE, None),
        SlotSet(NAME, name),
        SlotSet(PROOFS, stored_proofs(given)),
        SlotSet(REFUSED, stored_refused_pairs(refused)),
        SlotSet("verification_failures", failures),
        SlotSet("questions_in_vain", 0),
        SlotSet("question_variant", "name_failed" if failures == 1 else "name_failed_again"),
        SlotSet("offer", None if failures == 1 else PERSON),
        SlotSet("tracking_step", "ask"),
    ]


async def introduced(desk: Desk, turn: Turn) -> Turn:
    """A guest who says a full name and a postcode beside something else is known by them from now on: the turn without
    those words; the same turn where none are said.

    A name and postcode that do not fit are not spoken of here: nobody asked for them.
    """
    entities = turn.message.get("entities") or []
    kinds = {kind for each in entities for kind in (each.get("entity"), *(each.get("alternatives") or ()))}
    if turn.pressed or not kinds & set(_SERVES):
        return turn
    policies = await desk.crm.policies()
    if not policies.verification.name_and_postcode:
        return turn
    given = _read_by_name(turn, None, policies, turn.text, entities)
    if given is None or not (given.name and given.proofs):
        return turn
    verification = await desk.verification(turn)
    if verification.level == "none":
        known = await _is_known_by(desk, turn, given.name, given.proofs)
    else:
        # Said once more, or by a request that was kept meanwhile.
        known = (verification.display_name or "\n").casefold() in given.name.casefold()
    return _without_identity(turn, given) if known else turn


async def _is_known_by(desk: Desk, turn: Turn, name: str, proofs: Sequence[Proof]) -> bool:
    refused = read_refused_pairs(turn.tracker.get_slot(REFUSED))
    for proof in proofs[:_TRIED]:
        if pair_key(name, proof) in refused:
            continue
        request = VerificationRequest.model_validate({"name": name[:200], proof.kind: proof.value[:254]})
        try:
            await desk.verify(turn, request)
        except (CrmNotFound, CrmTooManyRequests):
            continue
        return True
    return False


def _without_identity(turn: Turn, given: Details) -> Turn:
    """The same message without who says it: a postcode is no order's number, a name no goods."""
    values = [each.value for each in given.proofs]
    tracker = copy.copy(turn.tracker)
    entities = [each for each in turn.message.get("entities") or [] if each.get("value") not in values]
    text = without_identity(turn.text, given.name or "", values)
    tracker.latest_message = {**turn.message, "text": text or turn.text, "entities": entities}
    return Turn(tracker)


def offering_name(events: list[Event], policies: PolicyExplanation) -> list[Event]:
    """The same question with what serves instead of a number, where the shop accepts that."""
    if not policies.verification.name_and_postcode:
        return events
    return [
        SlotSet("question_variant", _OFFERED[event["value"]])
        if event.get("name") == "question_variant" and event.get("value") in _OFFERED
        else event
        for event in events
    ]
