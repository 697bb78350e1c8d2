"""Leads change the shop's rules while it runs: shown, tried, in force at once in every process, version by version."""

from __future__ import annotations

from itertools import count
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from crm_backend.audit.models import AuditEntry
from crm_backend.policies.in_force import PoliciesInForce
from crm_backend.policies.overlay import SECTIONS, ValueProblems, as_text, laid_over, read_value, rules, value_at
from crm_backend.policies.policy import load_policies
from crm_backend.settings import CrmSettings
from tests.crm.changes.conftest import fill_shop, sign_in
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.support.stack import ROOT

_keys = count()

HOURS = "cancellation.within_hours"
DAYS = "returns.terms.window_days"


def call(crm: Crm, role: str, method: str, path: str = "", **more: Any) -> httpx.Response:
    headers = {"X-Shopdesk-Staff": f"mia;{role}", "Idempotency-Key": f"p{next(_keys)}"}
    return crm.call.request(method, f"/staff/policies{path}", headers=headers, **more)


def save(crm: Crm, version: int, role: str = "lead", note: str = "", **values: str | None) -> httpx.Response:
    wanted = {path.replace("__", "."): text for path, text in values.items()}
    return call(crm, role, "PUT", json={"version": version, "values": wanted, "note": note})


def rule(crm: Crm, path: str) -> Any:
    fields = call(crm, "read_only", "GET", f"/{path.split('.')[0]}").json()["fields"]
    return next(one for one in fields if one["path"] == path)


def explained(crm: Crm) -> Any:
    return crm.call.get("/policies/explain").json()


def test_a_rule_is_shown_changed_and_taken_back(shop: Crm) -> None:
    assert rule(shop, DAYS) == {
        "path": DAYS, "kind": "whole", "choices": [], "least": 0.0, "most": 3650.0, "optional": False, "text": "30",
        "file_text": "30", "changed": False, "told": True,
        "description": "Whole days after the day on which the window starts, in the order's time zone.",
    }  # fmt: skip
    assert not rule(shop, "returns.review.signals")["told"]
    saved = save(shop, 0, note="Long summer", returns__terms__window_days="45", returns__refund_when="approved")
    assert saved.status_code == 200, saved.text
    assert explained(shop)["returns"]["terms"]["window_days"] == 45
    assert (rule(shop, DAYS)["text"], rule(shop, DAYS)["changed"], rule(shop, DAYS)["file_text"]) == ("45", True, "30")
    # The rest of a section stays as the file, or the schema for this very place, has it.
    assert explained(shop)["claims"]["lost"]["resolutions"] == ["refund", "resend"]
    assert save(shop, 1, claims__lost__within_days="90").status_code == 200
    assert explained(shop)["claims"]["lost"]["within_days"] == 90
    assert explained(shop)["claims"]["lost"]["resolutions"] == ["refund", "resend"]
    back = call(shop, "lead", "POST", "/restorations", json={"version": 2, "restore": 1})
    assert back.json()["saved"][0]["changes"] == [{"path": "claims.lost.within_days", "before": "90", "after": "60"}]
    assert save(shop, 3, returns__refund_when=None).status_code == 200
    assert (explained(shop)["returns"]["refund_when"], explained(shop)["returns"]["terms"]["window_days"]) == (
        "inspected", 45,
    )  # fmt: skip
    assert call(shop, "lead", "POST", "/restorations", json={"version": 4, "restore": 0}).status_code == 200
    assert explained(shop)["returns"]["terms"]["window_days"] == 30
    listed = call(shop, "read_only", "GET").json()
    assert [(one["version"], one["note"], one["saved_by"]) for one in listed["saved"]][-1] == (1, "Long summer", "mia")
    assert {one["name"]: one["changed"] for one in listed["sections"]} == dict.fromkeys(SECTIONS, 0)
    with shop.database.read() as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "policies.saved")).all()
    assert [one.subject_id for one in noted] == ["1", "2", "3", "4", "5"]


def test_offers_that_would_be_different_are_void_and_the_others_stand(shop: Crm) -> None:
    cancelling = shop.propose("c1", "order.cancel", order="SD-1").json()["id"]
    address = {"line1": "2 New Street", "city": "London", "postcode": "SW1A 2AA", "country": "GB"}
    moving = shop.propose("c1", "order.address", order="SD-1", **address)
    assert moving.status_code == 201, moving.text
    wanted = {"version": 0, "values": {"cancellation.refund_shipping": "never"}}
    told = call(shop, "lead", "POST", "/previews", json=wanted).json()
    assert told == {
        "changes": [{"path": "cancellation.refund_shipping", "before": "whole_order", "after": "never"}],
        "open_offers": 2, "void_offers": {"order.cancel": 1}, "open_returns": 0, "open_claims": 0,
    }  # fmt: skip
    assert explained(shop)["cancellation"]["refund_shipping"] == "whole_order"
    assert save(shop, 0, cancellation__refund_shipping="never").status_code == 200
    assert shop.confirm("c1", cancelling).status_code == 409
    assert shop.confirm("c1", moving.json()["id"]).status_code == 200
    again = shop.propose("c1", "order.cancel", order="SD-1").json()
    assert again["amount_minor"] == 7000


def test_every_process_goes_by_it(run_crm: CrmRunner) -> None:
    crm = run_crm()
    fill_shop(crm)
    sign_in(crm)
    other = run_crm()
    assert save(crm, 0, cancellation__allowed_states="[created]").status_code == 200
    # At once for what is offered, though this process has not looked by itself.
    refused = other.propose("c1", "order.cancel", order="SD-1")
    assert (refused.status_code, refused.json()["rule"]) == (409, "state_not_cancellable")
    assert explained(other)["cancellation"]["allowed_states"] == ["created"]
    restarted = run_crm()
    restarted.app.state.resources.rules.look()
    assert explained(restarted)["cancellation"]["allowed_states"] == ["created"]


def test_what_the_pages_say_of_the_rules_follows(shop: Crm) -> None:
    def answer() -> str:
        query = {"q": "how many days do I have to return something?", "language": "en"}
        text: str = shop.call.get("/help/answers", params=query).json()["answers"][0]["text"]
        return text

    assert "30" in answer()
    assert save(shop, 0, returns__terms__window_days="61").status_code == 200
    assert "61" in answer()


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        (DAYS, "many", "int_parsing"),
        (DAYS, "-1", "greater_than_equal"),
        (DAYS, "", "int_type"),
        ("returns.refund_when", "later", "literal_error"),
        ("returns.terms.returnable", "maybe", "bool_parsing"),
        ("returns.rules", "- {markets: [GB], terms: {window_dayz: 3}}", "extra_forbidden"),
        ("returns.rules", "- {markets: [GB", "yaml"),
        ("goodwill.voucher_prefix", "too long for a prefix", "string_pattern_mismatch"),
        ("verification.expires_after_minutes", "5", "unknown"),
    ],
)
def test_what_cannot_hold_names_the_rule(sqlite_crm: Crm, path: str, text: str, code: str) -> None:
    wanted = {"version": 0, "values": {path: text, HOURS: "5"}}
    for method, place in (("PUT", ""), ("POST", "/previews")):
        refused = call(sqlite_crm, "lead", method, place, json=wanted)
        assert refused.status_code == 422, refused.text
        assert [(one["field"], one["code"]) for one in refused.json()["errors"]] == [(f"body.values.{path}", code)]
    assert call(sqlite_crm, "agent", "GET").json()["version"] == 0


def test_only_leads_change_and_nobody_overwrites_unseen(sqlite_crm: Crm) -> None:
    for role in ("read_only", "agent"):
        assert save(sqlite_crm, 0, role, cancellation__within_hours="5").status_code == 403
        assert call(sqlite_crm, role, "GET", "/cancellation").status_code == 200
    assert save(sqlite_crm, 0, cancellation__within_hours="5").status_code == 200
    assert save(sqlite_crm, 0, cancellation__within_hours="6").status_code == 409
    assert rule(sqlite_crm, HOURS)["text"] == "5"
    assert save(sqlite_crm, 1, cancellation__within_hours="").status_code == 200
    assert call(sqlite_crm, "lead", "POST", "/restorations", json={"version": 2, "restore": 9}).status_code == 404
    assert call(sqlite_crm, "lead", "GET", "/verification").status_code == 404


def test_a_file_that_does_not_fit_any_more_holds_alone(sqlite_crm: Crm) -> None:
    own = "[faulty, eaten_by_the_dog]"
    assert save(sqlite_crm, 0, returns__faults=own, returns__reasons=own).status_code == 200
    held = sqlite_crm.app.state.resources
    newer = policies_with(sections={"returns": {"warranty": {"reasons": ["faulty"]}}})
    fits = PoliciesInForce(newer, held.database, lambda _policies: None)
    assert fits.look().returns.faults == ["faulty", "eaten_by_the_dog"]
    sure = held.rules.make(7, {"returns.terms.window_days": -1})
    assert (sure.policies, sure.version) == (held.rules.file, 7)
    assert "window_days" in str(sure.unusable)


def test_every_value_of_the_demo_shop_survives_being_written_and_read() -> None:
    policies = load_policies(ROOT / CrmSettings.model_fields["shop"].default)
    written = {path: read_value(one, as_text(one, value_at(policies, path))) for path, one in rules().items()}
    for path, value in written.items():
        assert laid_over(policies, {path: value}) == policies, path
    with pytest.raises(ValueProblems):
        laid_over(policies, {"claims.lost.within_days": 0})
