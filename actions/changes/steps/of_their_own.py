"""A whole request of its own where an answer was expected: it is none, whatever words it shares with one.

"Send order 4711 to my company" is no answer to "for a person or a company?". Whether there are invoices at all is a
question, and nothing to be noted.
"""

from __future__ import annotations

import re
from typing import Final

from actions.changes.invoices import Invoice
from actions.changes.kinds import BY_INTENT, BY_KEY, is_same_wish
from actions.changes.plainly import plain_kind
from actions.changes.steps.again import put_again
from actions.changes.steps.joining import answer_first
from actions.changes.steps.outcome import events_of
from actions.changes.steps.step import Step
from actions.desk import Event

_ABOUT_INVOICE: Final = re.compile(
    r"\binvoices?\b|\bvat\b|\btax\b|\bmade? (?:it )?out\b|\be-?mail\b|@|发票|开票|抬头|税号|邮箱|开给", re.IGNORECASE
)
_MOVES: Final = re.compile(
    r"\b(?:send|ship|deliver|redirect|forward)\b[^.?!]*\b(?:to|at)\b|\bchange\b[^.?!]*\baddress\b"
    r"|[寄送][到去往回给]|改[到去]|地址[^，。？]{0,6}[改换]|[改换](?:一下)?(?:收货)?地址",
    re.IGNORECASE,
)
_ORDER: Final = re.compile(r"\border\b|\bparcel\b|订单|[那这]一?单|单子|的单", re.IGNORECASE)
_WHETHER: Final = re.compile(
    r"\W*(?:(?:by the way|btw|oh|and|also|hey|hi|ok|okay|so|quick question|one more thing|just|asking|wondering|sorry"
    r"|please|one question)\W+)*"
    r"(?:(?:can|could|may|do|would|will) (?:i|we|you|one)(?: guys)?(?: please| also| still| possibly)?"
    r" (?:get|have|do|give|issue|provide|send|offer|make|receive|write)(?: me| us| out)?"
    r"|is (?:it possible|there a way) to (?:get|have)|do i get|will there be|is there)"
    r"(?: an?| any| proper| official| vat| tax)* invoices?(?: (?:for|with|of) (?:it|this|that|my (?:order|purchase)))?"
    r"(?: (?:too|as well|later|afterwards|please))?\W*"
    r"|\W*(?:发票|票)(?:你们)?(?:能不能|可不可以|能|可以|会)(?:开|给|提供)(?:吗|么|嘛|呢)?\W*"
    r"|\W*(?:(?:顺便|另外|还有|对了|请|麻烦|想|再)*(?:问下|问一下|问|请问|咨询下)?)\W*"
    r"(?:你们|这边|这单|店里)?(?:能不能|可不可以|是否可以|能|可以|可|支持|给|会|有没有|有)*"
    r"(?:开|提供|给|要)?(?:一?张|个)?(?:电子|增值税|普通|正规)?(?:发票|票)(?:吗|么|嘛|呢|不|的吗|没有|可以吗)?\W*",
    re.IGNORECASE,
)
"""Whether there are invoices, with no order and nobody named whom one is made out to."""
_ASKS: Final = re.compile(
    r"[?？吗么嘛]|能不能|可不可以|有没有|是否|\b(?:can|could|may|do|would|will|is) (?:i|we|you|it|there|one)\b",
    re.IGNORECASE,
)


def asks_whether_invoices(text: str) -> bool:
    """Whether a message asks no more than whether there are invoices: "can I get an invoice?", 能开发票吗."""
    return _ASKS.search(text) is not None and _WHETHER.fullmatch(text) is not None


def wants_its_own(step: Step) -> bool:
    """Whether a message asks, with a verb of its own, for another change than the one that is open."""
    turn, dialogue = step.turn, step.dialogue
    text = turn.text
    plain = plain_kind(text)
    kind = BY_INTENT.get(turn.intent) or (BY_KEY.get(plain) if plain is not None else None)
    if kind is None or is_same_wish(kind, dialogue.kind) or kind.about != "order" or isinstance(kind, Invoice):
        return False
    verb = _MOVES.search(text) is not None if kind.moves else plain is not None
    return verb and (bool(turn.order_numbers) or _ORDER.search(text) is not None)


def invoice_left(step: Step, asked: str) -> list[Event] | None:
    """While an invoice's buyer is asked for, another change that is wanted is begun first; None where none is.

    Beside any other change whether there are invoices is told at once.
    """
    dialogue, text = step.dialogue, step.turn.text
    if not isinstance(dialogue.kind, Invoice):
        if dialogue.kind.about != "order" or not asks_whether_invoices(text):
            return None
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.invoice.whether"))
        put_again(step)
        return events_of(step)
    if asked == "confirmation" or _ABOUT_INVOICE.search(text) or not wants_its_own(step):
        return None
    return answer_first(step)


__all__ = ["asks_whether_invoices", "invoice_left", "wants_its_own"]
