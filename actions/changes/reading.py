"""Words into the pieces of a change: what is read into one request, and what of it is in doubt.

What reads is beside it: `orders_meant`, `goods_meant`, `targets_meant`, `places_meant` and `other_pieces`. Every
function there reads what a message says and writes what it is sure of into the request; what is in doubt stays with
the `Reader`, for a question. Nothing of it asks or answers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from actions.changes.faults import without_denied_faults
from actions.changes.kind import ChangeKind
from actions.changes.kinds import BY_KEY
from actions.changes.records import Records, method_candidate
from actions.changes.request import ChangeRequest
from actions.resolver import Focus, LineCandidate, Match, Wish, resolve_payment_method, resolve_reason

MORE = re.compile(
    r"\b(?:also|too|as well|in addition|add|plus|while (?:you'?re|we'?re|i'?m) at it|do both|in one (?:change|go)|together with)\b"  # noqa: E501
    r"|^\W*(?:(?:no|oh|ok)\W+)?(?:and|both)\b"
    r"|也|还有|再加|加上|一起|另外|顺便|顺带|顺手",
    re.IGNORECASE,
)
"""What is named now comes to what was named before."""


@dataclass
class TargetRead:
    """Why a line has no target yet: nothing was said, several fit (`choices`), or there is none (`wanted`)."""

    choices: list[str] = field(default_factory=list)
    wanted: str = ""
    edge: str = ""
    """Which end was reached, where it is the last on that side: `size_max` of the largest."""
    current: bool = False
    """What was named is what the shopper has."""
    nearest: bool = False
    """`choices` have what is wanted, and something else than the line has besides."""


class Reader:
    """What messages are read with into one request, and what they left in doubt."""

    def __init__(self, records: Records, request: ChangeRequest, focus: Focus) -> None:
        self.records = records
        self.request = request
        self.focus = focus
        self.line_choices: list[str] = []
        """Lines that may have been meant."""
        self.named_apart = False
        """Whether each of `line_choices` was named by words of its own, though not surely."""
        self.line_absent: str = ""
        """Words for a line that is not there."""
        self.rather: ChangeKind | None = None
        """The kind that everything said of the lines asks for, where it is another one than was understood."""
        self.restated = False
        """Whether lines or targets were named, whatever they were before."""
        self.fits_none: str = ""
        """Words for what is wanted instead that no line of the order comes in."""
        self.targets: dict[str, TargetRead] = {}
        """By line, why its target is open."""
        self.address_choices: list[str] = []
        """Addresses of the book that may have been meant."""
        self.apart: list[Match[LineCandidate]] = []
        """Lines of several orders that the last message for orders named, to be taken one order after the other."""
        self.failed: dict[str, str] = {}
        """By line that goes instead, what it cannot be had as."""
        self.elsewhere = False
        """Lines are wanted for a request of their own, by their condition."""
        self.nothing_left = False
        """Everything that was to change is to stay as it is."""
        self.meant_as: Wish | None = None
        """What was said for what this kind does: "send it back" of what has not arrived."""
        self.said_of: tuple[str, Sequence[LineCandidate]] = ("", ())
        """The words that were read last for lines, and the lines."""
        self.refused: list[str] = []
        """Values that no version which goods become is to have."""
        self.asked_beside = ""
        """What is only asked of goods of which nothing is wanted."""
        self.spoken: dict[str, str] = {}
        """Messages without the words for where money goes, which name no goods."""

    @property
    def kind(self) -> ChangeKind:
        """The request's."""
        return BY_KEY[self.request.kind]

    def reason(self, text: str) -> None:
        """The one reason that the words give, where the kind has any."""
        if reasons := self.kind.reasons(self.records.policies):
            why = resolve_reason(without_denied_faults(text), reasons)
            if why.status == "one":
                self.request.reason = why.first

    async def payment_method(self, text: str) -> bool:
        """The answer to "which way to pay?"; whether it was one."""
        methods = [method_candidate(each) for each in await self.records.methods()]
        focus = replace(self.focus, shown=self.request.shown or self.focus.shown)
        found = resolve_payment_method(text, methods, focus=focus, today=self.records.today)
        if found.status != "one":
            return False
        self.request.payment_method = found.first.key
        return True

    async def usual_payment_method(self) -> bool:
        """Takes the saved way to pay that comes first, for who agrees without naming one; whether there is one."""
        methods = await self.records.methods()
        usual = next((each for each in methods if each.is_default), methods[0] if len(methods) == 1 else None)
        if usual is None or usual.kind == "gift_card":
            return False
        self.request.payment_method = usual.id
        return True
