"""Whether anything is said to be wrong with goods that came, or with a charge: without that no claim begins.

What people tell beside a wish ("I'm rather tall", "the trip fell through", 烧水太慢) resembles what they tell of faults.
A claim decides who pays, so it begins only by words for a fault, and ends as soon as one is denied.
"""  # noqa: E501

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal

from actions.changes.kind import ChangeKind
from actions.resolver import resolve_reason
from actions.resolver.resizing import resized
from actions.resolver.vocabulary import phrases

Fault = Literal["broken", "wrong", "missing", "twice"]

_FAULTS: Final[dict[str, tuple[Fault, ...]]] = {
    "claim_damaged": ("broken", "wrong", "missing"),
    "claim_missing_item": ("missing", "wrong", "broken"),
    "claim_wrong_item": ("wrong", "missing", "broken"),
    "defect": ("broken", "wrong", "missing"),
    "double_charge": ("twice",),
}
_INNOCENT: Final = (
    "changed_mind", "ordered_by_mistake", "found_cheaper", "does_not_fit", "better_alternative",
)  # fmt: skip
"""Reasons for sending goods back that are no fault of theirs."""
_SURE: Final = 0.9
_ONLY_CAME: Final = re.compile(
    r"\b(?:arrived|came|delivered|received|got here)\b(?: (?:a while|some time|back|ago|yesterday|today|recently|already|fine|safely"  # noqa: E501
    r"|last|this|on|in|the|\w+day|week|month|morning|evening|\d+|\w+ days?|\w+ weeks?))*\W*$"
    r"|(?:收到|到货?|签收|送到)(?:了|的|有)?(?:一?段时间|一阵子?|好久|几天|挺久|一?个?(?:月|星期|周))?了?\W*$",
    re.IGNORECASE,
)
"""No more than that it came."""
_LESS: Final = re.compile(r"\b(?:only|off|half|without|no|minus|except|but)\b|只|没|少|缺", re.IGNORECASE)
_COUNTED: Final = re.compile(
    r"\b(?:count\w*|there['’]?s|there (?:is|are|was|were)|box|bag|parcel|package|inside|tin|came|arrived|got|received)\b|数|里|收到|来了",  # noqa: E501
    re.IGNORECASE,
)
"""A number is one of what came, and not of what is wanted."""
_GOES_BACK: Final = re.compile(
    r"\b(?:return\w*|refund\w*|money back|(?:send|sent|sending|go|goes|going|take|bring|give|ship)\b[^.,;!?]{0,30}\bback)\b"  # noqa: E501
    r"|退(?!税|出|休)|不想?要了?",
    re.IGNORECASE,
)
_SENT_BACK: Final = re.compile(
    r"\b(?:(?:send|give|take|bring|ship)(?:ing)? [^.,;!?]{2,30}?\bback|return(?:ing)? (?:the|one|my|it|them|both))\b|退(?:货|掉|回|了)",  # noqa: E501
    re.IGNORECASE,
)
_BUYS: Final = re.compile(
    r"\b(?:buy|order|purchase|reorder|get|want|need|add|take) (?:me )?(?:an?|another|one more|some|the same|again|new|it again)\b|\bsend me\b|\bmore of (?:those|these|them|the)\b"  # noqa: E501
    r"|\b(?:buy|reorder|purchase)\b|买|下单|再来|再要|加购|订(?!单)|要一?个?新的|再给我",
    re.IGNORECASE,
)
_SWAPS: Final = re.compile(
    r"\b(?:exchang\w*|swap\w*|switch(?: (?:it|them|that|this))? (?:for|to)|chang(?:e|ing) (?:it|them|to|the)|instead(?! of)"  # noqa: E501
    r"|rather (?:have|in))\b|换(?!了|过)|改成",
    re.IGNORECASE,
)
_CALLS_OFF: Final = re.compile(r"\b(?:cancel\w*|call (?:it|them) off)\b|取消|撤单", re.IGNORECASE)
_DROPS: Final = re.compile(
    r"\b(?:forget|drop|scrap|cancel|never ?mind|skip|stop|withdraw|not) (?:about )?(?:the|that|this|any|an?|my|it)?\s*"
    r"(?:\w+ ){0,2}(?:claim|report|complaint|thing|stuff)\b|\bno (?:claim|complaint|report)\b|\bforget (?:that|it|about (?:that|it))\b"  # noqa: E501
    r"|\bnot (?:a |any )?(?:complain\w*|claim\w*|report\w*)\b|不是(?:要)?(?:投诉|报|索赔)|(?:别|不要|不用|先别)(?:报|理赔|索赔|投诉|登记)",  # noqa: E501
    re.IGNORECASE,
)


OWN_MISTAKE: Final = re.compile(
    r"\b(?:i|we)(?:['’]ve| have)? (?:\w+ly )?(?:ordered|picked|chose|selected|bought|clicked(?: on)?|added)"
    r" (?:(?:the|an?|my) )?(?:[\w-]+ ){0,2}?(?:wrong|by mistake)\b"
    r"|\b(?:i|we)(?:['’]ve| have)? (?:\w+ly )?(?:ordered|picked|chose|selected|bought|added)"
    r" (?:(?!(?:and|but|came|arrived|received|sent|you|it|they)\b)[\w'-]+ ){1,7}?(?:in|at|as) (?:the|an?|all the) wrong\b"  # noqa: E501
    r"|\b(?:just|simply|accidentally) (?:ordered|picked|chose|selected|clicked) (?:the|an?) (?:[\w-]+ )?wrong\b"
    r"|\b(?:i|we)(?:['’]ve| have)? (?:got|put|had) (?:the|my) (?:[\w-]+ ){1,2}wrong(?=\W|$)"
    r"(?! (?:one|item|colou?r|size)\b)"
    r"|(?:拍|买|下|选|点|订)错(?:单|款|了)?",
    re.IGNORECASE,
)
"""The shopper chose wrongly: nothing else came than what was ordered."""


_SHOULD_BE: Final = re.compile(
    r"\b(?:should|supposed to|ought to|meant (?:it |them )?to|have to|need to|must) (?:be|have been)\b|\bi (?:wanted|meant)\b"  # noqa: E501
    r"|(?:应该|本来|其实)(?:是|要)|想要的是",
    re.IGNORECASE,
)
"""What the goods that were chosen wrongly are to be."""


def needs_fault(kind: ChangeKind) -> bool:
    """Whether a kind begins only where something is said to be wrong."""
    return kind.key in _FAULTS


def says_fault(kind: ChangeKind, text: str) -> bool:
    """Whether `text` says that something is wrong which `kind` is for; what it denies does not count."""
    said = OWN_MISTAKE.sub(" ", _denied().sub(" ", text))
    return any(_words(fault).search(said) for fault in _FAULTS[kind.key])


def begins_claim(kind: ChangeKind, text: str, sureness: float) -> bool:
    """Whether words that were understood as a report of a fault, with this probability, begin one.

    There are more ways to say that a thing is broken than anybody can list: without a word for it the model must be
    very sure, and nothing else may be wanted, or given as the reason.
    """
    if not needs_fault(kind) or says_fault(kind, text):
        return True
    if denies_fault(kind, text) or sureness < _SURE:
        return False
    if kind.key == "double_charge":
        return True
    only_came = _ONLY_CAME.search(text) is not None and _LESS.search(text) is None
    return instead_of_claim(text) is None and not only_came


def instead_of_claim(text: str) -> str | None:
    """The key of the kind that is wanted where no fault is said: by its verb, by a number, by an innocent reason."""
    if (wanted := wanted_instead(text)) is not None:
        return wanted
    if (said := resized(text)) is not None and said.more is None and _COUNTED.search(text) is None:
        return "change_items"
    if (mistaken := OWN_MISTAKE.search(text)) is not None and _SHOULD_BE.search(text, mistaken.end()) is not None:
        return "change_items"
    return "return" if resolve_reason(text, _INNOCENT).status == "one" else None


def denies_fault(kind: ChangeKind, text: str) -> bool:
    """Whether `text` takes a fault back: "nothing came wrong", "it's not defective", "forget the claim", 没坏."""
    if kind.key not in _FAULTS:
        return False
    return (_denied().search(text) is not None or _DROPS.search(text) is not None) and not says_fault(
        kind, _DROPS.sub(" ", _denied().sub(" ", text))
    )


def without_denied_faults(text: str) -> str:
    """`text` with blanks for faults that it denies: "it's not broken" gives no reason."""
    return _denied().sub(lambda said: " " * len(said.group()), text)


def without_denial(text: str) -> str:
    """What is said beside the denial."""
    rest = _DROPS.sub(" ", _denied().sub(" ", text))
    rest = re.sub(
        r"^(?:[\W_]|\b(?:no+|nope|what|wait|it|it's|they|there|is|was|but|and|so|just|please|hey|oh|ok|okay|well)\b)+",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    return rest.strip(" ,.;!?，。；！？") if re.search(r"[a-z]{3}|[\u4e00-\u9fff]{2}", rest, re.IGNORECASE) else ""


def wanted_instead(text: str) -> str | None:
    """The kind whose verb is said, where no fault is: what goes back, is swapped, or called off; None where none is."""
    if _SWAPS.search(text) and not re.search(r"\b(?:return|refund)\b|退", text, re.IGNORECASE):
        return "exchange"
    if _CALLS_OFF.search(text):
        return "cancel"
    return "return" if _GOES_BACK.search(text) else None


def only_goes_back(text: str) -> bool:
    """Whether goods are to go back, and none are to be bought: "I have it twice, send the older one back"."""
    return _SENT_BACK.search(text) is not None and _BUYS.search(text) is None


@cache
def _words(fault: Fault) -> re.Pattern[str]:
    words = phrases("faults", fault)
    english = "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]?") for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii())
    pattern = rf"\b(?:{english})|{han}" if han else rf"\b(?:{english})"
    return re.compile(rf"{pattern}|{_PATTERNS[fault]}", re.IGNORECASE)


_NUMBER_CAME: Final = (
    r"\bonly (?:\w+ ){0,2}(?:came|arrived|in|was|were|received|got|there)\b|\bonly (?:got|received|had|found|sent|see|came|arrived)\b"  # noqa: E501
    r"|\bgot only\b|\b(?:one|two|\d+) (?:of \w+ )?(?:short|less|fewer)\b"
)
_PATTERNS: Final[dict[Fault, str]] = {
    "broken": r"\b(?:does|do|did|is|are|was|were|won|can|has|have|wo|ca)n['’]?t (?:\w+ ){0,2}?(?:work|turn|start|charg|switch|open"  # noqa: E501
    r"|clos|boot|power|light|connect|pair|function|go|run|fit together|hold|stay|spin|heat|play|fire|respond|close|shut|print)\w*"  # noqa: E501
    r"|\bnot (?:\w+ )?(?:work|charg|turn|start|function|connect|respond|clos|open|heat)\w*|\bno longer (?:work|turn|charg|start)\w*"  # noqa: E501
    r"|\bcame (?:off|loose|apart|undone|open|unstuck)\b|\b(?:fell|fall|falls|falling|coming|comes|peel\w*) (?:off|out|apart)\b"  # noqa: E501
    r"|\bwhat['’]?s wrong\b|不(?:能|会)?(?:工作|转|亮|响|通电|制冷|加热|出水|开机|显示|充电)|没(?:有)?(?:反应|声音|电)",
    "wrong": r"\border\w* [^.;!?]{2,60}\b(?:but|and|yet|,)? ?[^.;!?]{0,20}\b(?:got|get|received|receive|came|sent|arrived|gave|delivered|turned up)\b"  # noqa: E501
    r"|\b(?:got|received|sent|sent me|gave me|delivered|came with)\b[^.;!?]{0,40}\b(?:instead|not (?:the|a|an|my)|rather than|when i|but i)\b"  # noqa: E501
    r"|\b(?:not|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t) (?:what|the (?:one|thing|right|colou?r|size|item|model|same)|my|mine|as|like)\b"  # noqa: E501
    r"|\bin (?:its|their|the) place\b|\bi (?:asked for|ordered|wanted|bought|paid for) [^.;!?,]{2,30},? (?:not|and not)\b"  # noqa: E501
    r"|(?:发|寄|送|给|来|收到|到)[^，。；！？]{0,8}(?:成了?|不是|错|别的|另一|其他|另外)|(?:买|订|要|点|拍)的(?:明明)?是?[^。；！？]{1,16}"
    r"(?:收到|来了?|发来|寄来|到的|给我|却|结果|发了|送来)|不是(?:我|这|同)[^，。]{0,6}(?:买|订|要|拍|一)",
    "missing": rf"{_NUMBER_CAME}|\b(?:not|n['’]?t|nothing|no)\b[^.;!?]{{0,30}}\b(?:in (?:the|my|it)|inside|included|with it|there|packed)\b"  # noqa: E501
    r"|\bwhere(?:['’]?s| is| are)\b[^.;!?]{0,30}|\bthere(?:['’]?s| is| was| were| are) no\b|\b(?:box|parcel|package)[^.;!?]{0,20}\bempty\b"  # noqa: E501
    r"|(?:只|就)(?:收到|到|来|有|给|发|寄|装)了?|没(?:有)?(?:见|看到|找到|装|放|给我|发(?!货|出|的|呢)|寄(?!出|的)|收到|来|送|到(?!货))|里面?没|没在里|哪(?:去|儿)了",
    "twice": r"\b(?:charged|paid|billed|debited|taken|took|pay|charge|payments?|transactions?|deducted|withdrawn)\b[^.;!?]{0,40}"  # noqa: E501
    r"\b(?:twice|double|two times|again|2x|2 times|both|more than once|second time)\b"
    r"|\b(?:twice|double|two|2|duplicate|second)\b[^.;!?]{0,30}\b(?:charge[sd]?|payments?|paid|transactions?|billed|billing|debits?|debited|taken"
    r"|deducted|deductions?|pay|took)\b"
    r"|(?:扣|付|刷|收|划|支付|收费|扣费|扣款|付款|付钱|支付)[^，。；]{0,8}(?:两|2|二|双|重复|多)|(?:两|2|二|双|重复|多)[^，。；]{0,6}(?:扣|付|刷|收|划|支付)",
}


@cache
def _denied() -> re.Pattern[str]:
    broken = (
        r"(?:defective|broken|damaged?|faulty|faults?|wrong(?:ly)?|missing|incorrect|smashed|torn|cracked|scratched|problems?|issues?"
        r"|defects?|charged twice|double charged|an issue|a problem|a fault|a defect)"
    )
    return re.compile(
        rf"\b(?:it|they|that|this|nothing|none|no|order)?(?:['’]?s|['’]?re| is| are| was| were)? ?\b(?:not|n['’]?t|never|isn['’]?t|aren['’]?t"  # noqa: E501
        rf"|wasn['’]?t|weren['’]?t|didn['’]?t|hasn['’]?t|haven['’]?t|don['’]?t)\b (?:(?!your|my|their|his|her)\w+ ){{0,3}}?{broken}\b(?: (?:with|about) \w+)?"  # noqa: E501
        rf"|\bnothing(?:['’]?s)? (?:\w+ ){{0,4}}?{broken}\b(?: (?:with|about) \w+| (?:came|arrived|was (?:sent|delivered)))?|\bno {broken}\b(?! one)"  # noqa: E501
        rf"|\b(?:none|no order) (?:\w+ ){{0,4}}?{broken}\b"
        r"|(?<![是有])(?:没有?|不是|并没有?|并不是|不算|没什么|没啥|不存在)(?:收到|发|寄|任何|什么|东西|要?报)?(?:破损|破碎|坏|破|碎|发错|寄错|送错|错|少|缺|漏|损坏|故障|毛病|瑕疵|质量问题|问题|重复扣)(?:的|了|货|东西|件|款)?"
        r"|(?:没|不)(?:少|缺|漏|错)(?:东西|货|发)?",
        re.IGNORECASE,
    )
