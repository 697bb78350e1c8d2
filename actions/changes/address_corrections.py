"""One field of an address said again: "sorry, the postcode is LS1 4BA", "门牌是14号"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from actions.changes.instead_of import mended
from actions.resolver import needs_postcode

_WITH_LETTERS: Final = r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"
_LETTERS: Final = rf"(?P<code>{_WITH_LETTERS})"
_CODE: Final = rf"(?P<code>{_WITH_LETTERS}|\d{{4,6}}(?:-\d{{3,4}})?)"
_POSTCODE: Final = re.compile(
    rf"(?:\bpost ?code\b|\bpostal code\b|\bzip(?: ?code)?\b|邮编|邮政编码)[^A-Za-z\d]*(?:(?:is|was|should be|to|be|actually)\W+)*"  # noqa: E501
    rf"(?:[^A-Za-z\d]*){_CODE}(?![A-Za-z\d])",
    re.IGNORECASE,
)
_BARE: Final = re.compile(rf"\A(?:(?:sorry|no|it'?s|oops|i mean|meant)\W+)*{_LETTERS}\W*", re.IGNORECASE)
_HOUSE: Final = re.compile(
    r"\b(?:house|door|building|street|flat)? ?(?:number|no\.?) (?:(?:is|was|should be|to|it'?s|be|actually) )*(?P<en>\d{1,5}[a-z]?)\b"  # noqa: E501
    r"|(?:门牌号?|楼号)[^\d]{0,6}(?P<zh>\d{1,5}[A-Za-z]?)(?!\d)号?",
    re.IGNORECASE,
)
_HOUSE_ALONE: Final = re.compile(
    r"\A(?:"
    r"\W*(?:(?:no+|oh|oops|sorry|wait|hang on|hold on|actually|ah|i mean(?:t)?|it'?s|it is|its|that'?s|should be|the"
    r"|number|house|is|was|wrong|my (?:bad|mistake)|make it)\W+)+(?P<en>\d{1,5}[a-z]?)(?:\W+(?:sorry|please|then))*\W*"
    r"|\W*(?:先?等等|等一?下|不对|错了|写错了?|啊|哦|噢|不好意思|抱歉|不|应该|其实|门牌号?|号码|我?(?:打|填)错了?|[是要为，,。\s])+"
    r"(?P<zh>\d{1,5}[A-Za-z]?)号(?:才对|啦|啊|呀|哦|吧)?\W*"
    r")",
    re.IGNORECASE,
)
"""A number behind a correction, and nothing else: "sorry, it's 15", 不对 是15号."""
_HOUSE_IN: Final = re.compile(r"(?<![\dA-Za-z])\d{1,5}[A-Za-z]?(?=\s|号|$|,|，)")


_DIGITS: Final = re.compile(r"\W*(?P<code>\d{4,6}(?:-\d{3,4})?)\W*")
_TOWN_LEAD: Final = re.compile(
    r"^\W*(?:(?:it'?s|it is|that'?s|in|the town is|town|city|城市|在|是)[\s:：]*)+", re.IGNORECASE
)


_STATES_TOLD: Final = """
AL alabama, AK alaska, AZ arizona, AR arkansas, CA california, CO colorado, CT connecticut, DE delaware, FL florida,
GA georgia, HI hawaii, ID idaho, IL illinois, IN indiana, IA iowa, KS kansas, KY kentucky, LA louisiana, ME maine,
MD maryland, MA massachusetts, MI michigan, MN minnesota, MS mississippi, MO missouri, MT montana, NE nebraska,
NV nevada, NH new hampshire, NJ new jersey, NM new mexico, NY new york, NC north carolina, ND north dakota, OH ohio,
OK oklahoma, OR oregon, PA pennsylvania, RI rhode island, SC south carolina, SD south dakota, TN tennessee, TX texas,
UT utah, VT vermont, VA virginia, WA washington, WV west virginia, WI wisconsin, WY wyoming, DC district of columbia
"""
_STATES: Final = {name: code for code, name in re.findall(r"([A-Z]{2}) ([a-z ]+)", _STATES_TOLD)}
_STATE_NAMES: Final = re.compile(rf"\b(?:{'|'.join(sorted(_STATES, key=len, reverse=True))})\b", re.IGNORECASE)
_STATE_CODES: Final = re.compile(rf"(?<![A-Za-z])(?:{'|'.join(_STATES.values())})(?![A-Za-z])")
_AROUND_STATE: Final = re.compile(
    r"\b(?:yes|yeah|no|ok|okay|but|and|sorry|oops|wait|actually|it'?s|it is|that'?s|that is|in|the|state(?: of)?|region|is|was|should be|be"  # noqa: E501
    r"|make it|please|pls|with|of course|not|i mean|meant|to"
    r"|don'?t|do not|drop|remove|delete|leave|out|off|keep|still|my|there|stays?|take)\b"
    r"|州|省份?|应该|还是|[别不](?:要|用|能)?(?:去掉|删掉?|拿掉|变|改|动)|保留|留着|写上?|加上?|[是在啊呀哦嘛吧的也呢了]|[\W_]",
    re.IGNORECASE,
)
_WORDS_TOO: Final = frozenset({"OK", "HI", "ME", "IN", "OR", "OH", "ID"})
"""Codes that are words, too."""
_OF_STATES: Final = re.compile(r"\b(?:state|region|in|not|to)\b|州|省", re.IGNORECASE)


def state_of(text: str) -> str | None:
    """The code of the one American state that `text` names, and nothing else: "yes, but it's Oregon, OR".

    A code that is a word as well ("OK") is a state only beside what says so: "it's in OK".
    """
    named = {_STATES[each.lower()] for each in _STATE_NAMES.findall(text)}
    told = set(_STATE_CODES.findall(text))
    plain = told - _WORDS_TOO
    if not (named or plain) and not _OF_STATES.search(_STATE_CODES.sub(" ", text)):
        return None
    codes = named | plain or told
    left = _AROUND_STATE.sub("", _STATE_CODES.sub("", _STATE_NAMES.sub("", text)))
    return codes.pop() if len(codes) == 1 and not left else None


def missing_of(address: Mapping[str, str]) -> Literal["town", "postcode"] | None:
    """What has to be asked for before anything can be sent to an address that was written out."""
    if not address.get("city"):
        return "town"
    return "postcode" if not address.get("postcode") and needs_postcode(address.get("country", "")) else None


def completed(address: Mapping[str, str], text: str) -> dict[str, str] | None:
    """`address` with the town and the postcode that `text` gives as the answer to what is missing of it; else None."""
    now = corrected(address, text) or dict(address)
    rest = text
    if (bare := _DIGITS.fullmatch(text)) is not None:
        return {**now, "postcode": bare["code"]}
    if now.get("postcode"):
        rest = re.sub(re.escape(now["postcode"]), " ", rest, flags=re.IGNORECASE)
    elif (code := re.search(_LETTERS, rest)) is not None:
        now["postcode"], rest = code["code"].upper(), rest[: code.start()] + rest[code.end() :]
    town = _TOWN_LEAD.sub("", rest).strip(" ,.;，。")
    if not now.get("city") and town and len(town.split()) <= 3 and not re.search(r"\d", town):
        now["city"] = town
    return now if now != dict(address) else None


def corrected(address: Mapping[str, str], text: str) -> dict[str, str] | None:
    """`address` with the postcode, house number or state that `text` gives; None where it gives none of them alone."""
    if (mend := mended(address, text)) is not None:
        return mend
    code = _POSTCODE.search(text) or _BARE.fullmatch(text.strip())
    house = _HOUSE.search(text) or _HOUSE_ALONE.fullmatch(text)
    now = dict(address)
    if code:
        now["postcode"] = code["code"].upper()
    if "line1" in address and (state := state_of(text)) is not None:
        now["region"] = state
    if house and _HOUSE_IN.search(now.get("line1", "")):
        now["line1"] = _HOUSE_IN.sub(house["en"] or house["zh"], now["line1"], count=1)
    return now if now != dict(address) else None
