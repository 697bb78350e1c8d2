"""Words about what was done a moment ago: whether they ask what it was or when it is settled, or keep some of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_DONE: Final[Mapping[str, str]] = {
    "cancel": r"cancell?ed|called off|gone|taken? off|removed",
    "return": r"returned|sent back|going back|goes back",
    "exchange": r"exchanged|swapped|changed|becom\w+",
    "change_items": r"exchanged|swapped|changed|becom\w+",
}
_DO: Final[Mapping[str, str]] = {
    "cancel": r"cancel|call off|take off|remove",
    "return": r"return|send back|take back",
    "exchange": r"exchange|swap|change",
    "change_items": r"exchange|swap|change",
}
_VERBS_HAN: Final[Mapping[str, str]] = {
    "cancel": "取消|退|撤",
    "return": "退",
    "exchange": "换",
    "change_items": "换|改",
}
_ANOTHER: Final = re.compile(
    r"\b(?:other|another|else|too|also)\b|\b(?:ok|okay|right)\W*$|\d{3,}|另|其[他它余]|别的|剩|也|吧|那单|那个订单",
    re.IGNORECASE,
)
"""Something else than what was done, or a wish put as a question."""
_BIDS: Final = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|then|now|just|also|wait|no) )*(?:have|get) (?!you\b|they\b|we\b|i\b)", re.IGNORECASE
)
"""Asks for it: "have both cancelled?"."""
_EXTENT: Final = r"whole|entire|all|both|everything|only|just|which|what|how many|one|two"
_EXTENT_HAN: Final = r"整[单个]|全部|全|都|只|哪|什么|几[个件]|两[个件]|一[个件]"
_WISH: Final = re.compile(
    r"\b(?:please|pls|plz|can|could|would|will|want|like|need|let'?s|how (?:do|can)|if)\b"
    r"|请|帮|麻烦|能|可以|想|要(?!不)|怎么|如果|会不会",
    re.IGNORECASE,
)
"""What makes of it a wish, or a question for what may be done."""
_ASKS: Final = re.compile(r"[?？]|吗|还是|哪|什么|几[个件]|了没|是不是")
_CAME: Final = re.compile(
    r"\b(?:came|arrived)\b(?! (?:to|at|in|from|for|with|as|up|out|off|apart|by|via|near|through|home)\b)"
    r"|\b(?:turned|showed) up\b|\b(?:is|are) here\b"
    r"|\bfound (?:it|them|the [\w-]+)(?= (?:after all|now|inside|in|under|behind|at|though|sorry)\b|\s*(?:[.!,;]|$))"
    r"|\b(?:i|we)(?: do| did| actually|['’]ve| have)* (?:have|got) (?:it|them)"
    r"(?= (?:after all|here|already|in the end)\b)"
    r"|\b(?:i|we)(?: do| did| actually|['’]ve| have)* (?:have|got) the [\w-]+(?= after all\b|\s*(?:[.!,;]|$))"
    r"|找到(?:了|啦)(?=$|[，。！,.!\s])|(?:刚刚?|又|其实|已经都?)收到(?:了|啦)(?=$|[，。！,.!\s])"
    r"|(?:^|[，。！,.!\s])(?!(?:[好嗯哦行对是的我们已经都也刚]|知道|可以)*收到)[\u4e00-\u9fff]{1,8}(?:收到|到)(?:了|啦)(?=$|[，。！,.!\s])"
    r"|(?:都|其实|原来|确实)在(?:的|里面|箱子?里|盒子?里|袋子?里)|其实有(?=$|[，。！,.!\s]|的)",
    re.IGNORECASE,
)
_CAME_NOT: Final = re.compile(
    r"\b(?:not|never|\w+n['’]t|(?:did|has|have|is|was|are|does|do)nt|cannot|nothing|no longer|when|if|until|before"
    r"|wrong|broken|damaged|only|empty|half"
    r"|other|another|part|parts|some|one|two|second|first|different|missing|without|but|late|would|will|should"
    r"|says?|said|shows?|marked|status|tracking|neighbou?rs?|messages?|e-?mails?|texts?|sms|notifications?|letters?"
    r"|codes?|refunds?|money|bill|invoice|receipt|answer|reply|idea|picture|label|courier|driver|postman|cheaper)\b"
    r"|[?？]|吗|没|不|未|坏|破|错|只|才|如果|什么时候|空|一半|一部分|另|别人|邻居|驿站|柜|代收|显示|签|短信|消息|邮件|通知|回复"
    r"|退款|钱|时间|问题|少|缺",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"\b(?:keep|keeping|hang on to|hold on to)\b(?! (?:\w+ing|me|us|in|up|on|out|away|an|track|posted|quiet|calm|safe"
    r"|that in mind|it up|it going|everything|my (?:info\w*|details|data|account|number|address|card|money))\b)"
    r"|留(?:着|下|一|两)|想留|要留|不退了|别退(?![到错给回款钱运邮积余卡太得在成漏少多])|不用退(?![到给回款钱运邮积余卡押])|不换了",
    re.IGNORECASE,
)
_KEEPS_NOT: Final = re.compile(
    r"\b(?:not|cannot|never|don['’]?t|won['’]?t|can['’]t|cant|why|unable|without|rather than|instead of"
    r"|(?:\w+n['’]t|(?:would|could|did|does|is|should)nt|no (?:need|reason|point|use))(?: \w+){0,5} keep"
    r"|no need|how long|until when|box|packag\w+|label|receipt|if"
    r"|(?:you|they|he|she|it) keeps?)\b"
    r"|(?:不|没|无|别)[^，。！？,.!?\s]{0,3}留|多久|盒|包装|如果|为什么|为啥|怎么|你们|客服"
    r"|留(?:一?下?|一?个|一句)?(?:言|话|电话|信息|联系|号码|地址|消息|评|好评|资料|邮箱|微信|记录|备注|学)"
    r"|不换了.*(?:退|取消)|不退了.*换|(?:不退|不用退|不换)[^，。！？]*[吗?？]",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\bhow (?:long|soon|many (?:days|hours))\b|\bwhen\b|\bby (?:what|which) (?:time|day)\b|\bhow quick\w*\b"
    r"|多久|多长时间|什么时候|啥时候|何时|几天|几点|多快",
    re.IGNORECASE,
)
_HEARS: Final = re.compile(
    r"\bhear (?:back|from|about|anything|something|it)\b|\bget (?:back to me|an? (?:answer|reply|decision|response))\b"
    r"|\b(?:answer|reply|decision|decide[ds]?|response|claim|report|outcome|verdict)\b"
    r"|回复|答复|答案|结果|消息|回音|回信|通知我|联系我|处理|审核|决定|理赔|登记",
    re.IGNORECASE,
)
_THAT: Final = re.compile(
    r"^(?!.*\b(?:do|would|will) (?:i|we) have\b(?! to\b))"
    r"\W*(?:(?:and|so|ok|okay|well|hm+|oh|thanks|cool|great|no) )*how (?:long|soon|quick\w*|many days)"
    r"(?: (?:will|does|would|is|are|do|can|before|that|this|it|the|i|we|money|refund|take|takes|be|until|till"
    r"|to|get|wait|done|have|my|back|usually|normally|then))+\W*"
    r"|^\W*(?:那|这个|这|请问|大概|一般|嗯|好的?){0,4}\W*(?:要|得|需要|大概)*等?(?:多久|多长时间|几天)(?:能|可以|才能|会)?"
    r"(?:好|完成|处理好|办好|到账|退|退款|有结果|弄好)*[啊呢呀了]?\W*",
    re.IGNORECASE,
)
"""No more than how long it takes."""
_CLAIMS: Final = ("claim_", "defect")
_NOT_CLAIMED: Final = re.compile(
    r"\b(?:other|another|parcels?|packages?|courier|carrier|deliver\w*|arriv\w+|ship\w*|gets? here|refund\w*|money"
    r"|return\w*|cancel\w*|exchang\w*)\b|另|别的|物流|快递|包裹|发货|到货|退|取消|换货|钱",
    re.IGNORECASE,
)
"""Besides the claim itself."""


def asks_what_was_done(text: str, kind: str) -> bool:
    """Whether a message asks how much of something was done: "so is all of it cancelled or just one?"."""
    if kind not in _DONE or _ANOTHER.search(text) or _BIDS.search(text):
        return False
    done, do, han = _DONE[kind], _DO[kind], _VERBS_HAN[kind]
    if re.search(r"[\u4e00-\u9fff]", text):
        told = re.search(rf"(?:{han})[^，。？]{{0,4}}(?:了|的)|被(?:{han})|(?:{han})[^，。？]{{0,8}}还是", text)
        return (
            told is not None
            and re.search(_EXTENT_HAN, text) is not None
            and _ASKS.search(text) is not None
            and _WISH.search(text) is None
        )
    if _WISH.search(text):
        return False
    asked = re.search(
        rf"\b(?:is|was|are|were|has|have)\b[^.!;]{{0,40}}\b(?:{done})\b"
        rf"|\b(?:did|have) (?:you|they|we|i)\b[^.!;]{{0,40}}\b(?:{do}|{done})\b"
        rf"|\b(?:{done})\b[^.!;]*\?|\b(?:which|what)\b[^.!;]{{0,30}}\b(?:{done})\b",
        text,
        re.IGNORECASE,
    )
    questions = re.search(
        r"\?|\bor\b|^\W*(?:(?:wait|so|and|ok|okay|hm+|hey|sorry|but|no) )*"
        r"(?:is|was|are|were|did|have|has|which|what)\b",
        text,
        re.IGNORECASE,
    )
    return (
        asked is not None
        and questions is not None
        and re.search(rf"\b(?:{_EXTENT})\b", text, re.IGNORECASE) is not None
    )


def asks_when_settled(text: str, kind: str, *, at_once: bool) -> bool:
    """Whether a message asks by when something that was asked for is decided or paid.

    `at_once`: right behind it; a bare "how long will that take?" is then about it.
    """
    if _WHEN.search(text) is None:
        return False
    if kind.startswith(_CLAIMS) and _HEARS.search(text) and _NOT_CLAIMED.search(text) is None:
        return True
    return at_once and _THAT.fullmatch(text) is not None


_TELL: Final = re.compile(
    r"\b(?:just|only|simply) (?:tell me|asking|asked|wondering|checking|curious|(?:want(?:ed)?|need(?:ed)?) to know"
    r"|a question|answer(?: me| my question| that)?)\b"
    r"|(?:只是?|就是?|光)想?(?:问问?|知道|了解)(?:一下|一声)?|(?:告诉|跟)我(?:说)?(?:一声|一下)?就(?:行|好|可以)",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(r"\b(?:just|only|simply) (?!tell)|(?:只是?|就是?|光)想?(?:问|知道|了解)", re.IGNORECASE)
"""It was only asked; "just tell me" alone says as well that it is to be done without more words."""
_NAYS: Final = re.compile(
    r"\b(?:no+|nope|stop|wait|(?:don['’]?t|do not)(?: (?:do|cancel)(?: (?:it|that|anything))?)?)\b"
    r"|(?:别|不要|先别|先不)(?:取消|退)?|不是?",
    re.IGNORECASE,
)
_NO_MORE: Final = re.compile(
    r"(?:\b(?:please|pls|hey|i|i['’]?m|i was|was|am|that|it)\b|我|的|了|吧|呀|啊|先|请|[\W_])*", re.IGNORECASE
)


def only_wants_to_know(text: str) -> bool:
    """Whether a message says that something was only asked, and no more: "no, don't! just tell me", 我只是问问."""
    told = _TELL.search(text)
    if told is None:
        return False
    rest = _TELL.sub(" ", text)
    if _ONLY.search(told.group()) is None and _NAYS.search(rest) is None:
        return False
    return _NO_MORE.fullmatch(_NAYS.sub(" ", rest)) is not None


def keeps_something(text: str) -> bool:
    """Whether a message wants to keep goods: "can I keep the lamp though?", 杯子我想留着."""
    return _KEEPS.search(text) is not None and _KEEPS_NOT.search(text) is None


def kept_things(text: str) -> str:
    """`text` with blanks for the words that keep: what is left names what."""
    return _KEEPS.sub(lambda said: " " * len(said.group()), text)


def says_it_came(text: str) -> bool:
    """Whether a message says that something is there after all: "no wait, the lamp came", 找到了."""
    return _CAME.search(text) is not None and _CAME_NOT.search(re.sub(r"^\W*(?:no|不是|不)[,，\s]", "", text)) is None
