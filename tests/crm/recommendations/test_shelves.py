"""Recommendations through the public door: an analysis over a small shop, and what shoppers and agents are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from crm_backend.account.models import Customer
from crm_backend.analytics.registry import STEPS
from crm_backend.analytics.runs import analyse
from crm_backend.policies.policy import Policies
from crm_backend.products.models import Product, Variant
from crm_backend.recommendations.models import RecommendationDismissal
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
GOODS = (
    # external id, category, brand, price, Chinese name
    ("tea", "Drinks > Tea", "Leaf", 800, "红茶"),
    ("pot", "Kitchen", "Ember", 3500, "茶壶"),
    ("cup", "Kitchen", "Ember", 900, "茶杯"),
    ("honey", "Food", "Bee", 700, "蜂蜜"),
    ("candle", "Home", "Wax", 1200, "蜡烛"),
    ("lamp", "Home", "Wax", 5200, "台灯"),
    ("coffee", "Drinks > Coffee", "Bean", 1100, "咖啡"),
    ("grinder", "Kitchen", "Bean", 6400, "磨豆机"),
)
STEPS_NEEDED = tuple(step for step in STEPS if step.name in {"traits", "segments", "recommendations"})


class Shop:
    """A shop in which 24 people buy tea things and 14 coffee things; Ann buys tea every month."""

    def __init__(self, run_crm: CrmRunner, policies: Policies) -> None:
        run_crm.wall.now = NOW
        self.policies = policies
        self.crm: Crm = run_crm(policies=policies, business_now=NOW)
        self.variants: dict[str, int] = {}
        with self.crm.records() as session:
            for name, category, brand, price, chinese in GOODS:
                product = records.product(
                    session,
                    name.title(),
                    external_id=name,
                    category=category,
                    brand=brand,
                    translations={"zh": {"name": chinese}},
                )
                variant = records.variant(
                    session, product, name.upper(), price_minor=price, currency="GBP", availability="in_stock"
                )
                self.variants[name] = variant.id
            self.ann = records.customer(session, external_id="ann", email="ann@example.com").external_id
            people = [records.customer(session, external_id=f"p{number}") for number in range(38)]
        for number, person in enumerate(people):
            taste = ("tea", "pot", "cup", "honey") if number < 24 else ("coffee", "grinder", "lamp")
            self.buys(person.external_id, *taste, days_ago=5 + number)
        for number in range(4):
            self.buys("ann", "tea", days_ago=100 - 30 * number)

    def buys(self, customer: str, *names: str, days_ago: float, **fields: Any) -> str:
        """An order of these; its number."""
        with self.crm.records() as session:
            owner = session.query(Customer).filter_by(external_id=customer).one()
            number = f"W{customer}{int(days_ago * 10)}{''.join(name[0] for name in names)}"
            placed = NOW - timedelta(days=days_ago)
            order = records.order(session, number, owner, placed_at=placed, country="GB", state="delivered", **fields)
            for place, name in enumerate(names, start=1):
                records.line(
                    session,
                    order,
                    place,
                    sku=name.upper(),
                    variant_id=self.variants[name],
                    unit_price_minor=100,
                    total_minor=100,
                )
            return number

    def analyse(self) -> None:
        analyse(self.crm.database, self.policies, Clock(NOW), steps=STEPS_NEEDED)

    def greet(self, conversation: str = "c1", customer: str = "ann") -> None:
        self.crm.start(conversation, language="en")
        assert self.crm.identify(conversation, self.crm.sign(customer)).status_code == 200

    def shelf(self, conversation: str = "c1", **query: Any) -> dict[str, Any]:
        answer = self.crm.call.get(f"/shopper/{conversation}/recommendations", params=query)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def names(self, conversation: str = "c1", **query: Any) -> list[str]:
        return [item["product"] for item in self.shelf(conversation, **query)["items"]]

    def public(self, **query: Any) -> httpx.Response:
        return self.crm.call.get("/catalogue/recommendations", params=query)

    def post(self, conversation: str, what: str, **body: Any) -> httpx.Response:
        return self.crm.call.post(f"/shopper/{conversation}/recommendations/{what}", json=body)


type MakeShop = Callable[..., Shop]


@pytest.fixture
def make_shop(run_crm: CrmRunner) -> MakeShop:
    def make(**rules: Any) -> Shop:
        return Shop(run_crm, policies_with(sections={"recommendations": rules} if rules else None))

    return make


def test_a_person_sees_what_they_repeat_apart_from_what_is_new(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.analyse()
    shop.greet()
    again = shop.shelf(shelf="buy_again")
    assert again["personal"] is True
    assert [item["product"] for item in again["items"]] == ["tea"]
    reason = again["items"][0]["reasons"][0]
    assert reason["kind"] == "bought_before"
    assert (reason["values"]["times"], reason["values"]["last_on"]) == (4, "2026-02-23")
    assert reason["values"]["due_on"] >= "2026-03-10"
    assert again["items"][0]["sku"] == "TEA"
    new = shop.shelf(shelf="discover")
    assert "tea" not in [item["product"] for item in new["items"]]
    assert {item["product"] for item in new["items"][:3]} == {"pot", "cup", "honey"}
    assert new["items"][0]["reasons"] == [
        {"kind": "often_bought_together", "values": {"product": "tea", "name": "Tea"}}
    ]
    both = shop.names(shelf="for_you")
    assert both[0] == "tea"
    assert set(both) > {"tea", "pot"}
    # In the language asked for.
    chinese = shop.shelf(shelf="discover", language="zh")["items"][0]
    assert chinese["name"] in {"茶壶", "茶杯", "蜂蜜"}
    assert chinese["reasons"][0]["values"]["name"] == "红茶"


def test_agents_see_the_counts_that_shoppers_do_not(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.analyse()
    answer = shop.crm.staff("GET", "/recommendations/customers/ann", params={"shelf": "discover"})
    assert answer.status_code == 200
    values = answer.json()["items"][0]["reasons"][0]["values"]
    assert (values["both"], values["of"], values["counted"]) == (24, 25, "people")
    assert answer.json()["arm"] == "default"
    assert shop.crm.staff("GET", "/recommendations/customers/nobody").status_code == 404
    card = shop.crm.staff("GET", "/recommendations/report").json()["model_card"]
    assert card["data"]["people"] == 39
    assert set(card["shelves"]) == {"for_you", "buy_again", "discover"}


def test_what_fewer_than_ten_did_is_told_to_nobody(make_shop: MakeShop) -> None:
    shop = make_shop()
    for number in range(9):
        shop.buys(f"p{number}", "candle", "tea", days_ago=3)
    shop.analyse()
    answer = shop.public(kind="bought_together", product="candle").json()["items"]
    assert answer[0]["product"] == "tea"
    assert answer[0]["reasons"] == []
    shop.buys("p9", "candle", "tea", days_ago=2)
    shop.analyse()
    assert shop.public(kind="bought_together", product="candle").json()["items"][0]["reasons"] != []


def test_a_guest_is_shown_what_fits_their_visit_and_nobodys_purchases(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.analyse()
    shop.crm.start("guest", language="en")
    assert shop.shelf("guest")["personal"] is False
    assert shop.shelf("guest", shelf="buy_again")["items"] == []
    assert len(shop.names("guest")) == 7
    near = shop.shelf("guest", looking_at="GRINDER")["items"]
    assert {item["product"] for item in near[:2]} == {"coffee", "lamp"}
    assert "grinder" not in [item["product"] for item in near]
    assert shop.names("guest", category="Drinks")[0] in {"tea", "coffee"}
    assert set(shop.names("guest", category="Drinks")) == {"tea", "coffee"}


def test_not_interested_holds_at_once_and_can_be_taken_back(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.analyse()
    shop.greet()
    shop.crm.start("guest")
    assert "pot" in shop.names(shelf="discover")
    for _twice in range(2):
        assert shop.post("c1", "not-interested", product="pot").status_code == 204
    assert "pot" not in shop.names(shelf="discover")
    assert "pot" not in shop.names(shelf="for_you")
    # In every conversation of hers, and in nobody else's.
    shop.greet("c2")
    assert "pot" not in shop.names("c2", shelf="discover")
    assert "pot" in shop.names("guest")
    assert shop.post("guest", "not-interested", product="pot").status_code == 204
    assert "pot" not in shop.names("guest")
    assert shop.post("c1", "interested-again", product="pot").status_code == 204
    assert "pot" in shop.names("c2", shelf="discover")
    assert "pot" not in shop.names("guest")
    assert shop.post("c1", "not-interested", product="unheard-of").status_code == 404
    with shop.crm.records() as session:
        assert session.query(RecommendationDismissal).count() == 1


def test_what_cannot_be_had_or_was_sent_back_or_just_bought_is_not_shown(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.buys("ann", "honey", days_ago=20)
    shop.buys("ann", "honey", days_ago=19, kind="credit_note")
    shop.analyse()
    shop.greet()
    assert set(shop.names(shelf="discover")[:2]) == {"pot", "cup"}
    assert "honey" not in shop.names(shelf="discover")
    shop.buys("ann", "cup", days_ago=-0.6)
    assert "cup" not in shop.names(shelf="discover")
    with shop.crm.records() as session:
        session.query(Variant).filter_by(sku="POT").one().availability = "out_of_stock"
    assert "pot" not in shop.names(shelf="discover")


def test_the_shops_rules_pin_bury_exclude_and_cap(make_shop: MakeShop) -> None:
    shop = make_shop(
        pin=["lamp"], bury=["pot"], exclude=["honey"], exclude_categories=["Drinks"], per_category=1, per_brand=9
    )
    shop.analyse()
    shop.greet()
    shown = shop.names(shelf="discover")
    assert shown[0] == "lamp"
    assert shown[-1] == "pot"
    assert not {"honey", "coffee"} & set(shown)
    # A second thing for the kitchen waits until all else had its turn.
    assert shown.index("cup") < shown.index("grinder")
    # Her own things are hers to repeat, but what is excluded is excluded.
    assert shop.names(shelf="buy_again") == []


def test_gifts_under_an_amount_and_what_lies_in_a_store(make_shop: MakeShop) -> None:
    shop = make_shop()
    with shop.crm.records() as session:
        from crm_backend.stores.models import Stock

        store = records.store(session, "York", external_id="york")
        session.add(Stock(store_id=store.id, sku="POT", sku_key="POT", quantity=2, reserved=1))
        session.add(Stock(store_id=store.id, sku="CUP", sku_key="CUP", quantity=1, reserved=1))
    shop.analyse()
    shop.greet()
    gifts = shop.shelf(shelf="discover", maximum_minor=1000)["items"]
    assert {item["product"] for item in gifts} == {"cup", "honey"}
    assert all(item["price_minor"] <= 1000 for item in gifts)
    assert shop.names(shelf="discover", maximum_minor=1000, currency="USD") == []
    assert shop.names(shelf="discover", store="york") == ["pot"]
    wrong = shop.crm.call.get("/shopper/c1/recommendations", params={"minimum_minor": 5, "maximum_minor": 4})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "query.minimum_minor"


def test_what_goes_with_an_order_is_for_its_owner(make_shop: MakeShop) -> None:
    shop = make_shop()
    number = shop.buys("ann", "coffee", days_ago=2)
    shop.analyse()
    shop.greet()
    shop.greet("other", "p3")
    path = "/recommendations/with-order"
    answer = shop.crm.call.get(f"/shopper/c1{path}", params={"number": number})
    assert {item["product"] for item in answer.json()["items"][:2]} == {"grinder", "lamp"}
    assert "coffee" not in [item["product"] for item in answer.json()["items"]]
    denied = shop.crm.call.get(f"/shopper/other{path}", params={"number": number})
    unheard = shop.crm.call.get(f"/shopper/other{path}", params={"number": "W0"})
    assert (denied.status_code, denied.content) == (404, unheard.content)
    assert (
        shop.crm.staff("GET", path, params={"number": number}).json()["items"][0]["reasons"][0]["values"]["both"] == 14
    )


def test_anybody_may_see_what_is_popular_similar_and_in_place_of(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.analyse()
    popular = shop.public(kind="popular").json()
    assert popular["items"][0]["product"] == "tea"
    assert popular["items"][0]["reasons"][0]["values"] == {"scope": "shop", "key": None, "days": 30}
    assert shop.public(kind="popular", category="Home").json()["items"][0]["product"] == "lamp"
    assert shop.public(kind="popular", country="GB").json()["items"][0]["product"] == "tea"
    assert shop.public(kind="popular", country="FR").json()["items"] == []
    assert {item["product"] for item in shop.public(kind="similar", product="pot").json()["items"][:2]} <= {
        "tea",
        "cup",
        "honey",
    }
    # Tea and honey go with a cup, and are none in its place; a pot is, and too dear for who wanted a cup.
    assert {item["product"] for item in shop.public(kind="similar", product="CUP").json()["items"]} >= {"tea", "honey"}
    assert shop.public(kind="alternatives", product="CUP").json()["items"] == []
    pot = shop.public(kind="alternatives", product="CUP", maximum_minor=5000).json()["items"]
    assert [item["product"] for item in pot] == ["pot"]
    assert shop.public(kind="similar", product="unheard-of").status_code == 404
    assert shop.public(kind="similar").json()["errors"][0]["field"] == "query.product"


def test_the_log_of_what_was_shown_tires_informs_and_compares(make_shop: MakeShop) -> None:
    shop = make_shop(tired_after=3)
    shop.analyse()
    shop.greet()
    first = shop.names(shelf="discover")[0]
    for _time in range(3):
        seen = shop.post("c1", "events", kind="shown", shelf="discover", products=[first, "unheard-of"])
        assert seen.status_code == 204
    shown = shop.names(shelf="discover")
    assert shown[-1] == first
    assert shop.post("c1", "events", kind="clicked", shelf="discover", products=[first]).status_code == 204
    assert shop.names(shelf="discover")[0] == first
    shop.buys("ann", first, days_ago=-1)
    [arm] = shop.crm.staff("GET", "/recommendations/report", params={"days": 7}).json()["arms"]
    assert (arm["arm"], arm["people"], arm["shown"], arm["clicked"], arm["bought"]) == ("default", 1, 3, 1, 1)
    shop.buys("p0", first, days_ago=0)
    shop.analyse()
    card = shop.crm.staff("GET", "/recommendations/report").json()["model_card"]
    assert card["clicks"] == {"shown": 3, "clicked": 1, "items": 1, "days": 180}


def test_who_is_held_out_gets_nothing_personal_but_their_own_repeats(make_shop: MakeShop) -> None:
    shop = make_shop(holdout_percent=50)
    shop.analyse()
    arms = {}
    for number in range(30):
        told = shop.crm.staff("GET", f"/recommendations/customers/p{number}", params={"shelf": "discover"}).json()
        arms[f"p{number}"] = (told["arm"], told["personal"])
    assert set(arms.values()) == {("holdout", False), ("default", True)}
    held = next(name for name, (arm, _personal) in arms.items() if arm == "holdout")
    shop.greet("c1", held)
    assert shop.shelf(shelf="buy_again")["personal"] is True
    assert len(shop.names(shelf="buy_again")) >= 3


def test_before_the_first_analysis_there_is_nothing_and_no_error(make_shop: MakeShop) -> None:
    shop = make_shop()
    shop.greet()
    assert shop.shelf() == {"shelf": "for_you", "personal": False, "as_of": None, "items": []}
    assert shop.public(kind="popular").json()["items"] == []
    assert shop.crm.staff("GET", "/recommendations/report").json()["model_card"] == {}


def test_a_product_nobody_bought_is_found_by_what_it_is(make_shop: MakeShop) -> None:
    shop = make_shop()
    with shop.crm.records() as session:
        new = records.product(session, "Cup with saucer", external_id="saucer", category="Kitchen", brand="Ember")
        records.variant(session, new, "SAUCER", price_minor=950, currency="GBP", availability="in_stock")
    shop.analyse()
    assert "saucer" in {item["product"] for item in shop.public(kind="similar", product="cup").json()["items"]}
    with shop.crm.records() as session:
        assert session.query(Product).filter_by(external_id="saucer").one().name == "Cup with saucer"
