"""Country names as files write them to ISO 3166-1 codes, and what a country implies."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

_OTHER_NAMES: Mapping[str, str] = {
    # Names in trade that Unicode's English table has under another form.
    "eire": "IE",
    "republic of ireland": "IE",
    "rsa": "ZA",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "usa": "US",
    "united states of america": "US",
    "uae": "AE",
    "korea": "KR",
    "republic of korea": "KR",
    "czech republic": "CZ",
    "holland": "NL",
    "the netherlands": "NL",
    "hong kong": "HK",
    "macau": "MO",
    "burma": "MM",
    "turkey": "TR",
    "ivory coast": "CI",
    "russian federation": "RU",
    "viet nam": "VN",
    "brasil": "BR",
    "中国": "CN",
}
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


def _fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^\w]+", " ", plain.casefold().replace("&", "and")).strip()


@cache
def _codes() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in ("zh", "de", "fr", "es", "pt", "it", "nl", "en"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                found[_fold(name)] = code
                found.setdefault(code.casefold(), code)
    for alias, codes in get_global("territory_aliases").items():
        if alias.isalpha() and len(codes) == 1 and codes[0] not in _NOT_COUNTRIES:
            found.setdefault(alias.casefold(), codes[0])
    found.update({_fold(name): code for name, code in _OTHER_NAMES.items()})
    return found


@lru_cache(maxsize=4096)
def country_code(name: str | None) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country's name or code, in any case.

    None for what is no single country or is not known: `Channel Islands` are two territories, `European Community`
    and `West Indies` are many, `Unspecified` is none.
    """
    if not name:
        return None
    return _codes().get(_fold(name))


def currency_of(country: str) -> str | None:
    """The one currency in use in the country today, or None when it has several."""
    currencies = get_territory_currencies(country)
    return currencies[0] if len(currencies) == 1 else None


def timezone_of(country: str) -> str | None:
    """The IANA zone of a country that has only one, else None."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return zones[0] if len(zones) == 1 else None
