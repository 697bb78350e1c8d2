"""Words about what was done a moment ago: whether they ask what it was or when it is settled, or keep some of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_VERBS: Final[Mapping[str, str]] = {
    "cancel": r"cancel\w*|call(?:ed)? off|gone|taken? off|remov\w+",
    "return": r"return\w*|sent back|going back|goes back|going back",
    "exchange": r"exchang\w*|swap\w*|chang\w*|becom\w+",
    "change_items": r"exchang\w*|swap\w*|chang\w*|becom\w+",
}
_VERBS_HAN: Final[Mapping[str, str]] = {
    "cancel": "取消|退|撤",
    "return": "退",
    "exchange": "换",
    "change_items": "换|改",
}
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
    r"\b(?:came|arrived|turned up|showed up|is here|are here|found (?:it|them|the)|have it|got (?:it|them|the))\b"
    r"|找到|收到了|到了|在的|在里面|其实(?:有|在)",
    re.IGNORECASE,
)
_CAME_NOT: Final = re.compile(
    r"\b(?:not|never|didn'?t|hasn'?t|haven'?t|isn'?t|nothing|no longer|when|if|wrong|broken|damaged|only)\b"
    r"|没|不|未|坏|破|错|只|才|如果|什么时候",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"\b(?:keep|keeping|hang on to|hold on to)\b(?! (?:in mind|me posted|up|going|an eye))"
    r"|留(?:着|下|一|两)|想留|要留|不退了|别退|不用退|不换了",
    re.IGNORECASE,
)
_KEEPS_NOT: Final = re.compile(
    r"\b(?:not|don'?t|won'?t|no need|how long|until when|box|packag\w+|label|receipt|if)\b|不想?留|多久|盒|包装|如果",
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
    r"^\W*(?:(?:and|so|ok|okay|well|hm+|oh|thanks|cool|great|no) )*how (?:long|soon|quick\w*|many days)"
    r"(?: (?:will|does|would|is|are|do|can|before|that|this|it|the|i|we|money|refund|take|takes|be|until|till"
    r"|to|get|wait|done|have|my|back|usually|normally|then))+\W*"
    r"|^\W*(?:那|这个|这|请问|大概|一般|嗯|好的?){0,4}\W*(?:要|得|需要|大概)*等?(?:多久|多长时间|几天)(?:能|可以|才能|会)?"
    r"(?:好|完成|处理好|办好|到账|退|退款|有结果|弄好)*[啊呢呀了]?\W*",
    re.IGNORECASE,
)
"""No more than how long it takes."""
_CLAIMS: Final = ("claim_", "defect")


def asks_what_was_done(text: str, kind: str) -> bool:
    """Whether a message asks how much of something was done: "so is all of it cancelled or just one?"."""
    if kind not in _VERBS:
        return False
    verb, han = _VERBS[kind], _VERBS_HAN[kind]
    if re.search(r"[\u4e00-\u9fff]", text):
        done = re.search(rf"(?:{han})[^，。？]{{0,4}}(?:了|的)|被(?:{han})|(?:{han})[^，。？]{{0,8}}还是", text)
        return (
            done is not None
            and re.search(_EXTENT_HAN, text) is not None
            and _ASKS.search(text) is not None
            and _WISH.search(text) is None
        )
    if _WISH.search(text):
        return False
    asked = re.search(
        rf"\b(?:is|was|are|were|did|have|has)\b[^.!;]{{0,40}}\b(?:{verb})\b"
        rf"|\b(?:{verb})\b[^.!;]*\?|\b(?:which|what)\b[^.!;]{{0,30}}\b(?:{verb})\b",
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
    if kind.startswith(_CLAIMS) and _HEARS.search(text):
        return True
    return at_once and _THAT.fullmatch(text) is not None


_TELL: Final = re.compile(
    r"\b(?:just|only|simply) (?:tell me|asking|asked|wondering|checking|curious|(?:want(?:ed)?|need(?:ed)?) to know"
    r"|a question|answer(?: me| my question| that)?)\b"
    r"|(?:只是?|就是?|光)想?(?:问问?|知道|了解)(?:一下|一声)?|(?:告诉|跟)我(?:说)?(?:一声|一下)?就(?:行|好|可以)",
    re.IGNORECASE,
)
_NO_MORE: Final = re.compile(
    r"(?:\b(?:no+|nope|don['’]?t|do not|stop|wait|please|pls|hey|i|i['’]?m|i was|was|am|do it|that|cancel"
    r"|anything|it)\b"
    r"|不是?|别|不要|我|的|了|吧|呀|啊|先|请|取消|退|[\W_])*",
    re.IGNORECASE,
)


def only_wants_to_know(text: str) -> bool:
    """Whether a message says that something was only asked, and no more: "no, don't! just tell me", 我只是问问."""
    return _TELL.search(text) is not None and _NO_MORE.fullmatch(_TELL.sub(" ", text)) is not None


def keeps_something(text: str) -> bool:
    """Whether a message wants to keep goods: "can I keep the lamp though?", 杯子我想留着."""
    return _KEEPS.search(text) is not None and _KEEPS_NOT.search(text) is None


def kept_things(text: str) -> str:
    """`text` with blanks for the words that keep: what is left names what."""
    return _KEEPS.sub(lambda said: " " * len(said.group()), text)


def says_it_came(text: str) -> bool:
    """Whether a message says that something is there after all: "no wait, the lamp came", 找到了."""
    return _CAME.search(text) is not None and _CAME_NOT.search(re.sub(r"^\W*(?:no|不是|不)[,，\s]", "", text)) is None
