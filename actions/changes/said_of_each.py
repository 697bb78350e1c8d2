"""What a message says of each of several goods of one order: this one is called off, that one stays, another becomes …

Each clause's verb is said of the thing that the clause names, or of the one named last: "the kettle is to be swapped, it's
the lamp that is cancelled", 吸尘器不换 是取消一台. A verb that is denied is wanted of nothing.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from actions.changes.left_alone import as_left
from actions.changes.other_one import means_the_other
from actions.changes.turned_down import clauses_of, says_nothing
from actions.resolver import Focus, LineCandidate, LineRequest, clauses_apart, read_requests
from actions.resolver.lines import line_pool, read_lines
from actions.resolver.portions import portion

_OFF: Final = re.compile(
    r"\b(?:cancel\w*|call\w* (?:\w+ ){0,3}off|drop\w*|remov\w*|scrap\w*|delet\w*|return\w*|refund\w*"
    r"|take (?:\w+ ){1,4}(?:off|out)|send (?:\w+ ){1,4}back|get rid of|(?:is|are)n['’]?t (?:needed|wanted)"
    r"|(?:don['’]?t|do not|no longer) (?:want|need)|(?:can|should|must) go|not (?:needed|wanted))\b"
    r"|取消|撤|退|删|去掉|不(?:想|需)?要",
    re.IGNORECASE,
)
"""Something is called off in so many words."""
_SWAP: Final = re.compile(
    r"\b(?:swap\w*|chang(?:e|es|ed|ing)|exchang\w*|switch\w*|replac\w*|instead)\b|换|改", re.IGNORECASE
)
_CANCEL: Final = re.compile(r"\b(?:cancel\w*|return\w*|refund\w*|drop\w*|remov\w*)\b|取消|退|撤", re.IGNORECASE)
_IF: Final = re.compile(
    r"\b(?:if|unless|otherwise|or else|in case|provided|as long as)\b"
    r"|要是|如果|假如|万一|的话|否则|不然|没有?[^，。,.]{0,6}就|没货|除非|超过",
    re.IGNORECASE,
)
_DO: Final = (
    r"(?:cancel(?:l?ed|l?ing|lation)?|swap(?:ped|ping)?|exchang(?:e|ed|ing)|chang(?:e|ed|ing)|replac(?:e|ed|ing)"
    r"|switch(?:ed|ing)?|return(?:ed|ing)?|refund(?:ed|ing)?|remov(?:e|ed|ing)|drop(?:ped|ping)?)"
)
_BARE_DENIAL: Final = re.compile(
    r"\A(?:"
    r"\W*(?:(?:no|nope|i|said|it['’]?s|that['’]?s|it|is|are|was|and|but|please|so)\b\W*)*"
    r"(?:(?:do ?n['’]?t|do not|did ?n['’]?t|never|not|no(?= (?:need to |want to )?\w+(?:ing|ation|ed)\b| need\b))\b"
    rf"(?: (?:want|ask|say|mean|need|to|for|have|be|me|you|a|any|the))* {_DO})"
    r"(?: (?:it|them|that|those|anything|everything|any of (?:it|them)|at all|please|yet|though|an?|for))*\W*"
    r"|\W*(?:我|这|那)?(?:不是|没说要?|不用|不要|不|别|并不是|又不是)(?:要|说|叫你|让你|给我|帮我)*(?:整单)?(?:取消|换货?|改|退货?)"
    r"(?:掉|了|啊|哦|呀|的|吧)*\W*"
    r")",
    re.IGNORECASE,
)
"""A clause that takes a verb back and names nothing: "not swapped", 不是取消."""
_ZH_DENIED: Final = re.compile(
    r"(?:并|又)?(?:不是|没说要?|不用|不需要|不|别)(?:要|说|叫你|让你|给我|帮我)*(?:取消|换|退)(?:掉|了|啊|的|货)*(?=[，。,.!！\s]|$)"
)
"""The same behind a name: 吸尘器不换."""
_DIVIDES: Final = re.compile(
    r"\s+but\s+|\s+(?:and|then|while)\s+(?=(?:please |also |then |just |i want (?:to )?|the )*(?:cancel|drop|remove|swap|change|exchange|switch"  # noqa: E501
    r"|replace|make|turn|keep|leave|return|take)\b)",
    re.IGNORECASE,
)
_EXCEPTED: Final = re.compile(
    r"\b(?:all|everything|anything|every|whole|entire|lot|rest|none|nothing)\b[^,.;!?，。；！？]*$", re.IGNORECASE
)
"""Before a "but" that leaves out what it names: "all of my order but the lamp"."""
_WITHOUT: Final = re.compile(
    r"\b(?:but|except|excluding|apart from|aside from|other than|save for|bar|besides|without)\b"
    r"|除了?|以外|之外|除外",
    re.IGNORECASE,
)
_WISHES: Final = re.compile(
    r"(?:(?:please|just|only|then|also|i|we|you|can|could|would|do ?n['’]?t|do not|to|want|like)\b\W*)*"
    r"(?:cancel|drop|remove|swap|change|exchange|switch|replace|make|turn|keep|leave|return|send|take|put|have|need|it)\b",
    re.IGNORECASE,
)
_RIGHT: Final = re.compile(
    r"\b(?:is|are|['’]s|looks?) (?:all |just |quite )?(?:right|correct|fine|good|ok|okay|perfect)\b"
    r"|(?<!不)对|没错|没问题|可以|[行好](?:的|了|$)",
    re.IGNORECASE,
)
_STAYS: Final = re.compile(r"\b(?:keep|leave|stays?|as it is|cancel\w*)\b|留|不[动换取退改]|别", re.IGNORECASE)
_WHAT_ABOUT: Final = re.compile(r"\W*(?:\b(?:but|and|so)\b\W*)*\b(?:what|how) about\b", re.IGNORECASE)
_CORRECTS: Final = re.compile(
    r"^\W*(?:no+|nope|nah|wait|wrong|not|sorry|actually|hey|stop)\b|\b(?:only|just|i (?:said|meant|mean|told you))\b"
    r"|^\W*(?:不是|不对|错|反了|等等|别|喂|哎)|只|仅|才是|我说的?|而是|取消的是",
    re.IGNORECASE,
)
"""What comes takes the place of what was called off before."""
_BESIDES: Final = re.compile(
    r"\b(?:also|too|as well|another|both|plus|in addition|on top)\b|也|还(?!是|款)|一起|一并|一块|同样|再(?!说)|另外|都",  # noqa: E501
    re.IGNORECASE,
)
"""What comes is besides: it takes the place of nothing."""
_ASKS_OF_DONE: Final = re.compile(
    r"^\W*(?:(?:but|and|so|wait|sorry|hey|ok(?:ay)?|hm+|oh)\W+)*(?:did|was|were|has|is|are|have (?=you|they|i|we))\b"
    r"(?! (?:it|there|that) (?:possible|ok|okay|a way)\b)[^,.;!?]*\b(?:cancel|return|refund|swap|chang|exchang|switch|replac|remov|dropp)\w*(?:ed|led)\b"  # noqa: E501
    r"|(?:取消|退|换|撤)(?:掉|好)?了?(?:吗|么|没有?(?=\W*$))|(?:是不是|有没有)[^，。]*(?:取消|退|换|撤)",
    re.IGNORECASE,
)
"""A question whether something was done."""


@dataclass(frozen=True)
class SaidOfEach:
    """`gone`: the lines that are called off, with how many pieces (None: all). `becomes`: those of which other versions
    are wanted, `swaps` what the message says of them. `kept` are the lines that are said to stay, `uncancelled` those not to be called off,
    `unswapped` those not to be changed. `corrects`: nothing else is called off than `gone`.
    """  # noqa: E501

    gone: Mapping[str, int | None] = field(default_factory=dict)
    swaps: str = ""
    becomes: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    uncancelled: frozenset[str] = frozenset()
    unswapped: frozenset[str] = frozenset()
    corrects: bool = False


def without_bare_denials(text: str) -> str:
    """`text` without clauses that only take a verb back: "cancelled, not swapped", 不是换 是取消."""
    parts = clauses_of(_divided(text))
    left = [said + between for said, between in parts if not _BARE_DENIAL.fullmatch(said.strip())]
    return "".join(left) if left and len(left) < len(parts) else text


def _divided(text: str) -> str:
    """`text` with commas for the words between its clauses; "all of it but the lamp" is one."""

    def comma(between: re.Match[str]) -> str:
        leaves_out = between[0].strip().lower() == "but" and _EXCEPTED.search(text, 0, between.start()) is not None
        return between[0] if leaves_out and not _WISHES.match(text, between.end()) else ", "

    return _DIVIDES.sub(comma, text)


def is_bare_denial(text: str) -> bool:
    """Whether a message, or a piece of one, only takes a verb back."""
    return _BARE_DENIAL.fullmatch(text.strip()) is not None


def said_of_each(
    text: str, lines: Sequence[LineCandidate], *, focus: Focus, today: date, changing: Collection[str] = ()
) -> SaidOfEach | None:
    """What `text` says of each of `lines`; None where it says nothing of any by name, or what is to happen in some case only.

    `changing`: lines that become other versions where they are named and no other wish is.
    """  # noqa: E501
    text = _without_questions(text)
    if _IF.search(text):
        return _in_some_case(text, lines, focus, today)
    divided = clauses_apart(_divided(_WHAT_ABOUT.sub(". what about", text)))
    said = without_bare_denials(as_left(divided))
    parts = [(clause, _named(clause, lines, focus, today)) for clause, _ in clauses_of(said)]
    named = set().union(*(keys for _, keys in parts)) if parts else set()
    wishes = read_requests(said, lines, focus=focus, today=today)
    if _WITHOUT.search(said) and any(wish.wish != "keep" and _leaves_out(wish) for wish in wishes):
        # "All of it but the lamp" is said of what is not named, too.
        return None
    # "No bikes", of what is offered, calls off none that was ordered.
    gone = _gone(wishes, named, parts) if any(_OFF.search(clause) for clause, _ in parts) else {}
    before = [(clause, _named(clause, lines, focus, today)) for clause, _ in clauses_of(divided)]
    stays = {
        key
        for wish in wishes
        if wish.wish == "keep" and wish.lines.status in ("one", "many") and not wish.kept_partly
        for key in {line.key for line in wish.lines.candidates} & named - gone.keys()
    }
    # "The watch is right, but …" is said of what is offered of it, whatever that is.
    stays -= {key for key in stays if _verb_of(_RIGHT, key, before) and not _verb_of(_STAYS, key, before)}
    uncancelled = {key for key in stays if _verb_of(_CANCEL, key, before)}
    unswapped = {key for key in stays - uncancelled if _verb_of(_SWAP, key, before)}
    kept = stays - uncancelled - unswapped
    unswapped |= {key for clause, keys in before if _not_swapped(clause) for key in keys & gone.keys()}
    settled = {*gone, *stays, *unswapped}
    right = {key for key in named if _verb_of(_RIGHT, key, before)}
    left = [clause for clause, keys in parts if _is_left(clause, keys, settled)]
    becomes = {
        key
        for wish in wishes
        if wish.wish == "exchange" and wish.lines.sure
        for key in {line.key for line in wish.lines.candidates} & named
    }
    # "Cancel the pink mouse" says nothing of what the other mouse becomes.
    only_off = {key for clause, keys in parts if _OFF.search(clause) and not _SWAP.search(clause) for key in keys}
    only_off -= {key for clause, keys in parts if _SWAP.search(clause) or not _OFF.search(clause) for key in keys}
    becomes |= {*changing} & named - settled - right - only_off
    swaps = "，".join(each.strip() for each in left) if becomes else ""
    if not (gone or stays or unswapped or swaps):
        return None
    return SaidOfEach(
        gone,
        swaps,
        frozenset(becomes) if swaps else frozenset(),
        frozenset(kept),
        frozenset(uncancelled),
        frozenset(unswapped),
        corrects=_CORRECTS.search(text) is not None and _BESIDES.search(text) is None,
    )


def _without_questions(text: str) -> str:
    """`text` without the clauses that ask whether something was done: "did the lamp get cancelled"."""
    parts = clauses_of(text)
    left = [said + between for said, between in parts if not _ASKS_OF_DONE.search(said)]
    return text if len(left) == len(parts) else "".join(left)


def _in_some_case(text: str, lines: Sequence[LineCandidate], focus: Focus, today: date) -> SaidOfEach | None:
    """What becomes another version where a message has a condition, which is read with the change itself."""
    wishes = read_requests(text, lines, focus=focus, today=today)
    if not _SWAP.search(text) or any(wish.wish in ("cancel", "return", "keep") for wish in wishes):
        return None
    becomes = frozenset(
        key
        for wish in wishes
        if wish.lines.sure
        for key in {line.key for line in wish.lines.candidates} & _named(text, lines, focus, today)
    )
    return SaidOfEach(swaps=text, becomes=becomes) if becomes else None


def _leaves_out(wish: LineRequest) -> bool:
    """Whether a wish is of everything, without what it names."""
    return any(reason.kind == "everything" for match in wish.lines.matches for reason in match.reasons)


_A_PAIR: Final = 2
_Parts = Sequence[tuple[str, set[str]]]
"""Clauses, each with the lines that it names."""


def _gone(wishes: Sequence[LineRequest], named: set[str], parts: _Parts) -> dict[str, int | None]:
    """The lines that are called off by their names, with how many pieces of each."""
    gone: dict[str, int | None] = {}
    pieces: dict[str, int] = {}
    for wish in wishes:
        off = wish.wish in ("cancel", "return") and wish.lines.status in ("one", "many") and wish.target is None
        for match in wish.lines.matches:
            key, changeable = match.candidate.key, match.candidate.changeable
            quantity = match.quantity if match.quantity is not None else wish.quantity
            if off and key in named:
                gone[key] = quantity
            if wish.kept_partly and quantity is not None:
                pieces[key] = quantity
            if off and key in named and quantity is None and changeable > 1:
                said = [part for clause, keys in parts if keys <= {key} and (part := portion(clause)) is not None]
                wanted = next((part.wanted for part in said if part.wanted), None)
                if changeable == _A_PAIR and any(means_the_other(clause) for clause, keys in parts if keys == {key}):
                    # "It's the other headset that is cancelled", of two.
                    wanted = 1
                if wanted is not None and wanted < changeable:
                    pieces[key] = wanted
    return {key: pieces.get(key) if quantity is None else quantity for key, quantity in gone.items()}


def _verb_of(verb: re.Pattern[str], key: str, parts: _Parts) -> bool:
    """Whether a clause that names this line has the verb."""
    return any(verb.search(clause) for clause, keys in parts if key in keys)


def _not_swapped(clause: str) -> bool:
    denied = _ZH_DENIED.search(clause)
    return denied is not None and "换" in denied[0]


def _is_left(clause: str, keys: set[str], settled: set[str]) -> bool:
    """Whether a clause may tell what something becomes: it names none that is settled, and calls nothing off."""
    if says_nothing(clause) or (not keys and _OFF.search(clause)):
        return False
    return not keys or not keys <= settled or (_SWAP.search(clause) is not None and _OFF.search(clause) is None)


def names_goods(clause: str, lines: Sequence[LineCandidate], *, today: date) -> set[str]:
    """The lines that a clause names, by their keys."""
    return _named(clause, lines, Focus(), today)


def _named(clause: str, lines: Sequence[LineCandidate], focus: Focus, today: date) -> set[str]:
    """The lines that the words of a clause name."""
    pool = line_pool(lines, focus)
    elements = read_lines(clause, pool, today)
    return {pool.keys[place] for each in elements if each.kind == "name" for place in each.strengths}
