r"""Finds what identifies an order or a buyer in a message: order and tracking numbers, e-mail, phone, postcode.

Pure functions over text, without Rasa, so that they run (and are tested) on any Python. Nothing here knows a shop's
number format: candidates come from shape and from the words beside them, and what stays ambiguous (is 4571 a
postcode, four digits of a phone number or an order?) is handed on with its alternatives to whoever knows what was
asked for.

`\b` sees no boundary between a Han character and a digit, so every pattern uses look-arounds over ASCII letters and
digits instead. Offsets are those of the original text: folding never changes a text's length.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Iterable, List, Optional, Tuple

ORDER_NUMBER = "order_number"
POSTCODE = "postcode"
EMAIL = "email"
PHONE = "phone"
PHONE_LAST4 = "phone_last4"
KINDS = (ORDER_NUMBER, POSTCODE, EMAIL, PHONE, PHONE_LAST4)


@dataclass(frozen=True)
class Identifier:
    """One candidate. `start` and `end` are offsets in the message, end exclusive.

    `kind` is the likeliest reading, `alternatives` the other possible ones. `cued` says that words beside it named
    its kind ("postcode", 尾号). `weak` ones mean something only where an answer of that kind is awaited.
    """

    kind: str
    value: str
    start: int
    end: int
    alternatives: Tuple[str, ...] = ()
    cued: bool = False
    weak: bool = False


_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−﹣"), "-")
_HAN_DIGITS = dict(zip("零〇一二三四五六七八九幺", "001234567891", strict=True))
_HAN_DIGIT_RUN = re.compile(r"(?<![零〇一二三四五六七八九幺])[零〇一二三四五六七八九幺]{4,}(?![十百千万])")


def fold(text: str) -> str:
    """The text with full-width forms, odd dashes and spelt-out Chinese digits made ASCII; same length, same case."""
    folded = []
    for character in text.translate(_DASHES):
        plain = unicodedata.normalize("NFKC", character)
        folded.append(plain if len(plain) == 1 else character)
    plain_text = "".join(" " if c in "\u00a0\u3000\t" else c for c in folded)
    return _HAN_DIGIT_RUN.sub(lambda run: "".join(_HAN_DIGITS[c] for c in run.group()), plain_text)


_L = r"(?<![A-Za-z0-9])"
_R = r"(?![A-Za-z0-9])"

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_NOT_IDENTIFIERS = re.compile(
    "|".join(
        (
            r"https?://\S+|www\.\S+",
            # Dates and times
            r"(?<![A-Za-z0-9/-])\d{4}([-/.])\d{1,2}\1\d{1,2}(?![A-Za-z0-9/-])",
            r"(?<![A-Za-z0-9/-])\d{1,2}([/.-])\d{1,2}\2(?:\d{4}|\d{2})(?![A-Za-z0-9/-])",
            r"(?<!\d)\d{4}\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?[日号])?",
            r"(?<!\d)\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?",
            rf"{_L}\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:19|20)\d\d)?{_R}",
            rf"{_L}{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+(?:19|20)\d\d)?{_R}",
            rf"{_L}(?:since|in|during|back in|year)\s+(?:19|20)\d\d{_R}",
            rf"{_L}\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?\s?(?:am|pm)?{_R}",
            rf"{_L}\d{{1,2}}\s?(?:am|pm|o'?clock){_R}",
            rf"{_L}\d+(?:st|nd|rd|th){_R}",
            # The number of a house before its street
            rf"{_L}\d{{1,5}}[A-Za-z]?\s+(?:(?!(?:is|on|my|the|to|at|in|and|for|of|from|it|its|not)\s)[A-Za-z'’.]+\s+){{1,3}}"
            rf"(?:street|st|road|rd|drive|dr|avenue|ave|lane|ln|way|court|ct|place|pl|boulevard|blvd|terrace|crescent"
            rf"|close|square|parkway|broadway|highway){_R}",
            # Money, shares, measures, counts
            r"(?:[$£€¥₹]|rmb|usd|eur|gbp)\s?\d[\d,]*(?:\.\d+)?",
            rf"{_L}\d[\d,]*(?:\.\d+)?\s?(?:%|元|块|usd|eur|gbp|rmb|dollars?|pounds?|quid|euros?|bucks|yuan|kuai)",
            rf"{_L}\d+(?:\.\d+)?\s?(?:days?|weeks?|hours?|hrs?|months?|minutes?|mins?|years?|yrs?|times|items?|pcs|"
            rf"pieces|people|things|orders|parcels|packages|ml|cl|kg|g|gb|tb|mb|cm|mm|km|inch(?:es)?|oz|lbs?){_R}",
            r"(?<![A-Za-z0-9])\d+(?:\.\d+)?\s?(?:多)?(?:天|周|星期|礼拜|个|小时|分钟|次|件|单|岁|点|折|米|斤|公斤|克|双|条|箱|包|瓶|楼|期|遍)",
            # "last 4 digits", 后4位: the 4 is no answer
            rf"{_L}last\s?(?:4|four)(?:\s?(?:digits?|numbers?))?{_R}",
            rf"{_L}(?:4|four)\s?digits?{_R}",
            r"(?:后|末|最后)\s?[4四]\s?(?:位数字|位数|位|个数字)?",
            # The tail of a bank card proves nothing here
            rf"{_L}card(?:\s+number)?(?:\s+(?:is|was))?\s+(?:ending|ends)?\s?(?:in|with)?\s?\d{{4}}{_R}",
            r"(?:银行卡|信用卡|卡号|卡)(?:的)?(?:尾号|后四位)(?:是|为)?\s?\d{4}(?!\d)",
        )
    ),
    re.IGNORECASE,
)

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+'-]*\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
    r"(?![A-Za-z0-9])"
)
_SPOKEN_EMAIL = re.compile(
    rf"{_L}([a-z0-9][a-z0-9._-]*)\s+at\s+([a-z0-9-]+(?:\s+dot\s+[a-z0-9-]+)*)\s+dot\s+(com|net|org|edu|co|uk|de|fr|cn|br|io){_R}",
    re.IGNORECASE,
)

_DIGIT_WORDS = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_DIGIT_WORD = r"(?:(?:double|triple)\s+)?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_SPOKEN_DIGITS = re.compile(rf"{_L}{_DIGIT_WORD}(?:[\s,-]+(?:{_DIGIT_WORD}|o(?![a-z]))){{3,}}{_R}", re.IGNORECASE)

_MASKED_PHONE = re.compile(r"(?<!\d)\+?\d{0,5}[-\s]?[*xX•]{2,8}[-\s]?(\d{4})(?!\d)")
_PHONE = re.compile(
    r"(?<![A-Za-z0-9#])(?:"
    r"\+\d[\d\s().-]{7,18}\d"
    r"|00\d{2}[\s-][\d\s().-]{7,16}\d"
    r"|\(\d{2,5}\)\s?\d[\d\s.-]{4,10}\d"
    r"|0\d{1,4}[\s.-]\d{3,4}(?:[\s.-]?\d{3,4}){1,2}"
    r"|0\d{9,10}"
    r"|\d{3}[-.\s]\d{3}[-.\s]\d{4}"
    r"|(?:86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}"
    r")(?![A-Za-z0-9])"
)

_CARRIER_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])(?:1Z(?:[ -]?[0-9A-Za-z]){16}|[A-Z]{2}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?[A-Z]{2})(?![A-Za-z0-9])"
)
"""UPS (1Z…) and the Universal Postal Union's S10 (RB123456789GB), also as people space them out."""
_SPACED_DIGITS = re.compile(r"(?<![A-Za-z0-9])\d{2,4}(?: \d{2,4}){2,}(?![A-Za-z0-9])")

# "SD 10023": a code typed with a space. Only capitals among small letters or Han, and no word that precedes numbers.
_SPACED_CODE = re.compile(
    r"(?<![A-Za-z0-9-])(?!(?:IS|IT|ITS|NO|NR|ID|MY|THE|FOR|ZIP|AND|NUM|IN|ON|AT|TO|OF|OR|BY|US|UK|EU|VAT|TEL|PIN|PO)\s)"
    r"[A-Z]{2,3} \d{4,10}(?![A-Za-z0-9-])"
)
_STATE_AND_ZIP = re.compile(r"[A-Z]{2} (\d{5})")
_STATE = (
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
)
_CITY_STATE_ZIP = re.compile(
    r"(?<![A-Za-z])(?!(?:Order|Number|Parcel|Tracking|Is|Where)\b)[A-Z][A-Za-z.'’-]+"
    rf",? (?:{_STATE})\.?,? (\d{{5}})(?!\d)"
)
"""The end of an address in the United States: "Austin, TX 78701"."""
_UK = r"[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}"
_UK_POSTCODE = re.compile(rf"{_L}(?:{_UK}|GIR ?0AA){_R}")
_POSTCODES = (
    (re.compile(rf"{_L}[ABCEGHJ-NPRSTVXYabceghj-nprstvxy]\d[A-Za-z][ -]\d[A-Za-z]\d{_R}"), ()),  # Canada
    (re.compile(rf"{_L}[A-Z]\d[A-Z]\d[A-Z]\d{_R}"), (ORDER_NUMBER,)),  # Canada, closed up
    (
        re.compile(rf"{_L}(?:[AC-FHKNPRTV-Y]\d[0-9W]) ?(?=\d{{0,3}}[AC-FHKNPRTV-Y])[0-9AC-FHKNPRTV-Y]{{4}}{_R}"),
        (ORDER_NUMBER,),
    ),  # Ireland
    (re.compile(rf"{_L}\d{{4}} [A-Z]{{2}}{_R}"), ()),  # Netherlands
    (re.compile(rf"{_L}\d{{4}}[A-Z]{{2}}{_R}"), (ORDER_NUMBER,)),
    (
        re.compile(r"(?<![A-Za-z0-9-])(?:\d{5}-\d{3,4}|\d{4}-\d{3}|\d{3}-\d{4}|\d{2}-\d{3})(?![A-Za-z0-9-])"),
        (ORDER_NUMBER,),
    ),
    (re.compile(r"(?<![A-Za-z0-9-])(?:\d{3} \d{2}|\d{3} \d{3})(?![A-Za-z0-9-]|\s\d)"), (ORDER_NUMBER,)),
    (re.compile(r"(?<![A-Za-z0-9-])(?:DE?|A|CH|F|LV|LT|SE|L|AD)-\d{4,5}(?![A-Za-z0-9-])"), (ORDER_NUMBER,)),
)

_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(#\s?)?([A-Za-z0-9](?:[A-Za-z0-9]|[-_/](?=[A-Za-z0-9])|\.(?=\d))*)(?![A-Za-z0-9])"
)
_GLUED = re.compile(
    r"^(?:order|ordernumber|orderno|orderid|ord(?=\d)|tracking|number|num|no|nr|dingdan|dingdanhao|danhao|postcode|zip"
    r"|youbian|is|my)[.:-]?(?=\d{3})",
    re.IGNORECASE,
)

_CUES = (
    (
        PHONE_LAST4,
        r"last\s?(?:4|four)|ending(?:\s+(?:in|with))?|ends(?:\s+(?:in|with))?"
        r"|尾号|(?:后|末|最后)\s?[4四]\s?位|手机尾|weihao",
    ),
    (EMAIL, r"e-?mail|邮箱|电邮|youxiang"),
    (
        POSTCODE,
        r"post\s?-?codes?|postal(?:\s?codes?)?|zip(?:\s?-?codes?)?|\bcep\b|\bplz\b|pin\s?code|pstcode|poscode|postcod"
        r"|邮编|邮政编码|邮政|邮码|区号|youbian",
    ),
    (PHONE, r"phone|mobile|\bcell|telephone|\btel\b|手机|电话|shouji|dianhua"),
    (
        ORDER_NUMBER,
        r"orders?|oder|ordr|odrer|orer|track(?:ing|in|ng)?|parcel|package|shipment|consignment|waybill|awb|invoice"
        r"|purchase|confirmation|reference|\bref\b|\bpo\b|订单|单号|运单|快递|物流|包裹|编号|单子|发票|dingdan|danhao|kuaidi",
    ),
)
_CUE = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _CUES), re.IGNORECASE)
# What may stand between "order" and its number, and between a number and "postcode".
_AFTER_CUE = re.compile(
    r"^[\s:：,，#()（）\"'“”‘’=\-.·—>]*"
    r"(?:(?:numbers?|no|nr|num|nbr|id|code|digits?|of|is|are|was|its|it's|it|that|the|for|my|called|reads|on|should|be"
    r"|with|in|actually|from|and|to|phone|mobile|address|which|wait|sorry|s)(?![a-z])[\s:：,，#().'=\-]*){0,6}"
    r"(?:号码|编码|应该|分别|数字|填的|改成|换成|打错了|那个|这个|号|码|是|为|的|叫|就|位|hao|shi|[\s：，,])*[:：#(（\"“'=]*$",
    re.IGNORECASE,
)
_BEFORE_CUE = re.compile(
    r"^[\s)）\"'”,，]*(?:is|was|'s|=|being|as|for|are|这个|这是|是|为|就是|\()\s*"
    r"(?:my|the|our|your|a|me|here|我的|我|这个|你们的|收货)?\s*的?\s*"
    r"(?:(?:correct|right|full|delivery|shipping|billing|收货地址)\s*)?$",
    re.IGNORECASE,
)


class _Spans:
    """Which parts of a text are taken already."""

    def __init__(self) -> None:
        self._taken: List[Tuple[int, int]] = []

    def free(self, start: int, end: int) -> bool:
        return all(end <= s or start >= e for s, e in self._taken)

    def take(self, start: int, end: int) -> None:
        self._taken.append((start, end))


def find_identifiers(text: str) -> List[Identifier]:
    """The candidates in `text`, in reading order."""
    return list(_find(text))


# The tokenizer, the extractor and the classifier look for them one after the other, in a message and in its clauses.
@lru_cache(maxsize=64)
def _find(text: str) -> Tuple[Identifier, ...]:
    folded = fold(text)
    spans = _Spans()
    found: List[Identifier] = []

    def add(kind: str, value: str, start: int, end: int, alternatives: Iterable[str] = (), weak: bool = False) -> None:
        if spans.free(start, end):
            spans.take(start, end)
            found.append(Identifier(kind, value, start, end, tuple(alternatives), weak=weak))

    for match in _EMAIL.finditer(folded):
        add(EMAIL, re.sub(r"\s", "", match.group()), *match.span())
    for match in _SPOKEN_EMAIL.finditer(folded):
        name, host, top = match.groups()
        add(EMAIL, f"{name}@{re.sub(chr(92) + 's+dot' + chr(92) + 's+', '.', host)}.{top}".lower(), *match.span())
    for match in _SPOKEN_DIGITS.finditer(folded):
        digits = _spoken_digits(match.group())
        add(ORDER_NUMBER, digits, *match.span(), alternatives=_digit_alternatives(digits))
    for match in _MASKED_PHONE.finditer(folded):
        add(PHONE_LAST4, match.group(1), *match.span())
    # Before dates and ordinals: "BS8 1TH" is no first, second, third.
    for match in _UK_POSTCODE.finditer(folded):
        add(POSTCODE, match.group(), *match.span())
    for match in _CITY_STATE_ZIP.finditer(folded):
        add(POSTCODE, match.group(1), *match.span(1))
    for match in _CARRIER_NUMBER.finditer(folded):
        add(ORDER_NUMBER, re.sub(r"[ -]", "", match.group()), *match.span())
    for match in _NOT_IDENTIFIERS.finditer(folded):
        if spans.free(*match.span()) and not _follows_order_cue(folded, match.start(), match.group()):
            spans.take(*match.span())
    for match in _PHONE.finditer(folded):
        digits = re.sub(r"\D", "", match.group())
        plain = match.group().isdigit()
        if 9 <= len(digits) <= 15:
            add(PHONE, digits, *match.span(), alternatives=(ORDER_NUMBER,) if plain else ())
    for match in _SPACED_DIGITS.finditer(folded):
        value = re.sub(r"[ -]", "", match.group())
        if len(value) >= 10:
            add(ORDER_NUMBER, value, *match.span())
    if re.search(r"[a-z\u4e00-\u9fff]", folded) or len(folded) <= 16:
        for match in _SPACED_CODE.finditer(folded):
            state = _STATE_AND_ZIP.fullmatch(match.group())
            add(ORDER_NUMBER, match.group(), *match.span(), alternatives=(POSTCODE,) if state else ())
    for pattern, alternatives in _POSTCODES:
        for match in pattern.finditer(folded):
            kind, others = POSTCODE, alternatives
            if re.fullmatch(r"\d{3} \d{2,3}", match.group()):
                value = (
                    match.group()
                    if _left_cue(folded, 0, match.start()) != ORDER_NUMBER
                    else match.group().replace(" ", "")
                )
            else:
                value = match.group()
            add(kind, value, *match.span(), alternatives=others)
    for match in _TOKEN.finditer(folded):
        _read_token(match, spans, add)
    found.sort(key=lambda each: each.start)
    return tuple(_with_cues(folded, found))


def _spoken_digits(words: str) -> str:
    digits, times = "", 1
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
            continue
        digits += _DIGIT_WORDS[word] * times
        times = 1
    return digits


def _follows_order_cue(folded: str, start: int, taken: str) -> bool:
    """Whether "order 12 …" or "#12" comes right before, so that what looks like a count is a number after all."""
    return taken[:1].isdigit() and bool(
        re.search(r"(?:#|订单号|单号|order (?:number|no\.?|id))[\s:：是is]*$", folded[:start], re.IGNORECASE)
    )


def _digit_alternatives(digits: str) -> Tuple[str, ...]:
    length = len(digits)
    others: List[str] = []
    if 3 <= length <= 8:
        others.append(POSTCODE)
    if length == 4:
        others.append(PHONE_LAST4)
    if 7 <= length <= 15:
        others.append(PHONE)
    return tuple(others)


def _read_token(match: "re.Match[str]", spans: _Spans, add) -> None:  # type: ignore[no-untyped-def]
    marked = bool(match.group(1))
    start, end = match.start(2), match.end(2)
    value = match.group(2)
    glued = _GLUED.match(value)
    if glued:
        start += glued.end()
        value = value[glued.end() :]
    if not any(c.isdigit() for c in value) or not spans.free(start, end):
        return
    halves = re.split(r"[/]", value)
    if (
        len(halves) == 2
        and all(half.isdigit() and len(half) >= 5 for half in halves)
        and len(halves[0]) == len(halves[1])
    ):
        middle = start + len(halves[0])
        add(ORDER_NUMBER, halves[0], start, middle, _digit_alternatives(halves[0]))
        add(ORDER_NUMBER, halves[1], middle + 1, end, _digit_alternatives(halves[1]))
        return
    if marked:
        add(ORDER_NUMBER, value, match.start(1), end)
        return
    if value.isdigit():
        add(ORDER_NUMBER, value, start, end, _digit_alternatives(value), weak=len(value) < 4)
        return
    digits = sum(c.isdigit() for c in value)
    joined = any(c in "-_/" for c in value)
    strong = (digits >= 3 and len(value) >= 4) or (joined and digits >= 2 and len(value) >= 4)
    shape_of_postcode = len(value) <= 8
    add(ORDER_NUMBER, value, start, end, (POSTCODE,) if shape_of_postcode else (), weak=not strong)


def _left_cue(folded: str, window_start: int, start: int) -> Optional[str]:
    window = folded[max(window_start, start - 60) : start]
    last = None
    for match in _CUE.finditer(window):
        last = match
    if last is None:
        return None
    between = window[last.end() :]
    return last.lastgroup if _AFTER_CUE.match(between) else None


def _with_cues(folded: str, found: List[Identifier]) -> List[Identifier]:
    """Applies the words beside each candidate: first "X is my postcode", then "postcode: X"."""
    result: List[Identifier] = []
    window_start = 0
    for index, each in enumerate(found):
        window_end = found[index + 1].start if index + 1 < len(found) else len(folded)
        right = folded[each.end : min(window_end, each.end + 40)]
        cue = None
        next_start = each.end
        after = _CUE.search(right)
        if after is not None and _BEFORE_CUE.match(right[: after.start()]):
            cue = after.lastgroup
            next_start = each.end + after.end()
        if cue is None:
            cue = _left_cue(folded, window_start, each.start)
        window_start = next_start
        result.append(_apply_cue(each, cue) if cue else each)
    return result


def _apply_cue(each: Identifier, cue: str) -> Identifier:
    if each.kind == EMAIL:
        return each
    digits = re.sub(r"\D", "", each.value)
    all_digits = re.fullmatch(r"[\d\s().+-]+", each.value) is not None
    if cue in (PHONE, PHONE_LAST4) and all_digits:
        if len(digits) == 4:
            return replace(each, kind=PHONE_LAST4, value=digits, alternatives=(), cued=True, weak=False)
        if len(digits) >= 7:
            return replace(each, kind=PHONE, value=digits, alternatives=(), cued=True, weak=False)
        return each
    if cue == POSTCODE and len(each.value) <= 10 and len(digits) <= 9:
        state = _STATE_AND_ZIP.fullmatch(each.value)
        value = state.group(1) if state and each.kind == ORDER_NUMBER else each.value
        return replace(each, kind=POSTCODE, value=value, alternatives=(), cued=True, weak=False)
    if cue == ORDER_NUMBER and not (each.kind == POSTCODE and not each.alternatives) and each.kind != PHONE_LAST4:
        if each.kind == PHONE and not each.alternatives:
            return each
        value = each.value.replace(" ", "")
        return replace(each, kind=ORDER_NUMBER, value=value, alternatives=(), cued=True, weak=False)
    return each


PLACEHOLDERS = {
    ORDER_NUMBER: "xxnumber",
    POSTCODE: "xxpostcode",
    EMAIL: "xxemail",
    PHONE: "xxphone",
    PHONE_LAST4: "xxnumber",
}


_LABELLED = re.compile(rf"([号单]|number|no\.?|id)\s*[:：]\s*(?={PLACEHOLDERS[ORDER_NUMBER]}\b)", re.IGNORECASE)
"""The colon between a label ("订单号：", "order no.:") and its number, which changes nothing of what is wanted."""


def mask(text: str) -> str:
    """The folded text with every identifier replaced by a word for its kind, and no colon between it and its label.

    A classifier trained on masked text understands numbers of shapes it never saw.
    """
    folded = fold(text)
    parts: List[str] = []
    position = 0
    for each in find_identifiers(text):
        if each.weak:
            continue
        parts.append(folded[position : each.start])
        ambiguous = ORDER_NUMBER in each.alternatives
        parts.append(f" {PLACEHOLDERS[ORDER_NUMBER if ambiguous else each.kind]} ")
        position = each.end
    parts.append(folded[position:])
    return _LABELLED.sub(r"\1 ", "".join(parts))
