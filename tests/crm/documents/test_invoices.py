"""Tax invoices: asked for, issued, sent, failed, corrected; by the shop's own system and by a provider."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr

from crm_backend.documents import provider
from crm_backend.documents.provider import HttpInvoiceProvider
from crm_backend.effects.delivery import wait_after
from crm_backend.jobs import JOBS, run_job
from crm_backend.pipeline.exporting import export_folder
from crm_backend.pipeline.importing import ImportOptions, import_folder
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.changes.test_effects import System, receiving
from tests.crm.conftest import Crm, CrmRunner, policies_with
from tests.crm.documents.conftest import SHOP, run_shop

COMPANY = {"type": "company", "title": "上海杜松商贸有限公司", "tax_number": "91350100 m000100y43"}
SECRET = SecretStr("secret-of-the-invoice-provider-32-bytes")


def listed(crm: Crm, conversation: str = "c1") -> list[dict[str, Any]]:
    answer = crm.call.get(f"/shopper/{conversation}/invoices")
    assert answer.status_code == 200, answer.text
    invoices: list[dict[str, Any]] = answer.json()["invoices"]
    return invoices


def only(crm: Crm) -> dict[str, Any]:
    (invoice,) = listed(crm)
    return invoice


def rule(answer: Any) -> str:
    assert answer.status_code == 409, answer.text
    told: str = answer.json()["rule"]
    return told


def issued(crm: Crm, number: str = "24312000000012345678") -> System:
    """SD-1 has an invoice that was issued and sent."""
    crm.change("c1", "invoice.request", order="SD-1", **COMPANY)
    system = System(crm)
    assert system.answer(system.ids()["invoice.issue"], "done", reference=number).status_code == 200
    assert system.answer(system.ids()["invoice.send"], "done").status_code == 200
    return system


# --- Asking -----------------------------------------------------------------------------------------------------


def test_a_companys_invoice_from_the_request_to_the_mail(shop: Crm) -> None:
    offered = shop.propose("c1", "invoice.request", order="SD-1", **COMPANY).json()
    # Paid 290.00, of it 40.00 by gift card; 90.00 went back.
    assert offered["values"]["invoice_minor"] == 16000
    assert offered["direction"] == "none"
    (line,) = offered["lines"]
    assert line["key"] == "invoice_requested"
    assert line["values"]["tax_number"] == "91350100M000100Y43"
    assert line["values"]["email"] is None
    assert [note["key"] for note in offered["notes"]] == ["invoice_to_known_address"]
    assert shop.confirm("c1", offered["id"]).status_code == 200
    assert only(shop)["state"] == "requested"
    system = System(shop)
    effect = system.list(kind="invoice.issue").json()["effects"][0]
    assert effect["payload"] | {"invoice": "", "lines": []} == {
        "invoice": "", "type": "company", "title": "上海杜松商贸有限公司", "tax_number": "91350100M000100Y43",
        "amount_minor": 16000, "currency": "CNY", "lines": [], "corrects": None,
    }  # fmt: skip
    assert [(line["sku"], line["quantity"]) for line in effect["payload"]["lines"]] == [("KET-1", 1), ("CUP", 1)]
    system.answer(effect["id"], "accepted")
    assert only(shop)["state"] == "requested"
    system.answer(effect["id"], "done", reference="24312000000012345678")
    told = only(shop)
    assert (told["state"], told["number"]) == ("issued", "24312000000012345678")
    sending = system.list(kind="invoice.send").json()["effects"][0]
    assert sending["payload"]["email"] == "mina@example.org"
    system.answer(sending["id"], "done")
    told = only(shop)
    assert told["state"] == "sent"
    assert told["sent_at"] is not None
    assert told["email"] == "mina@example.org"


def test_a_persons_invoice_takes_the_buyers_name_and_no_tax_number(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", tax_number="1", email="me@example.org")
    told = only(shop)
    assert (told["type"], told["title"], told["tax_number"]) == ("personal", "林晓梅", None)
    assert told["email"] == "me@example.org"


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"type": "company", "tax_number": "91350100M000100Y43"}, "title"),
        ({"type": "company", "title": "杜松"}, "tax_number"),
        ({**COMPANY, "tax_number": "91350100M000100Y44"}, "tax_number"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_cannot_be_on_an_invoice_is_named(shop: Crm, details: dict[str, str], field: str) -> None:
    answer = shop.propose("c1", "invoice.request", order="SD-1", **details)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [f"body.details.{field}"]
    assert shop.propose("c1", "invoice.request", order="SD-1", **COMPANY).status_code == 201


def test_another_shoppers_order_is_as_one_that_is_not_there(shop: Crm) -> None:
    foreign, missing = (shop.propose("c2", "invoice.request", order=number) for number in ("SD-1", "SD-9"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert shop.call.get("/shopper/c2/invoices").json() == {"invoices": []}


def test_with_one_order_proved_nothing_that_the_buyer_typed_is_read(shop: Crm) -> None:
    issued(shop)
    assert shop.verify("c3", "SD-1", email="mina@example.org").status_code == 200
    (told,) = listed(shop, "c3")
    assert (told["state"], told["number"]) == ("sent", "24312000000012345678")
    assert (told["title"], told["tax_number"], told["email"]) == (None, None, None)
    offered = shop.propose("c3", "invoice.correct", order="SD-1", email="new@example.org").json()
    assert "杜松" not in json.dumps(offered, ensure_ascii=False)
    assert "91350100" not in json.dumps(offered)
    assert listed(shop, "c1")[0]["title"] == "上海杜松商贸有限公司"


def test_an_order_has_one_invoice(shop: Crm) -> None:
    offers = [shop.propose("c1", "invoice.request", order="SD-1", **COMPANY).json()["id"] for _ in range(2)]
    assert shop.confirm("c1", offers[0]).status_code == 200
    assert shop.confirm("c1", offers[0]).status_code == 200
    assert shop.confirm("c1", offers[1]).status_code == 409
    again = shop.propose("c1", "invoice.request", order="SD-1", **COMPANY)
    assert rule(again) == "invoice_exists"
    assert again.json()["alternatives"][0]["key"] == "wait_for_invoice"
    assert len(listed(shop)) == 1


@pytest.mark.parametrize(
    ("rules", "order", "refused"),
    [
        ({"offered": False}, {}, "invoices_not_offered"),
        ({"types": ["company"]}, {}, "invoice_type_not_offered"),
        ({"order_states": ["delivered"]}, {"state": "shipped"}, "state_not_invoiceable"),
        ({}, {"state": "cancelled"}, "state_not_invoiceable"),
        ({"window_days": 2}, {}, "invoice_window_over"),
        ({"minimum_minor": {"CNY": 16001}}, {}, "invoice_below_minimum"),
        ({"methods_without": ["card"]}, {}, "nothing_to_invoice"),
    ],
)
def test_the_shops_rules_refuse(run_crm: CrmRunner, rules: dict[str, Any], order: dict[str, Any], refused: str) -> None:
    crm = run_shop(run_crm, invoices=rules)
    with crm.records() as session:
        for name, value in order.items():
            setattr(session.get_one(records.Order, 1), name, value)
    assert rule(crm.propose("c1", "invoice.request", order="SD-1")) == refused
    allowed = run_crm(policies=policies_with(sections={"shop": SHOP}))
    answer = allowed.propose("c1", "invoice.request", order="SD-1")
    assert answer.status_code == (409 if order.get("state") == "cancelled" else 201)


def test_an_import_is_not_held_back_for_an_invoice(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    folder = shop.app.state.resources.settings.home / "files"
    export_folder(shop.database.engine, folder)
    orders = folder / "orders.csv"
    orders.write_text(orders.read_text(encoding="utf-8").replace("林晓梅", "林小梅"), encoding="utf-8", newline="")
    report = import_folder(shop.database.engine, folder, ImportOptions())
    assert not report.held_back
    with shop.records() as session:
        assert session.get_one(records.Order, 1).contact_name == "林小梅"


# --- Failing and correcting -------------------------------------------------------------------------------------


def test_one_that_fails_opens_a_case_and_can_be_tried_again(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    system = System(shop)
    effect = system.ids()["invoice.issue"]
    system.answer(effect, "failed", error="title is not registered")
    assert only(shop)["state"] == "failed"
    assert shop.staff("GET", "/invoices", params={"state": "failed"}).json()["invoices"][0]["error"]
    assert [case["kind"] for case in shop.staff("GET", "/cases").json()["cases"]] == ["effect_failed"]
    assert shop.staff("POST", f"/effects/{effect}/retry").status_code == 200
    assert only(shop)["state"] == "requested"


def test_after_a_failure_another_may_be_asked_for_and_the_first_is_not_tried_again(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    effect = System(shop).ids()["invoice.issue"]
    System(shop).answer(effect, "failed", error="no")
    shop.change("c1", "invoice.request", order="SD-1", email="other@example.org")
    assert shop.staff("POST", f"/effects/{effect}/retry").status_code == 409
    assert [invoice["state"] for invoice in listed(shop)] == ["requested", "failed"]


def test_a_correction_takes_the_old_one_back_before_the_new_one_is_issued(shop: Crm) -> None:
    system = issued(shop)
    offered = shop.propose("c1", "invoice.correct", order="SD-1", title="上海杜松科技有限公司").json()
    assert [line["key"] for line in offered["lines"]] == ["invoice_voided", "invoice_requested"]
    shop.confirm("c1", offered["id"])
    new, old = listed(shop)
    assert (new["state"], old["state"]) == ("requested", "sent")
    assert new["corrects"] == old["id"]
    assert "invoice.issue" not in system.ids()
    assert rule(shop.propose("c1", "invoice.correct", order="SD-1", title="X")) == "invoice_not_issued_yet"
    system.answer(system.ids()["invoice.void"], "done", reference="红字-1")
    new, old = listed(shop)
    assert (new["state"], old["state"]) == ("requested", "voided")
    system.answer(system.ids()["invoice.issue"], "done", reference="24312000000099999999")
    new, old = listed(shop)
    assert (new["state"], new["number"], new["title"]) == ("issued", "24312000000099999999", "上海杜松科技有限公司")
    assert new["tax_number"] == "91350100M000100Y43"
    assert shop.staff("GET", "/invoices", params={"order": "sd1"}).json()["invoices"][1]["credit_number"] == "红字-1"


def test_a_correction_that_fails_leaves_the_old_one_good(shop: Crm) -> None:
    system = issued(shop)
    shop.change("c1", "invoice.correct", order="SD-1", title="新抬头")
    effect = system.ids()["invoice.void"]
    system.answer(effect, "failed", error="closed period")
    new, old = listed(shop)
    assert (new["state"], old["state"]) == ("failed", "sent")
    assert shop.staff("POST", f"/effects/{effect}/retry").status_code == 200
    system.answer(effect, "done", reference="红字-1")
    assert [invoice["state"] for invoice in listed(shop)] == ["requested", "voided"]


def test_corrections_have_limits(run_crm: CrmRunner) -> None:
    crm = run_shop(run_crm, invoices={"corrections": 1})
    assert rule(crm.propose("c1", "invoice.correct", order="SD-1", title="X")) == "no_invoice"
    system = issued(crm)
    assert rule(crm.propose("c1", "invoice.correct", order="SD-1", email="mina@example.org")) == "nothing_would_change"
    crm.change("c1", "invoice.correct", order="SD-1", title="新抬头")
    system.answer(system.ids()["invoice.void"], "done", reference="红字-1")
    system.answer(system.ids()["invoice.issue"], "done", reference="2")
    assert rule(crm.propose("c1", "invoice.correct", order="SD-1", title="又一个")) == "corrections_used_up"
    crm.wall.advance(days=200)
    late = run_crm(policies=policies_with(sections={"shop": SHOP, "invoices": {"corrections": 5}}))
    assert late.identify("c1", late.sign("mina")).status_code == 200
    assert rule(late.propose("c1", "invoice.correct", order="SD-1", title="X")) == "correction_window_over"


def test_after_a_further_refund_staff_see_what_would_be_due_and_a_correction_is_over_that(shop: Crm) -> None:
    issued(shop)
    with shop.records() as session:
        order = session.get_one(records.Order, 1)
        records.refund(session, order, 6000, currency="CNY", target="original")
    (told,) = shop.staff("GET", "/invoices").json()["invoices"]
    assert (told["amount_minor"], told["due_minor"]) == (16000, 10000)
    assert shop.propose("c1", "invoice.correct", order="SD-1").json()["values"]["invoice_minor"] == 10000


# --- A provider -------------------------------------------------------------------------------------------------


class Provider:
    """An invoice provider: answers in turn, and checks every signature."""

    def __init__(self, url: str, answers: list[Any]) -> None:
        self.url = url
        self.answers = answers
        self.got: list[dict[str, Any]] = []


@contextmanager
def answering(answers: Sequence[Any]) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signed = f"{self.headers['Shopdesk-Timestamp']}.".encode() + body
            expected = hmac.new(SECRET.get_secret_value().encode(), signed, hashlib.sha256).hexdigest()
            assert hmac.compare_digest(expected, self.headers["Shopdesk-Signature"])
            told.got.append(json.loads(body))
            said = told.answers.pop(0)
            content = b"" if isinstance(said, int) else said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(said if isinstance(said, int) else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told = Provider(f"http://127.0.0.1:{server.server_port}/invoices", list(answers))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def deliver(crm: Crm, url: str) -> int:
    port = HttpInvoiceProvider(url, SECRET, seconds=5)
    try:
        return provider.deliver_due(crm.database, policies_with(), Clock(wall=crm.wall), port)
    finally:
        port.close()


def test_a_provider_begins_issues_and_sends(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    done = {"state": "done", "reference": "243120001"}
    with answering([{"state": "accepted"}, 503, b"<html>", done, {"state": "done"}]) as there:
        assert deliver(shop, there.url) == 1
        assert deliver(shop, there.url) == 0  # Begun: asked again later, not at once.
        for attempt in (1, 2):
            shop.wall.advance(minutes=5)
            assert deliver(shop, there.url) == 0
            shop.wall.advance(seconds=wait_after(attempt).total_seconds())
        assert only(shop)["state"] == "requested"
        shop.wall.advance(minutes=5)
        assert deliver(shop, there.url) == 2
    assert [work["kind"] for work in there.got] == ["invoice.issue"] * 4 + ["invoice.send"]
    assert len({work["id"] for work in there.got}) == 2
    assert (only(shop)["state"], only(shop)["number"]) == ("sent", "243120001")


def test_a_provider_that_refuses_fails_the_invoice_and_one_that_is_away_becomes_a_case(shop: Crm) -> None:
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    with answering([{"state": "failed", "error": "unknown title"}]) as there:
        assert deliver(shop, there.url) == 1
    assert only(shop)["state"] == "failed"
    shop.change("c1", "invoice.request", order="SD-1", email="me@example.org")
    for _ in range(15):
        assert deliver(shop, there.url) == 0
        shop.wall.advance(hours=7)
    kinds = sorted(case["kind"] for case in shop.staff("GET", "/cases").json()["cases"])
    assert kinds == ["effect_failed", "effect_undeliverable"]


def test_with_a_provider_set_invoices_do_not_go_to_the_shops_webhook(shop: Crm) -> None:
    settings = shop.app.state.resources.settings
    shop.change("c1", "invoice.request", order="SD-1", **COMPANY)
    with receiving() as webhook, answering([{"state": "done", "reference": "1"}, {"state": "done"}]) as there:
        settings.effects_webhook_url, settings.effects_webhook_secret = webhook.url, SECRET
        settings.invoice_provider_url, settings.invoice_provider_secret = there.url, SECRET
        for job in JOBS:
            if job.name in ("deliver_effects", "issue_invoices"):
                assert run_job(shop.app.state.resources, job)
    assert webhook.got == []
    assert len(there.got) == 2
    assert only(shop)["state"] == "sent"
