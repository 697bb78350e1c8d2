"""Questions for the pieces that many kinds share: which order, which goods, what they become, where to and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from actions.changes.address_corrections import missing_of
from actions.changes.dialogue import ChangeDialogue
from actions.changes.goods_meant import take_only_choice
from actions.changes.orders import speaks_of_place
from actions.changes.orders_meant import any_fits
from actions.changes.places_meant import take_address_of_order
from actions.changes.question import BUTTONS, Question, choice_button
from actions.changes.records import address_candidate
from actions.changes.sent_anew import claimed_instead
from actions.changes.wording import ChangeWording
from actions.orders import order_choice
from actions.resolver import VariantCandidate

_ORDERS_WITHOUT_ANY_FITTING = 4
"""How many of the newest are offered when the change is usual for none."""
_WHO = frozenset({"recipient", "phone", "note"})
"""Parts of an address that are no place."""


async def ask_order(dialogue: ChangeDialogue, choices: Sequence[str], absent: str | None, thing: str = "") -> None:
    """Asks which order is meant, of `choices` or of all; says what none of them has. Without any the request ends."""
    summaries = {each.number: each for each in await dialogue.records.summaries()}
    if not summaries:
        dialogue.say("utter_no_orders")
        dialogue.finish()
        return
    meant = [summaries[number] for number in choices if number in summaries] or list(summaries.values())
    zone = dialogue.policies.shop.timezone
    # What is only told of an order can be told of any.
    fit = not dialogue.kind.states or await any_fits(dialogue.reader, list(summaries.values()))
    if not fit and not absent:
        meant = meant[:_ORDERS_WITHOUT_ANY_FITTING]
    key = "not_yours" if absent else "order" if fit else "no_order_fits"
    dialogue.request.absent_told += [thing] if thing else []
    dialogue.question = Question(
        "order",
        dialogue.wording.sentences(
            dialogue.words("ask.no_such_thing", words=thing) if thing else None,
            dialogue.question_words(key, order=absent or ""),
        ),
        [choice_button(order_choice(each, zone, dialogue.wording), order=each.number) for each in meant[:BUTTONS]],
        [each.number for each in meant[:BUTTONS]],
        again=dialogue.question_words(key, order=absent or ""),
    )


async def ask_lines(dialogue: ChangeDialogue) -> None:
    """Asks which goods of the orders are meant, where that has to be known and was not said."""
    request = dialogue.request
    put = request.question
    if put.get("slot") == "lines" and not (request.lines or request.whole or dialogue.reader.line_choices):
        # What names none of the things that were asked about is never all of the order.
        dialogue.reader.line_choices = list(put.get("shown") or [])
    else:
        take_only_choice(dialogue.reader)
    if dialogue.kind.lines == "none" or request.lines:
        return
    if dialogue.kind.swaps and (dialogue.reader.nothing_left or request.then) and tell_what_stays(dialogue):
        dialogue.finish()
        return
    views = await dialogue.records.orders(request.orders)
    lines = [line for view in views for line in dialogue.records.lines(view.number)]
    chosen = [line for line in lines if line.key in dialogue.reader.line_choices] or lines
    if dialogue.kind.lines == "some" and not dialogue.reader.line_choices and not dialogue.reader.line_absent:
        # The whole order is meant.
        return
    if dialogue.kind.lines == "ask" and (request.whole or len(lines) == 1):
        request.lines = {line.key: None for line in lines}
        return
    if not lines:
        # The CRM says why nothing can be done.
        return
    names = {key: name for view in views for key, name in dialogue.line_names(view).items()}
    buttons = [choice_button(names[line.key], line=line.key) for line in chosen[: BUTTONS - 1]]
    if len(chosen) == len(lines) > 1 and not dialogue.kind.swaps:
        buttons.append(choice_button(dialogue.words("everything"), line="all"))
    absent = dialogue.reader.line_absent if dialogue.reader.line_absent not in dialogue.request.absent_told else ""
    key = "line_absent" if absent else "lines"
    text = dialogue.question_words(key, words=absent, order=dialogue.listed_orders())
    none = dialogue.words("ask.fits_none", wanted=dialogue.reader.fits_none) if dialogue.reader.fits_none else None
    shown = [line.key for line in chosen]
    dialogue.question = Question("lines", dialogue.wording.sentences(none, text), buttons, shown, again=text)


def tell_what_stays(dialogue: ChangeDialogue) -> bool:
    """Says why everything that was to change stays, where what was said for that case holds; whether it does."""
    request = dialogue.request
    why = [each for each in request.remarks if each.key in ("left", "too_dear")]
    for each in why:
        values = {**each.values, "name": dialogue.name_of(each.values.get("line", ""))}
        dialogue.say("utter_returns", answer=dialogue.words(f"remark.{each.key}", **values))
    return bool(why) or bool(request.then and dialogue.reader.nothing_left)


async def ask_target(dialogue: ChangeDialogue) -> None:
    """Asks what the next open line shall become; where it comes in nothing else that ends the request."""
    request = dialogue.request
    if not dialogue.kind.swaps or (request.lines and await claimed_instead(dialogue)):
        return
    if request.lines and await _all_under_way(dialogue):
        dialogue.say("utter_change_refused", why=dialogue.words("under_way", order=dialogue.listed_orders()))
        dialogue.finish()
        return
    for key in request.lines:
        if key in request.targets:
            continue
        line = dialogue.records.line(key)
        if line is None:
            continue
        variants = [each for each in await dialogue.records.variants(line.sku) if each.available]
        others = [each for each in variants if each.sku != line.sku]
        read = dialogue.reader.targets.get(key)
        if read is None and _ask_of_same(dialogue, key, {each.sku for each in others}):
            return
        fit = [each for each in others if read and each.sku in read.choices] or others
        name = dialogue.name_of(key)
        if not others:
            dialogue.say("utter_change_refused", why=dialogue.words("nothing_instead", name=name))
            dialogue.finish()
            return
        edge = f"target_edge.{read.edge}" if read and read.edge else ""
        asked = (
            "target_current"
            if read and read.current
            else edge
            if edge
            else ("target_only" if len(fit) == 1 else "target_nearest")
            if read and read.nearest and read.choices and read.wanted
            else "target_absent"
            if read and read.wanted
            else "target_unclear"
            if read and read.choices
            else "target"
        )
        dialogue.question = Question(
            "target",
            dialogue.words(
                f"ask.{asked}",
                name=name,
                wanted=read.wanted if read else "",
                choice=_variant_words(dialogue, fit[0], line.unit_price_minor),
            ),
            [
                choice_button(_variant_words(dialogue, each, line.unit_price_minor), target=each.sku)
                for each in fit[:BUTTONS]
            ],
            [each.sku for each in fit[:BUTTONS]],
            subject=key,
            wanted=read.wanted if read is not None and not read.current and not read.edge else None,
        )
        return


def _ask_of_same(dialogue: ChangeDialogue, key: str, skus: Collection[str]) -> bool:
    """Puts the question for this line as it stands, where nothing new was said of it; whether it is the one put."""
    put = dict(dialogue.request.question)
    if put.get("slot") != "target" or put.get("subject") != key or not {*(put.get("shown") or [""])} <= {*skus}:
        return False
    dialogue.question = Question(put.pop("slot"), put.pop("text", ""), **put)
    return True


async def _all_under_way(dialogue: ChangeDialogue) -> bool:
    """Whether nothing that is meant can be changed any more, nor be exchanged yet."""
    for number in dialogue.request.orders:
        if (await dialogue.records.order(number)).state != "shipped":
            return False
        meant = dialogue.request.lines_of(number)
        lines = (await dialogue.records.returnable(number)).lines
        if any(each.allowed for each in lines if each.line_number in meant):
            return False
    return True


async def ask_address(dialogue: ChangeDialogue) -> None:
    """Asks where it shall go, or for the part of the address that is missing; who it is for alone asks nothing."""
    place = dialogue.request.address
    where = place.keys() - _WHO
    if not dialogue.kind.moves or (where and not ("line1" in place and missing_of(place))):
        return
    if place and not where and not speaks_of_place(f"{dialogue.request.text}\n{dialogue.turn.text}"):
        # Only who receives it was said, and nothing of where it goes.
        return
    if where:
        dialogue.ask("address", f"place.{missing_of(place)}", {}, street=place["line1"])
        return
    if await take_address_of_order(dialogue.reader, dialogue.turn.text) or await take_address_of_order(
        dialogue.reader, dialogue.request.text
    ):
        return
    if (
        dialogue.request.saved_address
        and dialogue.verification.level != "customer"
        and dialogue.policies.verification.codes
    ):
        # The address book opens to who proves to be the customer; an address written out needs no more.
        ask_who(dialogue, "place")
        return
    book = await dialogue.records.addresses()
    choices = [each for each in book if each.id in dialogue.reader.address_choices] or book
    dialogue.question = Question(
        "address",
        dialogue.question_words("where" if choices else "where_typed", order=dialogue.listed_orders()),
        [choice_button(_address_words(address_candidate(each)), address=each.id) for each in choices[:BUTTONS]],
        [each.id for each in choices[:BUTTONS]],
    )


async def ask_reason(dialogue: ChangeDialogue) -> None:
    """Asks why, where the shop wants to know."""
    if not dialogue.kind.reason_needed(dialogue.policies) or dialogue.request.reason is not None:
        return
    question_reason(dialogue)


def question_reason(dialogue: ChangeDialogue) -> None:
    """Puts the question why, whether or not the shop needs to know."""
    words = ChangeWording(dialogue.wording, dialogue.policies.shop.timezone)
    reasons = list(dialogue.kind.reasons(dialogue.policies))
    dialogue.question = Question(
        "reason",
        dialogue.question_words("reason"),
        [choice_button(words.code("reason", reason), reason=reason) for reason in reasons[:BUTTONS]],
        reasons[:BUTTONS],
        again=dialogue.words("ask.reason"),
    )


def ask_who(dialogue: ChangeDialogue, what_for: str = "ask") -> None:
    """Asks for where a one-time code goes; where the shop sends none, or it did not help, to sign in."""
    channels = dialogue.policies.verification.codes
    if dialogue.verification.level == "customer" or not channels:
        dialogue.say("utter_change_sign_in")
        dialogue.finish()
        return
    dialogue.question = Question("code_recipient", dialogue.words(f"one_time.{what_for}_{channels[0]}"))


def _variant_words(dialogue: ChangeDialogue, variant: VariantCandidate, before_minor: int | None) -> str:
    options = dialogue.wording.listed(list(variant.options.values())) or variant.sku
    view = dialogue.records.known(dialogue.request.orders[0])
    if view is None or variant.price_minor is None or variant.price_minor == before_minor:
        return options
    return dialogue.words(
        "variant_priced", options=options, price=dialogue.wording.money(variant.price_minor, view.currency).text
    )


def _address_words(address: Any) -> str:
    parts = [address.label, *address.lines, address.district, address.city, address.postcode]
    return ", ".join(part for part in parts if part)
