"""Questions how things are done in the shop, which are about no order: "what if it comes broken?", 发票怎么开.

Pure. A message that speaks of an order of its own, or tells what came to pass, asks no such thing.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from actions.resolver.amounts import amounts_in
from actions.resolver.no_order import denies_order

Process = Literal["invoice", "fault", "gift", "cancel", "change"]

_IN_GENERAL: Final = re.compile(
    r"\bwhat (?:happens )?if\b|\bin case\b|\b(?:in general|generally|in theory|hypothetical\w*|usually)\b"
    r"|\b(?:just|only|simply) (?:asking|wondering|curious|want(?:ed)? to (?:know|ask|understand)|a question)\b"
    r"|\bgeneral question\b|\b(?:policy|procedure|process)\b|\bhow (?:does|do) (?:it|that|this|exchanges?|claims?|you) (?:work|handle|deal)\b"  # noqa: E501
    r"|\bif (?:something|anything|an item|a parcel|a package|a product|goods|things|stuff|it|they)\b"
    r"|如果|要是|万一|假如|倘若|一般|通常|流程|政策|规定|规则|先问|就问|就想(?:问|知道|了解)|只是?(?:想)?问|只想(?:问|知道|了解)|问问|想(?:先)?了解",
    re.IGNORECASE,
)
"""It is asked how it would be, not told that it is so."""
_FAULT: Final = re.compile(
    r"\b(?:broken|damaged|faulty|defective|defects?|crushed|smashed|scratched|quality (?:issues?|problems?))\b"
    r"|破损|损坏|坏[了的掉]|碎[了的]|有问题|质量问题|有瑕疵|有毛病",
    re.IGNORECASE,
)
_FAULT_TOPIC: Final = re.compile(
    r"^\W*(?:那|那么|如果|要是)?(?:是|有)?(?:因为)?质量(?:有)?问题(?:的话)?(?:的?呢|能|可以|可不可以|怎么|是不是|一样)",
)
"""A question that turns to faults: 那质量问题的呢."""
_FAULT_COVERED: Final = re.compile(r"坏了?(?:的话)?(?:你们)?(?:管不管|管吗|保不保|赔不赔|包不包|包换吗|给换吗|给修吗)")
_GIFT: Final = re.compile(
    r"\b(?:gift|present)s?\b[^.?!]{0,60}\b(?:receipt|order number|proof)\b|\bwithout (?:a |the |any )?receipt\b"
    r"|\b(?:got|received) (?:it|this|something) as a (?:gift|present)\b"
    r"|(?:送(?:给)?我|别人送|朋友送|收到的?礼物|礼物|礼品(?!卡)).*(?:没有?|无)(?:购物|购买)?(?:小票|收据|凭证|单据)",
    re.IGNORECASE | re.DOTALL,
)
_BACK: Final = re.compile(r"\b(?:exchang\w*|return\w*|swap\w*|send back|take back)\b|换|退", re.IGNORECASE)
_CANCEL: Final = re.compile(
    r"\b(?:how long|until when|how late|up to when|by when|how soon)\b[^.?!]{0,40}\b(?:cancel\w*|call off)\b"
    r"|\bcancel\w*\b[^.?!]{0,20}\b(?:how long|until when|deadline|cut[- ]?off)\b"
    r"|\b(?:can|could|may|am|will|would) (?:i|we)\b[^.?!]{0,30}\bcancel\w*\b[^.?!]{0,30}"
    r"\b(?:if (?:i|we) (?:\w+ )?(?:change|decide|do|find|no longer|regret|get"
    r"|need)|later|afterwards|after (?:i|we|it|that|order\w*|placing|paying|buying))\b"
    r"|\bif (?:i|we) (?:change (?:my|our) minds?|regret|do(?: no|n['’]?)t)\b[^.?!]{0,30}\b(?:can"
    r"|could|may) (?:i|we)\b[^.?!]{0,20}\bcancel"
    r"|(?:如果|要是|万一|以后|之后|买完|下单后|付款后|到时候)[^。？！]{0,14}(?:还能|还可以|能不能|可不可以|可以|能)[^，。]{0,4}取消"
    r"|(?:还能|还可以|能不能|可不可以)[^，。]{0,4}取消[^。]{0,4}(?:如果|要是|万一)"
    r"|(?:多久|多长时间|几个?小时|几天|多少小时|多少天)(?:之?内|以内|前)?[^，。？?！!]{0,6}(?:可以|能|还能|可)?取消",
    re.IGNORECASE,
)
_CHANGE_LATER: Final = re.compile(
    r"\b(?:can|could|may|will) (?:i|we)\b[^.?!]{0,20}\b(?:change|edit|modify|amend)\b[^.?!]{0,40}"
    r"\b(?:after (?:ordering|placing|paying|buying|checkout|(?:i|we) (?:order|buy|place|pay))|later on|afterwards)\b"
    r"|(?:买完|买了以后|下单之?后|下单以后|付款之?后|拍下之?后)[^，。？]{0,6}(?:能|可以)[^，。？]{0,4}(?:改|修改|换地址)",
    re.IGNORECASE,
)
_INVOICE: Final = re.compile(
    r"\binvoices?\b|\breceipts?\b[^.?!]{0,30}\b(?:company|business|tax|vat)\b"
    r"|\b(?:company|business|vat|tax) receipts?\b|发票|专票|普票|公司抬头|开票",
    re.IGNORECASE,
)
_INVOICE_ASKED: Final = re.compile(
    r"\bhow (?:do|can|would|does) (?:i|we|one|someone|it)\b"
    r"|\b(?:do|will|would|can|could) (?:i|we) (?:also |even |always |automatically )?(?:get|receive|have|ask for)\b"
    r"|\b(?:is|are) (?:there )?(?:an? |the )?(?:\w+ )?(?:invoices?|receipts?) (?:included|in the|with|enclosed|sent)\b"
    r"|\b(?:do|can|could|will) (?:you|u|ya) (?:guys )?(?:issue|give|provide|do|make|offer|write|have)\b"
    r"|怎么(?:开|弄|申请|要)|如何(?:开|申请)|(?:能不能|可不可以|可以|能|支持|给)(?:给)?(?:我)?开[^，。]{0,12}[吗么嘛不]|(?:能不能|可不可以|是否能?|能否)开"
    r"|(?:开|有|给|提供)(?:发票|专票|普票|票)(?:的)?[不吗么嘛]|发票[^，。？]{0,3}(?:开|有)[不吗么嘛]",
    re.IGNORECASE,
)
_WITH_ANY: Final = re.compile(
    r"\b(?:do|will|would) (?:i|we) (?:also |even |always |automatically )?(?:get|receive)\b[^.?!]*"
    r"\b(?:with|w|in|for) (?:my|an?|each|every|the) (?:orders?|parcel|package|purchase)\W*$",
    re.IGNORECASE,
)
"""What comes with orders is asked, not about one that there is: "do I get an invoice with my order"."""
_OWN: Final = re.compile(
    r"\b(?:my|this|that|these|those|last|latest|the) (?:\w+ ){0,2}(?:orders?|parcel|package|delivery|shipment|purchase)\b"  # noqa: E501
    r"|\bi (?:bought|ordered|purchased)\b|\b(?:has|have|had|was|is) (?:my|the) invoice\b"
    r"|我(?:的|这|那|昨天|今天|上次|之前|刚)?(?:个|张|笔)?(?:订单(?!号)|单子)|[这那上]个?(?:一)?[单笔](?:的|订单)?|补开|重开|我(?:昨天|前天|上周|上个月|之前|刚)(?:才|刚)?[买订]",
    re.IGNORECASE,
)
"""An order of the shopper's own is spoken of."""
_PRICE: Final = re.compile(
    r"\bhow much (?:is|are|for|does|do|would)\b|\bwhat(?:['’]s| is) the price\b|\bprice of\b"
    r"|^(?!.*\b(?:charg|paid|pay|owe|ship|deliver|post|refund|return|get back)).*\bhow much\W*$"
    r"|多少钱|什么价|价格",
    re.IGNORECASE,
)

_BUDGET: Final = re.compile(r"\bbudget\b|\bspend\b|预算|以内|便宜", re.IGNORECASE)


_HAPPENED: Final = re.compile(
    r"\b(?:came|arrived|turned up|is|was|are|were|has been) (?:\w+ ){0,2}?(?:broken|damaged|faulty|defective|crushed|smashed|cracked|scratched)\b"  # noqa: E501
    r"|\b(?:swap|replace|exchange) (?:it|them|this)\b|\bsend (?:me )?(?:a new|another)\b"
    r"|收到的[^，。,]{0,8}(?:坏|碎|破)了?|[^，。,]{1,8}(?:坏|碎|破)了(?=[，,。！!])",
    re.IGNORECASE,
)
_IN_CASE: Final = re.compile(
    r"\b(?:if|in case|what happens when|when)\b[^.,;?!]*$|(?:如果|要是|万一|假如|倘若)[^。；？！]*$", re.IGNORECASE
)
_WANTS_IT: Final = re.compile(
    r"\bi want\b|\b(?:you|please) cancel (?:it|that|this|my|the)\b|帮我取消|我要取消", re.IGNORECASE
)


_MONEY: Final = re.compile(r"\brefund\w*|\breimburs\w*|\bmoney\b|退款|退钱|钱", re.IGNORECASE)
_DONE: Final = re.compile(
    r"\b(?:i|we|you|they|was|were|been|got|is|my|the|already|just)(?:['’]ve)? (?:\w+ )?cancell?ed\b"
    r"|\b(?:can|could|will) (?:you|u) (?:please |just )?cancel\b|取消了|已(?:经)?取消",
    re.IGNORECASE,
)
_REGRETTED: Final = re.compile(r"(?:后悔|反悔|改主意|改变主意|不想要|不要)了")
_SUPPOSED: Final = re.compile(r"如果|要是|万一|假如|倘若|以后|之后|的话|到时候?")
_ONE_ORDER: Final = re.compile(
    r"\b(?:this|that|these|those|last|latest|first|second|third|fourth|other|recent|newest|bigger|smaller|cheaper)"
    r" (?:\w+ )?(?:one|orders?|parcels?|packages?|purchases?)\b"
    r"|\b(?:orders?|parcels?|packages?|things?|items?|stuff) (?:that |which )?(?:i|we)(?:['’]ve| have)?"
    r" (?:just |already )?(?:placed|made|ordered|bought)\b"
    r"|\bi(?:['’]ve| have)? (?:just |already )?(?:put|gave|entered|typed|wrote)\b|\b(?:wrong|typo|mistake)\b"
    r"|[这那上]个?(?:一)?[单笔](?:的|订单)?|[这那]个订单|第[一二三四五\d]个?[单笔件]|(?:写|填|打|输|弄|选|买|下)错",
    re.IGNORECASE,
)
"""One order is meant that there is, or what went wrong with it is told."""


def _is_own_case(text: str) -> bool:
    """Whether a question about cancelling or changing is a wish, or asks for the money of what was cancelled."""
    regretted = _REGRETTED.search(text) is not None and _SUPPOSED.search(text) is None
    return regretted or any(words.search(text) for words in (_MONEY, _DONE, _WANTS_IT, _ONE_ORDER))


def is_fault(text: str) -> bool:
    """Whether words speak of goods that are faulty or damaged."""
    return _FAULT.search(text) is not None


def tells_fault(text: str) -> bool:
    """Whether a fault is told that came to pass, or something is demanded for it: that is no question of how it would be."""  # noqa: E501
    return any(_IN_CASE.search(text[: found.end()]) is None for found in _HAPPENED.finditer(text))


def process_asked(text: str) -> Process | None:
    """Which process a message asks about, without an order of its own; None where it asks about none."""
    if _INVOICE.search(text) and _WITH_ANY.search(text) and _INVOICE_ASKED.search(text):
        return "invoice"
    if not _is_own_case(text):
        if _CANCEL.search(text):
            return "cancel"
        if _CHANGE_LATER.search(text):
            return "change"
    if _OWN.search(text):
        return None
    if _INVOICE.search(text) and (_INVOICE_ASKED.search(text) or denies_order(text)):
        return "invoice"
    if _GIFT.search(text) and _BACK.search(text):
        return "gift"
    if tells_fault(text):
        return None
    if _FAULT_TOPIC.search(text) or _FAULT_COVERED.search(text) or (_FAULT.search(text) and _IN_GENERAL.search(text)):
        return "fault"
    return None


_WAS: Final = re.compile(r"@|\bit was\b|\b(?:i|we) (?:paid|spent)\b|\bpaid\b|花了|付了", re.IGNORECASE)
_MONEY_BACK: Final = re.compile(r"\b(?:back|refund\w*|return\w*|send\w*|cancel\w*)\b|退|取消", re.IGNORECASE)


def says_budget(text: str) -> bool:
    """Whether words say what something may cost at most, or between what: "under 60 bucks", 预算60."""
    if _OWN.search(text) or _WAS.search(text):
        return False
    amounts = [amount for amount, _ in amounts_in(text, currency="USD")]
    bounded = any(each.bound in ("at_most", "between", "about") for each in amounts)
    return bounded or (bool(amounts) and _BUDGET.search(text) is not None)


def asks_price(text: str) -> bool:
    """Whether words ask what something costs in the shop."""
    return _PRICE.search(text) is not None and _OWN.search(text) is None and _MONEY_BACK.search(text) is None


__all__ = ["Process", "asks_price", "is_fault", "process_asked", "says_budget", "tells_fault"]
