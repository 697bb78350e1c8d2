"""Which parts of a message ask for nothing of their own: they belong to the part before them and are never noted.

`components.requests` divides a message by what each clause resembles. A few words that only say which, how or why
("on the card", "gas to electric", 防水的) resemble some request by chance; noted, they would come back as one.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

from components.requests import parts

_DOES = re.compile(
    r"\b(?:cancel\w*|call\w* off|return\w*|sen[dt]|exchang\w+|swap\w*|switch\w*|chang\w+|replac\w+|refund\w*"
    r"|want|wanna|need\w*"
    r"|(?:i|we)['’]?d|would|could|can|should|shall|please|pls|get|give|put|mov\w+|deliver|ship|buy|leave (?:it"
    r"|them|the parcel) (?:with|at|by|in|behind|outside)|order(?! (?:#|no\b|\w?\d))|add"
    r"|remov\w+|delet\w+|drop|reserv\w+|hold|updat\w+|compar\w+|show|tell|track\w*|check|help|stop|subscrib\w+"
    r"|unsubscrib\w+"
    r"|go(?:es|ing)? back|com(?:e|es|ing) back|becom\w+|turn\w* into|upgrad\w+|refus\w+|complain\w*|speak|talk|call"
    r"|recommend\w*|suggest\w*|forget|look(?:ing)? for|pay|use)\b"
    r"|[退换改买寄送发查催补开删找问]|取消|下单|订(?!单)|想|要(?!是)|帮|请|麻烦|给我|能不能|可以|加|减|投诉|转人工|推荐|预留|比较|用",
    re.IGNORECASE,
)
"""Words with which something is asked for."""
_ASKS = re.compile(
    r"(?:^|[.!;])\W*(?:(?:and|so|but|or|also|then|oh|ok|well|hi|hey|in|to|for) )*(?:wh(?:at|en|ere|ich|y|o"
    r"|ose)s?|hows?|is|are|was|were|do|does|did|has|have|had"
    r"|will|won['’]?t|isn['’]?t|aren['’]?t|don['’]?t you|any idea)\b(?! ?ever\b)"
    r"|\b(?:where|when|how (?:much|many|long|big))\b|[吗么呢哪几谁]|怎|什么|啥|多少|多久|多大|有没有|是不是|能否|还没",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"\b(?:broken?|damaged?|missing|wrong|never|faulty|late|lost|smashed|crack\w*|torn|leak\w*|defect\w*"
    r"|scratch\w*|dented|twice"
    r"|stopped|incorrect|gone|empty|fire|smok\w+|burn(?:s|t|ed|ing)?|shock|hurt|injur\w+|explod\w+|bleed\w*"
    r"|not working|does ?n.t work"
    r"|did ?n.t (?:arrive|come|work)|not (?:arrived|here|received|come)|address|e-?mail|phone|number|invoice"
    r"|receipt|voucher|code)\b"
    r"|坏|碎|裂|破|漏|错|少了|缺|没收到|没到|丢|脏|故障|着火|冒烟|烧|炸|触电|受伤|流血|烫|地址|电话|手机|邮箱|发票|优惠券|人工",
    re.IGNORECASE,
)
"""What is wrong, and what an account or an order has: such words say something of their own, however few they are."""
EMERGENCY = "report_emergency"
_DANGER = re.compile(
    r"\b(?:fires?|flam(?:es?|ing)|smok(?:e|es|ed|ing)|burn(?:s|t|ed|ing)|scald\w*|electrocut\w*|shock(?:ed|s)?"
    r"|hurts?|injur\w+|wound\w*|explod\w+|explosion|blew up|bleed\w*|blood|spark(?:s|ed|ing)?|swallow\w*|chok\w+"
    r"|poison\w*|toxic|allerg\w+|hospital|doctor|ambulance|melt\w*|overheat\w*|too hot|danger\w*|smell\w*|leak\w*"
    r"|swell\w*|swollen|unsafe|monoxide|faint\w*|unconscious|emergency|breath\w*|collaps\w*|vomit\w*|sick|dying"
    r"|help me)\b"
    r"|救命|紧急|急[诊救]|着火|起火|冒[黑白]?烟|烟味|烧[着伤焦糊化坏断穿]|[爆炸焦糊]|触电|漏[电气]|电到|被电|伤(?!心|感)|流血|出血|[烫吞噎喘]|呼吸"
    r"|窒息|中毒|过敏|医院|救护|短路|发热|融化|危险|晕|昏",
    re.IGNORECASE,
)
"""Words that are said of harm: with one of them an alarm is never a false one."""
_HOT_GOODS = re.compile(
    r"\b(?:gas|electric\w*|induction|burners?|hob|stovetop|charcoal|kettles?|grills?|cordless|rechargeable)\b"
    r"|燃气|电磁炉|[烧热]水壶|侧炉|炭烤|电的|插电|充电式",
    re.IGNORECASE,
)
"""What goods are called that resembles an alarm: "gas to electric, with side burner", 烧水壶."""
_SURE_ALARM = 0.8
"""Below this probability an alarm amid something else is not believed without a word of harm."""
_KEEPS = re.compile(
    r"\bstill (?:want|need|like|keep)(?! to (?:return|cancel|send|exchange|change|know)\b)|\b(?:keep|keeps"
    r"|keeping)\b|\bstays?\b"
    r"|\bhold(?:ing)? on to\b"
    r"|\bleave (?:the|my|that|this|those|these)\b(?!.*\b(?:with|at|by|in front|outside|behind|review)\b)"
    r"|\b(?:is|are)(?:n['’]?t| not) going (?:anywhere|back)\b|留着|保留|留下|不动|不用[退换改动]|不退|不换|照旧|还要的",
    re.IGNORECASE,
)
"""What stays as it is: nothing is to be done."""
_KEEPS_ONLY = re.compile(
    r"\b(?:cancel\w*|return\w*|send|exchang\w+|swap\w*|chang\w+|replac\w+|refund\w*|order|buy|should be"
    r"|becomes?|also|instead)\b|取消|(?<!不)退(?!掉的)|(?<!不)换",
    re.IGNORECASE,
)
_QUALIFIES = re.compile(
    r"^\W*(?:and |but |so |just |only |or )*(?:on|onto|with|without|in|into|to|for|from|by|via|as|like|because"
    r"|'?cause|cos|since|due to"
    r"|(?:it|that)['’]?s (?:because|just|only)|ideally|preferably|same|the same|not|no)\b",
    re.IGNORECASE,
)
_SAYS_WHICH = re.compile(
    r"^\W*(?:no,? |oh,? |well,? )*(?:i mean(?:t)?\b|i['’]?m (?:talking|speaking) (?:about|of)|not (?:the|that"
    r"|this|those|these|my)\b"
    r"|(?:it|that|they)['’]?s? (?:is |are )?(?:in|from) (?:the|my|today|yesterday)|the (?:one|ones|order) from\b)"
    r"|^\W*(?:不对|不是)?\W*(?:我(?:说|指|要)的是|我是说|是(?!不是|否|什么|怎|哪)|就是|指的是|不是(?!吗))",
    re.IGNORECASE,
)
"""A clause that says what was meant by the one before it."""
_ANNOUNCES = re.compile(
    r"^\W*(?:(?:hi|hello|hey|please|pls|so|i|we|['’]?d|would|like|want|need|have|to|can|could|you|help|me|make"
    r"|do|a|an)\W+)*"
    r"(?:return|exchange|cancel|change|send|swap|cancellation|refund|modify)(?: back)?"
    r"(?: (?:something|things?|an? (?:few )?(?:items?|things?|orders?|products?|pieces?)|some (?:items|things"
    r"|stuff)|one thing|to (?:report|make)|back))*\W*$"
    r"|^\W*(?:你好|您好|我|想|要|需要|帮我|给我|麻烦|请|申请|办理?|来|一下|个)*(?:退货|换货|退换货?|退款|取消|改单|改订单|退东西|换东西|取消订单)(?:吧|了|一下|啊|哈)*\W*$",
    re.IGNORECASE,
)
"""A clause that only announces what follows: 我要换货, "I want to return something"."""
_DONE_ALREADY = re.compile(
    r"^\W*(?:都|全|已经?)*(?:退|换|弄|办|处理|搞|取消|改)?(?:完|好|掉)了\W*(?:没别的了?|没有了|就这些)?\W*$"
    r"|^\W*(?:没(?:有)?(?:别的|其他|啥|什么)(?:了|事)?|就这(?:些|样)|还有|另外|然后)\W*$"
    r"|^\W*(?:(?:ok|so|and|no|thanks?|thank you)\W+)*(?:(?:that|this|it)['’]?s (?:all|it|everything|that)"
    r"|that is all|nothing else|all done)\b\W*"
    r"(?:thanks?|thank you)?\W*$",
    re.IGNORECASE,
)
"""That there is nothing more, or the beginning of something that was not said."""
_THE_OTHER = re.compile(
    r"\b(?:the |my )?(?:others?|other (?:one|ones|two|three|pair|order)|rest)\b|另外?[一两几]?[个件条双台款把套单]?"
    r"|其[他它余]|别的|剩下"
    # "Keep the cheaper one and cancel the dearer"; 便宜的留着，贵的取消.
    r"|\bthe (?:[a-z]{3,8}(?:er|est)|(?:more|less|most|least) [a-z]{4,12})\b(?! than)|[贵大小新旧高低早晚]的|便宜的",
    re.IGNORECASE,
)
_VERB_DENIED = re.compile(
    r"^\W*(?:and |but )?not (?:to be |being )?"
    r"(?:cancel\w*|swap\w*|chang\w+|return\w*|exchang\w+|sent back|replac\w+)\W*$"
    r"|^\W*(?:不是|不用|别)(?:要)?(?:取消|[退换改]货?|整单取消)(?:的|了)?\W*$",
    re.IGNORECASE,
)
"""What is not to be done with what was named before it: "cancelled, not swapped"."""
_POINTS = re.compile(
    r"^\W*(?:(?:用不上|用不着|不需要|不想?要)了?[，,\s]*)?(?:都|全部?|一起|一并|也|全都|就|那就?|麻烦|请|帮我|给我|把[它这那]个?)+(?:退|换|取消|改)(?:了|掉|吧|货|一下)*\W*$"
    r"|^\W*(?:(?:i )?(?:do ?n['’]?t|no longer) (?:need|want) (?:it|them|that|those|one)(?: any ?more)?[\s,;.:–-]+)?"
    r"(?:(?:and|please|pls|so|just|then|also|can|could|would|will|you|i|we|want|need|like|to|['’]?d)\W+)*"
    r"(?:return|cancel|refund|send|exchange|swap|take|bring) (?:them|both|all|everything|it|that|those|these|this)"
    r"(?: (?:all|both|together|of them|back|one|too|please|pls|for me|then|now))*\W*$",
    re.IGNORECASE,
)
"""A wish that names nothing: it is about what was named before it."""
_MONEY_TO = re.compile(
    r"^\W*(?:想退\W*)?(?:钱|款|退款?)[^，。]{0,3}(?:退|到|回)[^，。]{0,10}(?:卡|余额|账户|支付宝|微信|原路)[^，。]{0,6}$|^\W*原路退"
    r"|^\W*(?:(?:and|but|please|can|could|may|i['’]?d like|i want|would like|put|have|get) )*(?:the |my |that |a )?"
    r"(?:money|refund|credit|it)\b[^.,;]{0,20}\b(?:on|onto|to|into|as)\b[^.,;]{0,30}$"
    r"|^\W*(?:(?:gift |store )?(?:card|credit)(?: refund)?|refund (?:to|on|onto) (?:my |the )?(?:gift )?card)\W*$",
    re.IGNORECASE,
)
_GOODS = frozenset({"cancel_order", "return_items", "exchange_items", "change_items", "ask_refund", "return_in_store"})
_NAMED = frozenset(
    {"search_products", "ask_availability", "reorder", "buy_again", "place_order", "not_interested", "ask_alternatives"}
)
"""What a name of goods reads as, beside what is wanted of them."""
_TASTES = frozenset({"not_interested", "tell_preference"})
_BACK = re.compile(
    r"\b(?:it|them|that|those|these|both)\b|[它都]|^\W*(?:想|要|就|请|帮我|我想|我要)*(?:退|换|取消)", re.IGNORECASE
)
"""Points at what was named before."""
_FAMILIES = (frozenset({"change_items", "exchange_items"}), frozenset({"cancel_order", "cancel_reservation"}))
_ADDS = re.compile(
    r"^\W*(?:(?:and|plus|also|as well as)\b(?: also)? (?:the|my|one|both|those|that)\b|还有|以及|加上|连同|和(?!你))",
    re.IGNORECASE,
)
"""How more goods are added to a wish without a verb of their own: 还有围巾那单的马克杯."""
_OTHERWISE = re.compile(r"(?:就算了|也行|都行|也可以|无所谓|随便|最好|优先)\W*$|^\W*(?:最好|要是|如果|没有?的?话?就)")
_TAKEN_BACK = re.compile(
    r"(?:\bno,? wait|\bwait,? no|\bscratch that|\bscrap that|\bnever ?mind|\bactually no|\bon second thoughts?"
    r"|\bforget (?:it|that)"
    r"|算了|当我没说|不对)\W*$",
    re.IGNORECASE,
)
"""How a part ends that takes back what it said itself."""
_TRAILING = re.compile(r"(?:\s+(?:and|but|so|also|then))?[\s,，;；.。]*$", re.IGNORECASE)
_SHORT_WORDS = 6
_SHORT_HAN = 9
_OWN = frozenset({"tell_preference", "ask_human", "track_order", "write_review", "provide_details"})
"""What needs no verb: a taste, a number, the words of a review."""


def belongs(text: str, before: str, *, asked: bool) -> bool:
    """Whether a part of a message only adds to the part before it, which was understood as `before`.

    `asked`: a question mark stands behind it.
    """
    if _DONE_ALREADY.match(text) or (before in _GOODS and _VERB_DENIED.match(text)):
        return True
    if _POINTS.match(text):
        return before in _GOODS
    if before in _GOODS and _MONEY_TO.search(text) and not _WRONG.search(text):
        return True
    if asked or _ASKS.search(text):
        return False
    if keeps(text) or _SAYS_WHICH.match(text):
        return True
    if _OTHERWISE.search(text) and not _WRONG.search(text):
        return True
    if _DOES.search(text) or _WRONG.search(text):
        return False
    if before in _GOODS and _ADDS.match(text) and _is_short(text, times=2):
        return True
    return _QUALIFIES.match(text) is not None or _is_short(text)


def _what_stays_apart(request: Dict[str, Any]) -> List[Dict[str, Any]]:
    """`request`, divided where it begins with what stays: "I still want the lamp. And what do I get back"."""
    first, *others = parts(request["text"]) or [request["text"]]
    if not others or not keeps(first):
        return [request]
    rest = request["text"][request["text"].find(others[0], len(first)) :]
    return [{**request, "text": first}, {**request, "text": rest}]


def _last_clause(text: str) -> str:
    """The last of several clauses, which names what a wish behind it points at; empty where there is but one."""
    clauses = parts(text)
    return clauses[-1] if len(clauses) > 1 and not _ASKS.search(clauses[-1]) else ""


def _is_short(text: str, *, times: int = 1) -> bool:
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return han <= times * _SHORT_HAN and len(re.findall(r"[A-Za-z0-9'’-]+", text)) <= times * _SHORT_WORDS


def same_wish(one: Optional[str], other: Optional[str]) -> bool:
    """Whether two intents are one in a shopper's eyes: the order's state decides between them."""
    return one == other or any({one, other} <= family for family in _FAMILIES)


def is_alarm(text: str, confidence: float = 1.0) -> bool:
    """Whether a part that was understood as an emergency is one, as long as nothing else is its plain meaning.

    A missed emergency is far worse than a false alarm: it is one unless it is unsure, or only names goods that
    resemble one, or wants such goods.
    """
    if _DANGER.search(text):
        return True
    of_goods = _HOT_GOODS.search(text) is not None and (_is_short(text) or _DOES.search(text) is not None)
    return not of_goods and confidence >= _SURE_ALARM


def without_false_alarm(text: str, parsed: Dict[str, Any]) -> Dict[str, Any]:
    """What a message was understood as, where it answers an open question, without an alarm that is none."""
    meant = parsed.get("intent") or {}
    if meant.get("name") != EMERGENCY or is_alarm(text, float(meant.get("confidence") or 0.0)):
        return parsed
    others = [each for each in parsed.get("intent_ranking") or [] if each.get("name") != EMERGENCY]
    return {**parsed, "intent": others[0], "intent_ranking": others} if others else parsed


def keeps(text: str) -> bool:
    """Whether a part says of something that it stays, and asks for nothing: "I still want the kettle though"."""
    return _KEEPS.search(text) is not None and not _KEEPS_ONLY.search(text)


def taken_back(text: str) -> bool:
    """Whether a part takes itself back: "put the laptop on hold, no wait"."""
    return _TAKEN_BACK.search(text) is not None


def rejoined(text: str, requests: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """`requests` of the message `text` without those that only add to the one before; they are part of its `text`.

    Of a request that grew, `alone` holds its own words; one with `meant` has its intent, whatever the whole
    resembles. The order is kept. What takes itself back is left out, except where it is said first.
    """
    places = {id(each): text.find(each["text"]) for each in requests}
    if min(places.values(), default=-1) < 0:
        return requests
    requests = [part for each in requests for part in _what_stays_apart(each)]
    places = {id(each): text.find(each["text"]) for each in requests}
    said = sorted(requests, key=lambda each: places[id(each)])
    joined: List[Dict[str, Any]] = [dict(said[0])]
    kept = {id(said[0]): joined[0]}
    for each in said[1:]:
        start = places[id(each)]
        end = start + len(each["text"])
        alarm = each.get("intent") == EMERGENCY and is_alarm(each["text"])
        own = alarm or (each.get("intent") in _OWN and not keeps(each["text"]))
        asked = text[end : end + 1] in ("?", "？")
        if taken_back(each["text"]) and not alarm:
            continue
        last = joined[-1]
        if (
            _POINTS.match(each["text"])
            and (named := _last_clause(last["text"]))
            and last.get("intent") != each["intent"]
        ):
            # "The mug in blue. The rug is not needed, cancel it": what is to be cancelled was named last.
            whole = text[text.find(last["text"]) : start]
            cut = whole.rfind(named)
            last["text"] = whole[:cut].strip()
            last["text"] = _TRAILING.sub("", last["text"])
            joined.append({**each, "text": text[start - len(whole) + cut : end]})
            kept[id(each)] = joined[-1]
            continue
        if keeps(last["text"]) and each.get("intent") in _GOODS and _THE_OTHER.search(each["text"]):
            # "Keep the one with the watch, cancel the other": which is the other is said before.
            last.update(text=text[text.find(last["text"]) : end], intent=each["intent"], meant=True)
            continue
        if not asked and last.get("intent") in _TASTES and each.get("intent") in _GOODS and _BACK.search(each["text"]):
            # "I don't like one of the lamps, I'd like to return it": why, and which.
            last.update(text=text[text.find(last["text"]) : end], intent=each["intent"], meant=True)
            continue
        if not asked and _ANNOUNCES.match(last["text"]) and each.get("intent") in _GOODS | _NAMED:
            # What is announced is all that is wanted.
            last["text"] = text[text.find(last["text"]) : end]
            last["meant"] = True
            continue
        if not own and belongs(each["text"], str(joined[-1].get("intent")), asked=asked):
            last.setdefault("alone", last["text"])
            last["text"] = text[text.find(last["alone"]) : end]
            continue
        joined.append(dict(each))
        kept[id(each)] = joined[-1]
    return [kept[id(each)] for each in requests if id(each) in kept]
