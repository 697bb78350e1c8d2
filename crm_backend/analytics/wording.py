"""The words of traits and segments, by language, from `crm_backend/locales/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from babel.numbers import format_currency

from crm_backend.analytics.segments.cluster_names import NAMED_BY
from crm_backend.pipeline.money import currency_exponent

LOCALES = Path(__file__).parent.parent / "locales"
LANGUAGES = ("en", "zh")


@cache
def words(language: str) -> Mapping[str, Any]:
    """All of them."""
    found: Mapping[str, Any] = yaml.safe_load((LOCALES / language / "analytics.yml").read_text(encoding="utf-8"))
    return found


def sources(trait: str, language: str) -> list[str]:
    """From which data a trait comes, in words."""
    said = words(language)
    return [said["sources"][name] for name in said["traits"][trait]["sources"]]


def segment_name(key: str, language: str) -> str:
    """The name of a named segment or a cluster; the key itself of one that has no words any more."""
    kind, _, name = key.partition("_")
    said = words(language)
    if kind == "rfm" and name in said["segments"]:
        return str(said["segments"][name]["name"])
    levels = name.split("_")
    if kind != "cluster" or len(levels) not in {3, 4}:
        return key
    terms = said["clusters"]
    parts = {trait: terms["words"][trait][level] for trait, level in zip(NAMED_BY, levels, strict=False)}
    whole = str(terms["name"]).format(**parts)
    return whole if len(levels) == len(NAMED_BY) else str(terms["numbered"]).format(name=whole, number=levels[-1])


def segment_sentence(key: str, typical: Mapping[str, Any], currency: str | None, language: str) -> str | None:
    """One sentence that says who is in it."""
    kind, _, name = key.partition("_")
    said = words(language)
    if kind == "rfm" and name in said["segments"]:
        return str(said["segments"][name]["sentence"])
    medians = {one["trait"]: one["median"] for one in typical.get("measures", ())}
    if kind != "cluster" or not set(NAMED_BY) <= set(medians) or currency is None:
        return None
    return str(said["clusters"]["sentence"]).format(
        orders=days(medians["order_days"], language),
        days=days(medians["recency_days"], language),
        amount=money(medians["average_order_minor"], currency, language),
    )


def days(count: float, language: str) -> str:
    """A number of days in words: English has another word for one."""
    return str(words(language)["days"]["one" if count == 1 else "other"]).format(count=f"{count:g}")


def money(minor: float, currency: str, language: str) -> str:
    """An amount in words of the language; in whole units, for it stands for many."""
    return format_currency(
        round(minor / 10 ** currency_exponent(currency)),
        currency,
        format="¤#,##0",
        locale={"en": "en_GB", "zh": "zh_Hans_CN"}[language],
        currency_digits=False,
    )
