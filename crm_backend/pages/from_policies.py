"""Pages that nobody had to write: what `policies.yml` says of returns, cancelling, sending, paying and invoices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import yaml
from babel.numbers import format_currency, get_currency_precision

from crm_backend.messages.wording import LOCALES
from crm_backend.pages.documents import LANGUAGES, Page, SectionText
from crm_backend.policies.policy import Policies

NAME = "rules"
_BABEL = {"en": "en_GB", "zh": "zh_Hans_CN"}


def policy_pages(policies: Policies) -> list[Page]:
    """One page for each of the shop's languages that there are words in."""
    return [
        Page(NAME, language, _words(language)["title"], list(_sections(policies, language)))
        for language in LANGUAGES
        if language in policies.shop.languages
    ]


def _sections(policies: Policies, language: str) -> Iterator[SectionText]:
    words = _words(language)

    def section(key: str, *sentences: str | None) -> SectionText:
        text = words["between"].join(each for each in sentences if each)
        return SectionText(words[key]["title"], [text], words[key]["also"])

    def say(key: str, name: str, **values: object) -> str:
        return str(words[key][name]).format(**values)

    terms = policies.returns.terms
    if terms.returnable is not False and terms.window_days:
        yield section(
            "returns",
            say("returns", "window", days=terms.window_days),
            say("returns", f"condition_{terms.condition}") if terms.condition else None,
            say("returns", f"freight_{terms.freight}") if terms.freight else None,
            say("returns", "refund", days=policies.returns.refund_days),
        )
    cancelling = policies.cancellation
    hours = cancelling.within_hours
    yield section(
        "cancelling",
        say("cancelling", "within", hours=hours) if hours else say("cancelling", "until_sent"),
        say("cancelling", "part") if cancelling.partial else None,
    )
    country, currency = policies.shop.country, policies.shop.currency
    rate = next((one for one in policies.shipping.rates if not one.countries or country in one.countries), None)
    if rate is not None and currency in rate.charge_minor:
        free = rate.free_from_minor.get(currency)
        yield section(
            "sending",
            say("sending", "charge", amount=_money(rate.charge_minor[currency], currency, language)),
            say("sending", "free", amount=_money(free, currency, language)) if free is not None else None,
            say("sending", "days", first=rate.days[0], last=rate.days[1]) if rate.days else None,
        )
    if policies.payments.accepted:
        ways = [
            words["paying"][kind] + (f" ({', '.join(brands)})" if brands else "")
            for kind, brands in policies.payments.accepted.items()
        ]
        yield section("paying", say("paying", "accepted", ways=words["listed"].join(ways)))
    if policies.invoices.offered:
        yield section("invoices", say("invoices", "window", days=policies.invoices.window_days))


def _money(minor: int, currency: str, language: str) -> str:
    return format_currency(minor / 10 ** get_currency_precision(currency), currency, locale=_BABEL[language])


@cache
def _words(language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((LOCALES / language / "help.yml").read_text(encoding="utf-8"))
    return found
