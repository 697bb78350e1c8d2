"""What a message wants to get from the shop and what not, by way: "stop the e-mails but keep the texts".

Pure functions. Words of yes and no belong to the ways they stand beside; what is exempted ("everything except texts")
gets the opposite. What is not named stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

EMAIL, SMS, PHONE, POST = "email", "sms", "phone", "post"
PERSONAL: Final = "personalisation"
"""Stands among the ways for the purpose that has none."""

_WAYS: Final = {
    EMAIL: r"\be-?mails?\b|\be-?mailing\b|\bnews ?letters?\b|\bmailings?\b|\bmailing list\b|邮件|邮箱|电邮|电子报",
    SMS: r"\bsms\b|\btexts?\b|\btext messages?\b|\btexting\b|短信|短讯|信息轰炸",
    PHONE: r"\b(?:phone )?calls?\b|\bcalling\b|\bphon(?:e|ing)\b|\bring(?:ing)?\b|电话|来电",
    POST: r"(?<!royal )\bpost\b|\bcatalogues?\b|\bleaflets?\b|\bflyers?\b|\bletters?\b|\bbrochures?\b|信件|画册"
    r"|宣传册|纸质",
    PERSONAL: r"\bpersonali[sz]\w*(?: (?:ads?|recommendations?|offers?))?|\brecommend\w*|\bprofil(?:ed|ing)\b"
    r"|\btrack(?:ing)?\b|\bbehaviou?r\w*|\btailored\b|个性化(?:推荐|广告)?|推荐|画像|追踪|行为",
}
_ELSEWHERE: Final = re.compile(
    r"\b(?:wechat|whatsapp|telegram|push(?: notifications?| messages?)?|app notifications?)\b|微信|公众号|推送",
    re.IGNORECASE,
)
"""Ways for which shops' data know no consent."""
_OF_ORDERS: Final = re.compile(
    r"\b(?:order|parcel|delivery|shipping|dispatch|tracking|transactional)(?:[- ](?:related|status))? "
    r"(?:e-?mails?|texts?|sms|messages?|updates?|notifications?|news)\b"
    r"|\b(?:(?:e-?mails?|texts?|text messages|messages?|sms|updates?|notifications?|those|ones|stuff|news|me) )+"
    r"(?:about|on|for|regarding|to do with|concerning) "
    r"(?:my |the |an |any )?(?:actual )?(?:orders?|parcels?|purchases?|deliver\w+|shipments?|packages?)\b"
    r"|(?:订单|物流|快递|发货|配送)(?:的|相关的?|状态)?(?:邮件|短信|通知|消息|信息|提醒)",
    re.IGNORECASE,
)
"""Messages about orders are no advertising: no consent is about them."""
_EVERY: Final = (
    r"\b(?:everything|anything)(?: else)?\b|\b(?:all|any)(?: of)?(?: the| your| my| that)? (?:others?|rest"
    r"|marketing|ads?|"
    r"advertising|promo\w*|offers?|subscriptions?|mess\w+|communications?|of (?:it|them|that))\b|\ball\b(?= off\b|\W*$)"
    r"|\b(?:the )?(?:others?|rest|other ones)\b|\bboth\b|\bevery (?:last|single) \w+\b"
    r"|其[他它余](?:的|都|全部)*|剩下(?:的)?|全部|所有|全都|通通|统统|一律|(?<!其他)都(?=退|关|取消|不|别|停|要|订|开)"
)
_EXCEPT: Final = (
    r"\bexcept(?:ing)?(?: for)?\b|\bapart from\b|\bother than\b|\bbesides\b|\baside from\b|\b(?:everything|all"
    r"|anything) but\b"
    r"|\bwith the exception of\b|\bexcluding\b|\bbut not\b|\bbut leave\b|除了?"
)
_ONLY: Final = (
    r"\bonly\b|\bjust\b|\bnothing but\b|\bnone but\b"
    r"|[只仅光单](?:要|留|保留|收|接收|想收|发|给我发|需要|用)|就(?:留|要|保留)"
)
_NEGATES: Final = (
    r"\b(?:don'?t|do not|never|no longer|not|didn'?t|did not|wouldn'?t|won'?t|neither)\b"
    r"|\bno (?:more\b|(?=\w*[- ]?(?:e-?mails?|texts?|sms|calls?|catalogues?|ads?|marketing|promo|news|offers?"
    r"|letters?|mail|spam|advert)))"
    r"|不(?:要|用|想|必|需要|再|许|准)?(?:再)?|别(?:再)?|甭|勿|没(?:有)?|拒绝"
)
_STOPS: Final = (
    r"\bunsub\w*|\bstop(?:ped|ping)?\b|\bopt(?:ed|ing)?[- ]?(?:me )?out\b|\bremove\b|\btake me off\b|\boff\b|\bout of\b"
    r"|\bwithdraw\w*|\brevoke\w*|\benough\b|\bcancel\w*|\bquit\b|\bobject\b|\bdisable\w*|\btoo many\b|\bspam\w*"
    r"|\bjunk\b"
    r"|\bannoy\w*|\bend\b|\bdrop\b|\bmute\b|\bbin\b|\bkill\b|\bget rid of\b|\bno\b(?=\W*$)"
    r"|\b(?:keep|kept) (?:getting|sending|receiving|being|bothering)\b"
    r"|退订|取消|停(?:掉|了|止|发)?|关(?:掉|了|闭|上)?(?![注于系联])|撤回|拉黑|屏蔽|免打扰|太多|太烦|烦死|\btd\b"
)
_WANTS: Final = (
    r"\b(?:re-?)?subscrib(?:e|ing)\b|\bsign me up\b|\bopt(?:ing)?[- ]?(?:me )?in\b|\b(?:keep|keeping|kept|leave"
    r"|start)\b"
    r"|\b(?:send|sending|put|add|get|getting|receive|receiving|hear|hearing|continue|continuing)\b|\bagree\w*"
    r"|\bturn\w* on\b|\bon\b(?=\W*$)|\bfine\b|\bok(?:ay)?\b(?=\W*$)|\bstays?\b|\bstill want\b|\bhappy to\b"
    r"|\benable\b|\ballow\b"
    r"|\bwant\b|\byes\b(?=\W*$)|\bback on\b|\bby all means\b|\b(?:via|through)\b|\bkeep me posted\b"
    r"|\blet me know\b|\byou (?:can|may)\b"
    r"|订阅(?!设置|偏好|状态|管理|情况)|留(?:着|下|给我)?|保留|继续|同意|接收|想收|收(?!到)|开启|开通|打开|愿意|允许|(?:照|正常)?发(?:给我|吧|送)?"
    r"|可以(?:发|有)?|通知我|告诉我|提醒|恢复|要(?!不)|打(?!开|扰)"
)
_TOKEN: Final = re.compile(
    "|".join(
        f"(?P<{name}>{words})"
        for name, words in (
            ("only", _ONLY),
            ("except", _EXCEPT),
            ("every", _EVERY),
            *_WAYS.items(),
            ("elsewhere", _ELSEWHERE.pattern),
            ("stops", _STOPS),
            ("negates", _NEGATES),
            ("wants", _WANTS),
        )
    ),
    re.IGNORECASE,
)
_CLAUSES: Final = re.compile(
    r"[.!?;\n。！？；，、]+\s*|,\s*|\s+-+\s+|\b(?:but|however|though|whereas|while|then|and also)\b(?! not\b| leave\b)"
    r"|但是?|不过|可是|而(?!且)|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\band\b|\bplus\b|&", re.IGNORECASE)
_OPENING: Final = re.compile(
    r"^\W*(?:(?:no|nope|yes|yeah|ok|okay|wait|what|hi|hello|不对啊?|不是|好的?|是的?)(?:\s*[^\w\s]+\s*|\s+(?=(?:i|you|that|it)\b)|\s*(?=我)))+",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"^\W*(?:and |so |but )?(?:am|is|are|do(?! not|n't)|does|did|which|what|have|has|was|were|will)\b|(?:吗|么"
    r"|没有?|了没|吧|呢)\W*$|哪些|什么状态|啥状态|[?？]\W*(?:is|are) (?:that|it|they|those)\b|\b(?:off|on"
    r"|stopped|gone) (?:now|too|as well)?\W*[?？]|有没有|是不是",
    re.IGNORECASE,
)
_PLAINLY: Final = re.compile(
    r"\b(?:unsub\w*|opt(?:ed|ing)?[- ]?(?:me )?(?:in|out)|subscri\w*|mailing list|marketing|advert\w*|ads?\b"
    r"|promo\w*|news ?letters?|consents?|spam\w*"
    r"|preferences|contact me|junk|communications?|notifications?)"
    r"|退订|订阅|广告|推广|营销|促销|骚扰|群发|推送|资讯|\btd\b",
    re.IGNORECASE,
)
_OFFERS: Final = re.compile(
    r"\b(?:offers?|deals?|sales|discounts?|news|new arrivals)\b|优惠|活动|新品|打折", re.IGNORECASE
)


@dataclass(frozen=True)
class ConsentWish:
    """What is wanted by way; `rest` of all the ways that are not named, None where nothing is said of them."""

    ways: dict[str, bool] = field(default_factory=dict)
    rest: bool | None = None
    elsewhere: str = ""
    """The word for a way for which there is no consent, where one is named."""
    of_orders: bool = False
    """Messages about orders are spoken of."""


def speaks_of_consents(text: str) -> bool:
    """Whether a message is about what the shop sends or uses: a way together with a yes or a no, or a word for it."""
    if _PLAINLY.search(text):
        return True
    said = _OF_ORDERS.sub(" ", text)
    named = {kind for kind, _ in _tokens(said)}
    ways = bool(named & {*_WAYS, "elsewhere"}) or _OFFERS.search(said) is not None
    return ways and bool(named & {"stops", "negates", "wants", "only", "except"})


def asks_of_consents(text: str) -> bool:
    """Whether a message asks how it stands: "is e-mail off?", 短信还能收到吧."""
    return _ASKS.search(text.strip()) is not None


def names_a_way(text: str) -> bool:
    """Whether a message names a way of writing or calling, or a use of what is known of the shopper."""
    return any(kind in _WAYS or kind == "elsewhere" for kind, _ in _tokens(_OF_ORDERS.sub(" ", text)))


def read_consents(text: str) -> ConsentWish:
    """What a message wants of what the shop sends; nothing where it says neither yes nor no."""
    said, of_orders = _OF_ORDERS.subn(" ", _OPENING.sub("", text.replace("’", "'")))
    ways: dict[str, bool] = {}
    rest: bool | None = None
    exempt: list[str] = []
    waiting: list[str] = []
    before: bool | None = None
    for clause in _clauses(said):
        found = _Clause([*_tokens(clause)])
        sign = found.sign if found.sign is not None else before
        if found.exempts:
            exempt += found.exempts
        if found.every and not found.ways and sign is not None:
            # "E-mails and texts, all off" is said of these two.
            rest = sign
        if found.only and found.ways and found.sign is None and before is not None:
            sign = not before
        elif found.only and (found.ways or of_orders) and sign is not False:
            rest, sign = False, bool(found.ways)
        if sign is None:
            waiting += list(found.ways)
        else:
            ways |= {way: found.ways[way] if found.ways[way] is not None else sign for way in found.ways}  # type: ignore[misc]
            ways |= dict.fromkeys(waiting, sign)
            waiting = []
            before = sign
    if rest is None and exempt and before is not None:
        rest = before
    if rest is not None:
        ways |= dict.fromkeys(exempt, not rest)
    elsewhere = _ELSEWHERE.search(text)
    if not ways and rest is None and elsewhere is None:
        rest = before
    return ConsentWish(ways, rest, elsewhere.group() if elsewhere else "", bool(of_orders))


def _clauses(text: str) -> Iterator[str]:
    for part in _CLAUSES.split(text):
        pieces = _AND.split(part)
        # "E-mails and texts off" is one; "stop the e-mails and keep the texts" are two.
        signed = [bool({kind for kind, _ in _tokens(piece)} & {"stops", "wants", "negates"}) for piece in pieces]
        yield from pieces if sum(signed) > 1 else [part]


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(text):
        yield str(match.lastgroup), match.start()


class _Clause:
    """One clause: its ways with the sign that stands beside each, and what is said of all."""

    def __init__(self, tokens: list[tuple[str, int]]) -> None:
        self.every = any(kind == "every" for kind, _ in tokens)
        self.only = any(kind == "only" for kind, _ in tokens)
        place = next((index for index, (kind, _) in enumerate(tokens) if kind == "except"), None)
        self.exempts: list[str] = []
        if place is not None:
            self.exempts, tokens = _exempted(tokens, place)
        self.ways: dict[str, bool | None] = {}
        signs = _signs(tokens)
        self.sign: bool | None = signs[-1][1] if signs else None
        first = next((index for index, (kind, _) in enumerate(tokens) if kind in _WAYS), None)
        if first is None:
            return
        behind = bool(signs) and first < signs[0][0]
        for index, (kind, _) in enumerate(tokens):
            if kind not in _WAYS:
                continue
            beside = (
                next((sign for at, sign in signs if at > index), self.sign)
                if behind
                else next((sign for at, sign in reversed(signs) if at < index), self.sign)
            )
            self.ways[kind] = beside


def _exempted(tokens: list[tuple[str, int]], place: int) -> tuple[list[str], list[tuple[str, int]]]:
    """The ways that "except" leaves out, and the clause without them."""
    out: list[str] = []
    left = tokens[:place]
    after = tokens[place + 1 :]
    while after and (after[0][0] in _WAYS or after[0][0] in ("elsewhere", "only")):
        if after[0][0] in _WAYS:
            out.append(after[0][0])
        after = after[1:]
    return out, [*left, *after]


def _signs(tokens: list[tuple[str, int]]) -> list[tuple[int, bool]]:
    """Where a yes or a no is said. What stands together is one: "stop sending" is a no, "don't stop" a yes."""
    runs: list[list[int]] = []
    for index, (kind, _) in enumerate(tokens):
        if kind not in ("stops", "negates", "wants"):
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    signs = []
    for run in runs:
        kinds = [tokens[index][0] for index in run]
        # "Not … not" said twice, or "stop … off", is one no.
        told = [kind for kind, after in pairwise([*kinds, ""]) if kind != after]
        denied = sum(kind == "negates" for kind in told) % 2 + ("stops" in told)
        signs.append((run[-1], denied % 2 == 0))
    return signs
