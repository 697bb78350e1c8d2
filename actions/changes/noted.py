"""A request that waited is taken up: what it is about was spoken of when it was noted, not now.

Words that named their things begin a change as they would alone. Those that only point ("can you cancel that", "one can
go back") are about what was said before them, and where that is not certain it is asked. A question is answered, and
neither it nor a word that merely resembles a complaint begins anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from actions.changes.dialogue import ChangeDialogue
from actions.changes.kind import NOT_SENT
from actions.changes.other_one import means_the_other, others_than
from actions.changes.other_pieces import read_other_pieces
from actions.changes.records import ORDERS_READ
from actions.changes.returns import ReturnItems
from actions.changes.taking_orders import take_orders
from actions.changes.telling import TellDetails
from actions.desk import Event, Turn
from actions.resolver import Focus, LineCandidate, Resolution, order_words, resolve_lines, without_order_words
from actions.resolver.mentions import compared

_WISHES: Final = frozenset({"cancel", "return", "exchange"})
_CLAUSE: Final = re.compile(r"[^,，。.!！;；?？\n]+")
_NUMBER: Final = re.compile(r"#?[A-Za-z]*\d{4,}")
_SEVERAL: Final = 2
"""What is left of what was spoken of, one thing, need not be what was meant."""
_ORDERS_ASKED: Final = 3
"""Of more orders than these the goods are not listed together."""
_ASKS: Final = re.compile(
    r"(?:^|[.!?;,])\W*(?:(?:and|so|but|or|also|oh|ok|well|wait)\W+)*(?:what|when|where|which|why|who|how|did|do|does|is|are"
    r"|was|were|has|have|had"
    r"|will|isn['’]?t|aren['’]?t|didn['’]?t|haven['’]?t|hasn['’]?t)\b"
    r"|[吗么呢]\W*$|了没(?:有)?\W*$|什么|多少|几[天号时点]|哪|怎么|为什么|是不是|有没有",
    re.IGNORECASE,
)
_WISHED: Final = re.compile(
    r"\b(?:can|could|may|might|would you|will you|shall|should|please|possible|way to|how about|mind|how (?:do"
    r"|can|to)|what about"
    r"|want|i['’]?d like)\b|能不能|可以|可不可以|能(?!退多少)|帮|麻烦|请(?!问)|要不要",
    re.IGNORECASE,
)
"""A question that is a wish all the same: "could the watch be in black?"."""
_GOES_BACK: Final = re.compile(
    r"\b(?:go(?:es)?|send|sent|come|bring|take|give) (?:\w+ )?back\b|\breturn|退(?!订)", re.IGNORECASE
)
_CALLED_OFF: Final = re.compile(r"\bcancel|\bcall(?:ed)? off|取消|撤", re.IGNORECASE)
_COUNT: Final = re.compile(
    r"(?<!that )(?<!this )(?<!the )(?<!which )\b(one)\b(?! of (?:them|those|these)? ?(?:orders|parcels))"
    r"|\b(two)\b(?! of)|\b(three)\b(?! of)"
    r"|[一1]([个件条双只台套])|[两2]([个件条双只台套])",
    re.IGNORECASE,
)
_MONEY: Final = re.compile(r"\b(?:money|refund|credit|card|paypal)\b|钱|卡|退款|余额", re.IGNORECASE)
"""A clause about money names no goods."""
_WRONG: Final = re.compile(
    r"\b(?:broken?|damag\w+|missing|wrong|never(?! ?mind)|not (?:here|there|arrived|working|received)|faulty|lost"
    r"|smash\w+|crack\w*|torn|leak\w*"
    r"|defect\w*|scratch\w*|dent\w*|twice|stopped|dead|empty|stain\w*|ripped|bent|hole|incomplete|instead of"
    r"|doesn['’]?t work"
    r"|does not work|didn['’]?t (?:come|arrive|work)|hasn['’]?t (?:come|arrived)|not in the|charged|late)\b"
    r"|坏|碎|裂|破|漏|错|少|缺|没收到|没到|丢|脏|故障|划|瑕疵|不亮|不能用|用不了|没反应|重复|质量|不工作|发成|开不了",
    re.IGNORECASE,
)
_NOTHING_WRONG: Final = re.compile(
    r"\b(?:nothing|not|isn['’]?t|aren['’]?t|wasn['’]?t|didn['’]?t|no|never said) (?:\w+ ){0,3}(?:wrong|broken"
    r"|damaged|missing|faulty|lost|defective)\b"
    r"|(?<!有)没(?:有)?(?:坏|错|少|丢|破|问题)|(?<!是)不是(?:坏|错|少|质量)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Note:
    """What waited: its words, what the same message said before them, and what was spoken of then."""

    text: str
    before: str
    focus: Focus


def note_of(turn: Turn) -> Note | None:
    """The note that this message is taken up from; None where the shopper says it now."""
    noted = turn.metadata.get("noted")
    if not isinstance(noted, Mapping):
        return None
    return Note(turn.text, str(noted.get("before") or ""), Focus.from_slot(noted.get("focus")))


def asks(text: str) -> bool:
    """Whether words ask something and want nothing done."""
    return _ASKS.search(text) is not None and _WISHED.search(text) is None


def says_what_is_wrong(text: str) -> bool:
    """Whether words say plainly that something is wrong with goods, and not that nothing is."""
    return _WRONG.search(text) is not None and _NOTHING_WRONG.search(text) is None


def named_before(before: str, lines: list[LineCandidate], *, today: date) -> Resolution[LineCandidate] | None:
    """The goods that the clause nearest to the end of `before` names surely; None where none does."""
    for clause in reversed(_CLAUSE.findall(before)):
        found = resolve_lines(without_order_words(clause), lines, today=today)
        if found.matches or found.asked_but_absent:
            told = any(
                reason.kind not in ("pronoun", "only", "everything") for m in found.matches for reason in m.reasons
            )
            return found if found.sure and told else None
    return None


async def weigh_note(dialogue: ChangeDialogue, note: Note) -> list[Event] | None:
    """Sees to it that a noted request is about what it was about. The events to leave with where it begins nothing."""
    kind, request, words = dialogue.kind, dialogue.request, dialogue.wording
    if kind.about != "order" or not kind.name:
        return None
    if kind.key.startswith("claim_") and kind.key != "claim_not_received" and not says_what_is_wrong(note.text):
        dialogue.say("utter_returns", answer=words.say("changes.noted_unclear"))
        return []
    if kind.wish not in _WISHES or request.orders or request.lines:
        return None
    if dialogue.verification.level != "customer":
        return None
    if kind.wish == "cancel" and _GOES_BACK.search(note.text) and not _CALLED_OFF.search(note.text):
        request.kind = ReturnItems.key
        kind = dialogue.kind
    numbers = [each.number for each in (await dialogue.records.summaries())[:ORDERS_READ]]
    await dialogue.records.orders(numbers)
    lines = [line for number in numbers for line in dialogue.records.lines(number)]
    if asks(note.text):
        # What is asked of an order is told of it, and nothing is begun.
        request.kind = TellDetails.key
        request.orders = [] if order_words(note.text) else list(note.focus.orders[:1])
        return None
    if _names_things(note.text, lines, today=dialogue.records.today):
        return None
    fitting = [each for each in numbers if _may_be(dialogue, each)]
    other = means_the_other(note.text)
    every = [line for number in fitting for line in dialogue.records.lines(number, gone=other)]
    found = named_before(note.before, every, today=dialogue.records.today)
    if found is not None and other:
        spoken = {match.candidate.key for match in found.matches}
        others = others_than(spoken, every, dialogue.focus.settled)
        if others is not None and not others:
            # The other one was seen to: nothing is left of the wish.
            return []
        if others is not None and len(others) == 1:
            request.orders, request.lines = [others[0].order], {others[0].key: None}
            return None
        found = None if others is not None else found
    if found is not None:
        orders = {match.candidate.order for match in found.matches}
        count = resolve_lines(note.text, [match.candidate for match in found.matches], today=dialogue.records.today)
        counted = {match.candidate.key: match.quantity for match in count.matches if match.quantity}
        if len(orders) == 1:
            request.orders = list(orders)
            request.lines = {
                match.candidate.key: counted.get(match.candidate.key, match.quantity) for match in found.matches
            }
            return None
    spoken_of = [each for each in note.focus.orders if each in fitting][:1]
    if not fitting:
        return None
    choices = [line.key for number in spoken_of for line in dialogue.records.lines(number)]
    if len(choices) < _SEVERAL:
        spoken_of = fitting[:_ORDERS_ASKED] if kind.several_orders else []
        choices = [line.key for number in spoken_of for line in dialogue.records.lines(number)]
    if len(choices) == 1:
        dialogue.say("utter_returns", answer=words.say("changes.noted_unclear"))
        return []
    request.text, request.orders = "", spoken_of
    dialogue.say("utter_returns", answer=words.say("changes.noted_which"))
    await read_other_pieces(dialogue.reader, note.text)
    request.quantity = _count_in(note.text)
    dialogue.reader.line_choices = choices
    if not spoken_of:
        await take_orders(dialogue, [], fitting)
    return None


def _count_in(text: str) -> int | None:
    """How many pieces words want of what they do not name: "one can go back"; None where they say no number."""
    found = _COUNT.search(text)
    if found is None:
        return None
    return (1, 2, 3, 1, 2)[next(place for place, group in enumerate(found.groups()) if group)]


def _names_things(text: str, lines: list[LineCandidate], *, today: date) -> bool:
    """Whether words name an order, or goods other than by pointing at them."""
    text = " ".join(clause for clause in _CLAUSE.findall(text) if not _MONEY.search(clause))
    if order_words(text) or _NUMBER.search(text) or compared(text):
        return True
    found = resolve_lines(without_order_words(text), lines, today=today)
    if found.asked_but_absent:
        return True
    return any(reason.kind not in ("pronoun", "only") for match in found.matches for reason in match.reasons)


def _may_be(dialogue: ChangeDialogue, number: str) -> bool:
    view = dialogue.records.known(number)
    state: Any = view.state if view is not None else ""
    if dialogue.kind.goes_back:
        return bool(state == "delivered")
    return state in NOT_SENT
