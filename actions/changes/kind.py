"""What a kind of change is: which words begin it, what it needs, and what the CRM is asked for.

A topic adds a kind by an intent with examples, a subclass here-after in the module named after the topic, and its
words: `changes.title`, `changes.done` and `changes.ask` in actions/locales. Nothing in the form changes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from actions.changes.request import ChangeRequest
from actions.resolver import Wish, is_phone_in
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderState, OrderSummary, OrderView, PolicyExplanation

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue
    from actions.changes.records import Records

Lines = Literal["none", "some", "ask"]
"""none: about the order · some: about lines where some are named, else about the whole · ask: lines must be named."""

NOT_SENT: frozenset[OrderState] = frozenset({"created", "approved", "invoiced", "processing"})


@dataclass(frozen=True)
class AccountProposal:
    """What the CRM is asked for about no order: its name for the kind, and the details."""

    name: str
    details: dict[str, Any]


class ChangeKind:
    """One kind. Has no state."""

    key: ClassVar[str]
    """Its name in the slot, in buttons and in the locale files."""
    name: ClassVar[str]
    """The CRM's name for it; empty where nothing is proposed."""
    intents: ClassVar[frozenset[str]] = frozenset()
    wish: ClassVar[Wish | None] = None
    """What a clause about a line has to want to be about this kind."""
    verb: ClassVar[Wish | None] = None
    """What people call it at the yes, where that is no wish about lines: "yes, call it off" of a return."""
    states: ClassVar[frozenset[OrderState]] = frozenset()
    """Orders in these states are meant when none is named."""
    lines: ClassVar[Lines] = "none"
    swaps: ClassVar[bool] = False
    """Every line needs another variant."""
    moves: ClassVar[bool] = False
    """It needs an address."""
    several_orders: ClassVar[bool] = False
    else_states: ClassVar[frozenset[OrderState]] = frozenset()
    """Orders in these are meant where there is none in `states`."""
    questions: ClassVar[frozenset[str]] = frozenset()
    """What `ask` asks for: the slots of its questions."""

    def takes_over(self, other: ChangeKind) -> bool:
        """Whether it takes the place of another change in the middle of it; otherwise it waits until that is done."""
        return True

    about: ClassVar[Literal["order", "customer"]] = "order"
    """What has to be known before it goes on: an order that may be shown, or who the shopper is."""
    photos: ClassVar[bool] = False
    """Pictures that were sent in the conversation are evidence for it."""

    def needs_photo(self, policies: PolicyExplanation) -> bool:
        """Whether the shop wants a picture as evidence."""
        return False

    asks_who_first: ClassVar[bool] = True
    """Of what is about the customer: whether nothing can be asked before it is known who that is."""
    pays: ClassVar[bool] = False
    """A saved way to pay may be named for it."""
    proves_nothing: ClassVar[frozenset[str]] = frozenset()
    """Proofs that the words which begin it do not hold: what they name is new."""
    goes_back: ClassVar[bool] = False
    """Goods come back to the shop: only while the CRM says that they may."""

    def window_days(self, policies: PolicyExplanation) -> int | None:
        """For how many days after delivery it is possible, where it is about something delivered."""
        return None

    names_parts: ClassVar[bool] = False
    """What is wrong with a thing may be said of a part of it: "the wheel of the pram" is the pram."""
    any_wish: ClassVar[bool] = False
    """Whatever a clause wants of a line, the line is meant."""

    async def answer(self, dialogue: ChangeDialogue, *, known: bool) -> bool:
        """Says what can be said without an order; True when that was all. `known`: an order is named or open."""
        return False

    async def candidates(self, records: Records) -> Collection[str] | None:
        """The orders that can be meant where their states do not tell, by number."""
        return None

    async def named(self, numbers: Sequence[str], records: Records) -> Sequence[str]:
        """The order or tracking numbers that numbers in a message stand for."""
        return numbers

    def names_no_order(self, text: str, number: str) -> bool:
        """Whether a number of the message is one of something else, as a phone or tax number is."""
        return is_phone_in(text, number)

    def takes_in(self, other: ChangeKind, text: str) -> bool:
        """Whether words that were understood as another kind only complete this one."""
        return False

    def means_all(self, text: str) -> bool:
        """Whether all orders of which it is possible are meant where none is named."""
        return False

    def order_words(self, text: str) -> str:
        """The words of a message that may say which order is meant."""
        return text

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """Reads the kind's own pieces out of a message, into `request.extras`."""

    def answered(self, text: str, request: ChangeRequest) -> None:
        """Takes the bare words of a message as the answer to one of `questions`, where `read` found nothing in it."""

    def way_words(self, text: str) -> str:
        """The words of a message that may name the way to pay."""
        return text

    def goods_words(self, text: str) -> str:
        """The words of a message that may name goods."""
        return text

    any_words: ClassVar[frozenset[str]] = frozenset()
    """Those of `questions` to which whatever is said is the answer."""

    goes_on_from: ClassVar[frozenset[str]] = frozenset()
    """Kinds whose pieces stay when this one takes over: both are one change to the CRM."""
    names: ClassVar[frozenset[str]] = frozenset()
    """Those of `questions` whose answers are names and numbers, which name no goods whatever they resemble."""

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """Whether the message answers one of `questions` by what the CRM knows; what it answers is in the request."""
        return False

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Asks for the kind's own pieces (`dialogue.ask`), or says why there is nothing to do (`dialogue.finish`)."""

    def only_tells(self, offer: ProposalView) -> bool:
        """Whether an offer is an explanation and nothing is to be done."""
        return False

    def at_once(self, offer: ProposalView) -> bool:
        """Whether an offer is carried out without being asked about: it moves neither money nor goods."""
        return False

    def noted(self, request: ChangeRequest, done: Sequence[ProposalView]) -> dict[str, str]:
        """What is kept of what was carried out: its kind, its order, the shopper's words, and its reference."""
        values = {name: value for each in done if each.outcome for name, value in each.outcome.values.items()}
        reference = str(values.get("receipt") or values.get("case") or values.get("return") or "")
        told = next((each.order_number for each in done if each.order_number), None)
        order = str(values.get("order") or told or next(iter(request.orders), ""))
        return {"kind": self.key, "order": order, "words": self.passed_on(request), "reference": reference}

    def passed_on(self, request: ChangeRequest) -> str:
        """The shopper's words that somebody was told."""
        return request.text.strip()

    async def told_after(self, dialogue: ChangeDialogue) -> str:
        """What is said besides once something was carried out; usually nothing."""
        return ""

    def begun_as(self, text: str) -> str:
        """The key of the kind that words understood as this one begin; usually this one."""
        return self.key

    def suited(self, order: OrderSummary | OrderView) -> str:
        """The key of the kind that does what is wanted of an order in its state; usually this one."""
        return self.key

    def suited_to(self, order: OrderSummary | OrderView, text: str) -> str:
        """The same where the words that ask for it tell more than the kind they were understood as."""
        return self.suited(order)

    def reasons(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's reason codes to choose from; none where no reason is given."""
        return ()

    def reason_needed(self, policies: PolicyExplanation) -> bool:
        """Whether the shop wants a reason."""
        return False

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """Where money may go back to."""
        return ()

    def read_wrongly(self, dialogue: ChangeDialogue) -> bool:
        """The CRM cannot take the details as they were read: asks for them anew; False where nothing can be asked."""
        return False

    async def proposals(self, dialogue: ChangeDialogue) -> Sequence[AccountProposal]:
        """What is asked for where it is about no order."""
        return [AccountProposal(self.name, {})]

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """The details of the proposal for one order."""
        raise NotImplementedError


def lines_as_details(request: ChangeRequest, order: str) -> list[dict[str, Any]] | None:
    """The lines of a request as the CRM wants them; None for the whole order."""
    lines = [
        {"line_number": number, **({} if quantity is None else {"quantity": quantity})}
        for number, quantity in request.lines_of(order).items()
    ]
    return lines or None


def given(**details: Any) -> dict[str, Any]:
    """The details that have a value."""
    return {name: value for name, value in details.items() if value is not None}
