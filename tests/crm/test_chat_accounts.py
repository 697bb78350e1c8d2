"""An account on a messaging platform is verified once, known again at what the policy allows, and forgotten."""

from __future__ import annotations

import pytest

from tests.crm import records
from tests.crm.conftest import Crm, CrmRunner, policies_with


def on(crm: Crm, conversation: str, account: str = "4477", channel: str = "whatsapp") -> str:
    """The conversation is told as one on this account; its level then."""
    body = {"chat_account": {"channel": channel, "account": account}}
    assert crm.call.put(f"/shopper/{conversation}", json=body).status_code == 204
    return str(crm.verification(conversation)["level"])


@pytest.fixture
def shop(crm: Crm) -> Crm:
    """Mina has an order, as has somebody else."""
    with crm.records() as session:
        mina = records.customer(session, external_id="mina-1", given_name="Mina")
        other = records.customer(session, external_id="other-1", given_name="Otto")
        records.order(session, "A1", mina, postcode="AB1 2CD")
        records.order(session, "B1", other, postcode="EF3 4GH")
    return crm


def test_verified_once_known_in_the_next_conversation(shop: Crm) -> None:
    assert on(shop, "c1") == "none"
    shop.identify("c1", shop.sign("mina-1"))
    assert on(shop, "c2") == "customer"
    told = shop.verification("c2")
    assert (told["method"], told["display_name"]) == ("chat_account", "Mina")
    assert [order["number"] for order in shop.orders("c2")] == ["A1"]
    assert on(shop, "c3", account="4478") == "none"
    assert on(shop, "c4", channel="telegram") == "none"
    shop.start("c5")
    assert shop.verification("c5")["level"] == "none"


def test_it_is_known_again_when_the_verification_has_run_out_until_the_link_has(shop: Crm) -> None:
    on(shop, "c1")
    shop.identify("c1", shop.sign("mina-1"))
    shop.wall.advance(minutes=121)
    assert shop.verification("c1")["level"] == "none"
    assert on(shop, "c1") == "customer"
    shop.wall.advance(days=181)
    assert on(shop, "c1") == "none"


def test_one_order_says_nothing_of_the_account(shop: Crm) -> None:
    on(shop, "c1")
    assert shop.verify("c1", "A1", postcode="AB1 2CD").json()["level"] == "order"
    assert on(shop, "c2") == "none"


def test_the_newest_proof_says_whose_it_is(shop: Crm) -> None:
    on(shop, "c1")
    shop.identify("c1", shop.sign("mina-1"))
    shop.identify("c1", shop.sign("other-1"))
    assert on(shop, "c2") == "customer"
    assert [order["number"] for order in shop.orders("c2")] == ["B1"]


def test_the_shopper_is_forgotten_in_every_conversation_of_the_account(shop: Crm) -> None:
    on(shop, "c1")
    shop.identify("c1", shop.sign("mina-1"))
    on(shop, "c2")
    assert shop.call.delete("/shopper/c2/verification").status_code == 204
    assert shop.verification("c1")["level"] == "none"
    assert (on(shop, "c1"), on(shop, "c2"), on(shop, "c3")) == ("none", "none", "none")


def test_an_agent_unlinks_it(shop: Crm) -> None:
    on(shop, "c1")
    shop.identify("c1", shop.sign("mina-1"))
    assert shop.staff("GET", "/conversations/c1/customer").json()["account_linked_at"] is not None
    assert shop.staff("DELETE", "/conversations/c1/account", agent="eve;read_only").status_code == 403
    assert on(shop, "c2") == "customer"
    assert shop.staff("DELETE", "/conversations/c1/account").status_code == 204
    assert shop.staff("DELETE", "/conversations/nobody/account").status_code == 404
    assert on(shop, "c2") == "none"
    assert shop.staff("GET", "/conversations/c1/customer").json()["account_linked_at"] is None


def test_a_shop_may_have_every_conversation_verified_anew(run_crm: CrmRunner) -> None:
    crm = run_crm(policies=policies_with(chat_account_days=0))
    with crm.records() as session:
        records.customer(session, external_id="mina-1")
    on(crm, "c1")
    crm.identify("c1", crm.sign("mina-1"))
    assert on(crm, "c2") == "none"


def test_two_accounts_of_one_person_are_two_conversations_of_one_profile(shop: Crm) -> None:
    for conversation, channel in (("c1", "whatsapp"), ("c2", "telegram")):
        on(shop, conversation, channel=channel)
        shop.identify(conversation, shop.sign("mina-1"))
    shown = shop.staff("GET", "/customers/mina-1").json()["conversations"]
    assert {one["conversation_id"] for one in shown} == {"c1", "c2"}
