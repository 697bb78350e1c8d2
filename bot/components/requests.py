"""Splits a message into what it asks for, and says which request leads.

Shoppers put several things into one message ("hi, where's 489434? also I want to return the mug"). The whole message
and its parts are classified; the part that must not be missed leads: a wish for a person, then a question about an
order, then the rest. What leads is the message's intent, what else was clearly asked is kept beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Dict, FrozenSet, Iterator, List, Optional, Sequence, Set, Tuple

Ranking = Sequence[Tuple[str, float]]
Numbers = Callable[[str], FrozenSet[str]]

_TURNING = (
    r"(?:\b(?:oh|and|also|just|so)[, ]+)*\b(?:by the way|btw|incidentally|while (?:i'?m|we'?re) (?:at it|here)"
    r"|(?:one|another) (?:more |other |quick |last )?(?:thing|question))\b[:,]?"
    r"|(?<![\u4e00-\u9fff])[哦噢啊]?对了(?=[\s，,。!！~～]|[\u4e00-\u9fff])|(?:[哦噢]|还有|另外)+[一]?(?:个|件)(?:事儿?|问题)(?:想问)?"
    r"|(?:顺便|顺带|另外)(?:再|我?想|也)*(?:问|咨询|打听|了解)(?:一下|下|一句|句|个问题|问)?|再(?:问|咨询)(?:一下|下|一句|句|个问题)"
)
"""What people say before they come to something else."""
_TURNS = re.compile(_TURNING, re.IGNORECASE)
_SEPARATORS = re.compile(
    _TURNING + r"|(?:(?<!\bno)[.?!;\n。？！；]+|(?<=\bno)\.(?!\s*\d))(?=\s|$|[^\d\w])"
    r"|(?<=[\u4e00-\u9fff])[.?!;\n。？！；，,~～]+|[？！。；，]+"
    r"|,?\s+(?:and also|and then|but also|but|also|plus|besides|and)\s+|,\s+"
    r"|另外|还有就是|还有(?=我|想|能|可)|顺便|然后|而且"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
"""What stands between clauses. In Chinese many write a space for a comma, and others one inside a clause."""
_HAN_SPACE = re.compile(r"(?<=[\u4e00-\u9fff])\s(?=[\u4e00-\u9fff])")
_REQUESTS = ("ask_human", "report_not_received", "ask_refund", "track_order", "ask_contact", "out_of_scope")
"""The intents that are requests, in the order in which they lead."""
_CLEAR = {
    "ask_human": 0.8,
    "report_not_received": 0.75,
    "ask_refund": 0.75,
    "track_order": 0.75,
    "ask_contact": 0.75,
    "out_of_scope": 0.75,
    "report_emergency": 0.8,
}
_SERIOUS = frozenset({"ask_human", "out_of_scope", "report_emergency"})
"""What a clause alone has to say clearly: taken wrongly it ends what the shopper came for."""
_MINIMUM_LENGTH = 4
_SURE = 0.55
"""From this probability on a clause counts as a request of its own."""
_SURE_SPACED = 0.9
"""The same where only a space stands before it."""
_SURE_TURNED = 0.2
"""The same of a question after words that turn to something else ("by the way …"): it is a request, whichever."""
BACKGROUND = "tell_background"
"""What people tell around what they ask ("so I bought a blanket, I took the day off"): never a request."""
_CONVERSATION = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "stop",
        "insult",
        "praise",
        "provide_details",
        "lack_details",
        "ask_why_details",
        "track_another",
        "nlu_fallback",
        BACKGROUND,
    }
)
"""What is said around requests, or belongs to one."""
_TOGETHER = ("ask_contact", "ask_opening_hours", "ask_location", "out_of_scope", *_CONVERSATION)
"""Answered in passing beside a question about an order (`also_asked`): no reason to split a message."""
_ABOUT_ORDERS = frozenset({"track_order", "report_not_received", "ask_refund"})
_INTRODUCES = re.compile(
    r"\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening))\W+)?(?:i'?m|i am|this is|my name(?:'?s| is)|it'?s)"
    r"(?: (?!(?:the|my|a|an|this|that|it|in|on|at|not|so|too)\b)[a-z'-]+(?<!ing)(?<!ed)){1,3}(?: (?:here|speaking))?\W*"
    r"|\W*(?:你好|您好)?\W*我(?:是|叫)[\u4e00-\u9fff]{2,4}\W*",
    re.IGNORECASE,
)
"""A clause that only says who is talking: it asks for nothing."""
_TELLS_OF_GOODS = re.compile(
    r"^\W*(?:so )?(?:i|we)(?:'ve| have)?(?: (?:just|recently|already))? (?:received|got|bought|ordered|purchased|had)\b"
    r"(?!.*\b(?:wrong|broken|damaged|missing|only|instead|not|never|twice|faulty|defective|different|charged)\b)"
    r"|^\W*我(?:刚|上周|昨天|前几天|之前|上个月)*(?:收到|买|订|拍)了?(?!.*(?:坏|碎|错|少|破|没|不|退|换|差|脏|裂|吗|？))",
    re.IGNORECASE,
)
"""A clause that tells what came or was bought, beside what is asked: "I received a jumper and a raincoat"."""
_SURE_OF_TASTE = 0.9
"""A name is taken for a taste ("I'm Thomas"), though never as surely as "I'm vegan" is."""
_WHO_AND_WHERE = frozenset({"change_address", "change_recipient"})
"""Where an order goes and who receives it: one change."""
_PLACES_NAMED = frozenset({"find_store", "ask_location"})
"""What a town reads as alone: behind a street it is the rest of the address, unless something is asked."""
_FAMILIES: Tuple[FrozenSet[str], ...] = (
    _ABOUT_ORDERS,
    frozenset({"change_items", "exchange_items"}),
    _WHO_AND_WHERE,
)
"""Intents between which one answer serves, so that clauses of them are one request."""
_PROBLEMS = frozenset({"report_damaged", "report_wrong_item", "report_missing_item", "report_defect", "report_lost"})
_TASTE = "tell_preference"
"""A size or a taste told in passing: kept at once, before the request beside it begins to ask."""
_READS_TASTES = frozenset(
    {
        "exchange_items",
        "change_items",
        "search_products",
        "ask_availability",
        "ask_size_advice",
        "ask_alternatives",
        "recommend_for_me",
        "recommend_similar",
        "recommend_with_order",
        "recommend_gift",
    }
)
"""Requests that a size or a taste completes: "swap it, I take an L"."""
_WISHES: Tuple[Tuple[FrozenSet[str], FrozenSet[str]], ...] = (
    (_READS_TASTES, frozenset({_TASTE})),
    # What is good or bad about a thing, beside wanting to say it in a review.
    (
        frozenset({"write_review"}),
        _PROBLEMS
        | (_READS_TASTES - {"exchange_items", "change_items"})
        | {"complain", "ask_product_facts", "not_interested", _TASTE},
    ),
    (
        _PROBLEMS,
        frozenset(
            {"return_items", "exchange_items", "ask_refund", "report_not_received", "track_order", "ask_capabilities"}
        ),
    ),
    (frozenset({"chase_dispatch"}), frozenset({"track_order", "report_not_received"})),
    # The second thing to compare, alone, reads as a search.
    (frozenset({"compare_products"}), frozenset({"search_products", "ask_availability", "ask_product_facts"})),
    (frozenset({"ask_how_to_return"}), frozenset({"return_items"})),
    # "All of it back, I don't like it".
    (frozenset({"return_items", "cancel_order", "exchange_items", "ask_refund"}), frozenset({"not_interested"})),
    # The second half of an address, alone, reads as an order's.
    (frozenset({"change_profile"}), frozenset({"change_address"})),
    (frozenset({"ask_return_status"}), frozenset({"ask_refund", "ask_refund_time"})),
    (
        frozenset({"report_double_charge", "ask_unexplained_charge", "ask_price_protection"}),
        frozenset({"ask_refund", "return_items"}),
    ),
    # "It got cheaper, give me the difference": the difference alone reads as a comparison.
    (frozenset({"ask_price_protection"}), frozenset({"compare_products", "ask_price_history"})),
)
"""What is wrong, and what people say beside it that they want for it: one request."""
_LEAD_OVER_TRACKING = _PROBLEMS | {"chase_dispatch"}
"""What is wrong is more than where the parcel is: "it came today and the lamp is smashed"."""
_SUPPOSED = frozenset({"ask_delivery_options", "ask_delivery_cost"})
"""What is asked of an order that is only thought of: "if I ordered tonight, when would it come?"."""
_CLEAR_PROBLEM = 0.75
_UNCLEAR_WHOLE = 0.6
"""Below this probability of the whole message its one clear clause says what is meant."""
_ASKED_BESIDE = 0.25
"""How likely a question has to be for a clause with an order's number to be one."""
_WAYS_BACK = frozenset({"return_items", "return_in_store"})
"""Sending back and bringing back."""
_CALLING_OFF = frozenset({"cancel_order", "cancel_reservation"})
"""What there is to call off decides between them."""

_CONTINUES = re.compile(
    r"^\W*(?:(?:and |or |but )?(?:if|unless)|otherwise|or else|else|instead|except|but not|only|just|preferably"
    r"|whichever\b|哪[个种](?:还|都)?(?:能|行|可以|来得及|有货)"
    r"|in that case|(?:it's|it is|they're|that's|which is|both) in (?:the|my|order)"
    r"|(?:the|my) (?!money|refund)[^,.;?!]{2,50} (?:for|to) (?:the|a|an|size|\w+$)"
    r"|with the (?:money|refund)|money|refund(?: it| me| that)? (?:to|onto|on|into)|put the (?:money|refund)"
    r"|要是|如果|假如|万一|若是?|否则|不然|要不|(?:是|都?在)[^，。；]{0,20}(?:订单|那单|这单|一单|的单)里?的?|的话|除了|除外|只要|就(?:只|留|退|取消)|那就|钱退?到?|退款?到|没有的话|没货)",
    re.IGNORECASE,
)
"""How a clause begins that conditions, restricts or completes the one before it."""
_OTHERWISE = re.compile(
    r"^\W*(?!.*[吗么谁哪几怎])(?:[^，。；！？]{1,14}的话(?![题费])"
    r"|(?:要|还|再)?(?:取消|退款?|换|改|拦截?|截|停|发货?)?(?:不了|不掉|不成|来不及|赶不上)[了的]?(?:就|那|则|再|便))",
    re.IGNORECASE,
)
"""A clause of what to do where the request before it cannot be done: 取消不了的话就退货."""
_THE_SAME = re.compile(
    r"\W*(?:(?:and|so|please|just|i|i'?d|we|want|need|like|would|can|could|you|to|have|get|send|give|me|us)\s+)*"
    r"(?:(?:exactly )?the (?:very )?same|another|a new|a replacement|an identical)(?: (?:one|ones|thing))?"
    r"(?: (?:again|please|instead))*\W*"
    r"|\W*(?:请|就|我|想|麻烦|帮我|给我|直接|那)*(?:要|换|补|来|重新?发|再发|寄)(?:一?[个件条双只套])?(?:一样|同样|全?新|好)的(?:一?[个件条双只套])?(?:吧|啊|行吗|可以吗)?\W*",
    re.IGNORECASE,
)
"""A clause that wants the same once more and names nothing: with what was named before it."""
_STAYS = re.compile(
    r"^\W*(?:(?:and|but|please|i'?ll)\s+)*(?:keep(?:ing)?|leave) (?:all )?(?:the (?:rest|others?)|everything else)\b"
    r"|^\W*(?:and |but )?the (?:rest|others?|other (?:one|two|three|\d+)(?: [\w'-]+){0,2}) (?:is|are|was|were) "
    r"(?:all )?(?:fine|ok|okay|good|perfect|alright|great|undamaged|intact)\b"
    r"|^\W*(?:其他|其它|其余|别)的?(?:都|先|全)?(?:留|不动|不变|照发|没事|没问题|好的|要)",
    re.IGNORECASE,
)
"""A clause that says of the rest that it stays."""
_GOODS = frozenset({"cancel_order", "return_items", "exchange_items", "change_items"})
_PAID = frozenset({"reorder", "exchange_items", "change_items", "place_order"})
"""What something may have to be paid for."""
_ORDERS_CHANGED = _GOODS | {"change_address"}
_NEEDS_A_THING = _GOODS | _PROBLEMS | {"not_interested"}
"""What is said of a thing that was named before it: "the scarf, it's not my taste"."""
_MONEY = re.compile(
    r"(?=.*(?:gift card|store credit|original (?:card|payment|method)|the difference|礼品卡|礼物卡|余额|原路|原卡|差价|差额|补钱))"  # noqa: E501
    r"(?!.*(?:\bhow\b|\bwhat\b|\bwhere\b|\bbalance\b|\bbuy\b|\bleft\b|多少|几|查|怎么|哪|吗|买))",
    re.IGNORECASE,
)
"""A clause that says where money goes or comes from, and asks nothing."""
_PAYS = re.compile(
    r"^\W*(?:i'?ll |i will |i'?d like to |please |let me |then )*(?:pay(?:ing)?|charge|bill|put it)\b.*"
    r"\b(?:with|by|using|on|onto|from|to)\b"
    r"|^\W*(?:please |just |and )*(?:charge|bill|debit) (?:my|the) [\w ]{3,40}\W*$"
    r"|^\W*(?:please )?use (?:my|the|a) [^,.;]{3,40}\b(?:for (?:it|that|this|the)|to pay|towards)\b"
    r"|^\W*(?:请|我|就|想|要|麻烦|直接)*(?:用|刷|从|走)[^，。；]*(?:补差价?|付款?|支付|扣款?|结账|买单|付钱)|^\W*(?:付款|支付)(?:就?用|方式)",
    re.IGNORECASE,
)
"""A clause that says how what is asked for is paid."""
_AROUND_PRICE = re.compile(
    r"[A-Za-z']+|但是?|不过|就是|最好|价格|价钱|价位|大概|左右|不超过|最多|便宜|预算|稍微|比较|以[内下上]|之间|[要得能不别太更再贵低高一点些的了呢吧元块钱在到至内]"
)
"""The words of which some clause may be made that says nothing but a price."""
_PRICE_WORDS = re.compile(
    r"but|and|or|so|just|please|something|anything|ones?|for|a|bit|little|much|far|way|not|no|too|as|more|less|it|should"
    r"|be|that|which|is|are|costs?|money|priced?|i|only|have|my|budget|around|about|up|to|at|most|max|under|over|below"
    r"|above|than|cheap|cheaper|expensive|pricey|dear|dearer|affordable|lower|higher|pounds?|dollars?|euros?|quid|bucks"
    r"|yuan",
    re.IGNORECASE,
)
_PRICE_WORD = re.compile(
    r"cheap|expensive|pric|dear|affordable|budget|cost|[$£€¥\d]|便宜|贵|价|预算|以内|以下|以上|不超过", re.IGNORECASE
)
_BARE_QUESTION = re.compile(
    r"\W*(?:and |so |or )*(?:how (?:much|long)|when|what (?:does it|would it|will it) cost|for how long)"
    r"(?: (?:is|does|would|will) (?:it|that|this)(?: (?:cost|take|be))?)?(?: please)?\W*"
    r"|\W*(?:那|大概|一般|要)*(?:多少钱|多久|几天|多长时间)[呢啊呀]?\W*",
    re.IGNORECASE,
)
"""A question that names nothing: it asks more of what was asked about before it."""
_PLACES = "place_order"
_COMPLETES_PURCHASE = frozenset(
    {
        "place_order",
        "search_products",
        "ask_availability",
        "reserve_item",
        "reorder",
        "buy_again",
        "change_address",
        "change_recipient",
        "change_payment_method",
        "ask_payment_methods",
        "manage_payment_methods",
        "change_items",
        "exchange_items",
        "change_profile",
        _TASTE,
    }
)
"""What a size, a number, an address or a card reads as alone, which beside a new order belong to it."""
_WAY = re.compile(
    r"^\W*(?:请|我|就|想|要|麻烦|直接)*(?:用|刷|走)(?!什么|哪)[^，。；！？吗]{0,14}(?:卡|余额|支付宝|微信|visa|paypal|mastercard|万事达)\W*$"
    r"|^\W*(?:visa|paypal|mastercard|amex|gift card|礼品卡|信用卡|支付宝|微信)(?: please|付款?|支付)?\W*$"
    r"|^\W*(?:on|with|by|from|using|via) (?:my |the |a )?(?:(?:credit|debit|gift|saved) )?"
    r"(?:card|visa|mastercard|amex|paypal|apple pay)(?: ending(?: in)? \d{4})?(?: please)?\W*$",
    re.IGNORECASE,
)
"""A clause that names a way to pay and nothing else."""
_SENT_TO = re.compile(
    r"^\W*(?:and |please |then |just )*(?:send|ship|deliver|post) (?:it|them|that|these|those|everything|both|all)"
    r"(?: of (?:it|them))? (?:to|at)\b"
    r"|^\W*(?:请|就|麻烦|直接|都|帮我)*(?:寄|送|发)(?:到|去|往|给)",
    re.IGNORECASE,
)
"""Where what is bought goes."""
_BARE_ORDER = re.compile(
    r"\W*(?:请|那|就|我|想|要|帮我|给我|直接|现在)*(?:下单|下个单|买了|拍了|买下)(?:吧|了|一下|哈|谢谢)*\W*"
    r"|\W*(?:(?:please|just|so|i'?ll|i want to|i'?d like to|can you|go ahead and)\s+)*"
    r"(?:order|buy|take) (?:it|that|one)(?: (?:please|for me|now))*\W*",
    re.IGNORECASE,
)
"""A clause that only says that what was named before it is ordered."""
_OTHER_ORDER = re.compile(r"\b(?:order|orders|parcel)\b|订单|那单|这单|上一?单|包裹", re.IGNORECASE)
_ANOTHER_ORDER = re.compile(
    r"\b(?:my|the) (?:other|second|next|newest|latest) (?:order|parcel|package|one|delivery)\b|\banother order\b"
    r"|(?:另一?|另外|其他|别的|第二|新|下)的?(?:一?个|一?单|那单|那个|那笔|一笔)?(?:订单|单子|包裹|快递|那单|单)",
    re.IGNORECASE,
)
_MONEY_BACK = re.compile(
    r"\W*(?:(?:and|so|please|just|then|now|i'?d|i|we|would|want|like|need|can|could|you|have|get|give|send|pay)\s+)*"
    r"(?:me |us )?(?:all |back )?(?:of )?(?:my|the|our) (?:money|cash|funds)(?: back)?"
    r"(?: (?:please|now|instead|then))*\W*"
    r"|\W*(?:(?:and|so|please|just|then|can|could|you)\s+)*refund me(?: (?:please|now|everything|all of it))*\W*"
    r"|\W*(?:请|就|那|快|赶紧|麻烦|直接|然后|你们)*(?:把|将)?(?:我的?)?(?:钱|款)(?:都|全|全部)?"
    r"(?:还|退|返|打)(?:给|回)?(?:我|来|回来)?(?:吧|了)?\W*"
    r"|\W*(?:请|就|那|快|赶紧|麻烦|直接|然后|你们)*(?:给我)?(?:退|还)(?:我)?(?:钱|款)(?:给我)?(?:吧|了)?\W*",
    re.IGNORECASE,
)
"""A clause that wants the money back: beside calling off or sending back it is what comes of that."""
_ONLY_MONEY = re.compile(
    r"\W*(?:(?:and|so|please|but|i'?d|i|would|want|like|prefer|can|could|you|have|get|give|send|put|with|me|to)\s+)*"
    r"(?:the |my |that )?(?:money|refund)(?: back)? (?:as|on|onto|to|into|in|by|through)\b[^,.;!?]*\W*"
    r"|\W*(?:请|把|我|想|要|就|麻烦)*(?:钱|退款)(?:请|都|就|直接)?(?:退到?|打|放|转|充)[^，。；！？]*\W*",
    re.IGNORECASE,
)
"""A clause that names nothing but money, and where it goes."""
_ASKS = re.compile(
    r"\b(?:where|when|what|which|how|has|hasn't|is|isn't|will|track|status|still|not|didn't|can|could|any|no)\b"
    r"|哪|吗|什么|啥|怎么|咋|几时|几号|几点|多久|多少|没|查|呢|到底|催|还不",
    re.IGNORECASE,
)
"""Without such words a clause about a parcel tells a story: "it came the other day"."""
_BARE = re.compile(
    r"\W*(?:(?:so|please|i want to|i'd like to|i would like to|can you|just)\s+)*(?:return|refund|exchange|cancel)"
    r"(?: (?:it|them|that|this|please))*\W*"
    r"|\W*(?:请|那就|就|我|想|要|帮我|给我)*(?:退货|退款|退钱|退掉|退了|退|换货|换掉|换|取消)(?:掉|吧|了|一下|哈)*\W*",
    re.IGNORECASE,
)
"""A clause that names no thing says what is wanted with what was named before it: "围巾不想要了，退货"."""
_BARE_NO = re.compile(
    r"\W*(?:(?:actually|no|oh|sorry|wait|well|i)\s+)*(?:(?:don't|dont|do not) (?:want|need) (?:it|that|this|them)"
    r"(?: any ?more| after all)?|(?:forget|scrap|drop|leave) (?:it|that|this|them)|never ?mind|changed my mind)\W*"
    r"|\W*(?:那|我|就|还是|都|先|这个|那个)*(?:不想?要|不买|不用|算|不弄|不办)了?(?:吧|哈|啊)?\W*",
    re.IGNORECASE,
)
"""A clause that turns down, and names nothing."""
_WISHED = re.compile(
    r"\b(?:exchang|swap|switch|replac|chang|want|need|like to|would|could|can|please|send|return|back|refund|money"
    r"|instead|give|take|get me|bigger|smaller|another|other one|cancel)"
    r"|换|退|要|想|给我|改|取消|补|请|能不能|可以|麻烦",
    re.IGNORECASE,
)
"""Without such words a clause about goods says what is wrong with them, and wants nothing: "it doesn't fit"."""
_BACK = frozenset({"return_items", "exchange_items"})
_BUYER = re.compile(
    r"\bcompany\b|\bpersonal\b|\bvat\b|\btax (?:number|no|id)\b|\bmade? (?:it )?out to\b|\bin the name of\b"
    r"|\b(?:ltd|limited|llc|inc|gmbh|plc|corp)\b|抬头|公司|单位|企业|个人的?$|税号|识别号|工作室|事务所|集团",
    re.IGNORECASE,
)
"""Whom an invoice is made out to."""
_WAY_BACK = re.compile(
    r"\bpostage\b|\bfreight\b|\breturn (?:shipping |postage )?(?:costs?|fees?|charges?)\b"
    r"|\bpay (?:for )?(?:the )?(?:shipping|return|way back)\b|\bwho pays\b|运费|邮费|快递费",
    re.IGNORECASE,
)
"""What it costs to send goods back, and whom."""
_BUYING = frozenset({"reorder", "buy_again", "place_order", "search_products", "ask_order_details", "list_orders"})
"""What a name of goods alone reads as."""
_ENDING = frozenset({"ask_human", "report_emergency", "insult"})
"""What ends the shopper's errand where it is taken wrongly."""
_FRAGMENT = re.compile(r"\W*(?:[^\W\u4e00-\u9fff]+\W*){1,3}|\W*(?:[\u4e00-\u9fff]\W*){1,4}")
"""A few words, or four Han characters: mostly a name that no example has."""
_TWO_WORDS = re.compile(r"\W*[A-Za-z'’-]+(?:\W+[A-Za-z0-9'’-]+)?\W*")
"""A word or two behind what was asked say more of it: "the sweater, in L"."""
_SURE_OF_FRAGMENT = 0.75
SAME_STEP = ("track_order", "provide_details", "report_not_received")
"""Intents that lead to the same step: between them there is nothing to clarify."""
_DECIDED_BY_THE_ORDER = (("change_items", "exchange_items"), ("cancel_order", "cancel_reservation"))
"""Intents between which what the shopper has decides: what was sent is exchanged, what was not is changed."""
UNCLEAR = 0.4


def settle(ranking: Ranking, has_identifiers: bool) -> List[Tuple[str, float]]:
    """The ranking without doubt that makes no difference.

    Asking about an order, giving its number and missing it lead to the same step, so their probabilities count
    together; so do those of changing what was not sent and exchanging what was, between which the order decides.
    What is only told around a request is no meaning of a message. A message that has a number and is otherwise not
    understood is taken as giving it.
    """
    scores = dict(ranking)
    # Not shared out among the others: a message that is nothing else is not understood, and asked about.
    scores.pop(BACKGROUND, None)
    for together in (SAME_STEP, *_DECIDED_BY_THE_ORDER):
        first, *others = sorted(together, key=lambda intent: -scores.get(intent, 0.0))
        scores[first] = scores.get(first, 0.0) + sum(scores.pop(intent, 0.0) for intent in others)
    if has_identifiers and max(scores.values()) < UNCLEAR:
        scores["provide_details"] = 1.0 - max(scores.values())
    return sorted(scores.items(), key=lambda each: -each[1])


_QUESTIONS = frozenset(
    {
        "track_order",
        "chase_dispatch",
        "list_orders",
        "ask_order_details",
        "ask_contact",
        "ask_opening_hours",
        "ask_location",
        "ask_delivery_options",
        "ask_delivery_cost",
        "ask_return_policy",
        "ask_policy",
        "ask_payment_methods",
        "ask_points",
        "ask_vouchers",
        "ask_gift_card_balance",
        "ask_profile",
        "ask_store_hours",
        "ask_store_stock",
        "find_store",
        "ask_reservation",
    }
)
"""What is answered without a question back: beside a change it comes first, so that it need not wait for its yes."""
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|then|other|others|another|rest|refund|money)\b"
    r"|[它其另剩]|那个|这个|别的|[这那](?=[件条双款])|退款|的?钱|然后",
    re.IGNORECASE,
)
"""A question about what was named before it stays behind it."""
_DELIVERY_NOTE = re.compile(
    r"^\W*(?:and |please |just |so )*(?:leave|put|hand|give|ring|knock|call|don'?t|do not)\b(?:(?!\?).)*$"
    r"|^\W*(?:请|麻烦|就|帮我|直接)*(?:放|交给|备注|留言|别|不要|送货?前|提前|打电话)[^？?吗]*$",
    re.IGNORECASE,
)
"""What the carrier should do, beside where an order goes."""


def doubted(text: str, ranking: List[Tuple[str, float]]) -> List[Tuple[str, float]]:
    """The ranking, without belief in a serious meaning of a fragment that is not clear: "the lead" is no emergency.

    A few words that no example has resemble some intent by chance. What calls a person or stops everything needs more.
    """
    intent, confidence = ranking[0]
    if intent not in _ENDING or confidence >= _SURE_OF_FRAGMENT or not _FRAGMENT.fullmatch(text):
        return ranking
    return [(intent, min(confidence, UNCLEAR - 0.01)), *ranking[1:]]


@dataclass(frozen=True)
class Request:
    """One thing that a message asks for: its words, and what they were understood as on their own.

    `ahead`: it is a question that was said after what it is answered before.
    """

    text: str
    intent: str
    ahead: bool = False


def split_requests(text: str, rank: Callable[[str], Ranking], numbers_in: Numbers) -> List[Request]:
    """The requests of `text` in the order in which they are to be answered; empty when it is to be taken whole.

    Clauses that continue a request stay with it: the same kind of change of the same order, conditions ("if there is
    none, leave it"), preferences ("money onto my card"), what is neither. A wish for a person is never split off.
    `numbers_in` gives the order numbers of a clause.
    """
    groups: List[Tuple[str, int, int, FrozenSet[str]]] = []
    conditional = False
    changes = [start for start, end in _clauses(text) if _about_goods(text[start:end], rank)]
    before_it = 0
    turned: Set[int] = set()
    told = False
    for start, end in _clauses(text):
        clause = text[start:end]
        turns, before_it = _TURNS.search(text[before_it:start]) is not None, end
        intent, confidence = _wish(rank(clause))
        if intent == "ask_human" and confidence >= _CLEAR["ask_human"]:
            return []
        numbers = numbers_in(clause)
        sure = confidence >= (_CLEAR[intent] if intent in _SERIOUS else _SURE)
        spaced = start > 0 and _HAN_SPACE.match(text, start - 1) is not None
        if spaced:
            wishes = _WISHED.search(clause) is not None or asks(text, start, end)
            sure = confidence >= _SURE_SPACED and wishes and not _MONEY_BACK.fullmatch(clause)
        if intent == "out_of_scope" and _HAN_SPACE.search(text):
            sure = False
        if turns and asks(text, start, end):
            turned.add(start)
            intent, confidence = next(
                (each for each in _wishes(rank(clause)) if each[0] not in _CONVERSATION), (intent, confidence)
            )
            sure = sure or (confidence >= _SURE_TURNED and intent not in _SERIOUS)
        starts = intent not in _CONVERSATION and sure and not _CONTINUES.match(clause)
        starts = starts and not (_INTRODUCES.fullmatch(clause) and confidence < _SURE_OF_TASTE)
        starts = starts and not conditional and not (groups and _says_price(clause))
        starts = starts and not (groups and _BARE_QUESTION.fullmatch(clause))
        if intent in _ABOUT_ORDERS and changes and start < changes[-1] and not asks(text, start, end):
            starts = False
        if groups and groups[-1][0] in _GOODS | _PROBLEMS and _names_more(clause) and not _DOES.search(clause):
            starts = False
        if groups and _TWO_WORDS.fullmatch(clause) and not asks(text, start, end) and not _WISHED.search(clause):
            starts = False
        tells = not asks(text, start, end) and _WISHED.search(clause) is None
        told = tells and (_TELLS_OF_GOODS.match(clause) is not None or (told and intent in _BUYING))
        if told and changes and start < changes[-1]:
            starts = False
        money = _MONEY.match(clause) and (intent not in _GOODS or _ONLY_MONEY.fullmatch(clause))
        if groups and groups[-1][0] in _ORDERS_CHANGED and _OTHERWISE.match(clause):
            starts = False
        if groups and groups[-1][0] in _GOODS | _PROBLEMS and (_THE_SAME.fullmatch(clause) or _STAYS.match(clause)):
            starts = False
        if groups and groups[-1][0] in _GOODS | _PROBLEMS and _MONEY_BACK.fullmatch(clause):
            starts = False
        if groups and groups[-1][0] in _GOODS | _PROBLEMS and money:
            starts = False
        if groups and groups[-1][0] in _PAID and _PAYS.match(clause):
            starts = False
        where = groups and groups[-1][0] in _WHO_AND_WHERE
        if where and (_DELIVERY_NOTE.match(clause) or (intent in _PLACES_NAMED and not asks(text, start, end))):
            starts = False
        if groups and groups[-1][0] == _PLACES and _completes_purchase(clause, intent, asked=text[end : end + 1]):
            starts = False
        if groups and start not in turned and _belongs(groups[-1][0], clause, asked=asks(text, start, end)):
            starts = False
        conditional = _CONDITION.search(clause) is not None
        if not groups:
            groups.append((intent if starts else "", start, end, numbers))
            continue
        before, first, _, known = groups[-1]
        other_order = bool(numbers and known and not numbers & known) and intent not in _ABOUT_ORDERS
        if not before and starts:
            # What stood before the first request belongs to it, unless it was a greeting alone.
            kept = first if known or not _is_courtesy(text[first:start], rank) else start
            groups[-1] = (intent, kept, end, known | numbers)
        elif starts and before == "not_interested" and intent in _GOODS:
            # Why comes first: not to my liking, may it go back?
            groups[-1] = (intent, first, end, known | numbers)
        elif starts and (spaced or intent in _NEEDS_A_THING) and _only_names(before, text[first:start]):
            groups[-1] = (intent, first, end, known | numbers)
        elif starts and before in _GOODS | {"return_in_store"} and _only_says_why(intent, clause):
            groups[-1] = (before, first, end, known | numbers)
        elif starts and (
            _only_says_what_to_do(before, text[first:start], intent, clause)
            or (intent in _GOODS | {"return_in_store"} and _only_says_why(before, text[first:start]))
        ):
            groups[-1] = (intent, first, end, known | numbers)
        elif not starts or (_same_family(before, intent) and not (other_order or _of_another(before, intent, clause))):
            groups[-1] = (before, first, end, known | numbers)
        else:
            groups.append((intent, start, end, numbers))
    intents = {intent for intent, *_ in groups}
    if len(groups) < 2 or intents <= _ABOUT_ORDERS.union(_TOGETHER):
        return []
    changed = bool(intents & _ORDERS_CHANGED)

    def rank_of(group: Tuple[str, int, int, FrozenSet[str]]) -> int:
        intent, start, end, _ = group
        if intent == _TASTE:
            return 0
        # "Who pays for the postage?" is about what is sent back, unless it turns to something else.
        about_it = intent == "ask_delivery_cost" and changed and start not in turned
        return 1 if not about_it and _stands_alone(intent, text, start, end) else 2

    # Stable: what is told in passing comes first, then the questions, and the rest stays in its order.
    order = sorted(groups, key=rank_of)
    return [
        Request(text[group[1] : group[2]].strip(), group[0], ahead=rank_of(group) == 1 and place < groups.index(group))
        for place, group in enumerate(order)
    ]


def _belongs(before: str, clause: str, *, asked: bool) -> bool:
    """Whether a clause only completes the request before it: whom an invoice is for, who pays for the way back."""
    if before == "ask_invoice":
        return not asked and _BUYER.search(clause) is not None
    return (
        before in _BACK | {"ask_return_policy", "ask_how_to_return"} and asked and _WAY_BACK.search(clause) is not None
    )


def _stands_alone(intent: str, text: str, start: int, end: int) -> bool:
    """Whether a clause is a question that can be answered before what stands before it."""
    return intent in _QUESTIONS and asks(text, start, end) and not _POINTS_BACK.search(text[start:end])


_OPENING = re.compile(r"^\W*(?P<segment>[^,.!?;:，。！？；：~]+)[,.!?;:，。！？；：~]")
_FIRST_WORD = re.compile(r"^\W*(?P<word>[A-Za-z']+)\s")
_OPENING_SURE = 0.8
_YES_OR_NO = re.compile(
    r"(?:yes|yeah|yep|yup|ya|sure|ok|okay|okey|k|fine|right|correct|exactly|perfect|great|good|confirm(?:ed)?|absolutely"
    r"|definitely|please do|go ahead|no|nope|nah|not|never|don't|wrong)\b"
    r"|[好对行嗯是可没确成中不别错否]",
    re.IGNORECASE,
)
"""How a yes or a no begins: "wait", "actually" and "can you" are neither, whatever they resemble."""


def opening(text: str, rank: Callable[[str], Ranking]) -> Optional[str]:
    """`affirm` or `deny` when a longer message begins with a clear yes or no ("no, just the first"); else None."""
    for pattern in (_OPENING, _FIRST_WORD):
        match = pattern.match(text)
        if match is None or match.end() >= len(text.rstrip()) or not _YES_OR_NO.match(match.group(1).strip()):
            continue
        intent, confidence = rank(match.group(1))[0]
        if intent in ("affirm", "deny") and confidence >= _OPENING_SURE:
            return intent
    return None


def _says_price(clause: str) -> bool:
    """Whether a clause says nothing but what something may cost: it restricts what was asked for before it."""
    words = [word for word in _AROUND_PRICE.findall(clause) if word.isascii()]
    rest = re.sub(r"[\W\d_£$€¥]+", "", _AROUND_PRICE.sub("", clause))
    return not rest and all(map(_PRICE_WORDS.fullmatch, words)) and _PRICE_WORD.search(clause) is not None


def _only_says_what_to_do(before: str, named: str, intent: str, clause: str) -> bool:
    """Whether a clause wants something of what the one before it (`named`) named: "围巾不想要了，退货".

    A bare "不要了" before another wish takes back what was spoken of, and calls no order off.
    """
    if before in _CALLING_OFF and _BARE_NO.fullmatch(named) and intent in _GOODS | {_PLACES, "return_in_store"}:
        return True
    if intent == _PLACES:
        return before in ("search_products", "ask_availability") and _BARE_ORDER.fullmatch(clause) is not None
    return before in _GOODS | {"not_interested"} and intent in _GOODS and _BARE.fullmatch(clause) is not None


def _only_says_why(intent: str, clause: str) -> bool:
    """Whether a clause tells what is wrong with goods, beside another that says what is wanted for it."""
    return intent in _BACK and _WISHED.search(clause) is None


def _only_names(before: str, clause: str) -> bool:
    """Whether a clause taken for an order of goods only names them: "the mugs that came", beside what is wrong."""
    return before in _BUYING and _WISHED.search(clause) is None and _ASKS.search(clause) is None


def _completes_purchase(clause: str, intent: str, asked: str = "") -> bool:
    """Whether a clause beside a new order only says which, how many, where to or how it is paid."""
    if asked in ("?", "？") or _ASKS.search(clause):
        return False
    if _WAY.match(clause) or _SENT_TO.match(clause):
        return True
    return (intent in _COMPLETES_PURCHASE or _PAYS.match(clause) is not None) and not _OTHER_ORDER.search(clause)


def _changes(clause: str, rank: Callable[[str], Ranking]) -> bool:
    intent, confidence = _wish(rank(clause))
    return intent in _ORDERS_CHANGED and confidence >= _SURE


def _about_goods(clause: str, rank: Callable[[str], Ranking]) -> bool:
    """Whether a clause wants, or asks for, something of goods that came: what came before it is told, not asked."""
    intent, confidence = _wish(rank(clause))
    return intent in _ORDERS_CHANGED | {"ask_return_policy", "ask_how_to_return"} and confidence >= _SURE


def asks(text: str, start: int, end: int) -> bool:
    """Whether a clause is a question or a complaint, not a story."""
    return text[end : end + 1] in ("?", "？") or _ASKS.search(text[start:end]) is not None


def _wish(ranking: Ranking) -> Tuple[str, float]:
    """What a clause asks for, and how likely: ways to the same wish count together."""
    intent, confidence = ranking[0]
    if intent in SAME_STEP:
        # An order's number beside a question about it reads as giving a number.
        scores = {each: probability for each, probability in ranking if each in SAME_STEP}
        asked = max(("track_order", "report_not_received"), key=lambda each: scores.get(each, 0.0))
        if intent != "provide_details" or scores.get(asked, 0.0) >= _ASKED_BESIDE:
            return asked, sum(scores.values())
    for family in (*_FAMILIES, _WAYS_BACK, _CALLING_OFF):
        if intent in family:
            return intent, sum(probability for each, probability in ranking if each in family)
    return intent, confidence


def _wishes(ranking: Ranking) -> Ranking:
    """What a clause may ask for, the likeliest first: what is told around requests is left out."""
    left = [each for each in ranking if each[0] not in _CONVERSATION - {"provide_details"}]
    return [_wish(left), *left] if left else []


def _same_family(one: str, other: str) -> bool:
    if one == other or any({one, other} <= family for family in _FAMILIES):
        return True
    return any(
        (one in problems and other in wishes) or (other in problems and one in wishes) for problems, wishes in _WISHES
    )


def _of_another(before: str, intent: str, clause: str) -> bool:
    """Whether a clause beside a problem asks about another order than the one with the problem."""
    return before in _PROBLEMS and intent in _ABOUT_ORDERS and _ANOTHER_ORDER.search(clause) is not None


def _is_courtesy(text: str, rank: Callable[[str], Ranking]) -> bool:
    intent, confidence = rank(text)[0]
    return intent in ("greet", "thank", "goodbye") and confidence >= _SURE


_WRITTEN_ADDRESS = re.compile(
    r"(?<!\d)\d{1,5}[A-Za-z]? [A-Z][\w'’ ]+?(?:, ?[A-Z][\w'’ ]*?){0,3},? ?\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
"""A street's number, what follows it, and a British postcode: the commas inside divide nothing."""
_COORDINATES = re.compile(r",?\s+(?:and|plus)\s+|,\s+", re.IGNORECASE)
"""What stands between requests, and as often between the things that one request is about."""
_DOES = re.compile(
    r"\b(?:cancel|call(?:ing)? off|drop|remove|delete|take|return|send|bring|give|get|exchange|swap|switch|change"
    r"|replace|refund|keep|buy|add|want|need|put|move|reserve|compare|(?<!my )(?<!the )(?<!last )(?<!latest )order)\b",
    re.IGNORECASE,
)
"""A clause with a verb of what is done with things."""
_TELLS_MORE = re.compile(
    r"\b(?:cancel|call off|send|give|exchange|swap|replace|refund|keep|buy|want|need|never|nothing|wrong|broken|broke"
    r"|damaged|missing|late|faulty|please)\b",
    re.IGNORECASE,
)
"""A clause that says something of its own of what it names."""
_NAMES_MORE = re.compile(
    r"^\W*(?:also )?(?:the|my|this|that|these|those|both|one|two|three|\d+)(?: of (?:the|my))? "
    r"(?!.*\b(?:is|are|isn'?t|aren'?t|was|were|has|have|had|should|shall|will|would|needs?|must|wants?|goes|go|does)\b)"
    r"(?!(?:money|refund|difference|rest|status|way back)\b)",
    re.IGNORECASE,
)
"""A clause that names another thing, and says nothing of it: "and my belt", "and the rug to a darker one"."""


def _names_more(clause: str) -> bool:
    """Whether a clause names one more thing and neither says nor asks anything of it."""
    return _NAMES_MORE.match(clause) is not None and _TELLS_MORE.search(clause) is None and _ASKS.search(clause) is None


def _goes_on(before: str, after: str) -> bool:
    """Whether what stands behind an "and" or a comma is one more thing that the clause before it is about."""
    pays = _MONEY.match(after) is not None or _WAY.match(after) is not None
    return _DOES.search(before) is not None and _names_more(after) and not pays


_CONDITION = re.compile(r"^\W*(?:and |but )?(?:if|unless)\b|要是|如果|假如|万一|若是", re.IGNORECASE)
"""A clause after which comes what to do then."""


def _clauses(text: str) -> Iterator[Tuple[int, int]]:
    """Where the clauses of `text` begin and end."""
    start = 0
    addresses = [match.span() for match in _WRITTEN_ADDRESS.finditer(text)]
    separators = [
        each
        for each in _SEPARATORS.finditer(text)
        if not any(begins < each.start() and each.end() < ends for begins, ends in addresses)
    ]
    for place, separator in enumerate([*separators, None]):
        end = separator.start() if separator else len(text)
        if separator is not None and _COORDINATES.fullmatch(separator.group()):
            following = separators[place + 1].start() if place + 1 < len(separators) else len(text)
            if _goes_on(text[start:end], text[separator.end() : following]):
                continue
        if _length(text[start:end]) >= _MINIMUM_LENGTH:
            yield start, end
        start = separator.end() if separator else end


def parts(text: str) -> List[str]:
    """The clauses of `text` that are long enough to mean something."""
    return [text[start:end].strip() for start, end in _clauses(text)]


def _length(part: str) -> int:
    """Characters, a Han character counting double."""
    return sum(2 if "\u4e00" <= character <= "\u9fff" else 1 for character in part.strip())


def clear_in(clauses: Sequence[str], rank: Callable[[str], Ranking]) -> Dict[str, float]:
    """What clauses clearly ask for, whatever it is, with how sure that is."""
    found: Dict[str, float] = {}
    for clause in clauses:
        intent, confidence = rank(clause)[0]
        if confidence >= _CLEAR_PROBLEM:
            found[intent] = max(confidence, found.get(intent, 0.0))
    return found


def _clearest(
    whole: List[Tuple[str, float]], clauses: Sequence[str], rank: Callable[[str], Ranking]
) -> List[Tuple[str, float]]:
    """The ranking of the clause that says more clearly what the whole says too, where no other clause disagrees.

    What people add ("… , I changed my mind") belongs to no intent and only blurs the one there is.
    """
    rankings = [list(rank(clause)) for clause in clauses]
    asking = [each for each in rankings if each[0][0] not in _CONVERSATION and each[0][1] >= _SURE]
    if whole[0][0] == BACKGROUND and asking:
        return max(asking, key=lambda each: each[0][1])
    if whole[0][1] < _UNCLEAR_WHOLE or whole[0][0] in _OUTBURSTS:
        asked = [tail for tail in (_tail_question(clause, rank) for clause in clauses) if tail is not None]
        if len({tail[0][0] for tail in asked}) == 1:
            return asked[0]
    if whole[0][1] < _UNCLEAR_WHOLE:
        clear = [
            each
            for each in rankings
            if each[0][0] not in _CONVERSATION and each[0][0] != "out_of_scope" and each[0][1] >= _CLEAR_PROBLEM
        ]
        if len({each[0][0] for each in clear}) == 1:
            return max(clear, key=lambda each: each[0][1])
    placing = [each for each in rankings if each[0][0] == _PLACES and each[0][1] >= _CLEAR_PROBLEM]
    if (
        placing
        and whole[0][0] in _COMPLETES_PURCHASE
        and all(
            each in placing or each[0][0] in _CONVERSATION or _completes_purchase(clause, each[0][0])
            for clause, each in zip(clauses, rankings, strict=True)
        )
    ):
        return max(placing, key=lambda each: each[0][1])
    same = [each for each in rankings if each[0][0] == whole[0][0] and each[0][1] > whole[0][1]]
    others = [each for each in rankings if each[0][0] != whole[0][0] and each[0][0] not in _CONVERSATION]
    if not same or any(each[0][1] >= _CLEAR_PROBLEM for each in others):
        return whole
    return max(same, key=lambda each: each[0][1])


_OUTBURSTS = frozenset({"insult", "complain", "praise"})
_QUESTION_WITHIN = re.compile(
    r"(?<=\w)\s+(?=(?:where|when|why|what)"
    r"(?:'?s|'?re| the| is| are| has| have| did| does| do| will| would)?\s+(?!i\b))",
    re.IGNORECASE,
)
_LEADS_TO_QUESTION = re.compile(
    r"\b(?:know|me|see|check|idea|sure|ask|asked|asking|wonder|wondering|tell|told|find|understand|on|to|about|of|at|in"
    r"|from|for|and|or|that|like|explain|say|said|says)$",
    re.IGNORECASE,
)
"""After such a word a question is part of the sentence: "I want to know where it is"."""


def _tail_question(clause: str, rank: Callable[[str], Ranking]) -> Optional[List[Tuple[str, float]]]:
    """What a question asks that follows an outburst without a stop: "this is a joke where is my parcel"."""
    for match in _QUESTION_WITHIN.finditer(clause):
        if _LEADS_TO_QUESTION.search(clause[: match.start()]):
            continue
        ranking = list(rank(clause[match.end() :]))
        if ranking[0][0] not in _CONVERSATION and ranking[0][1] >= _CLEAR_PROBLEM:
            return ranking
    return None


def _without_asides(text: str, rank: Callable[[str], Ranking]) -> str:
    """`text` without what is said around a change of an order: the story before it, where money goes, the postage."""
    spans = list(_clauses(text))
    plain = text
    for start, end in reversed(spans[1:]):
        clause = text[start:end]
        money = _MONEY.match(clause) and (_ONLY_MONEY.fullmatch(clause) or not _changes(clause, rank))
        postage = asks(text, start, end) and _WAY_BACK.search(clause)
        money = money or (_MONEY_BACK.fullmatch(clause) and _changes(text[:start], rank))
        if money or postage or _PAYS.match(clause):
            plain = plain[:start] + plain[end:]
    if plain != text and (_changes(plain, rank) or _wish(rank(plain))[0] in _PAID | {"ask_return_policy"}):
        text = plain
        spans = list(_clauses(text))
    changes = [place for place, (start, end) in enumerate(spans) if _about_goods(text[start:end], rank)]
    if not changes or len(spans) < 2:
        return text
    kept = text
    for place, (start, end) in reversed(list(enumerate(spans))):
        clause = text[start:end]
        story = place < changes[-1] and rank(clause)[0][0] in _ABOUT_ORDERS and not asks(text, start, end)
        money = place > changes[0] and place not in changes and _MONEY.match(clause) is not None
        if story or money:
            kept = kept[:start] + kept[end:]
    return kept.strip() or text


_TAKES_BACK = re.compile(
    r"^\W*(?:(?:oh |no |ok |well )?(?:never ?mind|forget (?:it|that)|scrap that|on second thoughts?|no wait)(?: then)?"
    r"|算了|不对|等等|等一下)"
    r"(?:[\s,，。.!！;；~]+|(?=还是|改成|换成|我还是|直接))(?=\S)",
    re.IGNORECASE,
)
"""How a message begins that takes back what was said before and goes on with something else."""


def _instead(text: str, rank: Callable[[str], Ranking]) -> str:
    """`text` without taking back what was said before, where it goes on with a request."""
    taken_back = _TAKES_BACK.match(text)
    if taken_back is None:
        return text
    rest = text[taken_back.end() :]
    intent, confidence = _wish(rank(rest))
    return rest if intent not in _CONVERSATION and confidence >= _SURE else text


def lead(text: str, rank: Callable[[str], Ranking]) -> Tuple[List[Tuple[str, float]], List[str]]:
    """The ranking for the whole message with the leading request first, and what else was clearly asked."""
    text = _without_asides(_instead(text, rank), rank)
    clauses = parts(text)
    whole = _clearest(list(rank(text)), clauses, rank)
    if len(clauses) < 2:
        return whole, []
    clear = {}
    spaced = _HAN_SPACE.search(text) is not None
    for clause in clauses:
        intent, confidence = rank(clause)[0]
        if spaced and intent == "out_of_scope":
            # Half of what was said is not enough to send somebody away.
            continue
        if confidence >= _CLEAR.get(intent, 1.1):
            clear[intent] = max(confidence, clear.get(intent, 0.0))
    if whole[0][0] in _REQUESTS and whole[0][1] >= _CLEAR[whole[0][0]]:
        clear[whole[0][0]] = max(whole[0][1], clear.get(whole[0][0], 0.0))
    asked = [intent for intent in _REQUESTS if intent in clear]
    if not asked:
        return whole, []
    leading = asked[0]
    if spaced and leading != "ask_human" and whole[0][0] not in _CONVERSATION and whole[0][1] >= _UNCLEAR_WHOLE:
        # The whole is understood: what a piece of it alone resembles does not lead.
        return whole, asked
    if leading in _ABOUT_ORDERS and whole[0][0] in _SUPPOSED and any(map(_CONDITION.search, clauses)):
        return whole, asked
    if leading in _ABOUT_ORDERS and whole[0][0] in _LEAD_OVER_TRACKING and whole[0][1] >= UNCLEAR:
        return whole, asked
    told = {intent: sure for intent, sure in clear_in(clauses, rank).items() if intent in _LEAD_OVER_TRACKING}
    if leading in ("track_order", "out_of_scope") and told:
        leading = max(told, key=lambda intent: told[intent])
        clear[leading] = told[leading]
    if whole[0][0] not in _REQUESTS and whole[0][1] >= 0.9 and clear[leading] < 0.9:
        return whole, asked
    rest = [(intent, confidence) for intent, confidence in whole if intent != leading]
    # Still probabilities: what the leading request does not take is shared out among the others as before.
    share = (1.0 - clear[leading]) / max(sum(confidence for _, confidence in rest), 1e-9)
    return [(leading, clear[leading]), *((intent, confidence * share) for intent, confidence in rest)], asked[1:]
