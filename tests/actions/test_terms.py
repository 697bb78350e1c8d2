"""The shop's terms put together and worded: returns, delivery and ways to pay."""

from __future__ import annotations

import itertools

import pytest

from actions.delivery import country_in, rate_for
from actions.payment_words import accepted_ways, brand_name, price_terms, voucher_terms
from actions.resolver.text import fold, stems_of
from actions.return_terms import terms_for, terms_in_words
from actions.returns import names_category
from actions.wording import LANGUAGES, Language, Wording
from crm_backend.policies.service import explain
from shopdesk_schemas.rules import ShippingRateView
from tests.actions.shop import NOW
from tests.crm.conftest import policies_with

RULES = [
    {"categories": ["Tea"], "reasons": ["changed_mind"], "terms": {"condition": "unopened", "window_days": 14}},
    {"markets": ["CN"], "terms": {"window_days": 7, "law": "seven_days_no_reason"}},
    {"reasons": ["faulty"], "terms": {"condition": "any", "freight": "shop", "window_days": 60}},
    {"categories": ["Swimwear"], "reasons": ["changed_mind"], "terms": {"returnable": False}},
]
POLICIES = policies_with(
    sections={
        "returns": {"terms": {"freight_minor": {"GBP": 295}}, "rules": RULES},
        "payments": {
            "accepted": {"card": ["Visa"], "wallet": ["PayPal"], "gift_card": ["Ours"]},
            "price_protection": {"enabled": True, "window_days": 9, "window_start": "delivered", "price": "lowest"},
        },
    }
)


@pytest.mark.parametrize(
    ("market", "category", "reason"),
    list(itertools.product(("GB", "CN"), ("tea", "swimwear", "lamps"), ("changed_mind", "faulty", "other"))),
)
def test_terms_are_put_together_as_the_crm_does(market: str, category: str, reason: str) -> None:
    rules = explain(POLICIES).returns
    assert rules is not None
    mine, truth = terms_for(rules, market, {category}, reason), POLICIES.returns.terms_for(market, {category}, reason)
    assert {name: getattr(mine, name) for name in mine.__dataclass_fields__} == {
        name: getattr(truth, name) for name in mine.__dataclass_fields__
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_hold_the_policys_numbers(language: Language) -> None:
    policies, wording = explain(POLICIES), Wording(language, NOW)
    assert policies.returns is not None
    told = " ".join(terms_in_words(terms_for(policies.returns, "GB", {"tea"}, "changed_mind"), policies, wording))
    assert "14" in told
    assert "£2.95" in told
    (no,) = terms_in_words(terms_for(policies.returns, "GB", {"swimwear"}, "changed_mind"), policies, wording)
    assert not any(character.isdigit() for character in no)
    assert "9" in price_terms(policies, wording)
    assert "14" in voucher_terms(policies, wording)
    ways = accepted_ways(policies, wording)
    assert "Visa" in ways
    assert "PayPal" in ways


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("how much to post to new zealand", "NZ"),
        ("do you ship to the uk", "GB"),
        ("寄到德国多少钱", "DE"),
        ("香港能寄吗", "HK"),
        ("what about my order", None),
        ("运费多少", None),
    ],
)
def test_countries_are_known_in_both_languages(text: str, country: str | None) -> None:
    assert country_in(text) == country


def test_a_country_has_its_own_rate_before_the_one_for_all_others() -> None:
    own = ShippingRateView(countries=["DE"], charge_minor={"EUR": 1}, free_from_minor={}, days=None)
    others = ShippingRateView(countries=[], charge_minor={"EUR": 2}, free_from_minor={}, days=[3, 5])
    assert rate_for([others, own], "DE") is own
    assert rate_for([others, own], "FR") is others
    assert rate_for([own], "FR") is None


@pytest.mark.parametrize(
    ("said", "country"),
    [
        ("how long to Lisbon?", "PT"),
        ("发到成都几天", "CN"),
        ("多久能到里斯本", "PT"),
        ("delivery to Nice", "FR"),
        ("a nice lamp, delivered when?", None),
        ("dispatch to Northern Ireland", "GB"),
        ("到家要几天", None),
    ],
)
def test_a_city_says_its_country(said: str, country: str | None) -> None:
    assert country_in(said) == country


@pytest.mark.parametrize("name", ["Alipay", "支付宝", "alipay"])
def test_a_way_to_pay_is_called_as_its_readers_call_it(name: str) -> None:
    told = {language: brand_name(name, Wording(language, NOW)) for language in LANGUAGES}
    assert told == {"en": "Alipay", "zh": "支付宝"}
    assert brand_name("Corner Bank", Wording("zh", NOW)) == "Corner Bank"


@pytest.mark.parametrize(
    ("said", "part", "meant"),
    [
        ("return policy for tea", True, True),
        ("return policy for tea", False, False),
        ("tea & coffee returns", False, True),
        ("茶叶能退吗", True, True),
        ("can lamps come back", True, False),
    ],
)
def test_a_category_is_named_by_its_name_or_a_part_of_it(said: str, part: bool, meant: bool) -> None:
    assert names_category("Tea & Coffee", fold(said), set(stems_of(fold(said))), part=part) == meant
