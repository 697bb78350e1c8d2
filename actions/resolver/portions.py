"""Some of a line's pieces: "exchange one of the two, the other stays", "a white one and a red one", 只换一台，另一台留着.

Only words for pieces are read here, and taken out of the message; which goods are meant and what they become is read
off what is left of it.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from actions.resolver.pauses import with_pauses
from actions.resolver.vocabulary import mapping, phrases

RestWish = Literal["keep", "return", "cancel", "exchange"]

_THEM: Final = "\ufffc"
"""Stands where pieces were spoken of as "one" or "one of them"."""
_SILENT: Final = "\ufff9"
"""The same where nothing needs to stand once the goods are named."""
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Portion:
    """What a message says of the pieces of one line.

    `pieces` are those that something is wanted of; None where only the others are spoken of, which stay. `each` are the
    descriptions of what single pieces become, with how many of each.
    """

    pieces: int | None
    total: int | None = None
    """How many there are said to be."""
    rest: RestWish | None = None
    """What is wanted of the other pieces."""
    rest_wanted: str = ""
    """What those become, where they are to be exchanged."""
    each: Sequence[tuple[int, str]] = ()
    text: str = ""
    """The message without words for pieces, with marks where they stood."""
    alone: bool = False
    """Whether nothing but a number of pieces is said."""

    @property
    def wanted(self) -> int | None:
        """Of how many pieces something is wanted."""
        return sum(count for count, _ in self.each) or self.pieces

    def filled(self, name: str = "") -> str:
        """`text` with `name` where the pieces stood; without a name as it reads beside goods that are named."""
        if not name:
            them = "them" if re.search(r"[a-z]{2}", self.text, re.IGNORECASE) else ""
            return _tidy(self.text.replace(_THEM, them).replace(_SILENT, " "))
        if _THEM not in self.text and _SILENT not in self.text:
            return _tidy(f"{name} {self.text}")
        return _tidy(
            self.text.replace(_THEM, name, 1).replace(_SILENT, name, 1).replace(_THEM, " ").replace(_SILENT, " ")
        )


def portions_apart(text: str) -> list[Portion]:
    """How `text` may be read as different things for single pieces, likeliest first: "one in black and one in white".

    Whoever knows what there is to choose from knows which reading holds.
    """
    paused = with_pauses(text)
    said, rest, _ = _without_others(paused)
    # "One black, the other white" is said of both.
    read = _each(said if rest == "keep" else paused) if rest in (None, "keep", "exchange") else []
    return [each for each in read if not any(_GOES_HAN.search(wanted) for _, wanted in each.each)]


_GOES_HAN: Final = re.compile(r"退|取消|撤|不要")
"""Nothing becomes what goes: 两台吸尘器退一台 counts two, of which one goes."""


def portion(text: str) -> Portion | None:
    """What `text` says of some pieces of something; None where it speaks of none."""
    said = with_pauses(text)
    said, rest, wanted = _without_others(said)
    if _keeps_some().search(said):
        # "I'll keep one of them" is read with the wishes: it says how many stay.
        return None
    said, owned = _without_owned(said)
    said, denied = _without_denied(said)
    if rest is None and (staying := _one_stays().search(said)) is not None:
        # "One stays, one in black": what stays is no number of what is wanted.
        without = f"{said[: staying.start()]}, {said[staying.end() :]}"
        if _counted(without, plainly=True)[1] is not None:
            said, rest = without, "keep"
    said, pieces, total = _counted(said, plainly=rest is not None or owned is not None)
    total = total or owned or denied
    if pieces is None and (bare := _bare_number(said)) is not None:
        said, pieces = "", bare
    elif pieces is None and (counted := _of_goods(said, denied)) is not None:
        pieces, said = counted
    if pieces is None and rest is None:
        return None
    if pieces is not None and (not 0 < pieces <= _MOST or (total is not None and pieces >= total)):
        return None
    return Portion(pieces, total, rest, wanted, text=_tidy(said), alone=not _without_noise(said))


def without_others_kept(text: str) -> str:
    """`text` without what it says of other pieces that stay: "the other one stays" turns nothing down."""
    said, rest, _ = _without_others(with_pauses(text))
    return said if rest == "keep" else text


def leaves_as_is(text: str) -> bool:
    """Whether `text` says no more than that something stays: "keep one", "the rest can stay", T恤留着.

    "Keep one for me until Friday" and 给我留一件 want a thing kept in a shop.
    """
    *_, last = re.split(r"(?:[.…]{2,}|\b(?:hm+|uh|erm?)\b)[\s,]*", text.strip())
    return _STAYS.fullmatch(last.strip()) is not None and _IN_A_SHOP.search(text) is None


_STAYS: Final = re.compile(
    r"\A(?:"
    r"\W*(?:(?:and|but|so|then|just|please|ok|okay|well|actually|no|i|we|i'll|we'll|i'd|like|want|to|can|could|you)\b[\s,]*)*"
    r"(?:keep|keeping|leave|leaving)\b[^.!?;]{0,40}[\W]*"
    r"|[^.!?;,]{0,40}\b(?:(?:can|should|may|will|shall|must)(?: all| both| just)? (?:stay|remain|be kept)|stays|remains)\b[^.!?;]{0,20}\W*"  # noqa: E501
    r"|\W*[^，。！？,]{0,12}?(?:留着|留下|保留|照旧|不动|不变|别动)(?:吧|就行|就好|好了|了|即可|不用[换改退动])*\W*"
    r"|\W*(?:就|那|只|还是|我)*留[一两二三四五六\d][个件条双只台块套把张副盏支辆本](?:吧|就行|就好|好了|就够了?)?\W*"
    r")",
    re.IGNORECASE,
)
_IN_A_SHOP: Final = re.compile(
    r"\b(?:for me|for us|aside|stores?|shops?|branch|reserv\w*|hold|until|till|tomorrow|tonight|today|pick\w*|collect\w*|behind the counter)\b"  # noqa: E501
    r"|[给帮替为](?:我|咱)|店|自提|自取|预[留订]|[到去]取|留到",
    re.IGNORECASE,
)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+([,.;!?])", r"\1", re.sub(r"[ \t]+", " ", text))
    return re.sub(r"^[\s,.;:!?，。；、！]+|[\s,;:，；、]+$", "", re.sub(r"([,，;；])(?:\s*[,，;；])+", r"\1", text))


# The other pieces


def _without_others(text: str) -> tuple[str, RestWish | None, str]:
    """`text` without what it says of "the other one", and what that is."""
    found: RestWish | None = None
    wanted = ""
    for wish, pattern in _others():
        match = pattern.search(text)
        if match is None or _is_another_thing(match.group(), f"{text[: match.start()]}, {text[match.end() :]}"):
            continue
        if found is None:
            found = wish
            groups = match.groupdict()
            wanted = (groups.get("wanted") or groups.get("wanted_zh") or "").strip(" .,!?的了吧。，！？")
        text = f"{text[: match.start()]}, {text[match.end() :]}"
    return text, found, wanted


_OTHER_THING: Final = re.compile(
    r"\b(?P<which>other|remaining|second) (?!(?:ones?|pieces?|pairs?|units?|half|can|could|should|shall|will|may|must"
    r"|would|is|are|just|still|to|be|simply|all|not|in|for|into|and|but|back|please|stays?|goes|comes?|off|with|as)\b)"
    r"(?P<thing>[a-z][a-z'-]*)",
    re.IGNORECASE,
)
_OF_THINGS: Final = re.compile(
    r"\b(?:one|two|three|four|\d) of (?:the |my |these |those )?(?:two |three |four |\d )?(?!them\b|those\b|these\b)"
    r"(?P<thing>[a-z][a-z'-]+(?: (?!and\b|or\b|but\b|for\b|in\b|to\b|is\b|are\b|with\b)[a-z][a-z'-]+){0,2})",
    re.IGNORECASE,
)


def _is_another_thing(said: str, left: str) -> bool:
    """Whether "the second kettle" in `said` is no other piece of what `left` speaks of.

    It is none where `left` speaks of pieces of something else ("… and one of the bikes"), and "the second" is one only
    beside a first.
    """
    named = _OTHER_THING.search(said)
    if named is None:
        return False
    others = [found["thing"].casefold() for found in _OF_THINGS.finditer(left)]
    thing = named["thing"].casefold()
    if others and not any(thing.rstrip("s") in (w.rstrip("s") for w in other.split()) for other in others):
        return True
    return named["which"].casefold() == "second" and re.search(r"\b(?:first|one)\b", left, re.IGNORECASE) is None


@cache
def _others() -> tuple[tuple[RestWish, re.Pattern[str]], ...]:
    number = _numbers_en()
    lead = r"(?:[,;.:–-]*\s*\b(?:and|but|while|then|so|whereas|with|though)\b)*[,;.\s]*"
    no_thing = (
        r"(?! (?:orders?|parcels?|packages?|address(?:es)?|cards?|account|shop|store|request|question|day|time|way|side"
        r"|hand|return|proposal|thing|things|items?|stuff|goods)\b)"
    )
    other = rf"(?:the|my|that) (?:other|remaining|second){no_thing}(?: (?:one|piece|pair|unit|half))?(?: {number})?"
    rest = rf"(?:{other}|the rest(?: of (?:them|those))?)"
    staying = r"(?:the one (?:that|which|i|we)(?:'ll| will)? (?:stays?|keep|remains?|is left|left|is staying))"
    goods = r"(?: (?!(?:for|to|in|into|and|but|back|please|not|never|cannot|[a-z]+n['’]t)\b)[a-z][a-z'-]*){0,2}?"
    modal = r"(?: ?(?:can|could|should|shall|will|may|must|would|is|are|'s|'ll|just|still|to|be|simply|all|not)\b)*"
    will = modal.replace("|not)", ")")
    kept = (
        r"(?:stays?|staying|remains?|kept|left|fine|ok|okay|good|great|perfect|unchanged|untouched"
        r"|as (?:it is|is|it was|they are|ordered|before)|alone|changed|touched|(?:i|we|he|she|they|my \w+)(?:'ll|'m| will"  # noqa: E501
        r"| want to| would like to|'d like to|'d|'re)? (?:keep|keeps|keeping|need|needs))"
    )
    to_end = r"[^,.;!?]*?(?=[,.;!?]|$| and | but )"
    i_will = r"(?:(?:i|we|he|she|they|my \w+)(?:'ll| will|'d like to| want to| would like to| wanna|'m|'re| am|'d)? )?"
    i_wish = (
        r"(?:(?:i|we)(?:'d| would|'ll| will)?(?: (?:rather|prefer to|like to|love to|want to|wish to|need to|just|then))*"  # noqa: E501
        r"|to) "
    )
    for_money = r"(?: (?:for|and get) (?:the |my |a )?(?:money(?: back)?|refund|cash))?"
    keeps = (
        r"(?:keeps?|keeping|leave|leaving|hold(?:ing)? on to|hang on to|(?:don'?t|do not|no need to) (?:touch|change))"
    )
    han_other, han_end = _other_zh(), r"(?=[，。,.;；!！?？]|$)"
    han_kept = (
        r"(?:留着?|留下|保留|不[变动换改退要换]?[变动换改退]|不用[换改动退管]|不取消|照旧|别[动换改退管]|还要|要留|原样|就这样|没问题"
        r"|还?是?原来的|自己留|不用了?)"
    )
    flags = re.IGNORECASE
    return (
        (
            "exchange",
            re.compile(
                rf"{lead}(?:\b(?:exchange|swap|change|switch|turn|make)\w* (?:{other}|{staying})(?: (?:for|to|into|in|with))*"  # noqa: E501
                rf"|(?:{other}|{staying})(?: (?:should|shall|must|can|could|will|to|be|become|come|in|as|for|into|into a"  # noqa: E501
                r"|would be))+) (?!not\b|be\b|back\b|(?:can |just |also |please )*(?:stay|kept|keep|left|go|cancel|return|fine"  # noqa: E501
                rf"|remain|unchanged|ok))(?P<wanted>[^,.;!?]+)|(?:{han_other}|留下的(?:那[{_measures()}])?)[^，。,]{{0,3}}?"
                rf"(?:换|改)(?:成|为)(?P<wanted_zh>[^，。,;；!！?？]+)",
                flags,
            ),
        ),
        (
            "return",
            re.compile(
                rf"{lead}(?:(?:i'?d like to |i want to |please )?(?:send|return|ship|give|bring)(?:ing)? {other}{goods}"
                rf"(?: back| to you)?|{other}{goods}{will}(?: ?(?:go(?:es|ing)?|come|sent|send) back"
                rf"| ?returned| ?refunded)|{other}{goods} {i_wish}(?:(?:send|ship|give|bring)(?: it)? back|return){for_money}"  # noqa: E501
                rf"|refund(?: me)? (?:for )?{other})(?: please| too)?(?=[,.;!?]|$| and | but | to )"
                rf"|[，,；;]?\s*(?:把|将)?{han_other}[^，。,一二两三\d]{{0,4}}?(?:退货?退?款?|寄回)[掉了吧去来给你们]*{han_end}"
                rf"|[，,；;]?\s*(?:退|寄回)掉?{han_other}{han_end}",
                flags,
            ),
        ),
        (
            "cancel",
            re.compile(
                rf"{lead}(?:(?:cancel|drop|remove|scrap|delete|skip|call off)\w* {other}{goods}(?: off)?"
                rf"|(?:i |we )?(?:don'?t|do not|no longer) (?:want|need) {other}{goods}"
                rf"|{other}{goods} {i_wish}(?:cancel|drop|remove|call off){for_money}"
                rf"|{other}{goods}{will} ?(?:cancel\w*|dropped|removed|not needed|needless|go))(?: please| too)?"
                rf"(?=[,.;!?]|$| and | but )"
                rf"|[，,；;]?\s*(?:把|将)?{han_other}[^，。,一二两三\d]{{0,4}}?(?:取消|撤|不要)[掉了吧去]*{han_end}"
                rf"|[，,；;]?\s*(?:取消|不要)掉?{han_other}{han_end}",
                flags,
            ),
        ),
        (
            "keep",
            re.compile(
                rf"{lead}(?:(?:and |but )?{rest}{goods}{modal} ?{kept}\b{to_end}"
                rf"|(?:please )?{i_will}{keeps} {rest}{goods}(?: (?:as (?:it|they) (?:is|are|was|were)|as is|alone"
                rf"|unchanged|untouched|please|though))*(?=[,.;!?]|$| and | but )"
                r"|\b(?:he|she|they|i|we|my \w+)(?:'ll| will)? keeps? (?:his|hers|theirs|mine|ours)(?: one)?(?=[,.;!?]|$| and | but ))"  # noqa: E501
                rf"|[，,；;]?\s*(?:把|将)?{han_other}[^，。,]{{0,6}}?{han_kept}[^，。,;；!！?？]{{0,6}}"
                rf"|[，,；;]?\s*(?:留着?|保留|别[动换改退]|不[动换改退])(?:着|下)?{han_other}{han_end}"
                r"|[，,；;]?\s*(?:他|她|我)的?(?:那[个件台块条双只])?自?己?(?:留着|要留|不退|不换|自己留)[了吧的着]*(?=[，。,.;；!！?？]|$)",
                flags,
            ),
        ),
    )


def _other_zh() -> str:
    measure = _measures()
    return (
        rf"(?:另外?(?:的|那)?[一1]?[{measure}]|另一|(?:剩下?|其余|余下|剩)的?(?:那|这)?[一1][{measure}]"
        rf"|(?:剩下?|其余|余下|留下)的那[{measure}])"
    )


# Which of them become what


def _each(text: str) -> list[Portion]:
    """That single pieces become different things: "a white one and a red one", 一黑一白."""
    read: list[Portion] = []
    for pattern in _each_patterns():
        at = 0
        while (found := pattern.search(text, at)) is not None:
            at = found.start() + 1
            entries: list[tuple[int, str]] = []
            groups = found.groupdict()
            for place in "ab":
                wanted = _bare_value(groups.get(f"d{place}") or "")
                if wanted:
                    entries.append((_number(groups.get(f"n{place}") or "") or 1, wanted))
            if len(entries) < 2 or sum(count for count, _ in entries) > _MOST:
                continue
            if len({wanted.casefold() for _, wanted in entries}) < len(entries):
                continue
            goods = groups.get("g") or groups.get("h") or ""
            left = f"{text[: found.start()]} {goods} {_SILENT} {text[found.end() :]}"
            read.append(Portion(None, each=tuple(entries), text=_tidy(left)))
    return read


def _bare_value(words: str) -> str:
    words = re.sub(
        r"^(?:a|an|the|in|to|for|be)\s+|\s+(?:one|please|pls)$",
        "",
        words.strip(_ENDS),
        flags=re.IGNORECASE,
    )
    return words.strip(_ENDS)


_ENDS: Final = " .,!?的了吧呢啊呀哦嘛哈。，！"


@cache
def _each_patterns() -> tuple[re.Pattern[str], ...]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    into = r"(?: (?:in|to|into|as|for|should be|shall be|becomes?|be|should become|with|goes to|will be|can be|can become))?(?: an?| the)?"  # noqa: E501
    value = r"(?!(?:of|back|stays?|please|more|other|only|is|go(?:es)?|that|each|in|to|into|as|become)\b)[\w/-]+(?: (?!(?:and|but|one|the other|in|to|into|becomes?|should|i|we)\b)[\w/-]+){0,4}?"  # noqa: E501
    joined = r"(?:\s*(?:,|;|/|\+|&)\s*|\s+)(?:(?:and|&|plus|then|but) )?"
    second = rf"(?:(?:the )?(?:other|second|another)(?: one| (?!one\b)[a-z-]+(?= (?:to|into|for|should|in|becomes?)\b))?|an?(?= [\w /-]*\bone\b)|(?P<nb>{number}))"  # noqa: E501
    ends = r"(?: ones?)?(?: please| pls)?(?=[,.;!?]|$| if\b| instead\b)"
    han_value = r"[^，。,.;；、!！?？一二两三四五六\d和跟换改要]{1,10}?"
    long_value = r"[^，。,;；!！?？]{1,30}?"
    becomes = r"(?:[\u4e00-\u9fff]{0,6}?)(?:换成|改成|换为|改为|换|改)"
    become = r"(?:想|要|我|就|给我|帮我)*(?:换成|改成|换为|改为|换|改|要|是|来|成)?"
    return (
        # "one in black and one in white", "one black, the other white", "two to navy and one to red"
        re.compile(
            rf"(?:\b(?:with|into|to|for|as|get|have|want|make|need) )?\b(?:the first(?: one)?|(?P<na>{number}))"
            rf"(?: (?:out )?of (?P<g>(?:the|my|them|these|those)(?: (?:two|2))?(?: (?!(?:in|to|as)\b)[\w-]+){{0,3}}?)"
            rf"|(?<!\bthe first) (?P<h>(?!(?:one|of)\b)[a-z][\w-]*(?: [a-z][\w-]*)??)(?= (?:to|into|for|should|becomes?)\b))?{into} (?P<da>{value}){joined}{second}{into} (?P<db>{value}){ends}",  # noqa: E501
            re.IGNORECASE,
        ),
        # "a white one and a red one"
        re.compile(
            r"(?:\b(?:with|into|to|for|as|get|have|want|make|need) )?\b(?:an?|the) "
            rf"(?P<da>{value}) one(?:\s*(?:,|;|/)\s*|\s+)(?:and )?(?:an?|the) (?P<db>{value}) one{ends}",
            re.IGNORECASE,
        ),
        # 一件换成黑的，另一件换成白的; 一个要白的一个要红的
        re.compile(
            rf"(?:换成|改成|换|改|要)?第?(?P<na>{han})[{measure}]{become}(?P<da>{han_value})的?[，,、和跟 ]*"
            rf"(?:另外?(?:一|的|那)?|剩下?的?那?|第[二2两]|(?P<nb>{han})(?![样起定直般共下点些]))[{measure}]?{become}(?P<db>{han_value})的?(?=[，。,.;；!！?？吧]|$)"
        ),
        # 一台改成15寸16G的，另一台改成最便宜的17寸: with their verbs, whatever numbers the values have
        re.compile(
            rf"第?(?P<na>[一1])[{measure}]{becomes}(?P<da>{long_value})的?[，,；;、。 ]+(?:然后|还有|而)?"
            rf"(?:另外?(?:一|的|那)?|剩下?的?那?|第[二2两]|还有一|(?P<nb>[一1]))[{measure}]{becomes}"
            rf"(?P<db>{long_value})的?(?=[，。,.;；!！?？吧]|$)"
        ),
        # 一黑一白
        re.compile(
            rf"(?:换成|改成|换|改|要)?(?P<na>[一1])(?P<da>[^{measure}，。,一\d\s]{{1,3}}?)(?:的)?[，、, ]?(?P<nb>[一1])"
            rf"(?P<db>[^{measure}，。,一\d\s]{{1,3}})(?:的)?(?=[，。,.;；!！?？吧]|$)"
        ),
    )


# How many


def _without_owned(text: str) -> tuple[str, int | None]:
    """`text` without how many there are ("the mugs I got two of"), where it goes on behind that, and that number."""
    found = _owned().search(text)
    if found is None or not re.search(r"\w", text[found.end() :]):
        return text, None
    goods = found["goods"] or ""
    return f"{text[: found.start()]}{goods and ' '}{goods}{text[found.end() :]}", _number(found["n"])


@cache
def _owned() -> re.Pattern[str]:
    return re.compile(
        rf"\s*\b(?:(?:that|which) )?(?:i|we)(?:'ve|'d| have| had)?(?: (?:got|have|own|ordered|bought|received|purchased))"  # noqa: E501
        rf" (?P<n>{_numbers_en()}) of(?: (?:them|(?P<goods>(?:the|these|those) [\w-]+(?: [\w-]+)?)|those|these))?"
        r"(?=\s*[,.;:!?–-])",
        re.IGNORECASE,
    )


def _without_denied(text: str) -> tuple[str, int | None]:
    """`text` without the number that is not meant ("not both", "instead of two", 不是两台), and that number."""
    found = _denied().search(text)
    if found is None:
        return text, None
    said = next((value for value in found.groupdict().values() if value), "")
    count = 2 if re.fullmatch(r"both|俩", said, re.IGNORECASE) else _number(said)
    return f"{text[: found.start()]}, {text[found.end() :]}", count


@cache
def _denied() -> re.Pattern[str]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    return re.compile(
        rf"\b(?:and not|not|instead of|rather than|don'?t (?:want|need|mean))(?: (?:the|all|for))* (?:(?P<a>both|{number}))"  # noqa: E501
        rf"(?: of (?:them|those|these|it))?(?! of\b)(?: (?:pieces|pcs|units|pairs))?"
        rf"|(?:而?不是|不要|别|没让你)(?:换|退|改|取消)?(?P<b>{han}|俩)[{measure}]?(?:都(?:换|退|改|取消))?"
        rf"|(?:你?(?:这|那|上面|单子|显示|写)[^，。,]{{0,4}}|你?)(?:写的|显示的?|是|写着|写了|变成了?)(?P<c>{han})[{measure}](?:[了啊呀]|$)",
        re.IGNORECASE,
    )


def _counted(text: str, *, plainly: bool) -> tuple[str, int | None, int | None]:
    """`text` with marks in place of the pieces that are wanted, how many these are, and out of how many.

    `plainly`: others are spoken of too. Without that, and without an "only", the "one" of "I want one in black" is
    what is wanted, and counts nothing.
    """
    for mark, pattern in _counts():
        found = pattern.search(text)
        if found is None:
            continue
        groups = found.groupdict()
        if groups.get("w") is not None and not (plainly or _ONLY.search(found.group())):
            continue
        pieces = _number(next((value for name, value in groups.items() if name.startswith("n") and value), ""))
        if pieces is None:
            continue
        said = groups.get("t") or ""
        total = 2 if said.casefold() == "both" else _number(said)
        before = groups.get("v") or groups.get("z") or ""
        after = text[found.end() :]
        put = mark
        if mark == _THEM and _GOODS_FOLLOW.match(after):
            put = "the"
        if groups.get("to"):
            # 一个要白的
            return f"{text[: found.start()]}{put}换成{after}", pieces, total
        if before and not before[-1:].isascii():
            return f"{text[: found.start()]}{put}{before}{after}", pieces, total
        return f"{text[: found.start()]}{before} {put} {after}", pieces, total
    return text, None, None


_ONLY: Final = re.compile(r"\b(?:only|just|exactly)\b", re.IGNORECASE)
_GOODS_FOLLOW: Final = re.compile(
    r"\s*(?!(?:for|to|into|in|with|back|please|pls|on|at|instead|go|goes|should|can|could|is|are|as|if|because|since|and|or|but"
    r"|that|which|from|be|becomes?|off|only|was|i|we|you|has|have|it|them|then)\b)[a-z]",
    re.IGNORECASE,
)


@cache
def _counts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    only = r"(?:only |just |exactly )*"
    verbs = (
        r"exchang\w*|swap\w*|chang\w*|switch\w*|replac\w*|return\w*|send(?:ing)?|ship|giv\w+|bring|cancel\w*|drop|remove"
        r"|take|turn|refund(?: me)?(?: for)?"
    )
    wants = r"get|make|have|want|need|meant?|like"
    act = r"(?:换|退|改|取消|撤|寄回)(?:掉|货|下)?"
    wish = r"(?:想|要|需要|能|可以|帮我|给我|我|先|就|也|都|打算|希望|能不能|可不可以)*"
    return (
        (
            _THEM,
            re.compile(
                rf"\b{only}(?P<n1>{number}) (?:out )?(?:of|from)(?: (?:the|my|these|those|our|them|both(?! of)|it|all|your))*"  # noqa: E501
                rf"(?: (?P<t>both|{number}))?(?: (?:of )?(?:them|those|these))?(?=[ ,.;!?]|$)",
                re.IGNORECASE,
            ),
        ),
        (
            _THEM,
            re.compile(
                rf"\b(?P<v>(?:{verbs})(?: back| off)?) {only}(?P<n1>{number})(?= (?:for|to|into|in|with|back|please|pls"
                r"|against|instead|only|off|as|at|because|since|and|but|if|on)\b|[,.;!?]|$)",
                re.IGNORECASE,
            ),
        ),
        (
            _THEM,
            re.compile(
                rf"\b(?P<v>(?P<w>{wants})) {only}(?P<n1>{number})(?= (?:for|to|into|in|with|back|please|pls|instead|only|as"  # noqa: E501
                r"|and|but|if)\b|[,.;!?]|$)",
                re.IGNORECASE,
            ),
        ),
        (
            _SILENT,
            re.compile(
                rf"(?P<v>(?P<w>(?:^|[,;.!?:]\s*|\b(?:and|but|no|ok|okay|yes|please|well|actually|so) ))){only}(?P<n1>{number})"  # noqa: E501
                r"(?= (?:in|to|into|for|as|with|only)\b)",
                re.IGNORECASE,
            ),
        ),
        (
            _SILENT,
            re.compile(
                rf"(?P<v>(?:^|[,;.!?:]\s*|\b(?:and|but|no|ok|okay|yes|please|well|actually|so) )){only}(?P<n1>{number})"
                r"(?= (?:should|shall|becomes?|goes|can|could|has to|is to|needs to|back|will)\b)",  # noqa: E501, RUF100
                re.IGNORECASE,
            ),
        ),
        (_SILENT, re.compile(rf"(?:把|将)?(?:其中|里面|里头)的?(?P<n1>{han})[{measure}]")),
        (
            _SILENT,
            re.compile(
                rf"(?P<z>[只就仅]{wish}{act})(?P<n1>{han})[{measure}](?![大小]?[号码])(?=[^，。,.;；]|[，。,.;；]|$)"
            ),
        ),
        (
            _SILENT,
            re.compile(
                rf"(?P<z>{act})(?P<n1>{han})[{measure}](?=成|为|到|就|吧|[，。,.;；!！?？、]|$|给|呗|行|可以|好|钱|掉|算|了|去|回)"
            ),
        ),
        # 换一块黑色表盘的 of two is one of them
        (
            _SILENT,
            re.compile(
                rf"(?<![都全])(?P<z>[换改](?:掉)?)(?P<n1>[一1])[{measure}]"
                r"(?!颜色|尺码|尺寸|款|型号|样|牌子|版本|新)(?=[^，。,.;；!！?？]{1,12}[的色])"
            ),
        ),
        (_SILENT, re.compile(rf"(?P<z>(?:退|取消|撤)(?:掉)?)(?P<n1>{han})[{measure}](?![大小新]?[号码的])")),
        (
            _SILENT,
            re.compile(
                rf"(?:把|将)?[只就仅]?(?P<n1>{han})[{measure}]{wish}(?P<z>{act})(?![成为到]?{han}[{measure}])(?=成|为|到|掉|吧|了|就|[，。,.;；!！?？]|$|[^，。,一])"
            ),
        ),
        (
            _SILENT,
            re.compile(
                rf"(?<![^，。,.;；!！ ])[只就仅]?(?:想|要)?(?P<n1>{han})[{measure}](?:想|我)?(?P<to>要)(?=[^，。,.;；!！?？]{{1,8}}的)"  # noqa: E501
            ),
        ),
    )


# A number alone


def _bare_number(text: str) -> int | None:
    """The number of a message that says nothing else: "just one!", 一台就行, "no. 1"."""
    left = _without_noise(text)
    return _number(left) if left else None


def _without_noise(text: str) -> str:
    """What is left of a message besides politeness and words around a number."""
    left = _NOISE.sub(" ", text.replace(_THEM, " ").replace(_SILENT, " "))
    left = re.sub(rf"(?<=[一二两三四五六七八九十\d])[{_measures()}]", "", left)
    return re.sub(r"[\W_]+", " ", left).strip()


_NOISE: Final = re.compile(
    r"\b(?:no|nope|nah|yes|yeah|yep|ok|okay|oh|hey|hi|well|wait|sorry|actually|please|pls|plz|thanks?|thank you|just|only|the|a|and"  # noqa: E501
    r"|but|so|i|we|me|my|you|said|say|mean|meant|want|wanted|need|needed|would|like|d|it|its|it's|that|that's|thats|is|s|to|be"
    r"|piece|pieces|pcs|unit|units|of|them|those|these|quantity|qty|number|enough|will|do|does|should|make|then|not|all|one of|single"  # noqa: E501
    r"|exactly|for|us|now|instead|really)\b(?! of)"
    r"|(?:我|只|就|仅|要|想|换|退|改|取消|的|了|吧|啊|呀|呢|嘛|哦|好|行|够|可以|是|不|对|请|麻烦|帮|给|数量|改成|应该|而已|才|也|先|那|嗯|成)",
    re.IGNORECASE,
)


def _of_goods(text: str, denied: int | None) -> tuple[int, str] | None:
    """The number and the name of "not 2 lamps, 1 lamp" and "no. 1 lamp", which say nothing else."""
    found = None
    if denied is not None:
        found = next(iter(reversed([*_goods_counted().finditer(text)])), None)
    elif _NO_FIRST.match(text):
        found = _goods_counted().fullmatch(_NO_FIRST.sub("", text))
    if found is None:
        return None
    pieces = _number(found["n"] or found["z"])
    return (pieces, f"{_THEM} {found['goods'] or found['ware']}") if pieces else None


_NO_FIRST: Final = re.compile(
    r"\W*(?:(?:no+|nope|wait|sorry|oh|not (?:both|all)(?: of them)?|just|only|actually)\b[\s,.!;:-]*)+|\W*(?:不是?|不对|别|哎)[，,。！!\s]+",  # noqa: E501
    re.IGNORECASE,
)


@cache
def _goods_counted() -> re.Pattern[str]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    return re.compile(
        rf"\W*(?:(?:just|only|it's|i said|i meant?|i want) )*(?P<n>{number}) "
        r"(?P<goods>(?!(?:of|in|for|to|from|back|please|more)\b)[a-z][a-z'-]+(?: [a-z][a-z'-]+){0,3}?)(?: please| only)?(?=[\s,.!?]*$|,)"  # noqa: E501
        rf"|\W*(?:只|就|我只?要|是)?(?P<z>{han})[{measure}](?P<ware>[^，。,.;；!！?？换退改取]{{1,8}})(?=[，。,.;；!！?？]|$)",
        re.IGNORECASE,
    )


@cache
def _keeps_some() -> re.Pattern[str]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    return re.compile(
        rf"\b(?:keep|keeping|leave|leaving|hold(?:ing)? on to|hang on to) (?:only |just |at least )?{number}\b"
        rf"|(?:留|保留|留着|留下)(?:{han})[{measure}]",
        re.IGNORECASE,
    )


@cache
def _one_stays() -> re.Pattern[str]:
    number, han, measure = _numbers_en(), _numbers_zh(), _measures()
    return re.compile(
        rf"\b{number}(?: of them)?(?: can| should| will| may| just)* (?:stays?|remains?|is (?:fine|ok|good))\b(?: as (?:it is|is))?"  # noqa: E501
        rf"|(?:{han})[{measure}](?:就|先|都|可以)*(?:留着|留下|保留|不[变动换改退]|不用[换改动退]|照旧|别动)[了吧着]*",
        re.IGNORECASE,
    )


# Numbers


@cache
def _numbers_en() -> str:
    words = [
        word for number, said in mapping("numbers").items() if int(number) <= _MOST for word in said if word.isascii()
    ]
    words = [word for word in words if word not in ("single", "a single")]
    said = "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))
    return rf"(?:{said}|\d{{1,2}})(?![\w.%/:]|-\w| ?(?:ml|cl|l|g|kg|cm|mm|m|inch|inches|oz|x|gb|tb|%|weeks?|days?|months?)\b)"  # noqa: E501


@cache
def _numbers_zh() -> str:
    words = [
        word
        for number, said in mapping("numbers").items()
        if int(number) <= _MOST
        for word in said
        if not word.isascii()
    ]
    return rf"(?:{'|'.join(sorted(words, key=len, reverse=True))}|\d{{1,2}})"


@cache
def _measures() -> str:
    return "".join(sorted(word for word in phrases("measure_words") if len(word) == 1 and word not in "单笔家样种款"))


def _number(word: str) -> int | None:
    word = word.strip().casefold()
    if word.isdigit():
        return int(word)
    return next((int(number) for number, words in mapping("numbers").items() if word and word in words), None)
