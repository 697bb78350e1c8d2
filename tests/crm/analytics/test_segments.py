"""Segments over HTTP: listed, defined, previewed, exported; who may; what shoppers and staff are told."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from crm_backend.analytics import wording
from crm_backend.analytics.segments import rule_words
from crm_backend.analytics.segments.rules import OPERATORS, PRESENCE, TRAITS, parse
from crm_backend.analytics.traits.models import AFFINITY_KINDS
from crm_backend.analytics.wording import LANGUAGES, LOCALES, segment_sentence
from tests.crm import records
from tests.crm.analytics.conftest import Analyse
from tests.crm.analytics.shops import bought
from tests.crm.conftest import Crm

LIKES_SHOES = {"likes": "category", "value": ["Shoes", "Hats"], "times": 2, "within_days": 90}
OFTEN = {"trait": "order_days", "is": "at_least", "value": 2}


@pytest.fixture
def shop(crm: Crm, run_analysis: Analyse) -> Crm:
    with crm.records() as session:
        often = records.customer(session, external_id="often")
        once = records.customer(session, external_id="once", country="DE")
        records.customer(session, external_id="never")
        for days in (50, 30, 10):
            bought(session, often, days, ("A", 1, 500))
        bought(session, once, 20, ("A", 4, 500))
        bought(session, once, 15, ("B", 1, 900), state="cancelled")
        bought(session, once, 5, ("A", 1, 500), kind="credit_note")
        bought(session, None, 5, ("A", 9, 500))
    run_analysis(crm.database)
    return crm


def define(crm: Crm, rule: Any = OFTEN, agent: str = "ada;lead", **more: Any) -> Any:
    body = {"key": "own_often", "name": {"en": "Often", "zh": "常客"}, "rule": rule, **more}
    return crm.staff("POST", "/segments", agent, json=body)


def test_staff_read_traits_with_what_they_mean(shop: Crm) -> None:
    told = shop.staff("GET", "/customers/once", params={"language": "zh"}).json()["insight"]
    traits = {one["trait"]: one for one in told["traits"]}
    # One of four came back; the cancelled order is none; the guest's is nobody's.
    assert traits["orders"]["value"] == 1
    assert traits["units"]["value"] == 3
    assert traits["spend_minor"]["value"] == 1500
    assert traits["return_rate"]["value"] == pytest.approx(0.25)
    assert traits["cancelled_orders"]["value"] == 1
    assert traits["loyalty_state"]["value"] == "new"
    assert traits["return_rate"]["name"] == "退货率"
    assert traits["return_rate"]["sources"]
    assert told["computed_at"] > told["as_of"][:0]
    never = shop.staff("GET", "/customers/never").json()["insight"]
    assert {one["trait"]: one["value"] for one in never["traits"]}["loyalty_state"] == "prospect"


def test_a_shop_defines_a_segment_and_it_holds_at_once(shop: Crm, run_analysis: Analyse) -> None:
    previewed = shop.staff("POST", "/segment-previews", json={"rule": OFTEN}).json()
    words = ["Days with an order: 2 or more"]
    assert previewed == {"size": 1, "share": pytest.approx(1 / 3), "customers": 3, "rule_words": words}
    assert define(shop, agent="mia;agent").status_code == 403
    made = define(shop, use={"queue_priority": 40, "greeting": {"en": "Good to see you again"}})
    assert made.status_code == 201, made.text
    assert (made.json()["size"], made.json()["rule_words"]) == (1, words)
    assert define(shop).status_code == 409
    people = shop.staff("GET", "/segments/own_often/members").json()["members"]
    assert [one["external_id"] for one in people] == ["often"]
    with shop.records() as session:
        (once,) = [row for row in session.query(records.Customer) if row.external_id == "once"]
        bought(session, once, 1, ("B", 1, 100))
    run_analysis(shop.database)
    history = shop.staff("GET", "/segments/own_often/history").json()["points"]
    assert [(one["size"], one["entered"], one["left"]) for one in history] == [(1, 0, 0), (2, 1, 0)]
    changed = shop.staff(
        "PUT",
        "/segments/own_often",
        "ada;lead",
        json={"name": {"en": "Germans"}, "rule": {"trait": "country", "is": "equal", "value": "DE"}},
    )
    assert (changed.json()["size"], changed.json()["left"]) == (1, 1)
    assert shop.staff("DELETE", "/segments/own_often", "ada;lead").status_code == 204
    assert shop.staff("GET", "/segments/own_often").status_code == 404


def test_amounts_without_an_exchange_rate_are_told(shop: Crm, run_analysis: Analyse) -> None:
    assert shop.staff("GET", "/segments").json()["unrated"] == []
    with shop.records() as session:
        abroad = records.customer(session, external_id="abroad")
        bought(session, abroad, 3, ("A", 1, 5000), currency="USD")

    def spent() -> Any:
        insight = shop.staff("GET", "/customers/abroad").json()["insight"]
        return next(one["value"] for one in insight["traits"] if one["trait"] == "spend_minor")

    run_analysis(shop.database)
    assert (shop.staff("GET", "/segments").json()["unrated"], spent()) == (["USD"], 0)
    run_analysis(shop.database, rules={"exchange_rates": {"USD": 0.8}})
    assert (shop.staff("GET", "/segments").json()["unrated"], spent()) == ([], 4000)


def test_the_list_as_csv_is_for_leads_and_holds_no_formula(shop: Crm) -> None:
    with shop.records() as session:
        bought(session, records.customer(session, external_id="=1+1"), 1, ("A", 1, 1))
    define(shop, {"trait": "orders", "is": "at_least", "value": 1})
    assert shop.staff("GET", "/segments/own_often/members.csv", "mia;agent").status_code == 403
    lines = shop.staff("GET", "/segments/own_often/members.csv", "ada;lead").text.splitlines()
    assert lines[0].startswith("source,external_id,since")
    assert len(lines) == 3


def test_how_a_shopper_is_served_follows_from_their_segments(shop: Crm) -> None:
    define(shop, use={"queue_priority": 40, "greeting": {"en": "Good to see you again", "zh": "欢迎回来"}})
    shop.start("c1", language="zh")
    assert shop.call.get("/shopper/c1/segments").status_code == 404
    shop.identify("c1", shop.sign("often"))
    told = shop.call.get("/shopper/c1/segments").json()
    assert told["queue_priority"] == 40
    assert told["greeting"] == "欢迎回来"
    assert "own_often" in told["keys"]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "body.rule"),
        ({"trait": "orders", "is": "at_least", "value": "3"}, "body.rule.value"),
        ({"trait": "shoe_size", "is": "equal", "value": 3}, "body.rule.trait"),
        ({"trait": "country", "is": "at_least", "value": 3}, "body.rule.is"),
        ({"all": [OFTEN, {"not": {"any": []}}]}, "body.rule.all.1.not.any"),
        ({"all": [OFTEN, {"trait": "orders", "is": "between", "value": [9, 3]}]}, "body.rule.all.1.value"),
        ({"trait": "orders", "is": "known", "code": "import os"}, "body.rule.code"),
        ({"segment": "own_often"}, "body.rule.segment"),
        ({"likes": "option", "value": "M"}, "body.rule.name"),
        ({"not": {"not": {"not": {"not": {"not": {"not": OFTEN}}}}}}, "body.rule.not.not.not.not.not.not"),
    ],
)
def test_a_rule_that_cannot_be_understood_is_told_where(sqlite_crm: Crm, rule: Any, field: str) -> None:
    answer = sqlite_crm.staff("POST", "/segment-previews", json={"rule": rule})
    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["errors"]], answer.text


def test_a_rule_is_read_back_in_words_with_amounts_as_money(shop: Crm) -> None:
    rule = {
        "all": [
            {"trait": "spend_minor", "is": "at_least", "value": 123450},
            {"any": [LIKES_SHOES, {"segment": "rfm_lost"}]},
            {"not": {"trait": "first_order_at", "is": "before", "value": "2026-01-31"}},
        ]
    }  # fmt: skip

    def told(language: str) -> list[str]:
        asked = shop.staff("POST", "/segment-previews", json={"rule": rule}, params={"language": language})
        words: list[str] = asked.json()["rule_words"]
        return words

    assert told("en") == [
        "All of these:", "  Spend: £1,234.50 or more", "  At least one of these:",
        "    Bought something of the category Hats or Shoes, 2 times or more, in the last 90 days",
        "    Is in the segment “Lost”", "  Not:", "    First order: before 31 January 2026",
    ]  # fmt: skip
    assert told("zh")[1:4] == [
        "  累计消费：不低于 £1,234.50", "  满足其中任意一项：",
        "    买过 Hats 或 Shoes 类商品，至少 2 次（最近 90 天内）",
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trait", ["orders", "country", "last_order_at"])
def test_every_comparison_has_words(language: str, trait: str) -> None:
    values: dict[str, Any] = {"between": [1, 2], "before": "2026-01-31", "after": "2026-01-31"}
    for operator in OPERATORS[TRAITS[trait]]:
        value = values.get(operator, ["DE", "FR"] if operator.endswith("_of") else "DE" if trait == "country" else 3)
        said = {"trait": trait, "is": operator} | ({} if operator in PRESENCE else {"value": value})
        (line,) = rule_words.lines(parse(said), None, language)
        assert "{" not in line
    for kind in AFFINITY_KINDS:
        name = {"name": "size"} if kind == "option" else {}
        assert rule_words.lines(parse({"likes": kind, "value": "M", **name}), None, language)


@pytest.mark.parametrize(
    ("count", "english", "chinese"), [(1, "in the last 1 day", "最近 1 天内"), (2, "in the last 2 days", "最近 2 天内")]
)
def test_one_day_has_words_of_its_own(count: int, english: str, chinese: str) -> None:
    rule = parse({"trait": "last_order_at", "is": "within_days", "value": count})
    for language, told in (("en", english), ("zh", chinese)):
        assert rule_words.lines(rule, None, language)[0].endswith(told)
    medians = {"order_days": count, "recency_days": 1.5, "average_order_minor": 2000}
    typical = {"measures": [{"trait": name, "median": median} for name, median in medians.items()]}
    sentence = segment_sentence("cluster_low_low_low", typical, "GBP", "en")
    assert sentence is not None
    assert f"on {english.removeprefix('in the last ')} or more, last 1.5 days ago" in sentence


def test_every_trait_and_segment_has_words_in_every_language() -> None:
    said = [yaml.safe_load((LOCALES / language / "analytics.yml").read_text("utf-8")) for language in LANGUAGES]
    assert set(said[0]["traits"]) == set(said[1]["traits"]) == set(TRAITS)
    assert set(said[0]["segments"]) == set(said[1]["segments"])
    for language in LANGUAGES:
        for trait in TRAITS:
            assert wording.sources(trait, language)
        names = {wording.segment_name(f"cluster_{a}_{b}_{c}", language) for a, b, c in _levels()}
        assert len(names) == 27


def _levels() -> list[tuple[str, str, str]]:
    words = ("low", "middle", "high")
    return [(a, b, c) for a in words for b in words for c in words]
