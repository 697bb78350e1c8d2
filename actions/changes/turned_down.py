"""What a message says not to do: "don't cancel", "keep my order", 先别取消, "I don't want a new order".

The verb of a wish behind a "not" is the opposite of the wish, however sure the model is of the verb. What stands beside
it is `rest`, to be answered on its own. Only verbs and words for the order as a whole are read here; which goods stay
is for the resolver.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from actions.changes.kind import ChangeKind
from actions.resolver.portions import without_others_kept

_VERBS_EN: Final[Mapping[str, str]] = {
    "cancel": r"cancel(?:l?ing|lation)?|call(?:ing)? (?:it|them|that|this|everything|my order|the order) off",
    "delete": r"delet(?:e|ing|ion)|eras(?:e|ing)|wip(?:e|ing)",
    "return": r"return(?:ing)?|refund(?:ing)?(?! (?:it |me |that |this |the money |money )*(?:to|on|onto|into)\b)|send(?:ing)? (?:it|them|that|this|these|those|anything|everything|any of it) back",  # noqa: E501
    "exchange": r"exchang(?:e|ing)|swap(?:ping)?|replac(?:e|ing|ement)|switch(?:ing)?"
    r"|(?:an?y? |the )?(?:different|other|another) (?:colou?rs?|sizes?|version|variant|one|model)",
    "order": r"(?:re)?order(?:ing)?(?! to\b)|buy(?:ing)?|purchas(?:e|ing)|(?:an?y? |another )?(?:new|second|another|more|extra|fresh) (?:orders?|purchases?)",  # noqa: E501
    "invoice": r"invoic(?:e|ing)|receipt",
    "address": r"(?:chang(?:e|ing)|redirect(?:ing)?|send(?:ing)?|deliver(?:ing)?) (?:it |my |the |to )*(?:other )?address",  # noqa: E501
    "change": r"(?:chang(?:e|ing)|touch(?:ing)?|modify(?:ing)?|do(?:ing)?) (?:it|that|this|anything|any of (?:it|that)|my order|the order)",  # noqa: E501
}
_VERBS_ZH: Final[Mapping[str, str]] = {
    "cancel": r"取消|撤单|撤销|撤掉",
    "delete": r"删|注销|清除|清空",
    "return": r"退(?!税|[到回进在]|.{0,4}卡)",
    "exchange": r"换|改(?!地址|电话|天|时间|主意|收件)",
    "order": r"下单|[买拍订](?!的)|重新?(?:下|买|拍)",
    "invoice": r"(?:开|要)?发票|开票?(?!公司|个人|专|企业|单位)",
    "address": r"[改换](?:收货|送货)?地址",
    "change": r"[动弄办]|做(?:任何)?[改变]动",
}
_NOT_EN: Final = (
    r"(?:(?:do ?n['’]?t|do not|never|(?<!did )(?<!does )(?<!was )(?<!has )(?<!have )not|no need to|rather not|stop)"
    r"|(?:who|nobody|no one)(?:['’]s)? (?:the hell |on earth )?(?:said|says|asked|wants|wanted|told you|mentioned)(?: anything)?(?: about)?"  # noqa: E501
    r"|i never (?:said|asked|told you|wanted)"
    r"|did(?:n['’]?t| not) (?:say|ask|want|mean)|was(?:n['’]?t| not) asking|(?:won['’]?t|will not) (?:be )?)"
    r"(?:[ ]+(?:please|pls|want|wanna|need|wish|mean|say|ask|asked|going|you|to|me|my|be|yet|now|just|even|actually|really|an?|any"  # noqa: E501
    r"|the|like|trying|planning|looking|for)){0,5}[ ]+"
)
_NOT_ZH: Final = (
    r"(?:(?<![分特区个类级性])别(?![的人家处])|甭|(?<!要)不要|(?<!用)不用|(?<!想)不想|(?<!是)不是|没(?:有)?(?:说|让你?|叫你?|想|打算|要)|谁(?:跟你|和你)?(?:要|说要?|让你?|叫你?|想)|莫|勿|无需"
    r"|(?<![要退换买开改还能会办用想是删单])不(?![要想用是能可行会好对知该如得敢肯同]))"
    r"(?:先|再|急着|着急|给我|帮我|现在|马上|就|都|全|全部|真的?|乱|要|想|去|说|在|这么快|直接|整单|把?[这那它](?:个|件|单|些)?(?:订单)?){0,4}"
)
_BEFORE: Final = re.compile(
    r"\b(?:did you|if|unless|or|why|how come|in case|when you|because)\b|怎么|咋|为什么|为啥|为何|干嘛|要是|如果|假如|万一|能不能|可不可以|要不要|是不是",  # noqa: E501
    re.IGNORECASE,
)
"""Before a "not" it is a question, a reproach or a condition."""
_NEGATED: Final[Mapping[str, re.Pattern[str]]] = {
    wish: re.compile(rf"\b{_NOT_EN}(?:{_VERBS_EN[wish]})\b|{_NOT_ZH}(?:{_VERBS_ZH[wish]})", re.IGNORECASE)
    for wish in _VERBS_EN
}
_WANTED: Final[Mapping[str, re.Pattern[str]]] = {
    wish: re.compile(rf"\b(?:{_VERBS_EN[wish]})\b|(?:{_VERBS_ZH[wish]})", re.IGNORECASE)
    for wish in ("cancel", "return", "exchange")
}
_CONDITION: Final = re.compile(r"\b(?:if|unless|otherwise)\b|要是|如果|假如|万一|的话|没有[^，。,.]*就", re.IGNORECASE)
_ENDS: Final = frozenset(".。!！?？\n")
_KEPT: Final = re.compile(
    r"\b(?:keep|leave|leaving|keeping)(?: (?:it|them|that|this|all|everything|both|all of (?:it|them)"
    r"|(?:my|the|this|that|both|these|those) (?:whole )?(?:orders?|items?|thing|return|account|data|purchase)))"
    r"(?! (?:else|with|at|in front|by|to|out|off)\b)(?: (?:all|as (?:it|they|is|was|are)(?: (?:is|are|was|were))?|alone|be))*\b"  # noqa: E501
    r"|(?<![想要能])(?:先|都|全|还是|就)*(?:留着|保留)(?:吧|着)?(?![^，。,.!！\s]*(?:到|[给让]))"
    r"|^\W*(?:都|全部?|什么|先)?(?:别|不要|不用)(?:动|改|办|弄)(?:了|啊|吧)?\W*$",
    re.IGNORECASE,
)
"""All of it is to stay as it is."""
_OTHERS: Final = re.compile(
    r"\b(?:the|all|both)(?: of)?(?: the)? (?:others?|rest)\b|另外?(?:那|一|的)?[^，。]{0,2}|其[他它余]|剩下",
    re.IGNORECASE,
)
_WHAT_GOES_ON: Final = re.compile(
    r"\b(?:my|the|your|this|that) (?:return|exchange|swap|cancell?ation|request|change|refund)s?\b", re.IGNORECASE
)
_NOT_KEPT: Final = re.compile(
    r"(?:\bnot|n['’]?t|\bnever|\bno longer)(?: (?:want|wish|need|like|going|to|be|able))*\W*$|不想?要?$", re.IGNORECASE
)
_NO_LONGER: Final = re.compile(
    r"不想?要了?\W*$|(?:\bdon['’]?t|\bdo not|\bno longer) (?:want|need) (?:it|them|that|this)\b", re.IGNORECASE
)
"""Beside what is turned down: why it was spoken of, and no wish."""
_CLAUSE: Final = re.compile(
    r"[^,，。.!！;；?？\n、~～]+?(?=(?<=[\u4e00-\u9fff])[ ]+|[ ]+(?=[\u4e00-\u9fff])|[ ]+(?:but|just|only)\b|[,，。.!！;；?？\n、~～]|$)"  # noqa: E501
)
_NOISE: Final = re.compile(
    r"\b(?:no+|nope|nah|wait|stop|please|pls|hang on|hold on|ok|okay|oh|hey|hi|well|actually|sorry|thanks?|thank you|yes|yeah"  # noqa: E501
    r"|i said|i told you|listen|then|omg|and|so|but|just|for now|yet|at all|any ?more|after all|anything|alone)\b"
    r"|算了|等等|等下|等一?等|等一下|先|啊+|呀|吧|了|哦|哎+|诶|喂|别|不|是|好的?|我说|说了|谢谢|亲|那|就|呢|哈+|嗯+|都|任何东西|什么|[\W_]",
    re.IGNORECASE,
)


_OF_NO_THING: Final = re.compile(
    rf"{'|'.join(each.pattern for each in _WANTED.values())}"
    r"|\b(?:one|two|three|four|both|it|them|that|this|those|these|the|my|a|an|of|back|only|instead|rather|i|we|it['’]?s|want"
    r"|to|be|for|me|you|keep|leave|other|others|ones|is|are|can)\b"
    rf"|[一二两三四五六\d][个件台块条双只套把张副盏支本部辆]?|[那这它要把给我帮留着只]|{_NOISE.pattern}",
    re.IGNORECASE,
)
"""Verbs, numbers and pronouns: without a name beside them they are said of what was named before."""


@dataclass(frozen=True)
class TurnedDown:
    """The wishes that a message takes the other way, and what it says besides."""

    wishes: frozenset[str]
    rest: str

    @property
    def alone(self) -> bool:
        """Whether nothing else is said."""
        return not self.rest


_ELSE_NOT: Final = re.compile(r"(?:不了|没有?|不行|不能|不到|太?[晚迟慢])[^，。]{0,4}就不想?要了")
"""In that case it is not wanted: 到不了我就不要了."""
_GOES: Final = re.compile(
    r"\b(?:cancel|return|exchange|swap|replace|change|remove|drop|take off|send back|bring back|get rid of)\b"
    r"|\bsend\b(?=.*\bback\b)|\bback\b|取消|退(?!款|税)(?:货|掉|了)?|撤|换(?:成|掉|货|个)?|改成",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"[?？吗么]|\b(?:did|why|how come|have you|has|was|were|is it|can i|could i)\b|怎么|为什么|为啥"
)
_NEGATION: Final = re.compile(
    r"\b(?:not|never|no|without|nothing|stop)\b|n['’]?t\b|别|不(?!过|好意思|合|喜欢)|没|甭|勿", re.IGNORECASE
)
_NO_NAME: Final = re.compile(
    r"\b(?:i|we|you|it|them|that|this|these|those|they|the|my|me|want|wanna|like|would|to|need|dare|ever|can|will|shall|be|is|are"
    r"|all|order|orders|everything|whole|entire|one|ones|thing|things|item|items|because|since)\b|['’](?:d|ll|m|s)\b"
    r"|我|你|它|这|那|个|件|单|订单|整|全|要|想|因为|所以|只是|已经|给|帮|把|一下|东西|商品|实在|真的?|现在|暂时|其实|确实|[一二两三四五六七八九十\d]",
    re.IGNORECASE,
)
"""What tells of no goods: pronouns, helping verbs, the order as a whole."""


_CALLS_OFF: Final = re.compile(
    r"\b(?:cancel\w*|call\w* (?:\w+ )?off|return\w*|(?:send|bring|giv)(?:e|ing)? (?:\w+ ){0,4}back"
    r"|take (?:\w+ ){0,2}off|remove|refund\w*|don['’]?t (?:want|need) (?:it|them|that|this|any))\b"
    r"|取消|退|撤|^\W*(?:那|我|就|都|还是|算了|也)*不(?:想)?要了?\W*$",
    re.IGNORECASE,
)


def calls_off_plainly(text: str) -> bool:
    """Whether something is called off or goes back in so many words; "not the bamboo one", 不要竹子了 is none."""
    return _CALLS_OFF.search(text) is not None


def clauses_of(text: str) -> list[tuple[str, str]]:
    """The clauses of a message, each with what stands between it and the next one."""
    found = list(_CLAUSE.finditer(text))
    ends = [*(each.start() for each in found[1:]), len(text)] if found else []
    return [(each.group(), text[each.end() : end]) for each, end in zip(found, ends, strict=True)]


def says_nothing(clause: str) -> bool:
    """Whether nothing is left of a clause without what only leads to something else: "no wait", 那就."""
    return not _NOISE.sub("", clause)


def turned_down(text: str) -> TurnedDown | None:
    """What a message says not to do; None where it says nothing of the kind."""
    wishes: set[str] = set()
    wanted: set[str] = set()
    rest: list[str] = []
    spared: list[str] = []
    conditional = beside = False
    text = without_others_kept(text)
    for clause in _CLAUSE.finditer(text):
        said = clause.group()
        found = _negated_in(said)
        # "If there is none, don't swap it": what follows a condition turns nothing down by itself.
        conditional = conditional or _CONDITION.search(said) is not None
        if found and not conditional:
            wishes |= found
            if names := _without_denial(said, found):
                spared.append(names)
        elif not _NO_LONGER.search(said) or _names_in(said):
            rest.append(text[clause.start() : clause.end() + 1].strip() if clause.end() < len(text) else said.strip())
            wanted |= {wish for wish, pattern in _WANTED.items() if pattern.search(said)} - found
            beside = beside or (not conditional and _asks_plainly(said, text[clause.end() : clause.end() + 1]))
        elif rest and not conditional:
            # 两单里都有口红，都不要了: what was named just before goes.
            beside = True
        conditional = conditional and text[clause.end() : clause.end() + 1] not in _ENDS
    # "Swap the coat, don't swap the rug": which goods are meant is for the resolver.
    wishes -= wanted
    if beside:
        # "The pillow goes, the duvet stays": what stays only says what does not go.
        wishes -= {"keep", "change"}
    if not wishes:
        return None
    left = " ".join(each for each in rest if each)
    if wanted and spared and not _OF_NO_THING.sub("", left):
        # "Don't swap the lamp, cancel one": of what is said in the words that turn it down.
        left = f"{' '.join(spared)}, {left}" if left.isascii() else f"{''.join(spared)}，{left}"
    return TurnedDown(frozenset(wishes), left if _NOISE.sub("", left) else "")


def asks_plainly(text: str) -> bool:
    """Whether some clause of `text` calls goods off, sends them back or swaps them, by a name."""
    return bool(text) and any(_asks_plainly(clause, between) for clause, between in clauses_of(text))


def _asks_plainly(clause: str, behind: str) -> bool:
    verb = _NO_LONGER.search(clause) or _GOES.search(clause)
    if verb is None or _QUESTION.search(clause + behind):
        return False
    return _names_in(clause) and _NEGATION.search(_NO_LONGER.sub(" ", clause)) is None


def _names_in(clause: str) -> bool:
    """Whether a clause holds more than verbs, pronouns and words that only lead to something else."""
    if _ELSE_NOT.search(clause):
        return False
    bare = _NO_NAME.sub(" ", _GOES.sub(" ", _NO_LONGER.sub(" ", clause)))
    return _NOISE.sub("", bare) != ""


def turns_down(down: TurnedDown | None, kind: ChangeKind) -> bool:
    """Whether what is said not to do is what `kind` would do."""
    return down is not None and bool(down.wishes & verbs_of(kind))


def begins_nothing(down: TurnedDown, kind: ChangeKind) -> str | None:
    """The rest of a message that was understood as `kind`, and wants just that not to be; None where it begins it.

    "I don't want a new order" resembles calling one off. What stays beside what is wanted, 跑鞋退了 烤架留着, is told
    by its name.
    """
    wanted = {wish for wish, pattern in _WANTED.items() if pattern.search(down.rest)}
    wanted |= {"cancel", "return"} if _NO_LONGER.search(down.rest) else set()
    if down.wishes <= {"keep", "change"} and wanted & {*verbs_of(kind), kind.wish}:
        return None
    resembling = frozenset({"order", "exchange"}) if kind.wish == "cancel" else frozenset()
    if not down.wishes & verbs_of(kind) and asks_plainly(down.rest):
        return None
    return down.rest if down.wishes & (verbs_of(kind) | resembling) else None


def verbs_of(kind: ChangeKind) -> frozenset[str]:
    """By which verbs a kind is turned down."""
    own: set[str] = {str(each) for each in (kind.wish, kind.verb) if each}
    named = {
        "erasure": "delete",
        "address": "address",
        "place": "order",
        "reorder": "order",
        "invoice": "invoice",
        "correct_invoice": "invoice",
    }
    own |= {named[kind.key]} if kind.key in named else set()
    if kind.goes_back:
        own.add("return")
    if kind.swaps:
        own.add("exchange")
    if own & {"delete", "return", "exchange"} or kind.wish == "cancel":
        own.add("keep")
    return frozenset(own | {"change"})


def _without_denial(clause: str, wishes: set[str]) -> str:
    """What a clause that turns something down names beside that; empty where it names nothing."""
    for wish in wishes & _NEGATED.keys():
        clause = _NEGATED[wish].sub(" ", clause)
    clause = _KEPT.sub(" ", clause) if "keep" in wishes else clause
    return clause.strip() if _OF_NO_THING.sub("", clause) else ""


def _negated_in(clause: str) -> set[str]:
    found = set()
    for wish, pattern in _NEGATED.items():
        match = pattern.search(clause)
        if match is not None and not _BEFORE.search(clause[: match.start()]):
            found.add(wish)
    kept = _KEPT.search(clause)
    if kept is None or _BEFORE.search(clause[: kept.start()]) or _NOT_KEPT.search(clause[: kept.start()]):
        return found
    beside = f"{clause[: kept.start()]} {clause[kept.end() :]}"
    if not _goes_plainly(beside):
        found.add("keep")
    return found


def _goes_plainly(said: str) -> bool:
    """Whether something goes by the words beside those of what stays: "keep that one and cancel the other"."""
    for pattern in _NEGATED.values():
        said = pattern.sub(" ", said)
    goes = _GOES.search(said)
    if goes is None or _NEGATION.search(said[: goes.start()]):
        return False
    object_of = said[goes.start() :]
    return _OTHERS.search(object_of) is not None or _names_in(_WHAT_GOES_ON.sub(" ", object_of))
