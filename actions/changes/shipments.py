"""Parcels: what is wrong with one, chasing one, and where or when one should come."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

from actions.changes.kind import NOT_SENT, ChangeKind, Lines, given, lines_as_details
from actions.changes.records import Records, address_candidate, address_details
from actions.changes.request import ChangeRequest
from actions.orders import delivery_records, is_recorded_delivered, order_status
from actions.resolver import NO_FOCUS, resolve_address, resolve_date, resolve_lines
from actions.resolver.missing_parts import missing_thing
from actions.resolver.resizing import resized
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases
from shopdesk_schemas.changes import ProposalView
from shopdesk_schemas.crm import OrderState, OrderSummary, OrderView, PolicyExplanation
from shopdesk_schemas.rules import ClaimRules

if TYPE_CHECKING:
    from actions.changes.dialogue import ChangeDialogue

_RESOLUTIONS: Mapping[str, re.Pattern[str]] = {
    "resend": re.compile(
        r"\bre-?send|\bsend (?:me |us )?(?:it|them|one|another|a new|new|the (?:right|correct|missing|proper))\b"
        r"|\b(?:the )?same (?:one|again)\b"
        r"|\banother (?:one|copy)|\b(?:a |the )?new one|\breplace(?:ment|d)?\b|\b(?:right|correct) one\b"
        r"|一模一样|同款新|(?:要|想要?|换|发|给|来)(?:我|一?[个件条双只套份])*新的|重新?(?:发|寄)|补(?:发|寄|一)|再(?:发|寄)|换(?:一个|个|一件|件)?新|(?:发|寄)[^，。]{0,4}对的",
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


_ONLY_CAME = re.compile(
    r"\bonly (?:(?:got|received|had|found|find|see|the|my|a) )*(?!(?:one|two|three|four|five|\d+)\b)"
    r"(?P<en>[a-z][a-z' -]{1,40}?)"
    r"(?= (?:was|were|is|are|came|arrived|turned|in|inside|there)\b|[,.;!?]|$)"
    r"(?: (?:was|were|is|are|came|arrived|turned up|in|inside|there|the|box|bag|parcel|package|it)\b)*"
    r"|(?:里面|箱子里|盒子里|包裹里)?(?:就|才)?只(?:有|收到|来|到|寄|发)了?(?![\d一两二三四五六几])"
    r"(?P<zh>[^，。,；！!\s\d]{1,12})",
    re.IGNORECASE,
)
"""What came, where the rest did not."""
_MISSES = re.compile(r"\b(?:no|missing|gone|without|not|never|isn'?t|wasn'?t|where)\b|没|少|缺|漏|不见", re.IGNORECASE)


def without_what_came(text: str) -> str:
    """`text` without what it says to have come; where it says nothing else, that all but this is meant."""
    came = _ONLY_CAME.search(text)
    if came is None:
        return text
    rest = f"{text[: came.start()]}, {text[came.end() :]}"
    if _MISSES.search(rest):
        return rest
    return f"everything except the {came['en']}" if came["en"] else f"除了{came['zh']}都"


_JUST_NOW = re.compile(
    r"\b(?:just )?(?:today|yesterday|this morning|tonight|just now|now)\b|刚刚|刚才|今天|今早|昨天|昨晚", re.IGNORECASE
)
"""When a parcel came: by the shopper's memory, not by the record."""

_CAME = re.compile(
    r"\b(?:got|get|came|arriv\w*|receiv\w*|miss\w*|sent|box|parcel|package|there|inside|delivered|short)\b"
    r"|收到|少|缺|漏|里面|发来|寄来|到货|只有|包裹",
    re.IGNORECASE,
)
"""What came, or did not."""

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
        """How it should be settled, where the shop leaves the choice. A part can only be sent."""
        request, rules = dialogue.request, self.rules(dialogue.policies)
        offered = rules.resolutions if rules else []
        if len(offered) < 2 or request.extras.get("resolution") in offered or request.extras.get("part"):
            return
        choices = {
            f"extra=resolution:{each}": dialogue.wording.say(f"changes.alternative.resolve_by_{each}")
            for each in offered
        }
        view = await dialogue.records.order(request.orders[0])
        dialogue.ask("resolution", f"{self.key}.resolution", choices, **self.told(dialogue, view.number))

    def told(self, dialogue: ChangeDialogue, order: str) -> dict[str, str]:
        """What the question for a resolution speaks of."""
        return {"order": order, "names": dialogue.wording.listed(dialogue.names_of(dialogue.request.lines))}

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

    def goods_words(self, text: str) -> str:
        """What is missing: of "only the lamp was in the box" all but the lamp, of an empty box everything."""
        folded = fold(text)
        if empty := [words for words in phrases("empty_box") if fold(words) in folded]:
            return "全部" if any(not words.isascii() for words in empty) else "everything"
        return without_what_came(super().goods_words(text))

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """The same; what is missing may be a part of goods that came."""
        request = dialogue.request
        part = missing_thing(request.text) or ("" if dialogue.turn.pressed else missing_thing(dialogue.turn.text))
        if part and len(request.lines) == 1 and not _is_goods(part, dialogue):
            request.extras["part"] = part
            request.lines = dict.fromkeys(request.lines, 1)
        await super().ask(dialogue)

    def begun_as(self, text: str) -> str:
        """That fewer are wanted ("I only need one, not two") says nothing of how many came."""
        said = resized(text)
        fewer = said is not None and said.more is None and not _CAME.search(text)
        return "change_items" if fewer else self.key


def _is_goods(words: str, dialogue: ChangeDialogue) -> bool:
    """Whether what is missing is one of the goods of its order, and no part of one."""
    lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number, gone=True)]
    found = resolve_lines(words, lines, focus=NO_FOCUS, today=dialogue.records.today)
    return found.status != "none"


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

    def suited(self, order: OrderSummary | OrderView) -> str:
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


_HURRY: Final = re.compile(
    r"\bhurr(?:y|ied)\b|\bchas(?:e|ing)\b|\bspeed\b|\bfaster\b|\bsooner\b|\bquick\w*|\basap\b|\burgent\w*|\brush\b|\bpush\b"
    r"|\bexpedite\b|\bpriorit\w+|\bnudge\b|\bget (?:it|them|my \w+|this) (?:out|moving|sent|shipped|going)\b"
    r"|\bas soon as\b"
    r"|\b(?:send|ship|dispatch) (?:it|them|my \w+|this)\b|\b(?:still|yet) waiting\b|\bages\b|\bforever\b|\bwhy\b"
    r"|\bmove\b"
    r"|\bask the (?:warehouse|carrier|courier)\b|\bkick\b|\btoo long\b|\bsupposed to\b"
    r"|催|[快早](?:点|些|发|一点|寄|一些)|加急|尽快|尽早|赶紧|抓紧|赶快|急[用着需]|马上|立刻|发货啊|怎么还|还不|为什么|为啥|等不及|等了|优先|好几天|都.{1,4}天|快.{0,3}发",
    re.IGNORECASE,
)
"""That it is to go faster, and not only asked about."""
_QUESTION: Final = re.compile(
    r"[?？吗呢]|^\W*(?:and |so |but )?(?:is|are|has|have|did|was|does|do|when|where|what|which|can|will|would)\b"
    r"|是不是|有没有|几点|几号|什么时候|啥时候|多久|到哪|能不能|可不可以|没有?\W*$|了没",
    re.IGNORECASE,
)
_HOLD_BACK: Final = re.compile(
    r"\bhold\b(?! on\b)|\b(?:don'?t|do not) (?:send|ship|dispatch|post)\b(?![^.;!?]{0,30}\b(?:to|back|e-?mails?"
    r"|texts?|messages?|news|sms|letters?|invoices?|receipts?|codes?)\b)"
    r"|\b(?:delay|postpone)\b|\bkeep (?:it|them|my order|the order|my parcel) "
    r"(?:back|until|till|for)\b|\bnot (?:before|until|till)\b|\b(?:send|ship|dispatch) (?:it|them|my order"
    r"|that)?\s*(?:later|after)\b"
    r"|先别[发寄送]|先不要?[发寄送]|晚[点些几][^，。]{0,4}[发寄送]|暂[缓停]|推迟|延[后迟期]|(?:等|到)[^，。？]{1,14}再[发寄送]|别(?:那么|这么)?(?:急着|早|快)[发寄送]",
    re.IGNORECASE,
)
"""It is to be sent later."""
_ITS_ORDER: Final = re.compile(
    r"\b(?:my|the|this|that|both) (?:\w+ )?(?:orders?|parcels?|packages?|delivery)\b|\b(?:ship|send|dispatch"
    r"|post) (?:it|them)\b"
    r"|订单|那单|这单|包裹|发货|快递",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(
    r"\b(?:i'?m|i am|we'?re|we are|i'?ll be|we'?ll be) (?:away|out|on holiday|abroad|travell?ing|at work)\b"
    r"|\b(?:not|won'?t be|nobody'?s?) (?:at |be )?home\b"
    r"|出门|出差|不在|没人|旅[游行]|度假|上班",
    re.IGNORECASE,
)
_DELIVERS: Final = re.compile(
    r"\b(?:deliver\w*|come|bring|leave|hold|keep|send|drop|put|instead|rather|later|earlier|another|change|move|postpone|wait|collect)\b"
    r"|送|放|寄|改|换|留|晚点|早点|再|先|等|别|派|存|取",
    re.IGNORECASE,
)
_IN_ONE: Final = re.compile(
    r"\b(?:one|same|a single) (?:parcel|box|package|delivery|shipment)\b|\b(?:ship|send|deliver|post|come|go"
    r"|pack)\w* (?:\w+ ){0,4}together\b"
    r"|\bcombine\b.{0,24}\b(?:orders?|parcels?|deliver\w+|shipments?)\b"
    r"|合并?(?:成|到|在)?(?:一起|一个)?(?:发|寄|送|包裹|订单)|(?:放|装)(?:在|到|进)?一个?(?:包裹|箱子?|盒子?)|一起(?:发|寄|送)(?:吧|吗|过来|出|给|行|可以|好)?",
    re.IGNORECASE,
)
"""Several things are to come together."""
_MAY_IT: Final = re.compile(
    r"\b(?:can|could|will|would|may|might|is it possible|am i able|are they able|does)\b(?!.{0,6}\b(?:you|u|ya)\b)"
    r"|能不能|可不可以|能[^，。？?]{1,12}吗|可以[^，。？?]{1,12}[吗不]|行不行|会不会|[?？]\s*$",
    re.IGNORECASE,
)
"""How one asks whether something can be done by others."""
_ASKS_FOR_IT: Final = re.compile(
    r"\bplease\b|\bpls\b|\bplz\b|\btell\b|\bask\b|请(?!问)|麻烦|帮我|帮忙|让他|叫他|跟.{1,4}说", re.IGNORECASE
)
_WHEN_IT_COMES: Final = re.compile(
    r"\bwhen\b.{0,30}\b(?:come|arriv\w+|deliver\w*|here|get|due)\b|\bwhat time\b|几点"
    r"|什么时候[^，。？]{0,4}[到送]|啥时候[^，。？]{0,4}[到送]|到哪",
    re.IGNORECASE,
)


_TO: Final = re.compile(r"(?:\bto|^)\s*(?:my|our|the)?\s*$|[到去给往](?:我)?$", re.IGNORECASE)
"""Before the name of a saved address: it is where the goods are to go. "I won't be home" moves nothing."""


def asks_of_sending(text: str) -> bool:
    """Whether a message about sending only asks how it stands, and wants nothing to go faster."""
    return _QUESTION.search(text.strip()) is not None and _HURRY.search(text) is None


def is_only_away(text: str) -> bool:
    """Whether a message tells that nobody is there, and wishes for nothing: "I'm away on Friday", 后天我出门."""
    return _AWAY.search(text) is not None and _DELIVERS.search(text) is None


def wants_hurry(text: str) -> bool:
    """Whether a message wants something sent or delivered sooner, or asked after."""
    return _HURRY.search(text) is not None


def wants_it_later(text: str) -> bool:
    """Whether a message plainly wants an order held back: "hold my order until the 20th", 先别发货."""
    held = _HOLD_BACK.search(text) is not None and _ITS_ORDER.search(text) is not None
    # "Don't send it" hurries nothing, though "send it" would.
    return held and not wants_hurry(_HOLD_BACK.sub(" ", text))


def wants_in_one(text: str) -> bool:
    """Whether several orders, or something besides, are to come in one parcel."""
    return _IN_ONE.search(text) is not None


def same_wish(text: str, words: str) -> bool:
    """Whether a message speaks of the same kind of wish as `words` do."""
    return any(each.search(text) and each.search(words) for each in (*_WISHES.values(), _HOLD_BACK, _IN_ONE))


class ChaseDispatch(ChangeKind):
    """The warehouse is told to hurry, or the carrier is asked. Harmless: done at once. A question is only answered."""

    key = "chase"
    name = "shipment.chase"
    intents = frozenset({"chase_dispatch"})
    states = NOT_SENT
    else_states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits until the change is done."""
        return False

    def begun_as(self, text: str) -> str:
        """A wish to have it later, or together with something else, is none to have it faster."""
        later = _HOLD_BACK.search(text) is not None and _HURRY.search(text) is None
        return InstructDelivery.key if later or wants_in_one(text) else self.key

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """Of what was sent already, where it is; of what is only asked about, how it stands."""
        view = await dialogue.records.order(dialogue.request.orders[0])
        asks = asks_of_sending(dialogue.request.text) and not dialogue.turn.pressed
        if view.state not in NOT_SENT or asks:
            dialogue.say("utter_order_status", status=order_status(view, dialogue.wording))
            if view.state != "shipped" or asks:
                dialogue.finish()

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `shipment.chase`."""
        return given(order=order, tracking_number=request.extras.get("tracking_number"))


_NO_WISH: Final = "no_wish"
"""Among what is read: the message that is read now is no wish for a delivery."""


class InstructDelivery(ChangeKind):
    """Another day or place for a parcel, or keeping it: passed on in the shopper's words, nothing is promised."""

    key = "instruct"
    name = "shipment.instruct"
    intents = frozenset({"change_delivery"})
    states: ClassVar[frozenset[OrderState]] = frozenset({"shipped"})
    else_states = NOT_SENT
    questions = frozenset({"wish", "wish_day", "wish_place", "wish_yes"})
    several_orders = True

    def takes_over(self, other: ChangeKind) -> bool:
        """Never: it waits until the change is done."""
        return False

    def read(self, text: str, request: ChangeRequest, records: Records) -> None:
        """What is wished for, in the shopper's own words."""
        extras = request.extras
        asked = str(request.question.get("slot") or "")
        unlike = extras.pop(_NO_WISH, None)
        found = resolve_date(text, today=records.today)
        if asked == "wish_yes" and (_BARE_YES.fullmatch(text) or (unlike and found.status != "one")):
            return
        wish = next((each for each, words in _WISHES.items() if words.search(text)), None)
        if _HOLD_BACK.search(text):
            wish = "day"
        elif wants_in_one(text):
            wish = "other"
        if (wish is None and _BARE_YES.fullmatch(text)) or (wish == "day" and is_only_away(text)):
            return
        if wish is not None or asked in self.questions:
            extras.setdefault("wish", wish or "other")
            extras["description"] = text.strip()[:200]
        if found.status == "one" and extras.get("wish") == "day":
            day = found.first.first
            while day < records.today:
                # "on Thursday" of a past week is the coming one here.
                day += timedelta(days=7)
            extras["on"] = day.isoformat()

    async def takes(self, dialogue: ChangeDialogue, asked: str) -> bool:
        """A yes to passing it on; a no leaves it."""
        if asked != "wish_yes":
            return False
        if dialogue.turn.message.get("opening") == "affirm" or dialogue.turn.intent == "affirm":
            dialogue.request.extras["sure"] = "yes"
            return True
        if dialogue.turn.intent in ("deny", "stop"):
            await dialogue.leave()
            return True
        # "Who is bringing it?" is nothing to be passed on in place of the wish.
        if dialogue.turn.intent not in self.intents:
            dialogue.request.extras[_NO_WISH] = "yes"
        return False

    async def ask(self, dialogue: ChangeDialogue) -> None:
        """What should be different, and the day or the place of it; a question is answered before it is passed on."""
        request, wording = dialogue.request, dialogue.wording
        extras = request.extras
        wish = extras.get("wish")
        if await self._to_saved_address(dialogue):
            return
        words = extras.get("description", "")
        if wish is None:
            choices = {
                f"extra=wish:{each}": wording.say(f"changes.code.wish.{each}") for each in ("day", "place", "hold")
            }
            dialogue.ask("wish", "instruct.wish", choices)
        elif not words:
            if wish in ("day", "place"):
                dialogue.ask(f"wish_{wish}", f"instruct.wish_{wish}", {})
            else:
                extras["description"] = wording.say(f"changes.code.wish.{wish}")
        elif "sure" not in extras and _MAY_IT.search(words) and not _ASKS_FOR_IT.search(words):
            view = await dialogue.records.order(request.orders[0])
            if _WHEN_IT_COMES.search(words):
                dialogue.say("utter_order_status", status=order_status(view, wording))
            by = "sent" if view.state not in NOT_SENT else "unsent"
            choices = {
                "extra=sure:yes": wording.say("changes.choice.pass_on"),
                "leave=-": wording.say("changes.button.leave"),
            }
            orders = wording.listed(request.orders)
            dialogue.ask("wish_yes", f"instruct.wish_yes_{by}", choices, order=orders, words=words)

    async def _to_saved_address(self, dialogue: ChangeDialogue) -> bool:
        """Goes over to the address of the order where an address of the book is what is wished for."""
        request = dialogue.request
        words = request.extras.get("description") or request.text
        if dialogue.turn.pressed or dialogue.verification.level != "customer":
            return False
        book = [address_candidate(each) for each in await dialogue.records.addresses()]
        country = dialogue.policies.shop.country
        found = resolve_address(words, book, country=country, focus=NO_FOCUS, today=dialogue.records.today)
        spans = [each.span for match in found.matches for each in match.reasons if each.kind == "label" and each.span]
        named = any(_TO.search(words[: span.start]) or not words[span.end :].strip(" .!。") for span in spans)
        if found.status != "one" or found.first.source == "typed" or not named:
            return False
        request.kind, request.extras = "address", {}
        request.address = address_details(found.first)
        return True

    def passed_on(self, request: ChangeRequest) -> str:
        """The wish."""
        return request.extras.get("description", "")

    def noted(self, request: ChangeRequest, done: Sequence[ProposalView]) -> dict[str, str]:
        """With each of the orders that it was passed on for."""
        return {**super().noted(request, done), "order": ",".join(request.orders)}

    def details(self, request: ChangeRequest, order: str) -> dict[str, Any]:
        """Those of `shipment.instruct`."""
        wished = {name: value for name, value in request.extras.items() if name not in ("sure", _NO_WISH)}
        return given(order=order, **wished)
