"""The console's pages of recommendations, parcels at risk and stock, with the CRM itself behind them."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from crm_backend.analytics.delivery.step import Delivery
from crm_backend.analytics.runs import Plan, analyse
from crm_backend.analytics.segments.step import Segments
from crm_backend.analytics.traits.step import Traits
from crm_backend.audit.models import AuditEntry as CrmAuditEntry
from crm_backend.recommendations.models import RecommendationEvent
from crm_backend.recommendations.step import Recommendations
from crm_backend.stores.models import Stock
from gateway import locales
from gateway.audit.models import AuditEntry
from gateway.console import charts, ways
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.analytics.shops import NOW, bought
from tests.crm.analytics.test_delivery import _order, _parcel
from tests.crm.analytics.test_delivery import shop as parcels
from tests.crm.conftest import policies_with
from tests.gateway.desk import Desk
from tests.gateway.test_console_crm import Shop, agent, post, shop

__all__ = ["shop"]

pytestmark = pytest.mark.anyio

RULES = "/console/recommendations/rules"


def filled(shop: Shop) -> None:
    """Twelve people who buy tea and cups together, parcels of a hundred days, and stock that runs out."""
    with shop.database.write() as session:
        variants = {}
        for name in ("tea", "cup", "pot"):
            product = records.product(session, name.title(), external_id=name, category="Kitchen", brand="Ember")
            variants[name] = records.variant(
                session, product, name.upper(), price_minor=900, currency="GBP", availability="in_stock"
            ).id
        people = [records.customer(session, external_id=f"p{number}") for number in range(12)]
        for number, person in enumerate(people):
            for days, names in ((60 + number, ("tea", "cup", "pot")), (9 + number, ("tea", "cup"))):
                order = bought(session, person, days, country="GB")
                for place, name in enumerate(names, 1):
                    records.line(session, order, place, sku=name.upper(), variant_id=variants[name],
                                 unit_price_minor=900, total_minor=900)  # fmt: skip
        fan = records.customer(session, external_id="fan")
        order = bought(session, fan, 20)
        records.line(session, order, 1, sku="TEA", variant_id=variants["tea"], unit_price_minor=900, total_minor=900)
        product_id = records.variant(session, records.product(session, "Lamp", external_id="lamp"), "LAMP").product_id
        for kind in ("shown", "shown", "clicked"):
            session.add(RecommendationEvent(at=NOW - timedelta(days=1), kind=kind, conversation_id="c",
                                            product_id=product_id, shelf="for_you", arm="default",
                                            position=1))  # fmt: skip
        for row in parcels(700).to_dict("records"):
            _parcel(session, _order(session, f"X{row['shipment_id']}", row), row)
        place = records.store(session, "Depot", external_id="depot")
        session.add(Stock(store_id=place.id, sku="TEA", sku_key="TEA", quantity=1, reserved=0))
    analyse(shop.database, policies_with(), Clock(NOW), Plan(),
            steps=(Traits(), Segments(), Recommendations(), Delivery()))  # fmt: skip


async def test_before_the_first_analysis_the_pages_say_what_to_do(sqlite_desk: Desk, shop: Shop) -> None:
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, agent(gateway) as browser:
        for path in ("/console/recommendations", "/console/deliveries"):
            assert "shopdesk analyse" in (await browser.get(path)).text
        assert "No stock is known" in (await browser.get("/console/stock")).text
        assert (await browser.get("/console/recommendations/customer?id=nobody")).status_code == 404
    async with sqlite_desk.gateway(crm_url=shop.url) as gateway, gateway.browser() as guest:
        for path in ("/console/recommendations", "/console/deliveries", "/console/stock", RULES):
            assert (await guest.get(path)).headers["location"] == "/console/login"


async def test_a_lead_reads_the_card_and_changes_the_rules(sqlite_desk: Desk, shop: Shop) -> None:
    filled(shop)
    async with (
        sqlite_desk.gateway(crm_url=shop.url) as gateway,
        agent(gateway, "lead") as lead,
        agent(gateway) as other,
    ):
        page = (await lead.get("/console/recommendations?days=366")).text
        for shown in (
            "Everybody else (the chosen lists)",
            "How the lists are made",
            "All ways that were tried",
            "As written in",
        ):
            assert shown in page
        scores = await lead.get("/console/recommendations/scores.csv")
        assert scores.content.startswith(b"\xef\xbb\xbfshelf,candidate,chosen,ndcg")
        customer = "/console/recommendations/customer?id=fan"
        shelves = (await other.get(customer)).text
        assert "Bought once, on 13 Feb 2026" in shelves
        assert "12 of 13 people with Tea bought it, too" in shelves
        listed = (await other.get(customer + "&form=csv")).text
        assert "discover,1,cup,Cup" in listed

        wrong = {"version": "0", "pin": "tea\nnothing", "bury": "tea", "per_category": "4", "per_brand": "99"}
        assert 'id="problem-per_brand"' in (await post(lead, RULES, **wrong)).text
        refused = await post(lead, RULES, **{**wrong, "per_brand": "5"})
        assert refused.status_code == 422
        assert "nothing: no such product" in refused.text
        assert "tea: is named twice" in refused.text
        rules = {"version": "0", "exclude": "cup", "per_category": "3", "per_brand": "5"}
        assert (await post(other, RULES, **rules)).status_code == 403
        assert (await other.get(RULES)).status_code == 403
        assert (await post(lead, RULES, **rules)).status_code == 303
        assert "discover,1,cup,Cup" not in (await other.get(customer + "&form=csv")).text
        assert "Changed in the console by the_lead" in (await other.get("/console/recommendations")).text
        stale = await post(lead, RULES, **rules)
        assert stale.status_code == 409
        assert 'role="alert"' in stale.text
        assert (await post(lead, RULES, act="withdraw", version="1")).status_code == 303
        assert "discover,1,cup,Cup" in (await other.get(customer + "&form=csv")).text
        async with gateway.services.database.read() as session:
            noted = (await session.execute(select(AuditEntry.action).order_by(AuditEntry.id))).scalars().all()
        assert [one for one in noted if one.startswith("recommendation_rules")] == [
            "recommendation_rules.change", "recommendation_rules.withdraw",
        ]  # fmt: skip
        with shop.database.read() as session:
            kept = session.query(CrmAuditEntry).filter_by(subject_type="recommendation_rules").all()
        assert [(one.action, one.actor_id) for one in kept] == [
            ("recommendation_rules.changed", "the_lead"), ("recommendation_rules.withdrawn", "the_lead"),
        ]  # fmt: skip
        await parcels_and_stock(other)


async def parcels_and_stock(browser: httpx.AsyncClient) -> None:
    """The other pages over the same analysis, which is dear."""
    page = (await browser.get("/console/deliveries?at_least=0")).text
    for shown in ("Parcels at risk", "AUROC", "base rate", '<svg class="square-chart"'):
        assert shown in page
    listed = await browser.get("/console/deliveries?at_least=0&form=csv")
    assert listed.content.startswith(b"\xef\xbb\xbforder_number,")
    assert (await browser.get("/console/deliveries?at_least=2")).status_code == 422
    stock = (await browser.get("/console/stock")).text
    assert "<code>TEA</code>" in stock
    assert "Depot" in stock
    assert "TEA,depot,Depot,1" in (await browser.get("/console/stock?form=csv")).text
    await browser.get("/console/language/zh")
    for path, words in (("recommendations", "推荐是怎么来的"), ("deliveries", "告知与实际"), ("stock", "可售天数"),
                        ("recommendations/customer?id=fan", "买过Tea的 13 人中有 12 人也买了它")):  # fmt: skip
        assert words in (await browser.get(f"/console/{path}")).text


def test_both_languages_say_the_same() -> None:
    for topic in ("recommendations", "supply"):
        assert locales.texts("en", topic).keys() == locales.texts("zh", topic).keys()


NAMES = (
    "popular_30d", "popular_first_baskets_90d", "reach_45d", "frequency_120d", "frequency_120d_due", "tifu_knn_0.2",
    "item_knn", "ease_80", "content", "als_64", "tifu_knn_0.2*trend^0.3",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_way_of_recommending_has_words(language: str) -> None:
    said = locales.texts(language, "recommendations")
    for name in NAMES:
        assert ways.in_words(name, said, language), name
    blend = ways.in_words("0.6 tifu_knn_0.2*trend^0.3 + 0.4 ease_80", said, language)
    assert blend is not None
    assert "60%" in blend
    assert "40%" in blend
    assert ways.in_words("something_else", said, language) is None


def test_a_calibration_that_is_true_lies_on_the_diagonal() -> None:
    chart = charts.calibration([(0.0, 0.0), (0.2, 0.2), (0.5, 0.5)])
    for dot in chart.dots:
        assert dot.x - chart.low == pytest.approx(chart.high - dot.y)
