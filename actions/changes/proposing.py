"""From the proposal to what becomes of it: the offer or the refusal, the yes, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions.changes import basket
from actions.changes.asking_pieces import ask_who, question_reason
from actions.changes.dialogue import ChangeDialogue
from actions.changes.noted_limits import limited_by_note
from actions.changes.portions import give_reason
from actions.changes.question import BUTTONS, PERSON_BUTTON, Question, alternative_action, choice_button
from actions.changes.request import ShownProposal
from actions.changes.settled import settled_by
from actions.changes.several import ITEMS, noted_beside, terms_of, what_follows
from actions.changes.wording import ChangeWording
from actions.crm_client import (
    ChangeRefused,
    CrmNotFound,
    CrmRefused,
    CrmTooManyRequests,
    HigherLevelNeeded,
    ProposalIsVoid,
)
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderView

_PHOTOS = 10
"""As many as the CRM takes with a claim, the last ones."""
_ASKED_BY_RULE = {
    "payment_method_needed": "payment_method",
    "payment_method_unknown": "payment_method",
    "gift_card_balance_too_low": "payment_method",
    "reason_needed": "reason",
    "reason_unknown": "reason",
    "photo_needed": "photo",
}
"""Refusals that are questions: what the CRM wants to know besides."""


async def propose(dialogue: ChangeDialogue) -> None:
    """Has the CRM work out the change of each order and offers it, or says why it is not possible."""
    await dialogue.drop_proposals()
    request = dialogue.request
    request.rounds += 1
    give_reason(request)
    offers: list[tuple[ProposalView, OrderView]] = []
    refusals: list[tuple[ChangeRefused, OrderView]] = []
    for number in request.orders:
        view = await dialogue.records.order(number)
        try:
            offers.append(
                (
                    await dialogue.desk.crm.propose(
                        dialogue.turn.conversation_id,
                        dialogue.kind.name,
                        {**dialogue.kind.details(request, number), **_evidence(dialogue)},
                        key=f"{request.key}:{number}"[:200],
                    ),
                    view,
                )
            )
        except ChangeRefused as refusal:
            refusals.append((refusal, view))
        except HigherLevelNeeded as needed:
            _step_up(dialogue, needed)
            return
        except (CrmRefused, CrmNotFound):
            # Read wrongly: what the CRM cannot take is asked for anew.
            if dialogue.kind.read_wrongly(dialogue):
                return
            dialogue.say("utter_change_not_possible")
            dialogue.finish()
            return
    for refused, view in refusals:
        pays = _ASKED_BY_RULE.get(refused.rule) == "payment_method"
        what_for = await _what_for(dialogue) if pays else ""
        _refused(dialogue, refused, view, alone=not offers and len(refusals) == 1, what_for=what_for)
    told = [(offer, view) for offer, view in offers if offer.state == "open" and dialogue.kind.only_tells(offer)]
    for offer, view in told:
        await _tell(dialogue, offer, view)
    offers = [each for each in offers if each not in told]
    if not offers and dialogue.question is None:
        dialogue.finish()
    if offers and dialogue.question is None:
        await _offer(dialogue, [(await _carried_out(dialogue, offer, view), view) for offer, view in offers])


async def propose_account(dialogue: ChangeDialogue) -> None:
    """The same of what is about no order: all that the kind proposes is one offer."""
    await dialogue.drop_proposals()
    dialogue.request.rounds += 1
    offers: list[tuple[ProposalView, OrderView | None]] = []
    for place, asked in enumerate(await dialogue.kind.proposals(dialogue)):
        key = f"{dialogue.request.key}:{asked.name}:{place}"[:200]
        try:
            offer = await dialogue.desk.crm.propose(dialogue.turn.conversation_id, asked.name, asked.details, key=key)
        except ChangeRefused as refusal:
            pays = _ASKED_BY_RULE.get(refusal.rule) == "payment_method"
            _refused(dialogue, refusal, None, alone=True, what_for=await _what_for(dialogue) if pays else "")
            return
        except HigherLevelNeeded:
            ask_who(dialogue)
            return
        except (CrmRefused, CrmNotFound):
            dialogue.say("utter_change_not_possible")
            dialogue.finish()
            return
        offers.append((offer, None))
    await _offer(dialogue, offers)


async def confirm(dialogue: ChangeDialogue) -> None:
    """Carries out what was shown last. What does not stand any more is offered anew.

    A change of items waits where something else of the order is to come first (`beside`).
    """
    request = dialogue.request
    if dialogue.kind.about == "order" and not request.agreed:
        if await limited_by_note(dialogue):
            return
        dialogue.beside = await noted_beside(dialogue)
        if request.kind == ITEMS and (dialogue.beside.first or dialogue.beside.after):
            return
        request.then += [each.as_slot() for each in dialogue.beside.after]
    void = False
    code_sent: str | None = None
    for shown in list(request.proposals):
        # As it was: what happened is told of the order as the shopper knew it.
        view = await dialogue.records.order(shown.order) if shown.order else None
        try:
            done = await dialogue.desk.crm.confirm(
                dialogue.turn.conversation_id, shown.id, key=f"{dialogue.turn.message_id}:{shown.id}"[:200]
            )
        except HigherLevelNeeded as needed:
            _step_up(dialogue, needed)
            return
        except (ProposalIsVoid, CrmNotFound):
            void = True
            continue
        except CrmTooManyRequests as limit:
            wait = dialogue.wording.wait(limit.retry_after)
            dialogue.say("utter_verification_limited", wait=wait)
            dialogue.finish()
            return
        request.proposals.remove(shown)
        dialogue.settled += settled_by(request, [shown.order])
        if number := shown.order or str((done.outcome.values if done.outcome else {}).get("order") or ""):
            dialogue.touched.append(number)
        if shown.order in request.orders:
            request.orders.remove(shown.order)
        if done.outcome is not None and done.outcome.values.get("promise") == "code":
            code_sent = _of_code(dialogue, "sent_to_new", done)
            continue
        await _say_done(dialogue, done, view)
    if void:
        request.proposals = []
        dialogue.say("utter_change_void")
        await (propose_account(dialogue) if dialogue.kind.about == "customer" else propose(dialogue))
        return
    if code_sent is not None:
        ask_contact_code(dialogue, code_sent)
        return
    dialogue.finish()


def confirmation_buttons(dialogue: ChangeDialogue) -> list[dict[str, str]]:
    """Yes, something else, or none of it."""
    ids = ",".join(each.id for each in dialogue.request.proposals)
    return [
        choice_button(dialogue.words("button.confirm"), confirm=ids),
        choice_button(dialogue.words("button.change"), revise=ids),
        choice_button(dialogue.words("button.leave"), leave=ids),
    ]


def ask_what_else(dialogue: ChangeDialogue) -> None:
    """After "change something" or "no": what should be different."""
    dialogue.question = Question(
        "revision",
        dialogue.words("ask.revision"),
        [choice_button(dialogue.words("button.leave"), leave="-")],
        again=dialogue.words("ask.revision_again"),
    )


def ask_contact_code(dialogue: ChangeDialogue, text: str) -> None:
    """Asks for the code that went to a new e-mail address or phone number."""
    dialogue.question = Question("contact_code", text, again=dialogue.words("one_time.again"))


async def _offer(dialogue: ChangeDialogue, offers: Sequence[tuple[ProposalView, OrderView | None]]) -> None:
    request = dialogue.request
    at_once = [(offer, view) for offer, view in offers if offer.state == "confirmed"]
    dialogue.touched += [view.number for _, view in at_once if view is not None]
    for offers_done in [[each] for each in at_once] if dialogue.kind.about == "order" else [at_once]:
        # What is decided of an account is one thing to the shopper, however many records it takes.
        told = [(await _change_words(dialogue, view)).done(offer) for offer, view in offers_done]
        if told:
            told.append(await dialogue.kind.told_after(dialogue))
            done = "\n".join(dict.fromkeys(filter(None, told)))
            dialogue.say("utter_change_done", done=done)
            dialogue.done = dialogue.kind.noted(dialogue.request, [offer for offer, _ in offers_done])
            for offer, view in offers_done:
                dialogue.done |= (await _change_words(dialogue, view)).remembered(offer, dialogue.done)
    waiting = [(offer, view) for offer, view in offers if offer.state == "open"]
    if not waiting:
        dialogue.finish()
        return
    request.proposals = [ShownProposal(offer.id, view.number if view else "") for offer, view in waiting]
    request.terms = terms_of([offer for offer, _ in waiting])
    if request.agreed and request.agreed == request.terms:
        await confirm(dialogue)
        return
    request.agreed = []
    remarks = [
        dialogue.words(f"remark.{each.key}", **{**each.values, "name": dialogue.name_of(each.values.get("line", ""))})
        for each in request.remarks
        # What is changed after all does not stay as it is.
        if each.key not in ("left", "too_dear") or each.values.get("line") not in request.lines
    ]
    remarks += [dialogue.words(f"remark.{key}") for key in what_follows(request)]
    brief = ""
    for position, (offer, view) in enumerate(waiting, start=1):
        last, several = position == len(waiting), len(waiting) > 1 and view is not None
        words = await _change_words(dialogue, view)
        ask = dialogue.words("confirm.all" if len(waiting) > 1 else "confirm.one") if last else ""
        text, content = words.proposal(offer, remarks if last else (), ask, one_of_several=several)
        request.told = f"{request.told} {words.parts(offer)}".strip() if position > 1 else words.parts(offer)
        # Whoever says yes to what still waits is told what that is: it may not be what they said last.
        brief = f"{brief} {words.brief(offer)}".strip()
        if not last:
            dialogue.say("utter_change_proposal", json_message=content, proposal=text)
            continue
        dialogue.question = Question(
            "confirmation",
            text,
            confirmation_buttons(dialogue),
            list(request.lines) or [view.number for _, view in waiting if view is not None],
            content=content,
            again=dialogue.words("confirm.again_of", told=brief),
        )


async def _carried_out(dialogue: ChangeDialogue, offer: ProposalView, view: OrderView) -> ProposalView:
    """The offer, confirmed where the kind need not ask."""
    if offer.state != "open" or not dialogue.kind.at_once(offer):
        return offer
    key = f"{dialogue.turn.message_id}:{offer.id}"[:200]
    return await dialogue.desk.crm.confirm(dialogue.turn.conversation_id, offer.id, key=key)


async def _tell(dialogue: ChangeDialogue, offer: ProposalView, view: OrderView) -> None:
    """Says what an offer explains, and leaves it."""
    words = await _change_words(dialogue, view)
    dialogue.say("utter_change_done", done=words.told_only(offer))
    key = f"{dialogue.turn.message_id}:-{offer.id}"[:200]
    await dialogue.desk.crm.decline(dialogue.turn.conversation_id, offer.id, key=key)
    dialogue.touched.append(view.number)


async def _say_done(dialogue: ChangeDialogue, done: ProposalView, view: OrderView | None) -> None:
    words = await _change_words(dialogue, view)
    dialogue.say("utter_change_done", done=words.done(done))
    remembered = words.remembered(done, dialogue.done)
    dialogue.done = {**dialogue.kind.noted(dialogue.request, [done]), **remembered}


async def _what_for(dialogue: ChangeDialogue) -> str:
    """What a question how to pay is about: what becomes what, or the goods that are ordered; empty of anything else."""
    request, said = dialogue.request, []
    for key, sku in request.targets.items() if dialogue.kind.swaps else ():
        line = dialogue.records.line(key)
        variants = await dialogue.records.variants(line.sku) if line is not None else []
        several = line is not None and line.changeable > 1
        pieces = request.lines.get(key) or (line.changeable if line is not None else 1)
        for other, count in {sku: pieces, **request.also.get(key, {})}.items():
            options = next((list(each.options.values()) for each in variants if each.sku == other), [])
            words = {"name": dialogue.name_of(key), "options": dialogue.wording.listed(options), "count": str(count)}
            if options:
                said.append(dialogue.words("would_become_some" if several else "would_become", **words))
    for item in basket.chosen(request.extras) if request.kind == "place" else ():
        variants = await dialogue.records.variants(item.sku)
        options = next((list(each.options.values()) for each in variants if each.sku == item.sku), [])
        words = {"count": str(item.quantity), "name": item.title, "options": dialogue.wording.listed(options)}
        said.append(dialogue.words("to_order" if options else "to_order_plain", **words))
    return dialogue.wording.sentences(*said)


def _refused(
    dialogue: ChangeDialogue, refusal: ChangeRefused, view: OrderView | None, *, alone: bool, what_for: str = ""
) -> None:
    words = ChangeWording(dialogue.wording, dialogue.policies.shop.timezone, view)
    asked = _ASKED_BY_RULE.get(refusal.rule)
    if alone and asked == "reason":
        question_reason(dialogue)
        return
    why = words.rule(refusal.rule, {"order": view.number if view else "", **refusal.values})
    if dialogue.kind.moves and view is not None and refusal.rule == "nothing_would_change" and view.delivery:
        place = dialogue.wording.listed([each for each in (view.delivery.line1, view.delivery.city) if each])
        why = words.rule("goes_there_already", {"order": view.number, "place": place})
    if alone and asked == "photo":
        again = dialogue.words("ask.photo")
        dialogue.question = Question("photo", dialogue.wording.sentences(why, again), again=again)
        return
    said: list[str] = []
    buttons: list[dict[str, str]] = []
    for each in refusal.alternatives:
        action = alternative_action(each)
        label = words.told("alternative", each)
        if action is not None and alone:
            buttons.append({"title": label[:200], "payload": action})
        elif words.knows("possible", each.key):
            said.append(words.told("possible", each))
    text = dialogue.wording.sentences(*([what_for] if what_for else []), why, *said)
    choices = [each for each in buttons if each["payload"] != PERSON_BUTTON or view is None]
    if not alone or not choices:
        # Nothing to choose: the refusal ends the request, and a person is offered once. What is about no order yet
        # may be wanted otherwise: fewer of it, another way to pay.
        dialogue.say("utter_change_refused", why=text)
        if alone:
            dialogue.offers_person = True
            dialogue.finish()
        return
    dialogue.question = Question(
        asked or "alternative",
        text,
        buttons[:BUTTONS],
        again=None if asked else dialogue.words("ask.alternative_again"),
    )


def _step_up(dialogue: ChangeDialogue, needed: HigherLevelNeeded) -> None:
    if dialogue.verification.level == "customer" or needed.level != "customer":
        dialogue.say("utter_change_sign_in")
        dialogue.finish()
        return
    ask_who(dialogue)


def _evidence(dialogue: ChangeDialogue) -> dict[str, Any]:
    """The pictures that the shopper sent, where they count."""
    images = dialogue.turn.tracker.get_slot("images") if dialogue.kind.photos else None
    return {"photos": [str(each) for each in images][-_PHOTOS:]} if images else {}


def _of_code(dialogue: ChangeDialogue, key: str, done: ProposalView) -> str:
    to = next((str(line.values["value"]) for line in done.lines if "value" in line.values), "")
    digits = done.outcome.values.get("digits") if done.outcome is not None else None
    return dialogue.words(f"one_time.{key}", to=to, digits=str(digits or ""))


async def _change_words(dialogue: ChangeDialogue, view: OrderView | None) -> ChangeWording:
    """The words about changes of an order, with what its lines become in the reader's language."""
    variants: dict[str, str] = {}
    for key in dialogue.request.targets:
        line = dialogue.records.line(key)
        for each in await dialogue.records.variants(line.sku) if line is not None else []:
            variants[each.sku] = dialogue.wording.listed(list(each.options.values())) or each.sku
    title = "" if view is not None else dialogue.request.extras.get("title", "")
    titles: dict[str, str] = {}
    for item in basket.chosen(dialogue.request.extras) if view is None else []:
        titles[item.sku] = item.title
        for each in await dialogue.records.variants(item.product):
            variants[each.sku] = dialogue.wording.listed(list(each.options.values())) or each.sku
    return ChangeWording(dialogue.wording, dialogue.policies.shop.timezone, view, variants, title, titles)
