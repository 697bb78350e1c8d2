"""What a shopper wants changed, as far as it is known: plain JSON in the slot `change`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from actions.resolver import LineCandidate


@dataclass
class ShownProposal:
    """An offer that stands on the shopper's screen, waiting for a yes."""

    id: str
    order: str


@dataclass
class Remark:
    """Something to say beside the proposal: a key under `changes.remark` and its values."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class ChangeRequest:
    """A request on its way to a proposal. Lines have the keys of `LineCandidate`: order number and line number."""

    kind: str
    origin: str
    """The id of the message that began it: with `rounds` the idempotency key of its proposals."""
    text: str
    """The words that began it, read again once the order they are about is known."""
    rounds: int = 0
    """How many times something was proposed."""
    orders: list[str] = field(default_factory=list)
    whole: bool = False
    """The whole order was meant out loud."""
    lines: dict[str, int | None] = field(default_factory=dict)
    """How many of each; None: all that is left."""
    quantity: int | None = None
    """How many were said of a line before it was known which: "two of the scarves"."""
    targets: dict[str, str] = field(default_factory=dict)
    """By line, the SKU that it becomes."""
    also: dict[str, dict[str, int]] = field(default_factory=dict)
    """By line, other SKUs that more of its pieces become, and how many: "a white one and a red one"."""
    address: dict[str, str] = field(default_factory=dict)
    """Fields of the CRM's address."""
    saved_address: str = ""
    """Words that name an address of the book while it is not known who asks."""
    reason: str | None = None
    refund_target: str | None = None
    refund_for: list[str] = field(default_factory=list)
    """The lines that it was said for."""
    refund_of_all: bool = False
    """It was said of all that goes back, and not of some goods alone."""
    payment_method: str | None = None
    extras: dict[str, str] = field(default_factory=dict)
    """Further details of the kind, as the CRM names them: `method`, `wish`."""
    conditions: list[str] = field(default_factory=list)
    """Later messages that said under which condition goods become others."""
    held: list[str] = field(default_factory=list)
    """Words whose condition was applied."""
    gathered: list[str] = field(default_factory=list)
    """Words that were looked through for all that is asked of the order's items."""
    then: list[dict[str, Any]] = field(default_factory=list)
    """Requests that follow from this one's conditions, each as in the slot."""
    together: bool = False
    """Whether the words that began it were looked through for other changes of the same order."""
    agreed: list[str] = field(default_factory=list)
    """What it would do, where that was agreed to before something else had to come first."""
    terms: list[str] = field(default_factory=list)
    """What the offers on the screen would do."""
    absent_told: list[str] = field(default_factory=list)
    """Words for goods of which it was said that there are none."""
    remarks: list[Remark] = field(default_factory=list)
    proposals: list[ShownProposal] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    """Keys of what the last question showed, in the order on the screen."""
    question: dict[str, Any] = field(default_factory=dict)
    """The last question as it was put, to put it again after a digression."""
    told: str = ""
    """What is proposed in words, without the question behind it."""
    in_vain: int = 0
    taken: int = 0
    """How many messages after the first told something of it."""
    noted: int = 0
    """How many other requests were noted for afterwards since it began."""
    code_sent_to: str | None = None

    @classmethod
    def from_slot(cls, slot: Mapping[str, Any] | None) -> Self | None:
        """The request in the slot; None when there is none."""
        if not slot:
            return None
        known = {each.name for each in fields(cls)}
        values = {name: value for name, value in slot.items() if name in known}
        values["remarks"] = [Remark(**each) for each in values.get("remarks", [])]
        values["proposals"] = [ShownProposal(**each) for each in values.get("proposals", [])]
        return cls(**values)

    def as_slot(self) -> dict[str, Any]:
        """The request as JSON."""
        return asdict(self)

    @property
    def key(self) -> str:
        """What makes the next proposal this one and no other."""
        return f"{self.origin}:{self.kind}:{self.rounds}"

    def lines_of(self, order: str) -> dict[int, int | None]:
        """The quantities of the lines of one order, by line number."""
        wanted: dict[int, int | None] = {}
        for key, quantity in self.lines.items():
            number, _, line = key.rpartition("/")
            if number == order:
                wanted[int(line)] = quantity
        return wanted

    def target_of(self, order: str, line: int) -> str | None:
        """The SKU that a line becomes."""
        return self.targets.get(f"{order}/{line}")

    def pieces(self) -> dict[str, Any]:
        """What can be corrected, to tell whether a message changed any of it."""
        return {
            name: getattr(self, name)
            for name in (
                "kind", "orders", "whole", "lines", "targets", "also", "address", "reason", "refund_target",
                "payment_method", "extras",
            )
        }  # fmt: skip

    def forget_order(self) -> None:
        """Another order is meant: what was said of the lines of the one before does not hold for it."""
        self.orders, self.lines, self.targets, self.whole, self.quantity = [], {}, {}, False, None
        self.also = {}


def all_left(line: LineCandidate, quantity: int | None) -> int | None:
    """`quantity`, or None when it is all that is left of the line."""
    return None if quantity is None or quantity >= line.changeable else quantity
