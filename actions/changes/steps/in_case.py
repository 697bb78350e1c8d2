"""What is wanted only where the wish cannot be had, said while just that wish is offered: it changes nothing."""

from __future__ import annotations

import re
from typing import Final

from actions.changes.fallbacks import is_fallback, without_fallback
from actions.changes.request import Remark
from actions.changes.said_of_each import names_goods
from actions.changes.steps.advancing import advanced
from actions.changes.steps.again import take_note
from actions.changes.steps.aims import kind_of
from actions.changes.steps.step import Step
from actions.changes.taking_orders import re_aim
from actions.desk import Event
from actions.resolver import LineCandidate, Wish, resolve_variant

_ASKED: Final = ("confirmation", "payment_method", "target")
_CANCELS: Final = re.compile(r"\bcancel|\bscrap|\bdrop\b|取消", re.IGNORECASE)
_RETURNS: Final = re.compile(r"\breturn|\brefund|\bsend[^.;!?]*\bback\b|退", re.IGNORECASE)


def decided_already(step: Step, asked: str) -> list[Event] | None:
    """The offer once more, where a message only says what to do if what is offered could not be had; else None."""
    dialogue = step.dialogue
    request = dialogue.request
    if asked not in ("confirmation", "payment_method") or not dialogue.kind.swaps or step.turn.pressed:
        return None
    if not request.lines or not request.lines.keys() <= {*request.targets, *request.also}:
        return None
    return take_note(step) if is_fallback(step.turn.text) else None


async def falls_back(step: Step, asked: str) -> list[Event] | None:
    """Does what was said for the case that the version wanted cannot be had, where it cannot; else None.

    "An 8 in black, and if there is none cancel it", 没有8码的就算了, while another version is asked about or offered.
    """
    dialogue, text = step.dialogue, step.turn.text
    request = dialogue.request
    if asked not in _ASKED or not dialogue.kind.swaps or step.turn.pressed or len(request.lines) != 1:
        return None
    rest = without_fallback(text)
    if rest == text or request.also or request.then:
        return None
    await dialogue.records.orders(request.orders)
    line = dialogue.records.line(next(iter(request.lines)))
    all_lines = [each for number in request.orders for each in dialogue.records.lines(number)]
    if names_goods(text, all_lines, today=dialogue.records.today) - request.lines.keys():
        # "And the lamp in black, if there is one" is said of another thing than the one offered.
        return None
    wanted = await _lacking(step, line) if line is not None else None
    if line is None or wanted is None:
        return None
    said = "".join(was for was, now in zip(text, rest, strict=True) if now == " ")
    wish: Wish | None = "cancel" if _CANCELS.search(said) else "return" if _RETURNS.search(said) else None
    values = {"line": line.key, "wanted": wanted}
    kind = await kind_of(step, wish) if wish is not None else None
    if wish is None:
        dialogue.say("utter_returns", answer=dialogue.words("remark.left", **values, name=dialogue.name_of(line.key)))
        await dialogue.leave()
        return await advanced(step)
    if kind is None:
        return None
    await re_aim(dialogue, kind)
    request.lines, request.whole = dict.fromkeys([line.key]), False
    request.remarks.append(Remark("unavailable", values))
    return await advanced(step)


async def _lacking(step: Step, line: LineCandidate) -> str | None:
    """What a message wants a line to become that it does not come in, in its words; None where it comes so."""
    variants = await step.dialogue.records.variants(line.sku)
    found = resolve_variant(step.turn.text, variants, current=line, focus=step.dialogue.focus)
    absent = [each for each in found.asked_but_absent if each.kind != "current"]
    if not absent or (found.status == "one" and found.first.available):
        return None
    return absent[0].value or absent[0].words
