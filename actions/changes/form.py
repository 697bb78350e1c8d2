"""`change_form` as Rasa calls it: reads each message once, decides what comes next, and puts its question.

The form has one slot to fill, `change_answer`, which stays empty while it is open; what is asked for is in the slot
`change`, because it differs from request to request. A message that answers nothing and that a rule answers is left
to its rule; the question is put again afterwards.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Tracker
from rasa_sdk.types import DomainDict

from actions.changes.account import ChangeConsent
from actions.changes.agreeing import agreement, weighed
from actions.changes.answering import near, starts_over, wants_no_person, wants_person
from actions.changes.asides import answered_aside, answered_beside, told_of_opened
from actions.changes.asking import ANSWER, FORM
from actions.changes.basket import adds, chosen
from actions.changes.basket import sends as sends_it
from actions.changes.choices import choose
from actions.changes.consents import speaks_of_consents
from actions.changes.dialogue import ChangeDialogue, Question, choice_payload
from actions.changes.instead import all_of_it, bare_wish, limits, wish_instead
from actions.changes.just_done import as_done
from actions.changes.keeping import Kept, kept_of
from actions.changes.kind import NOT_SENT, ChangeKind
from actions.changes.kinds import BY_INTENT, BY_KEY, is_same_wish
from actions.changes.mentions import ask_what_is_wanted, begun_return, mentioned, return_taken_up
from actions.changes.otherwise import KIND as AGAIN
from actions.changes.otherwise import Difference, differs, ordered_otherwise
from actions.changes.placing import pays_by_gift_card, send_to
from actions.changes.placing_words import shows_an_order
from actions.changes.profile import (
    BookAddress,
    contacts_of,
    for_the_book_alone,
    keeps_in_book,
    removes_one_told,
)
from actions.changes.queueing import SLOT as QUEUE
from actions.changes.queueing import said_now, settled, unsaid, waiting, without_bought, without_done
from actions.changes.reading import MORE
from actions.changes.records import ORDERS_READ, Records
from actions.changes.request import ChangeRequest
from actions.changes.resizing import resize
from actions.changes.several import (
    ITEMS,
    asks_where,
    before_sending,
    calls_off_more,
    chained,
    joins,
    kept_too,
    read_beside,
    said_together,
    takes_items,
)
from actions.changes.shipments import ChaseDispatch, InstructDelivery, remedy_in, wants_hurry, wants_in_one
from actions.changes.turned_down import begins_nothing, turned_down, turns_down
from actions.crm_client import CrmNotFound, CrmTooManyRequests
from actions.desk import Desk, Event, Turn, forget_details, last_action, last_words, leave_form
from actions.details import Asked, Details, number_key
from actions.farewells import says_farewell, without_farewell
from actions.handoff import NOT_UNDERSTOOD, REQUESTED, hand_over, say_handed_over
from actions.help_pages import PERSON
from actions.identity import NAME, PROOFS, REFERENCE, Identified, IdentityForm
from actions.resolver import (
    Wish,
    bare_mention,
    order_words,
    parse_address,
    read_requests,
    resolve_lines,
    resolve_reason,
    resolve_refund_target,
    without_order_words,
)
from actions.resolver.text import fold
from actions.resolver.vocabulary import phrases
from actions.return_follow_ups import answered_follow_up, says
from actions.tastes import INTENT as TASTE
from actions.tastes import is_aside, note_taste
from shopdesk_schemas.crm import PolicyExplanation, Verification

SURE_YES: Final = 0.8
"""From this probability on a message is a yes to what is proposed; below, the shopper is asked again."""
SURE_REQUEST: Final = 0.6
"""From this probability on a message in the middle of a form begins something else."""
_SHORT_YES: Final = 6
"""A yes of so many words (Han characters: twice that) holds nothing else that would have to be read."""
_QUESTIONS_IN_VAIN: Final = 2

_WAITS_IN_QUEUE = frozenset({"track_order", "track_another", "report_not_received", "ask_refund", "ask_return_status"})
"""Requests with a form of their own: they are taken up when this one is done."""
_ABOUT_AN_ORDER = frozenset({"ask_order_details", "ask_total", "ask_receipt", "ask_invoice"})
"""Questions that show an order, or something of it."""
_NEEDS_CUSTOMER = frozenset({"ask_profile", "ask_points", "ask_vouchers"})
"""Questions that are answered once it is known who asks."""
_ASKED_IN_BETWEEN = frozenset(
    {
        "ask_return_policy",
        "ask_how_to_return",
        "ask_refund_time",
        "ask_delivery_options",
        "ask_delivery_cost",
        "ask_payment_methods",
        "ask_total",
        "compare_products",
    }
)
"""Questions that hold no answer to the form's, whatever words they share with one."""
_NAMES_GOODS = frozenset({"search_products", "ask_availability", "out_of_scope", "tell_background"})
"""What a name of goods alone is taken for."""
_SAYS_NOTHING = frozenset({"affirm", "deny", "thank", "greet", "goodbye", "insult"})
"""No reason, however often it is said."""
_NO_REQUEST = frozenset(
    {"affirm", "deny", "provide_details", "lack_details", "nlu_fallback", "inform", "stop", *BY_INTENT}
)
"""What no rule could answer in the middle of this form."""
_OTHER_ORDER = re.compile(r"\border|\bone from\b|订单|那单|这单|一单", re.IGNORECASE)
_QUESTION = re.compile(r"[?？吗]|\b(?:do|can|which|what|how)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"[?？吗呢哪]|\b(?:where|when|why|how|has|have|is|isn't|did|didn't|will|still)\b|什么时候|啥时候|几时|几号|多久|怎么|还没|没有?收",
    re.IGNORECASE,
)
"""A question about an order, not its description: "the parcel that came last week"."""
_NO_PICTURE_EN: Final = (
    r"\b(?:no|not|don'?t|didn'?t|can'?t|cannot|haven'?t|without)\b.{0,20}\b(?:photos?|pictures?|pics?|images?|camera)\b"
)
_NO_PHOTO = re.compile(rf"{_NO_PICTURE_EN}|没(?:有)?(?:拍|照|图)|[拍发]不了|没法拍|不方便拍", re.IGNORECASE)
_NO_PHOTO_AT_ALL = re.compile(
    rf"{_NO_PICTURE_EN}|没(?:有)?拍?(?:照片?|图片?)|没(?:有)?拍\W*$|拍不了(?:照|图)|没法拍照", re.IGNORECASE
)
"""The same where pictures are no evidence: 没拍这件 says that it was not ordered."""
_CAME = re.compile(
    r"\b(?:it|they|these|this|that|(?:the|my) (?:parcel|package|box|order|delivery))\b[^.?!]{0,24}"
    r"\b(?:came|arrived|got here|turned up|showed up|delivered|landed)\b"
    r"|^\W*(?:(?:i'?ve|i|we'?ve|we|only|just)\s+)*(?:got|received|had) (?:it|them|this|these)\b"
    r"|^\W*(?:just |only )?(?:came|arrived)\b"
    r"|刚(?:刚|才)?(?:收到|到|签收|拿到|送到)"
    r"|(?:今天|今早|昨天|昨晚|前天|上午|下午|(?:上?周|星期|礼拜)[一二三四五六日天末]?|前几天|天前)[^，。？?]{0,4}(?:收到|到货?|签收|拿到|送到)",
    re.IGNORECASE,
)
"""That goods came, and when."""
_NOT_CAME = re.compile(r"[?？吗呢]|没|未|\b(?:not|never|where|when|still|yet|but)\b|n't\b|但|不过|可是", re.IGNORECASE)
"""It is asked, or it did not come, or more is said."""
_POSITION = re.compile(r"(?:no\.?|number|#|第)?\s*(\d{1,2})\s*(?:个|件|单|\.|\))?")
_SENDS_BACK = re.compile(r"\b(?:send|sent|return|bring)\b|退货|退掉|寄回|退回去", re.IGNORECASE)
"""Goods go back, not only money."""
_BY_WISH: Final[dict[Wish, str]] = {"return": "return", "exchange": "exchange", "cancel": "cancel"}
_LEAVES = re.compile(
    r"\b(?:leave|forget|never ?mind|stop|don't|dont|do not|keep|no longer|skip|drop)\b"
    r"|算了|别|不[用办退换取要了]|留着|保留",
    re.IGNORECASE,
)
"""Beside a reason: nothing is wanted any more."""
_AGREES = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yeah|sure|fine|great|perfect|good)\b"
    r"|(?:that'?s|that is|all|sounds|looks) (?:fine|good|great|ok|okay|right|perfect|correct)\b"
    r"|(?:那?就)?(?:这样|这么)(?:吧|办|定|可以|行|好)|就(?:这样|这么)了?\W*$|[行好可]|没问题|没毛病)",
    re.IGNORECASE,
)
"""How a yes begins that also ends the talk: "that's fine, thanks", "就这样吧"."""
_WAITS = re.compile(
    r"\b(?:wait|give it (?:till|until|a|another|some)|hold (?:on|off)|see if it)\b|(?:再|先)等|等等看|等吧|等几天",
    re.IGNORECASE,
)
"""The parcel may come yet."""
_RESEND = re.compile(
    r"\b(?:re-?send|send (?:it|the code|me|one|another|a new)|again|another (?:one|code)|new code|not (?:get|got"
    r"|received?|come|arrived?))\b"
    r"|n.t (?:get|got|received?|come|arrive)|重新?发|再发|没(?:有)?收到|新的?验证码|重发",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!\d)\d{4,10}(?!\d)")
_CORRECTED = frozenset({"confirmation", "revision", "alternative", "payment_method", "reason", "address"})
"""Questions beside which lines and targets may be corrected."""

_NARROWED = _CORRECTED | {"lines", "target", "resolution"}
"""Questions beside which some of the goods may be said to stay as they are."""

_WHICH = frozenset({"order", "lines", "target", "address", "reason", "place_product", "place_variant", "place_address"})
"""Questions for one of several things."""

_OFFERED = frozenset({"confirmation", "revision", "alternative", "payment_method"})
"""Questions beside which what is offered of an account may be wanted otherwise."""


class ValidateChangeForm(IdentityForm):
    """Reads a message into the request and goes on with it."""

    def name(self) -> str:
        """The action's name."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[Event]:
        """Slots that say how it goes on; nothing when the message is for another rule."""
        turn = Turn(tracker)
        if tracker.get_slot("details_message") == turn.message_id:
            return []
        request = ChangeRequest.from_slot(tracker.get_slot("change")) if turn.form == FORM else None
        pressed = pressed_by_words(request, turn.text) if request is not None else None
        if request is not None and pressed is None and not turn.pressed and not request.question.get("any_words"):
            refused = turn.intent == "ask_human" and wants_no_person(turn.text)
            if wants_person(turn.text) and turn.intent != "ask_human":
                await say_handed_over(self, dispatcher, turn)
                return [SlotSet("details_message", turn.message_id), *hand_over(REQUESTED)]
            if turn.intent == "ask_human" and not refused:
                return []
        if request is None and turn.intent not in BY_INTENT:
            return leave_form()
        misread = request is None and misread_as_consent(turn)
        if misread and not wants_hurry(turn.text):
            return [SlotSet("details_message", turn.message_id), *leave_form(), FollowupAction("action_clarify")]
        if request is None and await answered_follow_up(self.desk, dispatcher, tracker, domain) is not None:
            return [SlotSet("details_message", turn.message_id), *leave_form()]
        policies = await self.desk.crm.policies()
        verification = await self.desk.crm.verification(turn.conversation_id)
        fresh = request is None
        if misread:
            request = ChangeRequest(ChaseDispatch.key, turn.message_id, turn.text)
        if fresh and not turn.pressed and turn.intent not in _ABOUT_AN_ORDER and shows_an_order(turn.text):
            request = ChangeRequest("details", turn.message_id, turn.text)
        if fresh and (missing := missing_parcel(turn)) is not None:
            request = ChangeRequest("claim_not_received", turn.message_id, turn.text, orders=[missing])
        if request is None and not turn.pressed:
            request = await return_taken_up(self.desk, turn)
        fresh_kind = BY_INTENT[turn.intent] if request is None else None
        down = turned_down(turn.text) if fresh_kind is not None and not turn.pressed else None
        if down is not None and fresh_kind is not None and (nothing := begins_nothing(down, fresh_kind)) is not None:
            dispatcher.utter_message(response="utter_change_left")
            taken_up = [said_now(turn, nothing)] if nothing else []
            return [SlotSet("details_message", turn.message_id), *leave_form(), *taken_up]
        records = Records(self.desk, turn, policies)
        if fresh_kind is not None and fresh_kind.about == "order" and fresh_kind.name and not turn.pressed:
            named = await mentioned(turn, records, known=verification.level == "customer")
            request = begun_return(turn, named) if named is not None else None
            if named is not None and request is None:
                asked = await ask_what_is_wanted(self.desk, dispatcher, turn, records, named)
                return [SlotSet("details_message", turn.message_id), *leave_form(), *asked]
        if fresh and await removes_one_told(self.desk, turn):
            request = ChangeRequest(BookAddress.key, turn.message_id, turn.text)
        if request is None:
            said = await with_what_was_unclear(turn, records) if fresh_kind is not None else turn.text
            kind = InstructDelivery.key if wants_in_one(said) else BY_INTENT[turn.intent].begun_as(said)
            request = ChangeRequest(kind, turn.message_id, said)
        dialogue = ChangeDialogue(self.desk, turn, dispatcher, request, verification, policies, records)
        step = _Step(self, dispatcher, turn, dialogue, verification, policies)
        events = await (step.begin() if fresh else step.go_on(str(request.question.get("slot") or "")))
        if events is None:
            return []
        return [SlotSet("details_message", turn.message_id), *events]


class _Step:
    """One message in one request. Methods return the events that say how it goes on; None leaves it to a rule."""

    def __init__(
        self,
        form: IdentityForm,
        dispatcher: CollectingDispatcher,
        turn: Turn,
        dialogue: ChangeDialogue,
        verification: Verification,
        policies: PolicyExplanation,
    ) -> None:
        self._form = form
        self._dispatcher = dispatcher
        self._turn = turn
        self._dialogue = dialogue
        self._verification = verification
        self._policies = policies
        self._before: dict[str, Any] | None = None
        """What was known of the request before this message; None where the message begins it."""
        self._waiting: list[dict[str, Any]] | None = None
        """What stays noted for afterwards, where this message took some of it up."""

    async def begin(self) -> list[Event]:
        """The words that begin a request."""
        if self._dialogue.request.orders:
            await self._dialogue.reader.other_pieces(self._turn.text)
            return await self._advanced()
        await answered_beside(self._dialogue)
        known = self._verification.level != "none" or bool(self._numbers())
        if await self._dialogue.kind.answer(self._dialogue, known=known):
            return self._events()
        if self._dialogue.kind.about == "customer" or self._dialogue.request.orders:
            await self._dialogue.reader.other_pieces(self._turn.text)
            return await self._advanced()
        if self._verification.level != "customer":
            return await self._identify(None)
        await self._dialogue.read_first(self._numbers())
        return await self._advanced()

    async def go_on(self, asked: str) -> list[Event] | None:
        """A message while `asked` is the question."""
        self._before = copy.deepcopy(self._dialogue.request.pieces())
        turn, dialogue = self._turn, self._dialogue
        choice = next(iter(turn.entities("choice")), None) or pressed_by_words(dialogue.request, turn.text)
        if choice:
            await choose(dialogue, str(choice))
            return await self._advanced()
        if turn.intent in ("ask_human", "stop", "deny") and wants_no_person(turn.text):
            self._put_again()
            return self._events()
        paid = dialogue.kind.key == "place" and pays_by_gift_card(turn.text)
        # "Not buy one", of a gift card that is to pay, turns down nothing.
        down = None if wish_instead(turn.text) is not None or paid else turned_down(turn.text)
        opposed = turns_down(down, dialogue.kind)
        if down is not None and opposed and down.rest and (kind := await self._wanted_instead(down.rest)) is not None:
            await dialogue.re_aim(kind)
            await dialogue.reader.order_pieces(down.rest, correcting=True)
            return await self._advanced()
        if opposed or self._leaves(asked) or asked == "resolution":
            kept = await self._kept() if asked in _NARROWED else None
            if kept is not None and kept.part:
                # Of several things only some are to stay, whatever words for orders are said with them.
                await dialogue.reader.order_pieces(turn.text, correcting=True)
                return await self._advanced()
            goes = kept is not None and kept.goes and asked in {*_CORRECTED, "target"}
            if kept is not None and kept.others and asked in ("resolution", "target"):
                return await self._other_goods()
            if down is not None and opposed and not (goes and kept is not None and kept.named):
                return await self._turn_down(down.rest)
            if self._leaves(asked) and not goes:
                await dialogue.leave()
                return await self._advanced()
        if asked == "photo" and turn.metadata.get("images"):
            return await self._advanced()
        waits = turn.message.get("opening") == "deny" or _WAITS.search(turn.text) or turn.intent in ("thank", "goodbye")
        if asked == "resolution" and waits and remedy_in(turn.text) is None:
            # "I'd rather wait": neither of what is offered for it.
            await dialogue.leave()
            return await self._advanced()
        no_photo = _NO_PHOTO if dialogue.kind.photos else _NO_PHOTO_AT_ALL if dialogue.kind.goes_back else None
        if no_photo is not None and no_photo.search(turn.text) and not turn.metadata.get("images"):
            return await self._without_photo(asked)
        if asked in (REFERENCE, PROOFS):
            return await self._answer_identity(REFERENCE if asked == REFERENCE else PROOFS)
        if asked in ("code_recipient", "one_time_code"):
            return await self._answer_code(asked)
        if asked == "contact_code":
            return await self._answer_contact_code()
        if asked == "place_product" and (turned := await self._turned_from_buying()) is not None:
            return turned
        return await self._answer(asked)

    async def _turned_from_buying(self) -> list[Event] | None:
        """Something else is asked before anything was chosen: nothing is lost by answering that, and only that.

        None where the message goes on with the purchase.
        """
        turn, dialogue = self._turn, self._dialogue
        if dialogue.request.extras.keys() & {"product", "sku", "basket", "waiting"}:
            return None
        intent = turn.intent
        if self._numbers() and (intent in _NO_REQUEST or not self._is_request()):
            intent = "track_order"
        elif intent in {*_NO_REQUEST, *_NAMES_GOODS} or not self._is_request() or intent in dialogue.kind.intents:
            return None
        if await dialogue.kind.takes(dialogue, "place_product"):
            return await self._advanced()
        waiting = [each for each in turn.tracker.get_slot(QUEUE) or [] if each["text"] != turn.text]
        return [*end_change(), SlotSet(QUEUE, [{"text": turn.text, "intent": intent, "said_now": True}, *waiting])]

    async def _without_photo(self, asked: str) -> list[Event]:
        """There is no picture: where the shop's rules want one a person decides, else it goes on without."""
        dialogue, words = self._dialogue, self._form.desk.wording(self._turn.language)
        if asked == "photo" or dialogue.kind.needs_photo(self._policies):
            dialogue.say("utter_change_refused", why=words.say("changes.no_photo"))
            dialogue.offers_person = True
            dialogue.finish()
        else:
            dialogue.say("utter_returns", answer=words.say("changes.photo_not_needed"))
            before = copy.deepcopy(dialogue.request.pieces())
            await self._read(asked)
            if dialogue.request.pieces() != before:
                # "No picture, just give me the money": what is wanted, beside it.
                return await self._advanced()
            self._put_again()
        return self._events()

    def _leaves(self, asked: str) -> bool:
        """Whether the message only says to leave it; "no, just the first" begins like that and goes on."""
        if starts_over(self._turn.text):
            return True
        if self._turn.intent == "deny":
            return asked in ("revision", "alternative")
        if asked in ("order", "lines", "target", "reason") and self._gives_reason():
            return False
        if wish_instead(self._turn.text) is not None:
            # "Never mind, send it back instead" leaves nothing.
            return False
        return self._turn.intent == "stop" and not (asked in _CORRECTED and self._turn.message.get("opening"))

    async def _turn_down(self, rest: str) -> list[Event]:
        """What is proposed is not wanted; what else is said is answered now."""
        await self._dialogue.leave()
        events = await self._advanced()
        queue = settled(waiting(self._turn))
        return [*events, said_now(self._turn, rest) if rest else SlotSet(QUEUE, queue)]

    async def _wanted_instead(self, text: str) -> ChangeKind | None:
        """The other kind that `text` wants for what this request is about; None where it asks, or wants nothing."""
        dialogue = self._dialogue
        if _QUESTION.search(text) or not dialogue.request.orders or dialogue.kind.wish is None:
            return None
        await dialogue.records.orders(dialogue.request.orders)
        lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
        wishes = read_requests(text, lines, focus=dialogue.focus, today=dialogue.records.today)
        wished = {each.wish for each in wishes} - {None, "keep"}
        kind = await self._kind_of(wished.pop()) if len(wished) == 1 else None  # type: ignore[arg-type]
        return kind if kind is not dialogue.kind else None

    async def _kept(self) -> Kept:
        """What a message says of what stays and what goes: "leave the scarf in, only the rug goes"."""
        dialogue = self._dialogue
        await dialogue.records.orders(dialogue.request.orders)
        lines = [line for number in dialogue.request.orders for line in dialogue.records.lines(number)]
        wishes = read_requests(self._turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
        return kept_of(wishes, [line.key for line in lines], dialogue.request.lines)

    async def _other_goods(self) -> list[Event]:
        """Other goods are meant than those that are asked about: "not the tablet, the watch"."""
        dialogue = self._dialogue
        dialogue.request.lines, dialogue.request.question = {}, {}
        await dialogue.reader.order_pieces(self._turn.text, correcting=dialogue.kind.swaps)
        return await self._advanced()

    def _gives_reason(self) -> bool:
        """Whether the message is one of the shop's reasons, and takes nothing back beside it: "I changed my mind"."""
        beside = self._without_reason()
        return beside is not None and _LEAVES.search(beside) is None

    def _without_reason(self) -> str | None:
        """The message with blanks for the one reason of the shop's that it gives; None where it gives none."""
        beside = self._turn.text
        why = resolve_reason(beside, self._dialogue.kind.reasons(self._policies))
        for span in why.spans:
            beside = beside[: span.start] + " " * (span.end - span.start) + beside[span.end :]
        return beside if why.status == "one" else None

    def _agrees(self) -> bool:
        """Whether words that end a talk say yes to what is proposed: "行，就这样" begins no farewell here."""
        turn = self._turn
        if turn.intent not in ("goodbye", "thank", "praise") or not self._dialogue.request.proposals:
            return False
        if says_farewell(turn.text) and without_farewell(turn.text) in {"", *map(fold, phrases("heard"))}:
            # "Ok, bye" takes leave, and asks for nothing to be done.
            return False
        return turn.message.get("opening") == "affirm" or _AGREES.search(turn.text) is not None

    # Who asks

    async def _answer_identity(self, asked: Asked) -> list[Event] | None:
        details = self._details(asked)
        if not details and (found := await self._wants_else()) is not None:
            return found
        if not details and self._turn.intent not in _NO_REQUEST and self._is_request():
            return None
        return await self._identify(asked)

    def _details(self, asked: Asked) -> Details:
        """What the message says of who asks; a number of something else, as a tax number is, says nothing of it."""
        details, kind = self._form.read(self._turn, asked, self._policies), self._dialogue.kind
        named = [each for each in details.references if not kind.names_no_order(self._turn.text, each)]
        return Details(named, details.proofs, details.name)

    async def _wants_else(self) -> list[Event] | None:
        """Another request while it is not known yet who asks: it takes the place of this one, or waits for its end."""
        turn, dialogue = self._turn, self._dialogue
        kind = BY_INTENT.get(turn.intent)
        if not self._is_request():
            return None
        if kind is dialogue.kind:
            if kind.about == "order":
                return None
            self._put_again()
            return self._events()
        if kind is not None and kind.takes_over(dialogue.kind) and kind.about == dialogue.kind.about:
            request = dialogue.request
            if request.orders:
                await dialogue.re_aim(kind)
                await dialogue.reader.order_pieces(turn.text, correcting=True)
                return await self._advanced()
            request.text, request.origin, request.lines = turn.text, turn.message_id, {}
            await dialogue.re_aim(kind)
            dialogue.say("utter_request_instead", request=turn.text)
            if kind.about == "customer":
                return await self._advanced()
            return await self._identify(None)
        if kind is not None or turn.intent in _WAITS_IN_QUEUE or turn.intent in _NEEDS_CUSTOMER:
            return self._queue()
        return None

    async def _identify(self, asked: Asked) -> list[Event]:
        dialogue, turn = self._dialogue, self._turn
        details = self._details(asked)
        if asked is None and (new := dialogue.kind.proves_nothing):
            # The postcode of the new address proves nothing of the old one.
            details = Details(details.references, [each for each in details.proofs if each.kind not in new])
        found = await self._form.identify(self._dispatcher, turn, asked, details, self._verification, self._policies)
        if isinstance(found, Identified):
            forget = [SlotSet(name, None) for name in (REFERENCE, PROOFS, NAME, "refused_proofs")]
            self._dialogue.request.question = {}
            await dialogue.reader.other_pieces(dialogue.request.text)
            await dialogue.take_orders(found.references[:1])
            return [*forget, *await self._advanced()]
        slots = {event["name"]: event["value"] for event in found if event.get("event") == "slot"}
        if any(event.get("event") == "active_loop" for event in found):
            return found
        slot = PROOFS if slots.get(REFERENCE) else REFERENCE
        dialogue.question = Question(slot, "", response=f"utter_ask_{slot}_{slots.get('question_variant') or 'first'}")
        return [*found, *self._events()]

    async def _answer_code(self, asked: str) -> list[Event] | None:
        """The one-time code that opens the customer's record: first where to send it, then the code."""
        turn, dialogue = self._turn, self._dialogue
        words = self._form.desk.wording(turn.language)
        address = next(iter(turn.entities("email")), None)
        code = _CODE.search(turn.text)
        written = parse_address(turn.text) if dialogue.kind.moves and address is None else None
        if written is not None and written.lines and written.city:
            # The address itself, in place of proof of whose address book it would be in.
            dialogue.request.question = {}
            await dialogue.reader.other_pieces(turn.text)
            return await self._advanced()
        try:
            if address is not None:
                sent = await self._form.desk.crm.send_code(turn.conversation_id, "email", str(address))
                dialogue.request.code_sent_to = str(address)
                text = words.say("changes.one_time.sent", to=address, digits=sent.digits)
                dialogue.question = Question("one_time_code", text, again=words.say("changes.one_time.again"))
                return self._events()
            if asked == "one_time_code" and dialogue.request.code_sent_to and _RESEND.search(turn.text):
                to = dialogue.request.code_sent_to
                sent = await self._form.desk.crm.send_code(turn.conversation_id, "email", to)
                text = words.say("changes.one_time.sent", to=to, digits=sent.digits)
                dialogue.question = Question("one_time_code", text, again=words.say("changes.one_time.again"))
                return self._events()
            if asked == "one_time_code" and code is not None:
                dialogue.verification = await self._form.desk.crm.confirm_code(turn.conversation_id, code.group())
                dialogue.request.question = {}
                if dialogue.request.saved_address:
                    await dialogue.reader.other_pieces(dialogue.request.saved_address)
                return await self._advanced()
        except CrmNotFound:
            dialogue.question = Question("one_time_code", words.say("changes.one_time.wrong"))
            return self._events()
        except CrmTooManyRequests as limit:
            wait = words.wait(limit.retry_after)
            self._dispatcher.utter_message(response="utter_verification_limited", wait=wait)
            return [*leave_form(), SlotSet("offer", PERSON)]
        if (found := await self._wants_else()) is not None:
            return found
        return self._ask_again() if turn.intent in _NO_REQUEST or not self._is_request() else None

    async def _answer_contact_code(self) -> list[Event] | None:
        """The code that went to a new contact lets it take effect; a contact given anew gets a new one."""
        turn, dialogue = self._turn, self._dialogue
        request, words = dialogue.request, self._form.desk.wording(turn.language)
        code = _CODE.search(turn.text)
        contacts = contacts_of(request.extras)
        if code is not None:
            try:
                key = f"{turn.message_id}:contact"[:200]
                proven = await self._form.desk.crm.prove_contact(turn.conversation_id, code.group(), key=key)
            except CrmNotFound:
                dialogue.ask_contact_code(words.say("changes.one_time.wrong_contact"))
                return self._events()
            done = {name: contacts.pop(name) for name in proven.fields if name in contacts}
            told = [words.say(f"changes.line.{name}_changed", value=value) for name, value in done.items()]
            text = words.say("changes.done.account_contact", changes=words.say("changes.separator").join(told))
            self._dispatcher.utter_message(response="utter_change_done", done=text)
            request.question, request.extras = {}, dict(contacts)
            if not contacts:
                dialogue.finish()
            return await self._advanced()
        before = dict(request.extras)
        dialogue.kind.read(turn.text, request, dialogue.records)
        if contacts_of(request.extras) != contacts_of(before) or turn.entities("email"):
            request.question = {}
            return await self._advanced()
        request.extras = before
        if (found := await self._wants_else()) is not None:
            return found
        return self._ask_again() if turn.intent in _NO_REQUEST or not self._is_request() else None

    # What is wanted

    async def _answer(self, asked: str) -> list[Event] | None:
        turn, dialogue = self._turn, self._dialogue
        request = dialogue.request
        if asked in dialogue.kind.questions and await dialogue.kind.takes(dialogue, asked):
            return await self._advanced()
        if request.kind == AGAIN and asked in _OFFERED and len(request.orders) == 1 and not _QUESTION.search(turn.text):
            await dialogue.records.orders(request.orders)
            if await differs(dialogue, turn.text, correcting=True):
                return await self._advanced()
        if dialogue.kind.moves and dialogue.kind.about == "order" and (kept := await self._keeps(asked)) is not None:
            return kept
        if dialogue.kind.swaps and asked in _CORRECTED | _WHICH and await resize(dialogue, turn.text):
            return await self._advanced()
        if (
            turn.intent == TASTE
            and self._is_request()
            and (is_aside(turn.text) or asked not in dialogue.kind.questions)
        ):
            return await self._note_taste(asked)
        if asked in _CORRECTED | _WHICH and self._sends_money_elsewhere():
            await dialogue.reader.other_pieces(turn.text)
            return await self._advanced(noted=asked not in _OFFERED)
        if asked == "confirmation" and (agreed := await self._agreed()) is not None:
            return agreed
        if asked in ("lines", "reason", "confirmation") and await dialogue.reader.take_rest(turn.text):
            return await self._advanced(noted=True)
        if asked == "payment_method" and not _QUESTION.search(turn.text) and await self._read_payment_method():
            if request.kind == "place" and adds(turn.text):
                # "Visa, and add a scarf": the goods beside the way to pay.
                await dialogue.kind.takes(dialogue, asked)
            return await self._advanced()
        may_be_aside = asked not in dialogue.kind.questions or dialogue.kind.name == "shipment.claim"
        if may_be_aside and await answered_aside(dialogue):
            self._put_again()
            return self._events()
        if turn.intent in _ASKED_IN_BETWEEN and self._is_request() and not await self._names_way():
            return None
        whole = asked == "confirmation" and (all_of_it(turn.text) or await self._names_whole_order())
        if whole and await self._widened():
            return await self._advanced()
        wish = bare_wish(turn.text) or wish_instead(turn.text)
        meant = dialogue.kind.wish or dialogue.kind.verb
        if wish is not None and asked == "confirmation" and wish == meant and request.proposals:
            # "Cancel it then": the verb of what is proposed, and nothing else, is a yes.
            await dialogue.confirm()
            return await self._advanced()
        if wish is None and asked == "target":
            wish = await self._wants_none_of_them()
        kind = await self._kind_of(wish) if wish is not None else None
        bare = bare_wish(turn.text) is not None and not self._gives_reason()
        if kind is not None and kind is not dialogue.kind and (asked != "reason" or bare):
            await dialogue.re_aim(kind)
            return await self._advanced()
        kind = BY_INTENT.get(turn.intent)
        if kind is not dialogue.kind and await self._only_mentions():
            # Naming goods answers which are meant; it is no request, whatever it resembles.
            kind = None
        if kind is not None and dialogue.kind.takes_in(kind, turn.text):
            kind = dialogue.kind
        other = kind is not None and not is_same_wish(kind, dialogue.kind) and self._is_request()
        aims = kind is not None and other and kind.takes_over(dialogue.kind) and not self._wants_it_back()
        # What the account is about and what an order is about have nothing to take over from each other.
        aims = aims and kind is not None and kind.about == dialogue.kind.about
        if asked in ("order", "lines", "target") and self._gives_reason():
            # "The scarf, I don't want it any more": which one, and why.
            aims = False
        more = MORE.search(turn.text) or (kind is not None and self._is_request())
        if asked == "reason" and more and await self._names_another_order(kind or dialogue.kind):
            # "And the lamp, I don't want that either", of another order: no reason for sending these back.
            return self._queue()
        besides = kind is dialogue.kind and request.proposals and MORE.search(turn.text) and self._is_request()
        if besides and await self._names_another_order(dialogue.kind):
            # "And the rug's order too", beside what is offered of another one.
            return self._queue()
        if asked in _OFFERED and asks_where(turn.text) and dialogue.kind.about == "order" and not dialogue.kind.moves:
            kind = BY_KEY["address"]
            other = aims = True
        elif asked in _OFFERED and calls_off_more(turn.text):
            kind, other = BY_KEY["cancel"], dialogue.kind.key != "cancel"
        beside = None
        if kind is not None and (other or aims) and asked in (_CORRECTED | _WHICH) - {"order", "reason"}:
            beside = await self._beside(kind, asked)
        if beside is not None:
            return beside
        if kind is not None and aims and asked != "reason" and not self._answers(asked):
            if await self._names_another_order(kind):
                return await self._begin_anew(kind) if asked in ("revision", "alternative") else self._queue()
            await dialogue.re_aim(kind)
            if kind.about == "order" and not request.orders:
                # "Cancel the lamp's order": which one is said with it.
                read = await dialogue.reader.orders(turn.text, self._numbers(), asked=True)
                request.text = turn.text
                await dialogue.take_orders(read.sure, read.choices, read.absent, read.thing)
                return await self._advanced()
            await dialogue.reader.order_pieces(turn.text, correcting=True)
            return await self._advanced()
        came = _CAME.search(turn.text) is not None and not _NOT_CAME.search(turn.text)
        opened = dialogue.kind.goes_back and says("opened", fold(turn.text)) and not self._gives_reason()
        waiting = asked != "order" and turn.intent in _WAITS_IN_QUEUE and self._is_request()
        if waiting and not (came or opened) and not self._answers(asked):
            return self._queue()
        asks = turn.intent in _WAITS_IN_QUEUE and self._is_request() and _ASKS.search(turn.text) is not None
        if asked == "order" and not request.orders and asks:
            return self._answer_first()
        if asked == "confirmation" and (self._is_plain_yes() or self._wants_it_back() or self._agrees()):
            await dialogue.confirm()
            return await self._advanced()
        before = copy.deepcopy(request.pieces())
        await self._read(asked)
        if (
            asked == "lines"
            and dialogue.question is None
            and request.pieces() == before
            and dialogue.reader.line_choices
        ):
            return await self._ask_among()
        if turn.intent == "stop" or dialogue.reader.nothing_left:
            if request.pieces() == before:
                await dialogue.leave()
            return await self._advanced()
        if dialogue.question is not None or request.pieces() != before:
            same = before["orders"] == request.orders and before["lines"] == request.lines
            return await self._advanced(noted=(asked in ("order", "lines") and same) or asked == "recipient")
        if kind is not None and not other and self._restates(asked):
            return await self._begin_anew(kind)
        if asked == "confirmation" and dialogue.reader.restated and not self._says("affirm") and not self._says("deny"):
            # What is offered is said once more: it is shown once more.
            return await self._advanced()
        if asked == "confirmation":
            if self._says("affirm") and (all_of_it(turn.text) or not limits(turn.text)):
                await dialogue.confirm()
                return await self._advanced()
            if self._says("deny"):
                await dialogue.drop_proposals()
                dialogue.ask_what_else()
                return self._events()
            if kind is dialogue.kind and request.proposals and self._is_request():
                # Asked for again, in other words: it is what is offered.
                self._put_again()
                return self._events()
        if turn.intent == "affirm" and turn.tracker.get_slot("offer") == PERSON:
            await say_handed_over(self._form, self._dispatcher, turn)
            return hand_over(REQUESTED)
        if turn.intent == "cancel_return" and other and dialogue.kind.wish in ("return", "exchange"):
            # Not wanting the return that is being asked for is leaving it.
            await dialogue.leave()
            return await self._advanced()
        waits = (
            kind is not None and other and not (kind.takes_over(dialogue.kind) and kind.about == dialogue.kind.about)
        )
        nothing_told = not (request.orders or request.proposals or request.address)
        if waits and kind is not None and self._is_request() and nothing_told:
            # Nothing was taken yet that would be lost.
            dialogue.say("utter_request_instead", request=turn.text)
            request = ChangeRequest(kind.key, turn.message_id, turn.text)
            self._dialogue = ChangeDialogue(
                self._form.desk, turn, self._dispatcher, request, self._verification, self._policies
            )
            return await self.begin()
        if came:
            return self._noted()
        if opened and await told_of_opened(dialogue):
            self._put_again()
            return self._events()
        if asked == "order" and turn.intent in _WAITS_IN_QUEUE and self._is_request():
            return self._queue() if request.orders else self._answer_first()
        if waits:
            return self._queue()
        if asked in _WHICH and turn.intent in ("affirm", "deny"):
            # A bare yes or no chooses nothing: the question comes back, shorter.
            return self._ask_which()
        if turn.intent not in _NO_REQUEST and self._is_request():
            return None
        return self._ask_again()

    async def _agreed(self) -> list[Event] | None:
        """A yes with something behind it: what was agreed to is done, then the rest; None where it is no such yes."""
        turn, dialogue = self._turn, self._dialogue
        request, agreed = dialogue.request, agreement(turn.text)
        if agreed is None or not request.proposals:
            return None
        weight = await weighed(agreed, dialogue)
        other = BY_INTENT.get(turn.intent)
        if weight is not None and other is not None and not is_same_wish(other, dialogue.kind):
            beside = await self._beside(other, "confirmation", agreed=True)
            if beside is not None:
                return beside
        if weight == "both":
            await dialogue.reader.order_pieces(agreed.plain, correcting=True, add=True)
            return await self._advanced()
        if weight is None:
            return None
        if weight == "in_turn":
            orders = list(request.orders)
            further = ChangeRequest(request.kind, turn.message_id, agreed.plain, orders=orders, reason=request.reason)
            request.then.insert(0, further.as_slot())
        await dialogue.confirm()
        events = await self._advanced()
        return events if weight == "in_turn" else [*events, said_now(turn, agreed.plain)]

    async def _wants_none_of_them(self) -> Wish | None:
        """At the question what a line shall become: that it is to go back or be called off, and nothing to come."""
        dialogue, turn = self._dialogue, self._turn
        await dialogue.records.orders(dialogue.request.orders)
        lines = [line for key in dialogue.request.lines if (line := dialogue.records.line(key)) is not None]
        if _QUESTION.search(turn.text):
            return None
        read = read_requests(turn.text, lines, focus=dialogue.focus, today=dialogue.records.today)
        wished = {each.otherwise or each.wish for each in read if each.target is None or each.otherwise}
        return next((wish for wish in ("return", "cancel") if wished == {wish}), None)

    async def _only_mentions(self) -> bool:
        """Whether the message does nothing but name goods of the orders that this is about."""
        dialogue = self._dialogue
        numbers = dialogue.request.orders or [each.number for each in await dialogue.records.summaries()][:ORDERS_READ]
        await dialogue.records.orders(numbers)
        lines = [line for number in numbers for line in dialogue.records.lines(number)]
        return bare_mention(self._turn.text, lines, focus=dialogue.focus, today=dialogue.records.today) is not None

    async def _ask_among(self) -> list[Event]:
        """Several lines fit what was said: they are asked about; all of them: the question comes back."""
        dialogue = self._dialogue
        every = [line.key for number in dialogue.request.orders for line in dialogue.records.lines(number)]
        if set(every) <= set(dialogue.reader.line_choices):
            return self._ask_which()
        return await self._advanced()

    async def _note_taste(self, asked: str) -> list[Event]:
        """A size or a taste told in the middle: kept at once. It may be the answer too: "I take a 40"."""
        before = copy.deepcopy(self._dialogue.request.pieces())
        await note_taste(self._form.desk, self._dispatcher, self._turn)
        if not is_aside(self._turn.text):
            await self._read(asked)
        if self._dialogue.question is not None or self._dialogue.request.pieces() != before:
            return await self._advanced()
        self._put_again()
        return self._events()

    async def _read_own(self, asked: str) -> None:
        """The pieces that do not depend on an order, and the bare words where they are the answer."""
        dialogue, request = self._dialogue, self._dialogue.request
        before = dict(request.extras)
        await dialogue.reader.other_pieces(self._turn.text)
        if dialogue.kind.about == "customer" and asked in _OFFERED:
            await dialogue.kind.takes(dialogue, asked)
        if asked in dialogue.kind.questions and request.extras == before and self._may_be_bare():
            dialogue.kind.answered(self._turn.text, request)

    def _may_be_bare(self) -> bool:
        """Whether the message asks for nothing of its own: a name or a note alone looks like nothing a shop knows."""
        if self._turn.intent in ("affirm", "deny", "stop"):
            return False
        return self._turn.intent in {*_NO_REQUEST, "out_of_scope"} or not self._is_request()

    async def _names_way(self) -> bool:
        """Whether a saved way to pay is named for a change that is paid, and not asked about: "rather with my Visa"."""
        dialogue, request = self._dialogue, self._dialogue.request
        if not dialogue.kind.pays or _QUESTION.search(self._turn.text):
            return False
        before = request.payment_method
        named = await dialogue.reader.payment_method(dialogue.kind.way_words(self._turn.text))
        request.payment_method = before
        return named

    def _wants_it_back(self) -> bool:
        """Whether "yes, refund me" is said where money is what is offered: no goods are to be sent back."""
        kind, request = self._dialogue.kind, self._dialogue.request
        about_money = kind.name.startswith("payment.") or request.extras.get("resolution") == "refund"
        return about_money and self._turn.intent == "return_items" and bool(self._dialogue.request.proposals)

    def _answers(self, asked: str) -> bool:
        """Whether the message answers, or corrects, what this kind alone asks for."""
        dialogue = self._dialogue
        if asked == "address" and parse_address(self._turn.text) is not None:
            return True
        if not dialogue.kind.questions:
            return False
        if asked not in {*dialogue.kind.questions, "order", "lines", "confirmation", "revision"}:
            return False
        tried = copy.deepcopy(dialogue.request)
        dialogue.kind.read(self._turn.text, tried, dialogue.records)
        return tried.extras != dialogue.request.extras

    async def _read(self, asked: str) -> None:
        turn, dialogue = self._turn, self._dialogue
        request, reader = dialogue.request, dialogue.reader
        if dialogue.kind.about == "customer":
            await self._read_own(asked)
            return
        numbers = [] if asked in dialogue.kind.names else self._numbers()
        if asked == "order" or numbers or _OTHER_ORDER.search(turn.text):
            read = await reader.orders(turn.text, numbers, asked=True)
            if asked == "order" or (read.sure and read.sure != request.orders):
                if read.sure or read.absent:
                    request.forget_order()
                    await dialogue.take_orders(read.sure, read.choices, read.absent, read.thing)
                if read.sure and dialogue.kind.lines == "ask" and not (request.lines or request.whole):
                    # "Which order?" — "the scarf": what names the order names the goods too.
                    await reader.order_pieces(self._without_reason() or turn.text)
                await reader.other_pieces(turn.text)
                return
            if read.thing and not read.sure:
                # Named, and in none of the orders: what is offered of another one stays as it is.
                dialogue.say(
                    "utter_returns", answer=dialogue.wording.say("changes.ask.no_such_thing", words=read.thing)
                )
                self._put_again()
                return
        if asked == "payment_method" and await self._read_payment_method():
            return
        subject = request.question.get("subject")
        if asked == "target" and subject and await self._read_target(str(subject)):
            return
        await self._read_own(asked)
        await dialogue.records.orders(request.orders)
        if asked == "lines":
            # "The scarf, I don't want it any more": why, beside which.
            await reader.order_pieces(self._without_reason() or turn.text)
            await self._look_elsewhere(numbers)
        elif asked in _CORRECTED or asked == "target":
            await reader.order_pieces(turn.text, correcting=True)
        words = turn.intent not in _SAYS_NOTHING and not says("opened", fold(turn.text))
        if asked == "reason" and request.reason is None and request.in_vain and words:
            # Said twice in words of their own: that is a reason too.
            request.reason = "other" if "other" in dialogue.kind.reasons(self._policies) else None

    async def _look_elsewhere(self, numbers: Sequence[str]) -> None:
        """Goods named that the order does not have: "no, the scarf" is in another order, and that is said."""
        turn, dialogue = self._turn, self._dialogue
        request, reader = dialogue.request, dialogue.reader
        reader.take_only_choice()
        if request.lines or request.whole or reader.line_choices or not (reader.line_absent or self._names_things()):
            return
        read = await reader.orders(turn.text, numbers, asked=True)
        if len(read.sure) != 1 or set(read.sure) & set(request.orders):
            return
        reader.line_absent = ""
        request.forget_order()
        await dialogue.take_orders(read.sure)
        await reader.order_pieces(self._without_reason() or turn.text)
        reader.take_only_choice()
        view = await dialogue.records.order(read.sure[0])
        words = dialogue.wording
        names = words.listed(dialogue.names_of(request.lines)) or words.say("changes.that")
        state = words.say(f"orders.state.{view.state}")
        dialogue.say(
            "utter_returns", answer=words.say("changes.in_other_order", names=names, order=view.number, state=state)
        )

    def _names_things(self) -> bool:
        """Whether the message may be nothing but a name of goods, as the answer to which of them."""
        turn = self._turn
        if _QUESTION.search(turn.text):
            return False
        names = {*_NO_REQUEST, *_NAMES_GOODS} - {"affirm", "deny", "stop"}
        return turn.intent in names or not self._is_request()

    async def _read_payment_method(self) -> bool:
        """The way to pay that is named; for a bare yes, or what is wanted said again, the one that comes first."""
        turn, dialogue = self._turn, self._dialogue
        if await dialogue.reader.payment_method(turn.text):
            return True
        wish = bare_wish(turn.text)
        agrees = self._says("affirm") or (wish is not None and wish == dialogue.kind.wish)
        return agrees and await dialogue.reader.usual_payment_method()

    async def _read_target(self, subject: str) -> bool:
        dialogue = self._dialogue
        await dialogue.records.orders(dialogue.request.orders)
        return await dialogue.reader.target(self._turn.text, subject)

    def _sends_money_elsewhere(self) -> bool:
        """Whether the message only says where money is to go, another way than so far."""
        dialogue = self._dialogue
        offered = dialogue.kind.refund_targets(self._policies)
        if not offered or _SENDS_BACK.search(self._turn.text):
            return False
        found = resolve_refund_target(self._turn.text, offered)
        return found.status == "one" and found.first != (dialogue.request.refund_target or "original")

    async def _kind_of(self, wish: Wish) -> ChangeKind | None:
        """The kind that a wish without goods means for the orders of this request."""
        dialogue = self._dialogue
        if dialogue.kind.wish is None or wish == dialogue.kind.wish or wish not in _BY_WISH:
            return None
        views = await dialogue.records.orders(dialogue.request.orders)
        key = _BY_WISH[wish]
        if key == "return" and views and all(view.state in NOT_SENT for view in views):
            # What was not sent yet cannot come back: its money does by cancelling.
            key = "cancel"
        return BY_KEY[key]

    def _restates(self, asked: str) -> bool:
        """Whether the whole request is said again, because what was made of it is not what was meant."""
        refused = asked == "confirmation" and self._turn.message.get("opening") == "deny"
        again = asked in ("revision", "alternative", "lines", "target")
        return (refused or again) and self._is_request() and self._dialogue.request.in_vain < _QUESTIONS_IN_VAIN

    async def _begin_anew(self, kind: ChangeKind) -> list[Event]:
        """Reads a message as if it began the request; the order of before holds where it names none."""
        turn, before = self._turn, self._dialogue
        await before.drop_proposals()
        old = before.request
        request = ChangeRequest(
            kind.key, turn.message_id, turn.text, reason=old.reason, in_vain=old.in_vain + 1, shown=old.shown
        )
        self._dialogue = dialogue = ChangeDialogue(
            self._form.desk, turn, self._dispatcher, request, self._verification, self._policies
        )
        if kind.about == "customer":
            await dialogue.reader.other_pieces(turn.text)
            return await self._advanced()
        await dialogue.read_first(self._numbers())
        if dialogue.question is not None and not request.orders and old.orders:
            dialogue.question = None
            await dialogue.take_orders(old.orders)
        return await self._advanced()

    async def _names_another_order(self, kind: ChangeKind) -> bool:
        """Whether another order is meant, by its number or by what only it has."""
        dialogue, numbers = self._dialogue, self._numbers()
        request = dialogue.request
        if not request.orders or request.question.get("slot") in dialogue.kind.names:
            return False
        current, request.kind = request.kind, kind.key
        try:
            read = await dialogue.reader.orders(self._turn.text, numbers, asked=True)
        finally:
            request.kind = current
        return bool(read.sure) and not set(read.sure) & set(request.orders)

    def _numbers(self) -> list[str]:
        return numbers_in(self._turn)

    def _is_request(self) -> bool:
        return self._turn.confidence >= SURE_REQUEST

    def _says(self, intent: str) -> bool:
        """Whether the message, or its first words, are a yes (`affirm`) or a no (`deny`)."""
        turn = self._turn
        if turn.intent == intent and turn.confidence >= SURE_YES:
            return True
        opens = turn.message.get("opening") == intent
        return opens and (turn.intent in _NO_REQUEST or not self._is_request())

    async def _widened(self) -> bool:
        """Takes all of the orders' lines where the request is about fewer; False where it is about all of them."""
        request, dialogue = self._dialogue.request, self._dialogue
        if dialogue.kind.lines == "none" or dialogue.kind.swaps or not request.lines:
            return False
        await dialogue.records.orders(request.orders)
        every: dict[str, int | None] = {
            line.key: None for number in request.orders for line in dialogue.records.lines(number)
        }
        if request.lines == every:
            return False
        request.whole, request.lines = True, every if dialogue.kind.lines == "ask" else {}
        return True

    async def _names_whole_order(self) -> bool:
        """Whether what is offered for a part is wanted of the order as such: "no, I want to call off order 1234"."""
        request, turn = self._dialogue.request, self._turn
        if BY_INTENT.get(turn.intent) is not self._dialogue.kind or not self._is_request() or len(request.orders) != 1:
            return False
        lines = self._dialogue.records.lines(request.orders[0])
        if limits(order_words(turn.text)) or resolve_lines(
            without_order_words(turn.text), lines, today=self._dialogue.records.today
        ).status not in ("none", "all"):
            return False
        if any(number_key(each) == number_key(request.orders[0]) for each in self._numbers()):
            return True
        if not order_words(turn.text):
            return False
        read = await self._dialogue.reader.orders(turn.text, [], asked=True)
        return read.sure == request.orders

    def _is_plain_yes(self) -> bool:
        if limits(self._turn.text) and not all_of_it(self._turn.text):
            return False
        length = sum(0.5 if "\u4e00" <= character <= "\u9fff" else 0 for character in self._turn.text)
        return self._says("affirm") and length + len(re.findall(r"[A-Za-z']+", self._turn.text)) <= _SHORT_YES / 2

    # How it goes on

    async def _advanced(self, *, noted: bool = False) -> list[Event]:
        """Goes on until something is asked or all is done, those requests included that follow from this one.

        `noted`: what was said is no answer to the question that stands, but was taken in: that is said before it.
        """
        await self._take_together()
        await self._order_otherwise()
        dialogue = self._dialogue
        if (sooner := cancels_sooner(dialogue.request)) is not None and not dialogue.waits:
            await dialogue.drop_proposals()
            self._dialogue = dialogue = ChangeDialogue(
                self._form.desk, self._turn, self._dispatcher, sooner, self._verification, self._policies
            )
        if dialogue.beside is not None:
            dialogue = await self._take_beside()
        asked = dialogue.request.question.get("slot")
        await dialogue.advance()
        if noted and dialogue.question is not None and dialogue.question.slot == asked:
            said = self._form.desk.wording(self._turn.language).say("changes.noted", question=dialogue.question.text)
            dialogue.question.again = dialogue.question.again or dialogue.question.text
            dialogue.question.text = said
        while dialogue.finished and dialogue.request.then:
            first, *rest = dialogue.request.then
            request = ChangeRequest.from_slot({**first, "then": rest})
            assert request is not None  # noqa: S101 - `first` is one
            dialogue = ChangeDialogue(
                self._form.desk, self._turn, self._dispatcher, request, self._verification, self._policies
            )
            self._dialogue = dialogue
            if request.text and dialogue.kind.swaps and not request.targets:
                await dialogue.reader.order_pieces(request.text)
            await dialogue.advance()
        return self._events()

    async def _take_together(self) -> None:
        """What the words that begin a request ask for of its order besides: before the items, or after this."""
        dialogue = self._dialogue
        if dialogue.waits or dialogue.request.together or not dialogue.request.orders:
            return
        dialogue.request.together = True
        beside = await said_together(dialogue)
        dialogue.request.then += [each.as_slot() for each in beside.after]
        if beside.first:
            self._go_on_with(chained(beside.first, dialogue.request))

    async def _order_otherwise(self) -> None:
        """The same goods again with a difference are ordered as goods of their own."""
        dialogue = self._dialogue
        request = dialogue.request
        if request.kind == "place" and self._before is not None:
            await self._send_where_noted()
            return
        if request.kind != AGAIN or len(request.orders) != 1 or dialogue.waits:
            return
        noted = list(self._turn.tracker.get_slot(QUEUE) or [])
        said = [(request.text, False)] if self._before is None or not request.question else [(self._turn.text, True)]
        difference, used = Difference(), list[str]()
        for text, correcting in [*said, *((str(each["text"]), False) for each in noted if _may_differ(each))]:
            found = await differs(dialogue, text, correcting=correcting)
            difference.add(found)
            used += [text] if found else []
        placed = await ordered_otherwise(dialogue, difference) if difference else None
        if placed is None:
            return
        await dialogue.drop_proposals()
        if self._waiting is None:
            self._waiting = [each for each in noted if str(each["text"]) not in used]
        await dialogue.reader.payment_method(BY_KEY["place"].way_words(self._turn.text))
        placed.payment_method = request.payment_method
        placed.then = request.then
        self._go_on_with(placed)

    async def _send_where_noted(self) -> None:
        """Where a purchase goes, which was noted as a request of its own: "send it to my office"."""
        dialogue = self._dialogue
        noted = list(self._turn.tracker.get_slot(QUEUE) or [])
        for each in noted:
            text = str(each["text"])
            if each.get("intent") == "place_order" or not sends_it(text) or _OTHER_ORDER.search(text):
                continue
            before = dict(dialogue.request.extras)
            await send_to(dialogue, text)
            if dialogue.request.extras != before:
                self._waiting = [other for other in self._waiting or noted if other is not each]

    async def _take_beside(self) -> ChangeDialogue:
        """What was noted of the order, once its change was agreed to: the items last, and all of them at once."""
        dialogue = self._dialogue
        beside, dialogue.beside = dialogue.beside, None
        assert beside is not None  # noqa: S101 - looked at before
        request = dialogue.request
        self._waiting = beside.waiting
        if request.kind != ITEMS or not (beside.first or beside.after):
            return dialogue
        await dialogue.drop_proposals()
        for each in beside.after:
            takes_items(request, each)
        if not beside.first:
            request.question = {}
            return dialogue
        agreed = [] if beside.after else request.terms
        dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
        return self._go_on_with(chained(beside.first, request, agreed=agreed))

    async def _beside(self, kind: ChangeKind, asked: str, *, agreed: bool = False) -> list[Event] | None:
        """Another change of the same order, wanted beside the one that is being made; None where it is not that.

        `agreed`: what is proposed was agreed to in the same message.
        """
        turn, dialogue = self._turn, self._dialogue
        request, kind = dialogue.request, before_sending(kind)
        if (
            len(request.orders) != 1
            or turn.message.get("opening") == "deny"
            or not joins(dialogue.kind, kind, turn.text)
        ):
            return None
        if await self._names_another_order(kind):
            return None
        further = await read_beside(dialogue, kind, turn.text)
        if further is None:
            return None
        agrees = asked == "confirmation" and bool(request.proposals) and (agreed or self._says("affirm"))
        if request.kind == ITEMS:
            await dialogue.drop_proposals()
            dialogue.say("utter_returns", answer=dialogue.wording.say("changes.first_this"))
            self._go_on_with(chained([further], request, agreed=request.terms if agrees else []))
            return await self._advanced()
        request.then.append(further.as_slot())
        if agrees:
            await dialogue.confirm()
            return await self._advanced()
        if request.proposals:
            # The same offer once more, which says now that something follows.
            return await self._advanced()
        return self._noted()

    async def _keeps(self, asked: str) -> list[Event] | None:
        """An address that is to be kept in the book: too, or and no order's; None where that is not said."""
        turn, dialogue = self._turn, self._dialogue
        request = dialogue.request
        alone = for_the_book_alone(turn.text) or (asked == "order" and keeps_in_book(turn.text))
        if not alone and not keeps_in_book(turn.text):
            return None
        if not alone:
            await dialogue.reader.other_pieces(turn.text)
            kept = kept_too(request, turn.text)
            if kept is None or any(each["kind"] == BookAddress.key for each in request.then):
                return None
            request.then.append(kept.as_slot())
            if asked == "confirmation" and request.proposals and self._says("affirm"):
                await dialogue.confirm()
            return await self._advanced()
        await dialogue.drop_proposals()
        book = ChangeRequest(BookAddress.key, turn.message_id, f"{request.text}\n{turn.text}")
        book.address, book.extras = dict(request.address), {"do": "add"}
        await self._go_on_with(book).reader.other_pieces(turn.text)
        book.extras["do"] = "default" if book.extras.get("do") == "default" and not book.address else "add"
        return await self._advanced()

    def _go_on_with(self, request: ChangeRequest) -> ChangeDialogue:
        self._dialogue = ChangeDialogue(
            self._form.desk, self._turn, self._dispatcher, request, self._verification, self._policies,
            self._dialogue.records,
        )  # fmt: skip
        return self._dialogue

    def _events(self) -> list[Event]:
        events = self._events_of_step()
        noted = waiting(self._turn) if self._waiting is None else self._waiting
        left = unsaid(noted, self._turn)
        dialogue, request = self._dialogue, self._dialogue.request
        if dialogue.finished and dialogue.touched and dialogue.kind.lines != "none":
            lines = [line for number in request.orders for line in dialogue.records.lines(number, gone=True)]
            done = [*request.lines] or [line.key for line in lines]
            left = without_done(left, dialogue.kind, lines, done, today=dialogue.records.today)
        if dialogue.finished and dialogue.touched and request.kind == "place":
            left = without_bought(left, [each.title for each in chosen(request.extras)])
        if left != noted:
            self._waiting = left
        if self._waiting is not None and not any(each.get("name") == QUEUE for each in events):
            events.append(SlotSet(QUEUE, self._waiting))
        return events

    def _events_of_step(self) -> list[Event]:
        dialogue = self._dialogue
        request, question = dialogue.request, dialogue.question
        focus: dict[str, Any] = dialogue.focus.as_slot()
        focus["orders"] = list(dict.fromkeys([*dialogue.touched, *request.orders, *focus["orders"]]))[:10]
        focus["lines"] = list(request.lines) or focus["lines"]
        focus |= as_done(dialogue.done)
        if question is None:
            offer = [SlotSet("offer", PERSON)] if dialogue.offers_person else []
            queue = [SlotSet(QUEUE, [])] if dialogue.farewell else []
            return [SlotSet("focus", focus), *end_change(), *offer, *queue]
        request.shown = question.shown
        request.question = question.as_json()
        request.taken += self._before is not None and request.pieces() != self._before
        focus["shown"] = question.shown
        return [
            SlotSet("change", request.as_slot()),
            SlotSet("focus", focus),
            SlotSet("requested_slot", ANSWER),
        ]

    def _queue(self) -> list[Event]:
        """Another request is kept for afterwards, and the question is put again."""
        turn, request = self._turn, self._dialogue.request
        waiting = list(turn.tracker.get_slot(QUEUE) or [])
        if request.noted and not (request.taken or request.proposals):
            # The second time that something else is wanted, and nothing was answered that would be asked again.
            return self._answer_first()
        request.noted += 1
        self._dispatcher.utter_message(response="utter_request_noted", request=turn.text)
        if all(each["text"] != turn.text for each in waiting):
            waiting.append({"text": turn.text, "intent": turn.intent})
        self._put_again()
        return [SlotSet(QUEUE, waiting), *self._events()]

    def _answer_first(self) -> list[Event]:
        """Another request while nothing was taken into this one: it is answered now, and this one begins again."""
        turn, request = self._turn, self._dialogue.request
        waiting = [each for each in turn.tracker.get_slot(QUEUE) or [] if each["text"] not in (turn.text, request.text)]
        intent = next(iter(self._dialogue.kind.intents), "")
        now = {"text": turn.text, "intent": turn.intent, "said_now": True}
        later = {"text": request.text, "intent": intent, "begun": True}
        earlier, waiting = (waiting, []) if request.noted else ([], waiting)
        return [*end_change(), SlotSet(QUEUE, [now, *earlier, later, *waiting])]

    def _noted(self) -> list[Event]:
        """What was told is taken in, and answers nothing: the question comes back."""
        self._put_again()
        if (question := self._dialogue.question) is not None:
            question.text = self._dialogue.wording.say("changes.noted", question=question.text)
        return self._events()

    def _ask_which(self) -> list[Event]:
        request = self._dialogue.request
        if request.in_vain > (self._turn.intent == "deny"):
            return self._ask_again()
        request.in_vain += 1
        self._put_again()
        question, words = self._dialogue.question, self._form.desk.wording(self._turn.language)
        if question is not None:
            said = "changes.which_then" if self._turn.intent == "deny" else "changes.which_first"
            question.text = words.say(said, question=question.text) if question.buttons else question.text
            leave = {"title": words.say("changes.button.leave"), "payload": choice_payload("leave=-")}
            if self._turn.intent == "deny" and leave not in question.buttons:
                question.buttons = [*question.buttons[:9], leave]
        return self._events()

    def _ask_again(self) -> list[Event]:
        request = self._dialogue.request
        if not _QUESTION.search(self._turn.text):
            # A question that was not understood says nothing of whether the form is.
            request.in_vain += 1
        if request.in_vain > _QUESTIONS_IN_VAIN:
            self._dispatcher.utter_message(response="utter_handoff_misunderstood")
            return hand_over(NOT_UNDERSTOOD)
        self._put_again(understood=False)
        return self._events()

    def _put_again(self, *, understood: bool = True) -> None:
        stored = dict(self._dialogue.request.question)
        question = Question(stored.pop("slot", "order"), stored.pop("text", ""), **stored)
        question.again = question.again or question.text
        if question.slot == "confirmation":
            # The language may be another one since it was put.
            question.again = self._dialogue.wording.say("changes.confirm.again")
            question.buttons = self._dialogue.confirmation_buttons()
        question.text, question.content = question.again, None
        if not understood:
            words = self._form.desk.wording(self._turn.language)
            times = self._dialogue.request.in_vain
            said = "changes.not_understood" if times < _QUESTIONS_IN_VAIN else "changes.not_understood_again"
            question.text = words.sentences(words.say(said), question.text)
            person = {"title": words.say("changes.button.person"), "payload": "/ask_human"}
            if times >= _QUESTIONS_IN_VAIN and person not in question.buttons:
                question.buttons = [*question.buttons, person]
        self._dialogue.question = question


async def begin_change(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str, order: str, *, text: str = ""
) -> list[Event]:
    """Goes over to a change of an order that is open, in the middle of another answer; `text`: in other words."""
    request = ChangeRequest(kind, turn.message_id, text or turn.text, orders=[order])
    return await take_up(desk, dispatcher, turn, request)


async def take_up(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, request: ChangeRequest) -> list[Event]:
    """Goes over to a request whose order is known already, in the middle of another answer."""
    verification = await desk.crm.verification(turn.conversation_id)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    await dialogue.reader.other_pieces(request.text)
    await dialogue.advance()
    return gone_over(turn, dialogue)


async def begin_account_change(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str) -> list[Event]:
    """Goes over to a change about no order, where another rule had the message."""
    request = ChangeRequest(kind, turn.message_id, turn.text)
    verification = await desk.crm.verification(turn.conversation_id)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    if await dialogue.kind.answer(dialogue, known=False):
        return forget_details()
    await dialogue.reader.other_pieces(turn.text)
    await dialogue.advance()
    return gone_over(turn, dialogue)


async def begin_order_change(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, kind: str) -> list[Event] | None:
    """Goes over to a change of an order that the message names or that it must mean; None for who is no customer."""
    verification = await desk.crm.verification(turn.conversation_id)
    if verification.level != "customer":
        return None
    request = ChangeRequest(kind, turn.message_id, turn.text)
    dialogue = ChangeDialogue(desk, turn, dispatcher, request, verification, await desk.crm.policies())
    await dialogue.read_first(numbers_in(turn))
    await dialogue.advance()
    return gone_over(turn, dialogue)


def gone_over(turn: Turn, dialogue: ChangeDialogue) -> list[Event]:
    """The form takes up what is asked; what needed no question is done."""
    if dialogue.question is None:
        spoken_of = dialogue.focus.on_orders(list(reversed(dialogue.touched))) if dialogue.touched else dialogue.focus
        return [*forget_details(), SlotSet("focus", {**spoken_of.as_slot(), **as_done(dialogue.done)})]
    request = dialogue.request
    request.shown, request.question = dialogue.question.shown, dialogue.question.as_json()
    told = [SlotSet("details_message", turn.message_id), SlotSet("change", request.as_slot())]
    return [*forget_details(), *told, SlotSet("tracking_step", None), FollowupAction(FORM)]


def numbers_in(turn: Turn) -> list[str]:
    """The order and tracking numbers that a message names; the CRM knows whether they are the shopper's."""
    return [
        str(each.get("value"))
        for each in turn.message.get("entities") or []
        if each.get("entity") == "order_number" and not each.get("weak")
    ]


async def with_what_was_unclear(turn: Turn, records: Records) -> str:
    """The words that begin a request: with those before them where it was asked what these meant, and they name goods.

    "Four mugs came, two broken" — "did it arrive damaged?" — "I want new ones".
    """
    before = last_words(turn)
    if last_action(turn) != "action_clarify" or not before or before.startswith("/"):
        return turn.text
    said = "" if turn.pressed else turn.text
    try:
        numbers = [each.number for each in (await records.summaries())[:ORDERS_READ]]
    except CrmNotFound:
        return turn.text
    await records.orders(numbers)
    lines = [line for number in numbers for line in records.lines(number)]
    if not lines or (said and resolve_lines(said, lines, today=records.today).matches):
        return turn.text
    return f"{before}\n{said}".strip() if resolve_lines(before, lines, today=records.today).matches else turn.text


def missing_parcel(turn: Turn) -> str | None:
    """The order whose parcel was just said to be recorded as delivered, where the message asks to make it good."""
    order = turn.tracker.get_slot("not_received")
    if not order or last_action(turn) != "action_track_order" or turn.entities("order_number"):
        return None
    return str(order) if remedy_in(turn.text) is not None else None


def _may_differ(noted: Mapping[str, Any]) -> bool:
    """Whether words that were noted may tell what is wanted otherwise: nothing that is done to an order does."""
    kind = BY_INTENT.get(str(noted.get("intent") or ""))
    return noted.get("intent") not in _WAITS_IN_QUEUE and (
        kind is None or kind.key in ("address", "place", "change_items", "exchange", AGAIN)
    )


def cancels_sooner(request: ChangeRequest) -> ChangeRequest | None:
    """The part to be cancelled of an order whose other lines are to be changed, with that change after it; else None.

    Shops allow one change of an order's items and nothing after it.
    """
    first = next((each for each in request.then if each["kind"] == "cancel" and each["orders"] == request.orders), None)
    if first is None or request.kind != "change_items":
        return None
    later = copy.deepcopy(request)
    later.then, later.question, later.proposals, later.shown = [], {}, [], []
    others = [each for each in request.then if each is not first]
    return ChangeRequest.from_slot({**first, "then": [later.as_slot(), *others]})


def pressed_by_words(request: ChangeRequest, text: str) -> str | None:
    """The choice of the button whose words, or whose number on the screen, were typed instead of pressing it."""
    buttons = request.question.get("buttons") or []
    typed = text.strip().strip(".!。！\"“”'").casefold()
    position = _POSITION.fullmatch(typed)
    for number, button in enumerate(buttons, start=1):
        payload = str(button["payload"]).removeprefix("/provide_details")
        named = typed == str(button["title"]).casefold() or near(typed, str(button["title"]))
        numbered = position is not None and int(position[1]) == number and number <= len(request.shown)
        if (named or numbered) and payload.startswith("{"):
            return str(json.loads(payload)["choice"])
    return None


def misread_as_consent(turn: Turn) -> bool:
    """Whether a message was understood as one about consents and speaks of none.

    No consent changes by a message that does not plainly ask for it.
    """
    return turn.intent in ChangeConsent.intents and not turn.pressed and not speaks_of_consents(turn.text)


def end_change() -> list[Event]:
    """Ends the form and forgets the request."""
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet("change", None), *forget_details()]
