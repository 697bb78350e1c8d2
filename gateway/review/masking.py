"""Takes personal data out of a message that is to be learnt from.

Stand-ins keep the kind of thing it was, because the assistant reads numbers by their shape. It is a first pass: the
reviewer reads and may change what is kept, and names are only found where the message introduces them or the
assistant recognised them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shopdesk_schemas.turn import Entity

EMAIL, PHONE, POSTCODE, NAME, STREET, LINK = "name@example.com", "07700 900123", "SW1A 1AA", "Alex", "1 High Street", ""
"""Stand-ins: a reserved domain (RFC 2606), a number that Ofcom keeps for fiction, a palace's postcode."""

_PERSONAL: Final = {"email": EMAIL, "phone": PHONE, "phone_last4": "0123", "postcode": POSTCODE, "name": NAME}
"""Stand-ins for what the assistant recognised, by entity."""

_ZH = r"\u4e00-\u9fff"
_RULES: Final = (
    (re.compile(r"(?:https?://|www\.)\S+", re.I), LINK),
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), EMAIL),
    (re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}(?![A-Za-z0-9])"), POSTCODE),
    (re.compile(r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)"), "4111 1111 1111 1111"),
    (re.compile(r"(?<![A-Za-z0-9-])(?:\+|00)\d[\d ().-]{7,17}\d(?!\d)"), PHONE),
    (re.compile(r"(?<![A-Za-z0-9-])1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "13800138000"),
    (re.compile(r"(?<![A-Za-z0-9-])0\d{2,4}[ -]?\d{3,4}[ -]?\d{3,4}(?!\d)"), PHONE),
    (re.compile(r"\b\d{1,5}[A-Za-z]?\s+(?:[A-Z][\w'’]+\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|"
                r"Way|Court|Ct|Place|Pl|Square|Terrace|Boulevard|Blvd)\b\.?"), STREET),
    (re.compile(rf"(?:(?![到在是至寄送址往])[{_ZH}]){{2,3}}(?:省|市|区|县|镇)[{_ZH}\dA-Za-z]{{0,20}}(?:路|街|道|巷|弄)\d+号?"
                rf"(?:[{_ZH}\d-]{{0,12}}(?:室|栋|楼|单元))?"), "北京市东城区长安街1号"),
    (re.compile(r"(?i:\b(?:my name is|i am called|my name's|name:)\s+)[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+){0,2}"),
     f"my name is {NAME}"),
    (re.compile(rf"(?:我叫|我的名字是|姓名[:：]?|收件人[:：]?)[{_ZH}]{{2,4}}"), "我叫小明"),
)  # fmt: skip
_CODE: Final = re.compile(r"(?<![A-Za-z0-9])#?[A-Za-z]{0,4}-?\d[\dA-Za-z-]{3,}(?![A-Za-z0-9])")
_STAND_INS: Final = frozenset({EMAIL, PHONE, POSTCODE, "13800138000", "4111 1111 1111 1111"})
_STAND_IN: Final = re.compile("|".join(re.escape(one) for one in sorted(_STAND_INS, key=len, reverse=True)))


def mask(words: str, entities: Sequence[Entity] = ()) -> str:
    """`words` on one line, with stand-ins for e-mail, phone, postcode, card, address, name, link and any number of an
    order, parcel or customer (its digits counted up from 1, its letters kept).
    """
    for one in sorted(entities, key=lambda entity: entity.start or 0, reverse=True):
        stand_in = _PERSONAL.get(one.entity)
        if stand_in is not None and one.start is not None and one.end is not None:
            words = words[: one.start] + stand_in + words[one.end :]
    for pattern, stand_in in _RULES:
        words = pattern.sub(stand_in, words)
    kept = [match.span() for match in _STAND_IN.finditer(words)]
    return " ".join(_CODE.sub(lambda match: _code(match, kept), words).split())


def _code(match: re.Match[str], kept: Sequence[tuple[int, int]]) -> str:
    if any(start <= match.start() and match.end() <= end for start, end in kept):
        return match.group()
    counted = iter(range(1, len(match.group()) + 1))
    return re.sub(r"\d", lambda _digit: str(next(counted) % 10), match.group())
