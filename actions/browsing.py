"""A guest who looks at goods is answered of them, whatever a message was taken for, and asked for no order number.

"I'm a lefty, can it be switched?" after a reel is no exchange, "6 then. how much, and when's it get here?" tracks
nothing, 能接手机拍照么 sends no picture.
"""

from __future__ import annotations

import re
from typing import Final

from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.asked_of_another import with_words
from actions.delivery import ActionAskDeliveryOptions
from actions.desk import Desk, Event, Turn, last_response
from actions.fact_questions import answered_fact_question
from actions.fact_questions.asked import asks
from actions.goods import Good, product_focus
from actions.goods_in_question import goods_in_question, of_its_kind
from actions.product_answers import Answer, meant_now
from actions.product_facts import unknown_told
from actions.products import ActionAskAvailability, ActionAskProductFacts, ActionSearchProducts, further_buttons
from actions.resolver.asked_facts import says_word, telling_words
from actions.resolver.danger_names import may_be_harm
from actions.resolver.of_own_order import asks_whether_it_goes_back, calls_own, may_be_ordered
from actions.resolver.own_options import options_asked
from actions.resolver.points_back import points_back
from actions.resolver.text import fold
from actions.returns import ActionAskReturnPolicy
from actions.variant_questions import answered_variant_question, answered_versions_said
from shopdesk_schemas.products import ProductView

TAKEN_FOR: Final = frozenset(
    {
        "track_order", "track_another", "provide_details", "lack_details", "ask_order_details", "list_orders",
        "ask_total", "exchange_items", "change_items", "return_items", "report_damaged", "report_defect",
        "report_wrong_item", "report_missing_item", "report_lost", "cancel_order", "chase_dispatch",
        "change_delivery", "send_image", "buy_again", "reorder", "recommend_with_order", "tell_preference",
        "tell_background", "notify_back_in_stock", "ask_refund", "ask_return_status", "ask_why_details", "nlu_fallback",
        "not_interested",
    }
)  # fmt: skip
"""What a guest's words about goods may be understood as, rightly only where something was ordered."""
_OF_ORDERS: Final = frozenset(
    {
        "cancel_order", "exchange_items", "change_items", "return_items", "report_damaged", "report_defect",
        "report_wrong_item", "report_missing_item", "report_lost",
    }
)  # fmt: skip
"""What is rather believed of words that ask nothing, where it is understood plainly."""
_PLAINLY: Final = 0.7
_ONLY_IN_QUESTION: Final = frozenset({"not_interested", "tell_background", "notify_back_in_stock"})
"""What is left as it is unless something is asked."""
_SHOWN: Final = ("utter_products", "utter_recommend", "utter_clarify")
_BACK_IN_STOCK: Final = re.compile(
    r"\b(?:back|restock\w*|available again|come back|in again)\b|补货|到货|再有|上架|有货", re.IGNORECASE
)
_ARRIVES: Final = re.compile(
    r"\bwhen(?:['’]?s| is| will| would| does| can)?\b.*\b(?:here|arriv\w*|come|get|deliver\w*|ship\w*)\b"
    r"|\bhow (?:long|soon|fast|quick\w*)\b.*\b(?:deliver\w*|ship\w*|arriv\w*|get (?:here|it|them|one)|to come)\b"
    r"|(?:几|多少|多久|什么时候|啥时候|哪)[天日号]?.{0,3}(?:能|会|可以)?[到送寄发]",
    re.IGNORECASE,
)
_PRICE: Final = re.compile(
    r"\bhow much\b(?! (?:does|do|can|will|would|did)\b(?!.*\bcosts?\b))|\bprice\b|\bcosts?\b|多少钱|价", re.IGNORECASE
)
_WHEN: Final = re.compile(
    r"^\W*(?:[\w'’]+\W+){0,5}?(?:when|whens|where|wheres|any idea)\b|多久|几时|何时", re.IGNORECASE
)
_OF_SIZES: Final = frozenset({"ask_availability", "ask_product_facts", "ask_alternatives", "search_products"})
_OTHER_SIZE: Final = re.compile(
    r"(?:(?:do|does|is|are|can|have|has|got|any|there|you|it|they|i|get|come|in|an?|the|this|that|also|and|ok)\W+){0,8}"
    r"(?:small|bigg?|larg|tini|short|long|wid|narrow|tall)\w*er (?:one|size|version|model|option)s?\W*"
    r"|(?:那|请问|这款|这个|它)?(?:还|也)?有(?:没有)?(?:再)?[大小长短宽窄高矮](?:一?[点些号码寸]儿?|号一?点)的?(?:款|尺寸|版)?[吗么没不]?\W*",
    re.IGNORECASE,
)
_SEEKS: Final = re.compile(
    r"\b(?:do|have|d)(?: you|['’]?ya| u) (?:guys )?(?:have|got|sell|carry|stock|do)\b|\byou (?:sell|carry|stock)\b"
    r"|\bgot any\b|有没有|你[们家](?:这里|这儿|店里)?有|有[^，。！？没]{1,12}[吗么](?:[？?!！。~～]|$)"
    r"|卖不卖|卖[^，。！？]{1,12}吗",
    re.IGNORECASE,
)
"""Other goods are looked for: what no name is known of is not the one spoken of."""
_LOOKS: Final = re.compile(
    r"\bfor\b|\bthat\b|\bwith(?:out)?\b|\bwhich\b|\bany\b|\b(?:need|want|looking|after|something|pls|please|recommend)\b"
    r"|有没有|有吗|想|要|求|推荐|找|哪[个款种]|适合",
    re.IGNORECASE,
)


async def answered_while_browsing(
    desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, domain: DomainDict
) -> list[Event] | None:
    """Answers a guest's words about goods; None where they may be about an order, or speak of no goods.

    Goods are spoken of where they were told of just before, or are called by their name.
    """
    text = turn.text
    if turn.pressed or text.startswith("/") or turn.intent not in TAKEN_FOR or may_be_ordered(text):
        return None
    plainly = turn.intent in _OF_ORDERS and turn.confidence >= _PLAINLY
    if (turn.intent in _ONLY_IN_QUESTION or plainly) and not _asks(text):
        return None
    if (await desk.verification(turn)).level != "none":
        return None
    spoken = (last_response(turn) or "").startswith(_SHOWN) and bool(product_focus(turn).products)
    meant = await goods_in_question(desk, turn, among=False)
    named = meant is not None and meant.how in ("named", "kind") and bool(meant.words)
    if meant is not None and calls_own(text, meant.words):
        return None
    if not (_asks(text) and (spoken or named)) and not (named and _LOOKS.search(text)):
        # "I have two cats" tells something, and looks for none.
        return None
    one = meant.one if meant is not None else None
    return await _answered(desk, dispatcher, turn, domain, one, named=named)


def _asks(text: str) -> bool:
    return asks(text) or _WHEN.search(text) is not None


async def answered_of_no_other_size(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event] | None:
    """Tells in what the product spoken of comes, where a smaller one is asked for and no version differs in size."""
    shown = (last_response(turn) or "").startswith(_SHOWN)
    if turn.intent not in _OF_SIZES or not shown or not _OTHER_SIZE.fullmatch(turn.text.strip()):
        return None
    meant = await goods_in_question(desk, turn, among=False)
    one = meant.one if meant is not None and meant.how == "spoken" else None
    if one is None or any(options_asked("size capacity height length width", each.options) for each in one.variants):
        return None
    if len(await of_its_kind(desk, turn, one)) > 1:
        return None
    return _record_of(desk, dispatcher, with_words(turn, turn.text, "ask_product_facts"), one)


async def says_of_goods(desk: Desk, turn: Turn) -> bool:
    """Whether what was taken for an alarm is a short remark in words of the record just told: "we're on septic"."""
    if may_be_harm(turn.text) or not (last_response(turn) or "").startswith(_SHOWN):
        return False
    key = next(iter(product_focus(turn).products), None)
    if key is None or turn.intent != "report_emergency":
        return False
    view = await desk.crm.product(key, turn.language)
    record = fold(" ".join([view.description or "", *map(str, view.attributes.values())]))
    return any(says_word(record, word) for word in telling_words(turn.text))


async def tell_record(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn) -> list[Event]:
    """All that is on record of what was spoken of."""
    again = with_words(turn, turn.text, "ask_product_facts")
    return _record_of(desk, dispatcher, again, await desk.crm.product(product_focus(turn).products[0], turn.language))


def _record_of(desk: Desk, dispatcher: CollectingDispatcher, turn: Turn, product: ProductView) -> list[Event]:
    answer = Answer(dispatcher, turn, desk.wording(turn.language))
    good = Good(product, product.variants)
    answer.utter(unknown_told(product, answer), [good], further_buttons(good, answer))
    return meant_now(turn, good)


async def _answered(
    desk: Desk,
    dispatcher: CollectingDispatcher,
    turn: Turn,
    domain: DomainDict,
    one: ProductView | None,
    *,
    named: bool,
) -> list[Event] | None:
    text = turn.text
    again = with_words(turn, text, "ask_product_facts")
    if asks_whether_it_goes_back(text):
        return await ActionAskReturnPolicy(desk).told(dispatcher, turn)
    if not named and _BACK_IN_STOCK.search(text):
        return await ActionAskAvailability(desk).told(dispatcher, again)
    if _ARRIVES.search(text):
        told = await ActionAskProductFacts(desk).told(dispatcher, again) if _PRICE.search(text) else []
        return [*told, *await ActionAskDeliveryOptions(desk).tell(dispatcher, turn)]
    if (said := await answered_versions_said(desk, dispatcher, again)) is not None:
        return said
    if (of_versions := await answered_variant_question(desk, dispatcher, again)) is not None:
        return of_versions
    if (of_record := await answered_fact_question(desk, dispatcher, again)) is not None:
        return of_record
    if one is not None and named and _PRICE.search(text):
        return await ActionAskProductFacts(desk).told(dispatcher, again)
    if _asks(text) and one is not None and (named or not _SEEKS.search(text) or points_back(text, ())):
        return _record_of(desk, dispatcher, again, one)
    if named:
        search = with_words(turn, text, "search_products")
        return list(await ActionSearchProducts(desk).run(dispatcher, search.tracker, domain))
    return None


__all__ = ["TAKEN_FOR", "answered_of_no_other_size", "answered_while_browsing", "says_of_goods", "tell_record"]
