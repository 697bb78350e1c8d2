"""Amounts of money in words: "£40", "under fifty quid", 200块以内."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from babel.numbers import get_currency_precision

from actions.resolver.measures import measures_in
from actions.resolver.numbers import number_pattern, parse_number
from actions.resolver.resolution import Match, Reason, Resolution, Span, nothing
from actions.resolver.text import HAN, fold
from actions.resolver.vocabulary import mapping, phrases

Bound = Literal["exact", "about", "at_most", "at_least", "between"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in minor units; `upper_minor` is set for `between`. `currency` is None where none was named."""

    minor: int
    currency: str | None = None
    bound: Bound = "exact"
    upper_minor: int | None = None

    def fits(self, minor: int) -> bool:
        """Whether an amount of `minor` is meant: whole units said of broken ones ("the £40 one" for £39.99) count."""
        if self.bound == "at_most":
            return minor <= self.minor
        if self.bound == "at_least":
            return minor >= self.minor
        if self.bound == "between":
            return self.minor <= minor <= (self.upper_minor or self.minor)
        slack = max(100, self.minor // 10) if self.bound == "about" else 0
        return abs(minor - self.minor) <= slack

    def nearly_fits(self, minor: int) -> bool:
        """Whether `minor` is what somebody rounds to this amount: £39.99 or £40.50 to £40, never £45."""
        return self.fits(minor) or (self.bound == "exact" and self.minor % 100 == 0 and abs(minor - self.minor) < 100)


_WHATEVER_THE_MONEY: Final = frozenset({"块", "块钱"})
"""What people who speak Chinese call a unit of whichever money a shop takes: 60块 in New York are dollars."""
_RANGE: Final = re.compile(
    r"(?:(?P<between>between|from)\s+)?(?<![\w.,#-])(?P<number>\d{1,6}(?:\.\d{1,2})?)\s*(?:-|–|~|～|\bto\b|到|至|(?P<and>\band\b))\s*$"
)


def _literals(words: list[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(set(words), key=len, reverse=True))


@cache
def _currencies() -> dict[str, str]:
    return {fold(word): code for code, words in mapping("currencies").items() for word in words}


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = list(_currencies())
    signs = _literals([word for word in words if not word[-1].isalpha()] + ["us$", "usd", "gbp", "eur", "rmb", "cny"])
    names = _literals(words)
    number = number_pattern()
    money = (
        rf"(?P<sign>{signs})\s?(?P<signed>\d+(?:[.,]\d+)*)(?P<k>k)?(?![\d])"
        rf"|(?<![a-z0-9.#])(?P<number>{number})\s?(?P<name>{names})(?P<fraction>[一二三四五六七八九\d])?(?![a-z0-9])"
        rf"|(?<![a-z0-9.#])(?P<minor>\d+)\s?(?P<minor_name>{_literals(phrases('minor_words'))})(?![a-z0-9])"
    )
    before = {name: _literals(found) for name, found in mapping("bounds").items()}
    return (
        re.compile(money),
        re.compile(
            rf"(?:(?P<at_most>{before['at_most']})|(?P<at_least>{before['at_least']})|(?P<about>{before['about']}))\s*$"
        ),
        re.compile(
            rf"\s*(?:钱|块)?\s*(?:(?P<at_most>{before['at_most']})|(?P<at_least>{before['at_least']})|(?P<about>{before['about']}|ish))(?![a-z])"
        ),
        re.compile(r"\s*(?:-|to|and|到|至|~)\s*$"),
    )


def amounts_in(text: str, *, currency: str) -> list[tuple[Amount, Span]]:
    """The amounts of money in `text` that a currency's sign or word marks, with where they stand."""
    folded = fold(text)
    money, before, after, between = _patterns()
    found: list[tuple[Amount, Span]] = []
    for match in money.finditer(folded):
        code = currency
        named: str | None
        if match["minor"]:
            named, value = None, float(match["minor"]) / 10 ** get_currency_precision(currency)
            if match["minor_name"] in "毛角":
                value = float(match["minor"]) / 10
        else:
            sign = match["sign"] or match["name"]
            named = _currencies().get(sign, sign.upper()[:3])
            # A dollar, a pound or ¥ is the shop's own wherever the sign is shared.
            if sign in ("$", "¥", "dollar", "dollars", "bucks", "buck") and currency in _sharing(sign):
                named = currency
            if sign in _WHATEVER_THE_MONEY:
                named = None
            amount = parse_number(match["signed"] or match["number"])
            if amount is None or _counts_pieces(match, amount, folded):
                continue
            if match["k"]:
                amount *= 1000
            if match["fraction"]:
                amount += (parse_number(match["fraction"]) or 0) / 10
            value, code = amount, named or currency
        minor = round(value * 10 ** get_currency_precision(code))
        start, end = match.span()
        bound: Bound = "exact"
        lead, tail = before.search(folded[:start]), after.match(folded, end)
        if tail and tail.lastgroup:
            bound, end = tail.lastgroup, tail.end()  # type: ignore[assignment]
        elif lead and lead.lastgroup and (lead.start() == 0 or not _joined(folded, lead.start())):
            bound, start = lead.lastgroup, lead.start()  # type: ignore[assignment]
        if found and between.fullmatch(folded[found[-1][1].end : match.start()]):
            earlier, span = found.pop()
            found.append((Amount(earlier.minor, named, "between", minor), Span(span.start, end)))
            continue
        lower = _RANGE.search(folded[: match.start()]) if bound in ("exact", "about", "at_most") else None
        least = round(float(lower["number"]) * 10 ** get_currency_precision(code)) if lower else 0
        if lower is not None and 0 < least < minor and (lower["between"] or not lower["and"]):
            # 50到60块, "between 50 and 60 dollars": the lower end names no money of its own.
            found.append((Amount(least, named, "between", minor), Span(lower.start(), end)))
            continue
        found.append((Amount(minor, named, bound), Span(start, end)))
    return found


def bounded_number(text: str, *, currency: str) -> tuple[Amount, Span] | None:
    """The first number that a bound makes a price without a currency ("under 50", 100以内), and where it stands.

    What is counted or measured is none: "under 2 metres", 3件以上.
    """
    folded = fold(text)
    _, before, after, _ = _patterns()
    measured = [measure.span for measure in measures_in(folded)]
    for match in re.finditer(r"(?<![a-z0-9.,#-])\d+(?:[.,]\d+)*(?![a-z0-9])", folded):
        start, end = match.span()
        if any(span.start <= start < span.end for span in measured) or _counts_something(folded[end:]):
            continue
        lead, tail = before.search(folded[:start]), after.match(folded, end)
        bound = (tail.lastgroup if tail else None) or (lead.lastgroup if lead else None)
        value = parse_number(match.group())
        if bound not in ("at_most", "at_least") or value is None:
            continue
        if tail and tail.lastgroup:
            end = tail.end()
        elif lead is not None:
            if lead.group().strip() == "from" or (lead.start() and _joined(folded, lead.start())):
                continue
            start = lead.start()
        minor = round(value * 10 ** get_currency_precision(currency))
        return Amount(minor, None, bound), Span(start, end)  # type: ignore[arg-type]
    return None


def _counts_something(following: str) -> bool:
    """Whether a bare number stands before what it counts: 两块肥皂, "3 mugs", "3rd"."""
    return bool(re.match(rf"(?![以左到内上下之多元钱起的])[{HAN}][{HAN}]|(?:st|nd|rd|th)\b|\s?[a-z]+s\b", following))


def _sharing(sign: str) -> tuple[str, ...]:
    return ("CNY", "JPY") if sign == "¥" else ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "BRL")


def _joined(folded: str, start: int) -> bool:
    """Whether the bound's word is the tail of a longer one."""
    return folded[start].isascii() and folded[start].isalpha() and folded[start - 1].isalnum()


def _counts_pieces(match: re.Match[str], amount: float, folded: str) -> bool:
    """两块肥皂 are two bars of soap; 块 is money where something large, 钱, or nothing is behind it."""
    if match["name"] != "块":
        return match["name"] in ("元", "欧", "刀") and amount < 1
    following = folded[match.end() : match.end() + 1]
    return amount < 10 and bool(re.match(f"[{HAN}]", following)) and following not in "的钱以左内"


def resolve_amount(text: str, *, currency: str) -> Resolution[Amount]:
    """The amounts in `text`; a bare number counts only where nothing in the text says otherwise.

    `currency` (ISO 4217) tells the minor unit of amounts that name none.
    """
    found = amounts_in(text, currency=currency)
    score = 0.98
    if not found:
        bare = re.fullmatch(rf"\D*?(?<![a-z#])(?P<number>{number_pattern()})\D*", fold(text))
        value = parse_number(bare["number"]) if bare else None
        if (
            bare is None
            or value is None
            or bare["number"] == "one"
            or _counts_something(fold(text)[bare.end("number") :])
        ):
            return nothing(text)
        minor = round(value * 10 ** get_currency_precision(currency))
        _, before, after, _ = _patterns()
        lead, tail = before.search(fold(text)[: bare.start("number")]), after.match(fold(text), bare.end("number"))
        bound = (tail.lastgroup if tail else None) or (lead.lastgroup if lead else None) or "exact"
        found = [(Amount(minor, None, bound), Span(*bare.span("number")))]  # type: ignore[arg-type]
        score = 0.8
    matches = [Match(amount, score, [Reason("amount", span.of(text), span)]) for amount, span in found]
    spans = [span for _, span in found]
    return Resolution("one" if len(matches) == 1 else "many", matches, _without(text, spans), spans)


def _without(text: str, spans: list[Span]) -> str:
    kept, at = [], 0
    for span in sorted(spans, key=lambda each: each.start):
        kept.append(text[at : span.start])
        at = span.end
    return " ".join("".join([*kept, text[at:]]).split())
