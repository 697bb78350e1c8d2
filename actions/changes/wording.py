"""Proposals, refusals and outcomes in words: the CRM's keys and values, in the reader's language.

The words are in `locales/<language>/changes.yml`; a test sees to it that every key the CRM can answer has some. Values
are put into words by their names: `…_minor` are money, ISO days and moments are days, `line_number(s)` are the names
of the lines, codes are looked up under `changes.code`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from actions.orders import line_name
from actions.payment_words import brand_name
from actions.references import short_reference
from actions.wording import Wording
from shopdesk_schemas.changes import MoneyMove, OfferLine, ProposalView
from shopdesk_schemas.content import ProposalChange, ProposalContent
from shopdesk_schemas.crm import OrderView

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
_CODES = frozenset(
    {
        "state",
        "reason",
        "reasons",
        "method",
        "law",
        "purpose",
        "channel",
        "target",
        "kind",
        "resolution",
        "problem",
        "wish",
    }
)
_REFERENCES = frozenset({"receipt", "case"})
_ABOUT_PERSON = frozenset({"recipient_changed", "phone_changed", "note_changed"})
"""Lines of a change of delivery that leave the place as it is."""
_WHEN_A_PERSON = frozenset({"person_decides", "person_answers", "person_looks"})
"""Notes that say by when a person has seen to it."""

_WHEN_TOLD = _WHEN_A_PERSON | {"refund_takes_days"}


class ChangeWording:
    """Words about changes of one order, or of none (`order` is None)."""

    def __init__(
        self,
        wording: Wording,
        zone: str,
        order: OrderView | None = None,
        variants: Mapping[str, str] | None = None,
        title: str = "",
        titles: Mapping[str, str] | None = None,
    ) -> None:
        """`variants` are the options of new variants in the reader's language, by SKU; `title` is the product's name
        there, where the change is about one product, `titles` are the names of several by SKU.
        """
        self._wording = wording
        self._zone = order.timezone if order else zone
        self._currency = order.currency if order else None
        self._names = {line.line_number: line_name(line, wording) for line in order.lines} if order else {}
        self._variants = variants or {}
        self._title = title
        self._titles = titles or {}

    def change(self, line: OfferLine) -> ProposalChange:
        """One line of a proposal."""
        values = self.values(line.values)
        detail = self._filled(f"changes.detail.{line.key}", values) if self._known("detail", line.key) else ""
        return ProposalChange(label=self.told("line", line), detail=detail or None)

    def told(self, section: str, line: OfferLine) -> str:
        """The words of a key: a `line` of a proposal, a `note` or an `alternative`."""
        values = self.values(line.values)
        if line.key == "language_changed":
            values["value"] = self._wording.language_name(str(line.values.get("value")))
        if "rule" in line.values:
            values["rule_words"] = self.rule(str(line.values["rule"]), line.values)
        return self._filled(f"changes.{section}.{line.key}", values)

    def told_note(self, key: str, values: Mapping[str, Any]) -> str:
        """The words of a note by its key."""
        return self._filled(f"changes.note.{key}", self.values(values))

    def knows(self, section: str, key: str) -> bool:
        """Whether there are words for a key."""
        return self._known(section, key)

    def rule(self, rule: str, values: Mapping[str, Any]) -> str:
        """Why something is refused."""
        return self._filled(f"changes.rule.{rule}", self.values(values))

    def proposal(
        self, view: ProposalView, remarks: Iterable[str], question: str, *, one_of_several: bool
    ) -> tuple[str, dict[str, Any]]:
        """The proposal's words, and its structured part without them and without buttons.

        `one_of_several` orders: then it says which, whatever the changes say.
        """
        changes = [self.change(line) for line in view.lines]
        money = self.money(view.moves, view.kind)
        text = self._wording.sentences(
            self._opening(view, changes, one_of_several=one_of_several),
            *money,
            *(self.told("note", note) for note in view.notes),
            *remarks,
            question,
        )
        shown = [*changes, *(ProposalChange(label=sentence) for sentence in money)]
        content: ProposalContent[Any] = ProposalContent(
            text="", proposal_id=view.id, expires_at=view.expires_at, changes=shown
        )
        return text, content.model_dump(mode="json", exclude={"text", "buttons"})

    def parts(self, view: ProposalView) -> str:
        """What an offer's amount is made of: what changes, the money, and the rules that bear on it."""
        changes = [self.change(line) for line in view.lines]
        told = [f"{each.label} ({each.detail})" if each.detail else each.label for each in changes]
        return self._wording.sentences(
            self._wording.say("changes.parts", changes=self._wording.say("changes.separator").join(told)),
            *self.money(view.moves, view.kind),
            *(self.told("note", note) for note in view.notes),
        )

    def brief(self, view: ProposalView) -> str:
        """What changes and where money goes, without the rules."""
        told = [self.change(line).label for line in view.lines]
        return self._wording.sentences(
            self._wording.say("changes.parts", changes=self._wording.say("changes.separator").join(told)),
            *self.money(view.moves, view.kind),
        )

    def told_only(self, view: ProposalView) -> str:
        """What an offer explains."""
        return self._opening(view, [self.change(line) for line in view.lines], one_of_several=False)

    def _opening(self, view: ProposalView, changes: Sequence[ProposalChange], *, one_of_several: bool) -> str:
        """The sentence with what changes: the kind's own where there is one."""
        told = [f"{each.label} ({each.detail})" if each.detail else each.label for each in changes]
        own = f"changes.proposals.{view.kind.replace('.', '_')}"
        if any(line.key == "charged_twice" for line in view.lines):
            own = f"{own}_twice"
        # Whoever confirms has to see which order it is, above all where it was not they who named it.
        unnamed = view.order_number and not any(view.order_number in each for each in told)
        usual = "changes.proposal_of_order" if one_of_several or unnamed else "changes.proposal"
        return self._wording.say(
            own if self._wording.has(own) else usual,
            order=view.order_number or "",
            changes=self._wording.say("changes.separator").join(told),
        )

    def money(self, moves: Sequence[MoneyMove], kind: str = "") -> list[str]:
        """What goes back and what is taken: a sentence for each move, the kind's own where it has one."""
        own = kind.replace(".", "_")
        return [
            self._move(
                f"changes.money.{own}_{move.direction}"
                if self._wording.has(f"changes.money.{own}_{move.direction}")
                else f"changes.money.{move.direction}",
                move,
            )
            for move in moves
        ]

    def money_requested(self, moves: Sequence[MoneyMove]) -> list[str]:
        """The same once it was asked for."""
        return [self._move(f"changes.requested.{move.direction}", move) for move in moves]

    def way(self, values: Mapping[str, Any]) -> str:
        """A way to pay: "Visa ending in 4242", "gift card"."""
        kind = str(values.get("kind") or values.get("method") or "")
        if values.get("target") == "gift_card" or kind == "gift_card":
            return self._wording.say("changes.way.gift_card")
        said = values.get("brand")
        brand = brand_name(str(said), self._wording) if said else self.code("method", kind or "card")
        if values.get("last4"):
            return self._wording.say("changes.way.ending", brand=brand, last4=values["last4"])
        return self._wording.say("changes.way.named", brand=brand)

    def done(self, view: ProposalView) -> str:
        """What a confirmation did, and what was only asked for so far."""
        outcome = view.outcome
        values = self.values({**view.values, **(outcome.values if outcome else {})})
        values["order"] = view.order_number or values["order"]
        told = [self.told("line", line) for line in view.lines]
        values["changes"] = self._wording.say("changes.separator").join(told)
        values["names"] = next((named for line in view.lines if (named := self.values(line.values)["names"])), "")
        key = self._done_key(view)
        when = [self.told("note", note) for note in view.notes if note.key in _WHEN_A_PERSON]
        failed = outcome is not None and any(effect.state == "failed" for effect in outcome.effects)
        return self._wording.sentences(
            self._filled(key if self._wording.has(key) else "changes.done.other", values),
            *self.money_requested(view.moves),
            self._wording.say("changes.effect_failed") if failed else None,
            *when,
            self._wording.say("changes.case_opened") if outcome is not None and outcome.case and not when else None,
        )

    def remembered(self, view: ProposalView, before: Mapping[str, str]) -> dict[str, str]:
        """What was done, in words for questions afterwards: what it was, by when a person or the money comes, and the
        lines it was about. `before` is what was done with the same yes.
        """
        changes = self._wording.say("changes.separator").join(self.told("line", line) for line in view.lines)
        named = not view.order_number or view.order_number in changes
        key = "changes.parts" if named else "changes.done_of_order"
        told = self._wording.say(key, order=view.order_number or "", changes=changes)
        when = self._wording.sentences(*(self.told("note", note) for note in view.notes if note.key in _WHEN_TOLD))
        numbers = [line.values.get("line_number") for line in view.lines]
        lines = [f"{view.order_number}/{number}" for number in numbers if number is not None]
        return {
            "told": self._wording.sentences(before.get("told"), told),
            "when": when or before.get("when", ""),
            "lines": ",".join([*filter(None, before.get("lines", "").split(",")), *lines]),
            "whole": "yes" if view.values.get("whole_order") else "",
        }

    def _done_key(self, view: ProposalView) -> str:
        """The words for what was done: of the kind, and of what became of it where that has words of its own."""
        outcome = view.outcome.values if view.outcome else {}
        state = str(outcome.get("state") or "")
        if outcome.get("explained") is False and not view.moves:
            state = "open"
        told_by = [
            "person" if {line.key for line in view.lines} <= _ABOUT_PERSON else "",
            "whole" if view.values.get("whole_order") else "",
            state,
            f"{state}_{view.values.get('resolution')}",
            str(outcome.get("promise") or ""),
        ]
        key = f"changes.done.{view.kind.replace('.', '_')}"
        for suffix in told_by:
            if suffix and self._wording.has(f"{key}_{suffix}"):
                key = f"{key}_{suffix}"
        return key

    def code(self, kind: str, value: str) -> str:
        """A code of the policies in words; one that the locale files do not know with spaces for its underscores."""
        kind = kind.removesuffix("s")
        key = f"changes.code.{kind}.{value}"
        return self._wording.say(key) if self._wording.has(key) else value.replace("_", " ")

    def values(self, raw: Mapping[str, Any]) -> defaultdict[str, str]:
        """Values in words; what has none is empty."""
        currency = raw.get("currency") or self._currency
        words: defaultdict[str, str] = defaultdict(str)
        for name, value in raw.items():
            if value is None:
                continue
            if name.endswith("_minor") and isinstance(value, int) and currency:
                words[name.removesuffix("_minor")] = self._wording.money(abs(value), currency).text
            elif name == "line_numbers" and isinstance(value, list):
                words["names"] = self._wording.listed([self._names.get(each, str(each)) for each in value])
            else:
                words[name] = self._value(name, value)
        quantities = raw.get("quantities")
        if isinstance(quantities, dict):
            words["names"] = self._wording.listed([self._names.get(int(each), str(each)) for each in quantities])
        number = raw.get("line_number")
        title = self._titles.get(str(raw.get("sku"))) or self._title
        title = title or str(raw.get("title") or raw.get("name") or raw.get("sku") or "")
        words["name"] = (self._names.get(number) if isinstance(number, int) else None) or title
        if raw.get("new_sku") in self._variants:
            words["new_options"] = self._variants[str(raw["new_sku"])]
        if raw.get("options") and raw.get("sku") in self._variants:
            words["options"] = self._variants[str(raw["sku"])]
        if raw.get("line1"):
            parts = ("label", "recipient", "phone", "line1", "line2", "district", "city", "region", "postcode")
            words["place"] = ", ".join(words[part] for part in parts if words.get(part))
        if "kind" in raw or "method" in raw or "brand" in raw:
            words["way"] = self.way(raw)
        if raw.get("purpose") and raw.get("channel"):
            words["purpose"] = self._wording.say(
                "changes.purpose_by", purpose=words["purpose"], channel=words["channel"]
            )
        return words

    def _value(self, name: str, value: Any) -> str:
        if isinstance(value, dict):
            return self._wording.listed([str(each) for each in value.values()])
        if isinstance(value, list):
            return self._wording.listed([self._value(name, each) for each in value])
        if name in _CODES:
            return self.code(name, str(value))
        if name in _REFERENCES:
            return short_reference(str(value))
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            if len(value) == 10:
                return self._wording.day(date.fromisoformat(value), self._zone)
            return self._wording.day_of(datetime.fromisoformat(value), self._zone)
        return str(value)

    def _move(self, key: str, move: MoneyMove) -> str:
        amount = self._wording.money(move.amount_minor, move.currency).text
        way = self.way(move.model_dump())
        if move.direction == "refund" and move.target == "original" and not (move.method or move.last4):
            way = self._wording.say("changes.way.original")
        return self._wording.say(key, amount=amount, way=way)

    def _known(self, section: str, key: str) -> bool:
        return self._wording.has(f"changes.{section}.{key}")

    def _filled(self, key: str, values: Mapping[str, str]) -> str:
        return self._wording.template(key).format_map(values)
