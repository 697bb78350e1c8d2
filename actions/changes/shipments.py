"""Parcels: what is wrong with one, chasing one, and where or when one should come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from actions.changes.kind import NOT_SENT, ChangeKind, Lines, given, lines_as_details
from actions.changes.records import Records
from actions.changes.request import ChangeRequest
from actions.orders import delivery_records, is_recorded_delivered, order_status
from actions.resolver import resolve_date
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderState, OrderSummary, PolicyExplanation
from shopdesk_schemas.rules import ClaimRules

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_RESOLUTIONS: Mapping[str, re.Pattern[str]] = {
    "resend": re.compile(
        r"\bre-?send|\bsend (?:me |us )?(?:it|them|one|another|a new|new|the (?:right|correct|missing|proper))\b"
        r"|\banother (?:one|copy)|\b(?:a |the )?new one|\breplace(?:ment|d)?\b|\b(?:right|correct) one\b"
        r"|(?:要|想要?|换|发|给|来)(?:我|一?[个件条双只套份])*新的|重新?(?:发|寄)|补(?:发|寄|一)|再(?:发|寄)|换(?:一个|个|一件|件)?新|(?:发|寄)[^，。]{0,4}对的",
        re.IGNORECASE,
    ),
    "refund": re.compile(
        r"\brefund|\bmoney\b|\breimburse|\bcash back|退(?:款|钱|我钱)|把钱|赔(?:钱|款|偿|我)", re.IGNORECASE
    ),
    "trace": re.compile(
        r"\b(?:look|search) for (?:it|them|my)|\btrace (?:it|them|my)|\binvestigat|\benquir"
        r"|\bask (?:the )?(?:carrier|courier)|查(?:找|件)|帮[^，。]{0,3}找|找(?:回|一下|找)|问[^，。]{0,3}快递",
        re.IGNORECASE,
    ),
}
"""What people say for a way of settling it."""


def remedy_in(text: str) -> str | None:
    """The one way of settling a claim that `text` asks for; None where it names none, or several."""
    named = [remedy for remedy in _RESOLUTIONS if wants(remedy, text)]
    return named[0] if len(named) == 1 else None


_NOT_WANTED = re.compile(
    r"(?:\b(?:rather than|instead of|than|not|without|no|(?:do not|don'?t|didn'?t) (?:want|need))"
    r"(?: (?:a|an|the|my|any|to|be|get|have|want|need|another|just))*"
    r"|(?:而不是|不是|不需要|不想要?|不用|不要|不|别|甭)(?:给我|帮我|再)?)\s*$",
    re.IGNORECASE,
)
"""What stands before a remedy that is turned down: "a new one rather than money", "要新的不要退钱"."""


def wants(remedy: str, text: str) -> bool:
    """Whether `text` asks for this way of settling a claim, and does not turn it down."""
    return any(not _NOT_WANTED.search(text[: found.start()]) for found in _RESOLUTIONS[remedy].finditer(text))


def without_remedies(text: str) -> str:
    """`text` without ways of settling it and without when it came."""
    for words in (*_RESOLUTIONS.values(), _JUST_NOW):
        text = words.sub(" ", text)
    return text


_JUST_NOW = re.compile(
    r"\b(?:just )?(?:today|yesterday|this morning|tonight|just now|now)\b|刚刚|刚才|今天|今早|昨天|昨晚", re.IGNORECASE
)
"""When a parcel came: by the shopper's memory, not by the record."""

_WISHES: Mapping[str, re.Pattern[str]] = {
    "hold": re.compile(
        r"\bhold\b|\bkeep\b|\bpick it up\b|\bcollect\b|\bdepot\b|\bpost office\b|自提|自取|先放|暂存|代收|保管|网点",
        re.IGNORECASE,
    ),
    "place": re.compile(
        r"\bleave\b|\bneighbou?r|\bporch\b|\bshed\b|\bsafe place\b|\breception|\bconcierge\b"
        r"|\b(?:next|back|front) door\b"
        r"|\bgarage\b|\blocker\b|\bredirect\b|邻居|门口|门卫|前台|快递柜|驿站|物业|丰巢|传达室|保安|放(?:在|到)",
        re.IGNORECASE,
    ),
    "day": re.compile(
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b|\banother (?:day|time)\b|\bweek(?:end|day)?\b"
        r"|\bmorning\b|\bafternoon\b|\bevening\b|\bafter \d|\b(?:day|date|time)\b|\blater\b|\bearlier\b|\breschedul"
        r"|\bpostpone|\bdelay\b|周[一二三四五六日天末]|星期|礼拜|明天|后天|改天|改时间|改日期|上午|下午|晚上|[早晚]点|延[后期迟]|几号|\d+[号日点]",
        re.IGNORECASE,
    ),
}
"""What people say for another place, another day, or keeping it."""


_BARE_YES = re.compile(
    r"\W*(?:yes|yeah|yep|yup|ok|okay|sure|fine|no|nope|please|thanks?|thank you|\W)+\W*"
    r"|[好的嗯是对行可以吧谢不用了，。！\s]+",
    re.IGNORECASE,
)
"""No wish for a delivery."""


class _Claim(ChangeKind):
    """Something is wrong with a parcel: sent again, refunded, or looked for."""

    name = "shipment.claim"
    problem: ClassVar[str]
    states: ClassVar[frozenset[OrderState]] = frozenset({"delivered"})
    else_states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})
    lines: ClassVar[Lines] = "ask"
    any_wish = True
    names_parts = True
    photos = True
    questions = frozenset({"resolution"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Only another report of what is wrong: "the broken one" answers which one to send back."""
        return isinstance(other, _Claim | ChaseDispatch)

    def rules(self, policies: PolicyExplanation) -> ClaimRules | None:
        """The shop's, of this problem."""
        return getattr(policies.claims, self.problem) if policies.claims else None

    def needs_photo(self, policies: PolicyExplanation) -> bool:
        """Where its rules say so."""
        rules = self.rules(policies)
        return rules is not None and rules.evidence == "photo"

    def window_days(self, policies: PolicyExplanation) -> int | None:
        """The shop's."""
        rules = self.rules(policies)
        return rules.within_days if rules else None

    def refund_targets(self, policies: PolicyExplanation) -> Sequence[str]:
        """The shop's."""
        return policies.claims.refund_targets if policies.claims else ()

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """How it should be settled, where the words name one way that the shop offers."""
        rules = self.rules(records.policies)
        offered = rules.resolutions if rules else ()
        named = [each for each in offered if wants(each, text)]
        if len(named) == 1:
            request.extras["resolution"] = named[0]

    def goods_words(self, text: str) -> str:
        """Without "a new one" and "came today", which name no goods."""
        return without_remedies(text)

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """How it should be settled, where the shop leaves the choice."""
        request, rules = dialogue.request, self.rules(dialogue.policies)
        offered = rules.resolutions if rules else []
        if len(offered) < 2 or request.extras.get("resolution") in offered:
            return
        choices = {
            f"extra=resolution:{each}": dialogue.wording.say(f"changes.alternative.resolve_by_{each}")
            for each in offered
        }
        view = await dialogue.records.order(request.orders[0])
        dialogue.ask("resolution", f"{self.key}.resolution", choices, **self.told(dialogue, view.number))

    def told(self, dialogue: ChangeDialogue, order: str) -> dict[str, str]:
        """What the question for a resolution speaks of."""
        names = dialogue.names_of(dialogue.request.lines)
        return {"order": order, "names": dialogue.wording.listed(names)}

    def at_once(self, offer: ProposalView) -> bool:
        """Asking the carrier moves nothing."""
        return offer.values.get("resolution") == "trace" and not offer.moves

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `shipment.claim`."""
        return given(
            order=order,
            problem=self.problem,
            lines=None if request.whole else lines_as_details(request, order),
            refund_target=request.refund_target,
            description=request.text[:2000].strip() or None,
            **request.extras,
        )


class ClaimDamaged(_Claim):
    """It arrived broken."""

    key = "claim_damaged"
    problem = "damaged"
    intents = frozenset({"report_damaged"})


class ClaimMissingItem(_Claim):
    """It was not in the box."""

    key = "claim_missing_item"
    problem = "missing_item"
    intents = frozenset({"report_missing_item"})


class ClaimWrongItem(_Claim):
    """Something else was in the box."""

    key = "claim_wrong_item"
    problem = "wrong_item"
    intents = frozenset({"report_wrong_item"})


class ClaimLost(_Claim):
    """It left and never came."""

    key = "claim_lost"
    problem = "lost"
    intents = frozenset({"report_lost"})
    states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})
    else_states: ClassVar[frozenset[OrderState]] = frozenset({"delivered"})
    lines: ClassVar[Lines] = "none"

    def suited(self, order: OrderSummary) -> str:
        """What is recorded as delivered did not reach the shopper; what was never sent is chased."""
        if order.state == "delivered":
            return "claim_not_received"
        return "chase" if order.state in NOT_SENT else self.key


class ClaimNotReceived(_Claim):
    """The carrier says that it was delivered."""

    key = "claim_not_received"
    problem = "not_received"
    lines: ClassVar[Lines] = "none"

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """What the record says comes first; what is not recorded as delivered is told where it is."""
        view = await dialogue.records.order(dialogue.request.orders[0])
        if is_recorded_delivered(view):
            await super().ask(dialogue)
            return
        dialogue.say("utter_order_status", status=order_status(view, dialogue.wording))
        dialogue.finish()

    def told(self, dialogue: ChangeDialogue, order: str) -> dict[str, str]:
        """With the carrier's record."""
        view = dialogue.records.known(order)
        recorded = delivery_records(view, dialogue.wording) if view else ""
        return {"order": order, "recorded": recorded}


class ChaseDispatch(ChangeKind):
    """The warehouse is told to hurry, or the carrier is asked. Harmless: done at once."""

    key = "chase"
    name = "shipment.chase"
    intents = frozenset({"chase_dispatch"})
    states = NOT_SENT
    else_states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits until the change is done."""
        return False

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Of what was sent already, where it is."""
        view = await dialogue.records.order(dialogue.request.orders[0])
        if view.state not in NOT_SENT:
            dialogue.say("utter_order_status", status=order_status(view, dialogue.wording))
            if view.state != "shipped":
                dialogue.finish()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `shipment.chase`."""
        return given(order=order, tracking_number=request.extras.get("tracking_number"))


class InstructDelivery(ChangeKind):
    """Another day or place for a parcel, or keeping it: passed on, nothing is promised."""

    key = "instruct"
    name = "shipment.instruct"
    intents = frozenset({"change_delivery"})
    states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})
    else_states = NOT_SENT
    questions = frozenset({"wish", "wish_day", "wish_place"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits until the change is done."""
        return False

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """What is wished for, in the shopper's own words."""
        extras = request.extras
        asked = str(request.question.get("slot") or "")
        wish = next((each for each, words in _WISHES.items() if words.search(text)), None)
        if wish is None and _BARE_YES.fullmatch(text):
            return
        if wish is not None or asked in self.questions:
            extras.setdefault("wish", wish or "other")
            extras["description"] = text.strip()[:200]
        found = resolve_date(text, today=records.today)
        if found.status == "one" and extras.get("wish") == "day":
            day = found.first.first
            while day < records.today:
                # "on Thursday" of a past week is the coming one here.
                day += timedelta(days=7)
            extras["on"] = day.isoformat()

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """What should be different, and the day or the place of it."""
        extras = dialogue.request.extras
        wish = extras.get("wish")
        if wish is None:
            choices = {
                f"extra=wish:{each}": dialogue.wording.say(f"changes.code.wish.{each}")
                for each in ("day", "place", "hold")
            }
            dialogue.ask("wish", "instruct.wish", choices)
        elif not extras.get("description"):
            if wish in ("day", "place"):
                dialogue.ask(f"wish_{wish}", f"instruct.wish_{wish}", {})
            else:
                extras["description"] = dialogue.wording.say(f"changes.code.wish.{wish}")

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `shipment.instruct`."""
        return given(order=order, **request.extras)
