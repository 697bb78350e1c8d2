"""Which address words mean: a known one, or one written out in the message, read into its fields.

Written addresses are read by the shapes that national posts publish (the Universal Postal Union's addressing guides): a
Chinese one from the large to the small, others by their postcode and what stands around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from actions.resolver.candidates import AddressCandidate, OrderCandidate
from actions.resolver.catalogue import stop_words
from actions.resolver.focus import NO_FOCUS, Focus
from actions.resolver.orders import resolve_orders
from actions.resolver.places_said import without_other_places
from actions.resolver.reading import Reader
from actions.resolver.recipients import take_phone
from actions.resolver.resolution import Absent, Match, Reason, ReasonKind, Resolution, Span, Status, nothing
from actions.resolver.saved_addresses import PLACES, by_label
from actions.resolver.text import HAN, fold, stems_of, tokenise
from actions.resolver.vocabulary import mapping

_H = rf"[{HAN}]"
_CHINESE = re.compile(
    rf"(?P<region>(?:内蒙古|广西|西藏|宁夏|新疆)(?:{_H}{{0,4}}自治区)?|{_H}{{2,3}}省|香港|澳门)?\s*"
    rf"(?P<city>(?:北京|上海|天津|重庆)市?(?!省)|{_H}{{2,7}}?(?:市|自治州|地区|盟))?\s*"
    rf"(?P<district>{_H}{{1,7}}?(?:区|县|市|旗)(?!域))?\s*"
    rf"(?P<detail>[^，,;；\n]{{0,60}}?(?:路|街|道|巷|弄|胡同|村|镇|乡|小区|大厦|广场|花园|园|号|栋|幢|楼|室|单元|苑|城|中心|公寓|里)[^，,;；。\n]{{0,100}})"
)
"""An address of China. What stands before a street and behind it has an end, so that a long message is read in a time
that grows with its length and not with its square.
"""
_CHINESE_LEAD = re.compile(
    r"^.*?(?:地址到|地址|送到|寄到|寄去|发到|发去|改成|改为|改到|换成|换到|送去|(?<!不)是|为|：|:)+\s*(?:改成|改为|换成|是|为|：|:)?\s*"
)
_CHINESE_INSTEAD_OF = re.compile(r"[，,、\s]*(?:而?不是|而非|别再?[寄送发]到?|不要[寄送发]到?).*$")
_UK = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2})(?![A-Za-z0-9])")
_US = re.compile(
    r"(?P<city>[A-Za-z .'-]{1,60}?)[,\s]+(?P<state>A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"  # noqa: E501
    r"[,\s]+(?P<zip>\d{5}(?:-\d{4})?)(?!\d)"
)
_CANADA = re.compile(r"(?<![A-Za-z0-9])([ABCEGHJ-NPRSTVXY]\d[A-Z][ -]?\d[A-Z]\d)(?![A-Za-z0-9])")
_DUTCH = re.compile(r"(?<![A-Za-z0-9])(\d{4}\s?[A-Z]{2})\s+([A-Z][A-Za-zÀ-ÿ' -]+)")
_CONTINENT = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}-)?(\d{5}|\d{4}|\d{3}\s\d{2}|\d{2}-\d{3})\s+([A-ZÀ-Ý][A-Za-zÀ-ÿ'. -]+)"
)
_STREET_WORD = re.compile(
    r"(?i)\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|close|court|ct|place|pl|square|sq|boulevard|blvd|terrace|crescent|gardens?|mews|row|hill|park|rue|via|calle|plaza|avenida|allee|weg|platz|quai|broadway|highway|hwy|parkway|pkwy|circle|po box|flat|apt|apartment|unit|suite)\b|straße|strasse|str(?:\.|\b)|straat|gracht|laan|gasse"  # noqa: E501
)
_COUNTRIES = {
    "uk": "GB", "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "great britain": "GB", "gb": "GB",  # noqa: E501
    "usa": "US", "united states": "US", "us": "US", "u.s.a.": "US", "germany": "DE", "deutschland": "DE", "france": "FR",  # noqa: E501
    "netherlands": "NL", "the netherlands": "NL", "nederland": "NL", "belgium": "BE", "spain": "ES", "españa": "ES",
    "italy": "IT", "italia": "IT", "austria": "AT", "österreich": "AT", "switzerland": "CH", "schweiz": "CH", "ireland": "IE",  # noqa: E501
    "sweden": "SE", "denmark": "DK", "poland": "PL", "portugal": "PT", "china": "CN", "中国": "CN", "canada": "CA",
}  # fmt: skip
_TOWN_FIRST = re.compile(
    r"(?:[,\n;]\s*(?P<city>[A-Za-zÀ-ÿ'-]+(?: [A-Za-zÀ-ÿ'-]+){0,2})|\s(?P<last>[A-Za-zÀ-ÿ'-]+))"
    r"[,\s]+(?P<code>\d{4,5})(?!\d)"
)
"""The town before its postcode, as people write it who are not from there: "Berlin 10969"."""
_WITHOUT_POSTCODE = frozenset({"CN", "HK", "MO", "AE", "IE"})
"""Where letters arrive without one, as people write addresses there."""
_LEAD = re.compile(
    r"(?is)^.*?(?:\b(?:(?:add|save|store|remove|delete)(?=\s+\d)|address(?:\s+(?:to|is|for it is|should be|now|instead))*|deliver(?:ed)?(?:\s+it)?\s+to|sen[dt](?:\s+(?:it|them|this|that|the parcel|my order|the order|everything))?\s+to|"  # noqa: E501
    r"ship(?:ped)?(?:\s+(?:it|them|this|my order))?\s+to|go(?:es)?\s+to|change(?:d)?\s+(?:it\s+)?to|moved\s+to|live\s+(?:at|in)|it'?s|it is|instead to|use|to)\b\s*[:\-]?\s+|:\s*)"  # noqa: E501
)


def parse_address(text: str, *, country: str = "") -> AddressCandidate | None:
    """The postal address written out in `text`, read into fields; None when there is none."""
    chinese = _parse_chinese(text)
    if chinese is not None:
        return chinese
    return _parse_western(_HAN_SENTENCE.sub("\n", text), country.upper())


_HAN_SENTENCE = re.compile(rf"[{HAN}，。；：、！？（）“”…]+")
"""The Chinese sentence around an address that is written in Latin letters."""


def _parse_chinese(text: str) -> AddressCandidate | None:
    if len(re.findall(_H, text)) < 6:
        return None
    phone, rest = take_phone(text)
    rest = re.sub(r"(?:联系)?(?:电话|手机号?|联系方式)(?:号码)?(?:是|为|：|:)?", " ", rest)
    name = ""
    named = re.search(
        rf"(?:收件人|收货人|联系人|姓名|收件)(?:改成|换成|是|为|：|:)?\s*({_H}{{2,4}}?(?:先生|女士|小姐)?)(?=$|[\s，,。;；、]|电话|手机|地址)",
        rest,
    )
    if named:
        name = named[1]
        rest = rest[: named.start()] + "\n" + rest[named.end() :]
    postcode, rest = _take_chinese_postcode(rest)
    best: re.Match[str] | None = None
    for part in re.split(r"[\n。;；]", rest):
        joined = re.sub(r"(?<=[省市区县])[\s，,]+", "", _CHINESE_INSTEAD_OF.sub("", part))
        for candidate in _without_leads(joined):
            for found in _chinese_places(candidate.strip()):
                parts = sum(bool(found[g]) for g in ("region", "city", "district"))
                if (
                    parts
                    and re.search(r"\d|号|栋|楼|室|路|街|村|镇", found["detail"])
                    and (best is None or parts > _parts(best))
                ):
                    best = found
            if best is not None:
                break
        if best is not None:
            break
    if best is None:
        return None
    detail = best["detail"].strip(" ，,")
    region, city, district = _divided(best["region"] or "", best["city"] or "", best["district"] or "")
    if not name:
        tail = re.search(rf"[\s，,]({_H}{{2,4}}(?:先生|女士|小姐)?)\s*$", detail)
        lead_name = re.match(rf"^\s*({_H}{{2,4}})[\s，,]+", rest)
        after = re.search(
            rf"{re.escape(best['detail'])}[\s，,\n]+({_H}{{2,4}}(?:先生|女士|小姐)?)\s*(?:收)?\s*(?=$|[\n，,。])", rest
        )
        if tail:
            name, detail = tail[1], detail[: tail.start()].strip(" ，,")
        elif after and after[1] not in ("谢谢", "麻烦", "谢谢啦"):
            name = after[1]
        elif lead_name and phone and not re.search(r"地址|改|寄|送|麻烦|请|我", lead_name[1]):
            name = lead_name[1]
    detail = re.sub(r"(?:谢谢.*|可以吗.*|行吗.*|吧|哦|呢|哈)$", "", detail).strip(" ，,")
    return AddressCandidate(
        "typed",
        (detail,),
        city,
        district,
        region,
        postcode,
        "CN",
        name,
        phone.replace(" ", "").replace("-", ""),
        source="typed",
    )


def _without_leads(words: str) -> list[str]:
    """The words without what leads up to an address, the shortest first: "地址写错了，应该是朝阳区…"."""
    candidates = [words]
    while (lead := _CHINESE_LEAD.match(candidates[0])) and lead.end() < len(candidates[0]):
        candidates.insert(0, candidates[0][lead.end() :])
    return candidates


def _chinese_places(words: str) -> Iterator[re.Match[str]]:
    """Where an address may stand; what has a street alone is looked through for one with its district."""
    place = 0
    while found := _CHINESE.search(words, place):
        yield found
        place = found.end() if _parts(found) else found.start() + 1


_CHINESE_POSTCODE = re.compile(
    r"(?P<said>邮编(?:是|为|：|:)?\s*)?(?<![\dA-Za-z-])(?P<code>\d{6})(?![\dA-Za-z-])(?!号|室|栋)"
)
_ORDER_BEFORE = re.compile(r"(?:订单|单)号?\s*(?:是|为|：|:|#)?\s*$")


def _take_chinese_postcode(text: str) -> tuple[str, str]:
    """The six digits of a postcode, and the text without them: an order's number can have six digits too."""
    codes = [
        each
        for each in _CHINESE_POSTCODE.finditer(text)
        if each["said"] or not _ORDER_BEFORE.search(text[: each.start()])
        if each["said"] or not re.match(r"\s*(?:这个?|那个?|的)?(?:单|订单)", text[each.end() :])
    ]
    if not codes:
        return "", text
    code = next((each for each in codes if each["said"]), codes[-1])
    return code["code"], text[: code.start()] + "\n" + text[code.end() :]


_MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
_PROVINCES = (
    "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南",
    "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆",
)  # fmt: skip
_LONG_CITIES = (
    "石家庄", "秦皇岛", "张家口", "呼和浩特", "鄂尔多斯", "葫芦岛", "哈尔滨", "齐齐哈尔", "牡丹江", "佳木斯", "双鸭山",
    "七台河", "连云港", "马鞍山", "景德镇", "平顶山", "三门峡", "驻马店", "张家界", "防城港", "攀枝花", "六盘水", "嘉峪关",  # noqa: E501
    "克拉玛依", "乌鲁木齐", "石河子",
)  # fmt: skip
"""Cities whose names have more than two characters: where 市 is left out, the others end after two."""


def _divided(region: str, city: str, district: str) -> tuple[str, str, str]:
    """Province, city and district where people leave out 省 and 市: "浙江杭州西湖区", "上海徐汇区"."""
    if not region:
        joined = city or district
        bare = next((each for each in _PROVINCES if joined.startswith(each) and len(joined) > len(each) + 2), "")
        if bare and not joined[len(bare) :].startswith(("路", "街")):
            region = bare
            city, district = (city[len(bare) :], district) if city else ("", district[len(bare) :])
    if region and not city and len(district) >= 5:
        city = next((each for each in _LONG_CITIES if district.startswith(each)), district[:2])
        district = district[len(city) :]
    if city.removesuffix("市") in _MUNICIPALITIES:
        city = city.removesuffix("市") + "市"
        region = city
    return region, city, district


def _parts(found: re.Match[str]) -> int:
    return sum(bool(found[g]) for g in ("region", "city", "district"))


def _parse_western(text: str, country: str) -> AddressCandidate | None:
    phone, rest = take_phone(text)
    rest = re.sub(
        r"(?i)[,;\s]*(?:(?:my |the |and )?(?:phone|tel|mobile|cell)(?: number)?\.?(?: is)?\s*:?)\s*(?=\n|$)", "", rest
    )
    rest = re.sub(r"(?i)[,.!\s]*(?:please|thanks|thank you|thx|cheers|ok\?)[.!]*\s*$", "", rest.strip())
    region = city = postcode = ""
    abroad, rest = _country_named(rest)
    us, uk, canada, dutch, continent = (
        _US.search(rest),
        _UK.search(rest),
        _CANADA.search(rest),
        _DUTCH.search(rest),
        _CONTINENT.search(rest),
    )
    tail = ""
    if us and not uk:
        city, region, postcode = us["city"].strip(" ,"), us["state"], us["zip"]
        before, tail, country = rest[: us.start()], rest[us.end() :], "US"
        if "," not in us.group().split(us["state"])[0] and not before.rstrip().endswith(","):
            # "742 Evergreen Terrace Springfield IL 62704": the town is what follows the street's word.
            streets = list(_STREET_WORD.finditer(us["city"]))
            if streets:
                before += us["city"][: streets[-1].end()]
                city = us["city"][streets[-1].end() :].strip(" ,.")
    elif uk:
        postcode = _spaced(uk[1])
        before, tail, country = rest[: uk.start()], rest[uk.end() :], "GB"
    elif canada:
        postcode = canada[1]
        before, tail, country = rest[: canada.start()], rest[canada.end() :], "CA"
    elif dutch:
        postcode, city = dutch[1], dutch[2]
        before, tail, country = rest[: dutch.start()], rest[dutch.end() :], "NL"
    elif continent and continent.start() > 0 and re.search(r"\d", rest[: continent.start()]):
        postcode, city = continent[1], continent[2].strip()
        country = "" if country in ("GB", "US", "CA", "CN", "IE") else country
        before, tail = rest[: continent.start()], rest[continent.end() :]
    elif abroad and (there := _TOWN_FIRST.search(rest)) and re.search(r"\d", rest[: there.start()]):
        postcode, city = there["code"], (there["city"] or there["last"]).strip()
        before, tail, country = rest[: there.start()], rest[there.end() :], abroad
    else:
        return _street_only(rest, abroad or country, phone)
    before = before.strip(" ,\n")
    parts = _address_parts(before)
    named = ""
    for said, code in _COUNTRIES.items():
        if re.search(rf"(?i)(?<![a-z]){re.escape(said)}(?![a-z])", tail) or city.lower().endswith(" " + said):
            named = code
            city = re.sub(rf"(?i)[\s,]+{re.escape(said)}$", "", city)
    country = named or country
    recipient = ""
    streets_after = any(re.search(r"\d", part) or _STREET_WORD.search(part) for part in parts[1:])
    if streets_after and not re.search(r"\d", parts[0]) and not _STREET_WORD.search(parts[0]) and _is_name(parts[0]):
        recipient = re.sub(r"(?i)^(?:c/o|attn:?|for)\s+", "", parts.pop(0))
    if country in ("GB", "CA", "US") and not city and len(parts) > 1:
        city = parts.pop()
        if country == "CA":
            province = re.search(r"\s*\b([A-Z]{2})$", city)
            if province:
                region, city = province[1], city[: province.start()].strip()
                if not city and len(parts) > 1:
                    city = parts.pop()
    elif country in ("GB",) and not city and parts:
        streets = list(_STREET_WORD.finditer(parts[-1]))
        if streets and parts[-1][streets[-1].end() :].strip(" ,."):
            city = parts[-1][streets[-1].end() :].strip(" ,.")
            parts[-1] = parts[-1][: streets[-1].end()]
    if not parts:
        return None
    return AddressCandidate(
        "typed", tuple(parts), city, "", region, postcode, country, recipient, phone, source="typed"
    )


def _country_named(text: str) -> tuple[str, str]:
    """The country on the continent that a message names, and the message without it where it begins with it."""
    for said, code in _COUNTRIES.items():
        if code in ("GB", "US", "CA", "CN", "IE") or not re.search(rf"(?i)(?<![a-z]){re.escape(said)}(?![a-z])", text):
            continue
        return code, re.sub(rf"(?i)^\W*(?:(?:it'?s )?(?:to|in)\s+)?{re.escape(said)}\W+", "", text)
    return "", text


def _spaced(postcode: str) -> str:
    plain = postcode.replace(" ", "").upper()
    return f"{plain[:-3]} {plain[-3:]}"


def _address_parts(before: str) -> list[str]:
    """The lines of an address, without the words that led up to it."""
    lines = [part.strip(" .\t-") for part in re.split(r"[,\n;]", before)]
    lines = [part for part in lines if part]
    first = next((i for i, part in enumerate(lines) if re.search(r"\d", part) or _STREET_WORD.search(part)), 0)
    kept: list[str] = []
    for place, part in enumerate(lines):
        cleaned = part
        if place <= first:
            lead = _LEAD.match(part + " ")
            if lead and part[lead.end() :].strip():
                cleaned = part[lead.end() :].strip()
                while (more := _LEAD.match(cleaned)) and more.end() < len(cleaned):
                    cleaned = cleaned[more.end() :].strip()
                kept = []
            elif lead and not part[lead.end() :].strip():
                kept = []
                continue
            cleaned = _from_the_number(cleaned)
            if not _STREET_WORD.search(cleaned) and not re.search(r"\d", cleaned) and not _is_name(cleaned):
                continue
        kept.append(cleaned)
    return kept


def _from_the_number(line: str) -> str:
    """A line of an address without the sentence before it: "on my last order to Flat 3" is "Flat 3"."""
    number = re.search(r"(?<![\w/])\d+[A-Za-z]?(?![\w])", line)
    before = line[: number.start()].split() if number else []
    kept = len(before)
    while kept and (before[kept - 1][:1].isupper() or _STREET_WORD.fullmatch(before[kept - 1])):
        kept -= 1
    if number is None or not any(word in stop_words() or word == "to" for word in map(str.lower, before[:kept])):
        return line
    return " ".join([*before[kept:], line[number.start() :]])


def _is_name(part: str) -> bool:
    """Whether it may be somebody's name or a house's: a few capitalised words, not a sentence."""
    words = part.split()
    small = [word for word in words if word.lower() in stop_words() and word.lower() not in ("mr", "mrs", "ms", "the")]
    return 0 < len(words) <= 5 and not small and sum(word[:1].isupper() for word in words) >= len(words) - 1


def _street_only(rest: str, country: str, phone: str) -> AddressCandidate | None:
    """A street with a number and a town, no postcode: enough to be an address, for the caller to ask the rest."""
    found = re.search(
        rf"(\d+[A-Za-z]?(?:/\d+)?\s+(?:[A-Z][\w'.-]*\s+){{0,4}}(?i:{_STREET_WORD.pattern.replace('(?i)', '')})\.?)(?:\s*,\s*([A-Z][A-Za-z .'-]+))?",  # noqa: E501
        rest,
    )
    if found is None:
        return None
    return AddressCandidate(
        "typed", (found[1].strip(),), (found[2] or "").strip(" ."), country=country, phone=phone, source="typed"
    )


_ADDRESS_OF_ORDER: Final = re.compile(
    r"\b(?:(?:to|at|use|with) (?:the |that )?(?:same |very )*(?:delivery |shipping )?(?:address|place|one) "
    r"(?:as|on|of|from|for|in)"
    r"|(?:to )?(?:the )?same (?:(?:delivery |shipping )?(?:address|place|one) )?(?:as|on|for|of)(?: (?:on|for|in))?"
    r"|like|(?:to )?where) "
    r"(?P<like>(?:my|the|that) (?:[^,.;!?]{0,30}? )?(?:order|orders|one|parcel|delivery))"
    r"(?: (?:has|is going(?: to)?|goes(?: to)?|went(?: to)?|uses))?"
    r"|(?:跟|和|与|同|照|按|用)(?P<as>[^，。；！？跟和与同]{1,16}?(?:单|订单|那个|一个|一笔))的?(?:收货)?(?:的?地址)?(?:是?一样|相同|一致|同一个|的那个)(?:的?地址)?"
    r"|(?:改成|换成|改到|改为|换到|寄到|发到|送到|用)(?P<of>[^，。；！？]{1,14}?(?:单|订单))的?(?:收货)?(?:地址|就行|吧|那个|$)",
    re.IGNORECASE,
)
"""The address that another order goes to: "the one on my other order", "same as my lamp order", 跟另一单一样."""


@dataclass(frozen=True, slots=True)
class OrdersAddress:
    """That the address of an order is meant. `words` name that order, `rest` is the message without them."""

    words: str
    rest: str


def address_of_order(text: str) -> OrdersAddress | None:
    """The order whose address `text` speaks of; None where it speaks of none."""
    found = _ADDRESS_OF_ORDER.search(text)
    if found is None:
        return None
    words = next(each for each in found.group("like", "as", "of") if each)
    return OrdersAddress(words, text[: found.start()] + " " * len(found[0]) + text[found.end() :])


_OTHER_ORDER = re.compile(
    r"other order|another order|my other|另一单|另一个订单|另外一单|另外那单|另外那个|另外一个|另一个|另一笔"
    r"|别的订单|其他订单"
)
_LAST_TIME = re.compile(
    r"last time|last order|previous order|as before|same (?:address )?as (?:last|before|always)|上次|上一单|之前那单|和之前一样|跟之前一样|上个订单"  # noqa: E501
)
_ORDER_WORD = re.compile(r"order|订单|那单|单子|那一单|(?:address|one) (?:on|from|of) (?:the|my)")


_MOVED = re.compile(r"\bmov(?:e|ed|ing) (?:house|home)s?\b|搬家", re.IGNORECASE)
"""Says that one lives elsewhere now; it names no "home" of the book."""


def resolve_address(
    text: str,
    addresses: Sequence[AddressCandidate],
    *,
    orders: Sequence[OrderCandidate] = (),
    current_order: str | None = None,
    country: str = "",
    focus: Focus = NO_FOCUS,
    today: date,
) -> Resolution[AddressCandidate]:
    """The address that `text` means.

    "The one on my other order" is looked up among `orders` other than `current_order`. An address written out becomes
    one match with `source` `typed`; `country` (ISO 3166, two letters) says how to read it where its shape leaves that
    open.
    """
    text = without_other_places(_not_there().sub(_blanks, _MOVED.sub(_blanks, text)))
    typed = parse_address(text, country=country)
    known = [each for each in addresses if typed is not None and not typed.postcode and _same_door(typed, each)]
    if len(known) == 1:
        return Resolution("one", (Match(known[0], 0.9, (Reason("name", text.strip()),)),), text)
    if typed is not None:
        complete = bool(typed.city and (typed.postcode or typed.country == "CN"))
        return Resolution(
            "one" if complete else "unclear",
            (Match(typed, 0.95 if complete else 0.6, (Reason("typed", text.strip()),)),),
            "",
        )
    if not addresses:
        return nothing(text)
    folded = fold(text)
    here = {p for p, a in enumerate(addresses) if current_order is not None and current_order in a.orders}
    by_order = _on_order(text, folded, addresses, orders, current_order, focus, today)
    if by_order is not None:
        return by_order
    found = by_label(text, addresses)
    if found is not None:
        return found
    scores: dict[int, float] = {}
    reasons: dict[int, list[Reason]] = {}
    tokens = [t for t in tokenise(text) if t.kind != "sign"]
    said = {t.stem for t in tokens}
    for position, address in enumerate(addresses):
        for kind, value, weight in (
            ("label", address.label, 0.95), ("label", address.city, 0.85), ("label", address.district, 0.8), ("label", address.region, 0.6),  # noqa: E501
            ("label", address.postcode, 0.97), ("name", address.recipient, 0.85), *(("name", line, 0.9) for line in address.lines),  # noqa: E501
        ):  # fmt: skip
            share = _share(value, said, folded)
            if share * weight > scores.get(position, 0.45):
                scores[position] = share * weight
                role: ReasonKind = "label" if kind == "label" else "name"
                reasons[position] = [Reason(role, value)]
    if not scores:
        elements = Reader[AddressCandidate](None).read(text)
        row = [p for key in focus.shown for p, a in enumerate(addresses) if a.key == key] or list(range(len(addresses)))
        for element in elements:
            place = element.roles.get("ordinal")
            if element.kind == "ordinal" and place is not None:
                index = int(place) - 1 if int(place) > 0 else len(row) + int(place)
                if 0 <= index < len(row):
                    reason = Reason("ordinal", element.words, element.span)
                    return Resolution("one", (Match(addresses[row[index]], 0.9, (reason,)),), text, (element.span,))
                return Resolution(
                    "none", rest=text, asked_but_absent=(Absent("ordinal", element.words, span=element.span),)
                )
            if element.roles.get("pronoun") == "other" and len(row) == 2 and here:
                others = [p for p in row if p not in here]
                if len(others) == 1:
                    reason = Reason("pronoun", element.words, element.span)
                    return Resolution("one", (Match(addresses[others[0]], 0.85, (reason,)),), text, (element.span,))
        return nothing(text)
    top = max(scores.values())
    best = [p for p in sorted(scores) if scores[p] >= top - 0.08]
    status: Status = "one" if len(best) == 1 and top >= 0.55 else "unclear"
    matches = tuple(Match(addresses[p], round(scores[p] / len(best), 4), tuple(reasons[p])) for p in best)
    return Resolution(status, matches, text)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found[0])


@cache
def _not_there() -> re.Pattern[str]:
    """Where it is not to go: "my office, not home", 不是寄到家里."""
    words = sorted({word for kind in PLACES for word in mapping("address_labels")[kind]}, key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    han = "|".join(re.escape(word) for word in words if not word.isascii() and len(word) > 1) + "|家(?!里)"
    return re.compile(
        rf"\b(?:not|instead of|rather than)\s+(?:(?:to|at)\s+)?(?:(?:my|the|our)\s+)?(?:{latin})\b"
        rf"|(?:不是|不要|别再?|不再?)(?:[寄送发][到去]?|到)?我?(?:{han})",
        re.IGNORECASE,
    )


def _same_door(one: AddressCandidate, other: AddressCandidate) -> bool:
    """Whether a street with its number is that of another address, whose town is not another one."""
    same = bool(one.lines and other.lines) and fold(one.lines[0]) == fold(other.lines[0])
    return same and (not one.city or fold(one.city) == fold(other.city))


def needs_postcode(country: str) -> bool:
    """Whether an address there is incomplete without a postcode."""
    return country.upper() not in _WITHOUT_POSTCODE


def without_address(text: str, *, country: str = "") -> str:
    """`text` with the mere word for it in place of an address that is written out, whose numbers count nothing."""
    typed = parse_address(text, country=country)
    if typed is None or not (typed.lines and typed.city):
        return text
    parts = [typed.recipient, *typed.lines, typed.district, typed.city, typed.region, typed.postcode, typed.phone]
    compact = text.casefold()
    spans = [(at, at + len(part)) for part in parts if part and (at := compact.find(part.casefold())) >= 0]
    if not spans:
        return text
    start, end = min(at for at, _ in spans), max(at for _, at in spans)
    word = "地址" if re.search(_H, text[start:end]) else "address"
    return f"{text[:start].rstrip()} {word} {text[end:].lstrip()}".strip()


def _share(value: str, said: set[str], folded: str) -> float:
    """How much of a field's words were said; for Chinese, whether it was said."""
    if not value:
        return 0.0
    plain = fold(value)
    if re.search(_H, plain):
        bare = re.sub(r"(?:省|市|区|县)$", "", plain)
        return 1.0 if len(bare) > 1 and bare in folded else 0.0
    terms = [term for term in stems_of(value) if term not in stop_words() and not (term.isdigit() and len(term) < 2)]
    words = [term for term in terms if not term.isdigit()]
    if not words:
        return 1.0 if terms and all(term in said for term in terms) else 0.0
    street = {"street", "road", "avenue", "lane", "close", "st", "rd"}
    telling = [term for term in words if term not in street] or words
    return sum(term in said for term in telling) / len(telling)


def _on_order(
    text: str,
    folded: str,
    addresses: Sequence[AddressCandidate],
    orders: Sequence[OrderCandidate],
    current_order: str | None,
    focus: Focus,
    today: date,
) -> Resolution[AddressCandidate] | None:
    """The address on another order of theirs."""
    others = [order for order in orders if order.number != current_order]
    other, last = _OTHER_ORDER.search(folded), _LAST_TIME.search(folded)
    if not others or not (other or last or _ORDER_WORD.search(folded)):
        return None
    meant: list[OrderCandidate] = []
    span = Span(*(other or last or _ORDER_WORD.search(folded) or re.match("", folded)).span())  # type: ignore[union-attr]
    if last:
        meant = [max(others, key=lambda order: order.placed_on)]
    else:
        found = resolve_orders(text, others, focus=focus, today=today)
        if found.sure and not any(r.kind == "pronoun" for m in found.matches for r in m.reasons):
            meant = found.candidates
        elif other:
            meant = others
        elif found.asked_but_absent:
            return Resolution("none", rest=text, asked_but_absent=found.asked_but_absent)
    if not meant:
        return None
    numbers = {order.number for order in meant}
    hits = [p for p, address in enumerate(addresses) if numbers & set(address.orders)]
    if len(meant) > 1 and len(hits) > 1 and current_order is not None:
        hits = [p for p in hits if current_order not in addresses[p].orders] or hits
    if not hits:
        return None
    status: Status = "one" if len(hits) == 1 else "unclear"
    matches = tuple(
        Match(addresses[p], round(0.93 / len(hits), 4), (Reason("same_as", span.of(text), span),)) for p in hits
    )
    return Resolution(status, matches, text, (span,))
