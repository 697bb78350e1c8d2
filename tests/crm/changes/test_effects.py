"""Effects: told to the shop's systems, answered by them, tried again, and what follows in the CRM."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from crm_backend.effects import delivery
from crm_backend.effects.delivery import Webhook, deliver_due, sending, wait_after
from crm_backend.effects.models import Effect
from crm_backend.identity import api_keys
from crm_backend.jobs import JOBS, alone, run_job
from shopdesk_schemas.clock import Clock
from tests.crm.conftest import Crm, policies_with

SECRET = SecretStr("webhook-secret-of-the-tests-32-bytes")


def key_of(crm: Crm, *scopes: api_keys.Scope, **options: Any) -> str:
    with crm.records() as session:
        return api_keys.create(session, "warehouse", scopes, now=crm.wall.now, **options)


class System:
    """One of the shop's systems."""

    def __init__(self, crm: Crm, *scopes: api_keys.Scope) -> None:
        self._crm = crm
        self._headers = {"Authorization": f"Bearer {key_of(crm, *(scopes or ('effects:read', 'effects:answer')))}"}

    def list(self, **query: Any) -> httpx.Response:
        return self._crm.call.get("/backoffice/effects", params=query, headers=self._headers)

    def ids(self, **query: Any) -> dict[str, str]:
        """By kind."""
        answer = self.list(**query)
        assert answer.status_code == 200, answer.text
        return {effect["kind"]: effect["id"] for effect in answer.json()["effects"]}

    def answer(self, effect: str, said: str, **more: Any) -> httpx.Response:
        return self._crm.call.post(
            f"/backoffice/effects/{effect}/answers", json={"answer": said, **more}, headers=self._headers
        )


def _refund_states(crm: Crm) -> list[str]:
    return [refund["state"] for refund in crm.order("c1", "SD-1").json()["refunds"]]


def test_effects_are_listed_with_the_order_as_the_shops_system_names_it(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1", reason="too_slow")
    effects = System(shop).list().json()["effects"]
    assert [effect["kind"] for effect in effects] == ["order.cancel", "payment.refund"]
    assert effects[0]["payload"]["lines"] == [
        {"line_number": 1, "sku": "A", "quantity": 2},
        {"line_number": 2, "sku": "B", "quantity": 1},
    ]
    assert effects[1]["order"]["number"] == "SD-1"
    assert effects[1]["payload"]["amount_minor"] == 7500
    assert effects[1]["payload"]["payment"] == "pay-1"


def test_the_list_is_read_page_by_page(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    system = System(shop)
    first = system.list(limit=1).json()
    second = system.list(limit=1, after=first["next"]).json()
    assert [page["effects"][0]["kind"] for page in (first, second)] == ["order.cancel", "payment.refund"]
    assert second["next"] is None
    assert list(system.ids(kind="payment.refund")) == ["payment.refund"]
    assert system.ids(state="done") == {}


def test_a_key_opens_what_its_scopes_say_and_nothing_else(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    reader = System(shop, "effects:read")
    effect = reader.ids()["payment.refund"]
    assert reader.answer(effect, "done").status_code == 403
    assert System(shop, "records:read").list().status_code == 403
    assert System(shop, "effects:answer").answer(effect, "done").status_code == 200
    key = key_of(shop, "effects:read", expires_at=shop.wall.now + timedelta(hours=1))
    headers = {"Authorization": f"Bearer {key}"}
    assert shop.call.get("/backoffice/effects", headers=headers).status_code == 200
    # It is no service token, nor is that a key.
    assert shop.call.get("/policies/explain", headers=headers).status_code == 401
    assert shop.call.get("/backoffice/effects").status_code == 401
    wrong = {"Authorization": f"Bearer {key[:-1]}{'A' if key[-1] != 'A' else 'B'}"}
    assert shop.call.get("/backoffice/effects", headers=wrong).status_code == 401
    shop.wall.advance(hours=1)
    assert shop.call.get("/backoffice/effects", headers=headers).status_code == 401


def test_a_revoked_key_opens_nothing(shop: Crm) -> None:
    key = key_of(shop, "effects:read")
    headers = {"Authorization": f"Bearer {key}"}
    assert shop.call.get("/backoffice/effects", headers=headers).status_code == 200
    with shop.records() as session:
        assert api_keys.revoke(session, key.split("_")[1], shop.wall.now)
    assert shop.call.get("/backoffice/effects", headers=headers).status_code == 401


def test_the_shopper_hears_requested_until_the_money_went(shop: Crm) -> None:
    proposal = shop.change("c1", "order.cancel", order="SD-1")
    system = System(shop)
    refund = system.ids()["payment.refund"]
    assert _refund_states(shop) == ["requested"]
    assert system.answer(refund, "accepted").status_code == 200
    assert _refund_states(shop) == ["pending"]
    assert system.answer(refund, "done", reference="re_1").json()["reference"] == "re_1"
    assert _refund_states(shop) == ["paid"]
    told = shop.call.get(f"/shopper/c1/proposals/{proposal['id']}").json()
    assert {effect["kind"]: effect["state"] for effect in told["outcome"]["effects"]} == {
        "order.cancel": "pending",
        "payment.refund": "done",
    }


def test_an_answer_given_twice_counts_once_and_done_stays_done(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    system = System(shop)
    refund = system.ids()["payment.refund"]
    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: system.answer(refund, "done"), range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert system.answer(refund, "failed").status_code == 409
    assert system.answer(refund, "accepted").status_code == 409
    assert _refund_states(shop) == ["paid"]
    assert system.answer("eff_none", "done").status_code == 404


def test_a_failure_opens_a_case_that_agents_can_settle(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    system = System(shop)
    refund = system.ids()["payment.refund"]
    assert system.answer(refund, "failed", error="card closed").status_code == 200
    assert _refund_states(shop) == ["failed"]
    # Owed still: it cannot be asked for a second time.
    assert shop.propose("c1", "order.cancel", order="SD-1").json()["rule"] == "already_cancelled"

    cases = shop.staff("GET", "/cases", params={"order_number": "SD-1"}).json()["cases"]
    assert [(case["kind"], case["details"]["error"]) for case in cases] == [("effect_failed", "card closed")]
    case = cases[0]
    assert {"kind": "conversation", "reference": "c1"} in case["links"]
    assert {"kind": "effect", "reference": refund} in case["links"]
    assert shop.staff("GET", "/cases", params={"conversation": "c1"}).json()["cases"] == cases

    assert shop.staff("POST", f"/effects/{refund}/retry", "ron;read_only").status_code == 403
    assert shop.staff("POST", f"/effects/{refund}/retry").json()["state"] == "pending"
    assert _refund_states(shop) == ["requested"]
    assert system.answer(refund, "done").status_code == 200
    assert _refund_states(shop) == ["paid"]

    path = f"/cases/{case['id']}"
    assert shop.staff("PATCH", path, json={"version": 1, "state": "closed"}).status_code == 422
    closed = shop.staff("PATCH", path, json={"version": 1, "state": "closed", "outcome": "refunded"})
    assert (closed.json()["state"], closed.json()["version"]) == ("closed", 2)
    assert shop.staff("PATCH", path, json={"version": 1, "owner": "lea"}).status_code == 409
    assert shop.staff("GET", "/cases").json()["cases"] == []


def test_agents_open_cases_of_their_own(shop: Crm) -> None:
    body = {"kind": "complaint", "order_number": "SD-1", "note": "Wants a call back", "conversation": "c1"}
    assert shop.staff("POST", "/cases", "ron;read_only", json=body).status_code == 403
    opened = shop.staff("POST", "/cases", json=body).json()
    assert (opened["owner"], opened["order_number"], opened["overdue"]) == ("mia", "SD-1", False)
    shop.wall.advance(hours=25)
    assert shop.staff("GET", f"/cases/{opened['id']}").json()["overdue"] is True
    assert shop.staff("POST", "/cases", json={**body, "order_number": "SD-9"}).status_code == 422
    assert shop.staff("GET", "/cases/case_none").status_code == 404


# --- The webhook ------------------------------------------------------------------------------------------------


class Receiver:
    """The shop's side: a real server that answers what `statuses` say, then 204."""

    def __init__(self, url: str, statuses: list[int]) -> None:
        self.url = url
        self.statuses = statuses
        self.got: list[tuple[dict[str, str], bytes]] = []


@contextmanager
def receiving(statuses: Sequence[int] = ()) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((dict(self.headers), body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook", list(statuses))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _deliver(crm: Crm, url: str) -> int:
    return deliver_due(crm.database, policies_with(), Clock(wall=crm.wall), Webhook(url, SECRET), sending(seconds=5))


def test_the_webhook_gets_each_effect_once_signed(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1")
    with receiving() as receiver:
        assert _deliver(shop, receiver.url) == 2
        assert _deliver(shop, receiver.url) == 0
    assert [json.loads(body)["kind"] for _, body in receiver.got] == ["order.cancel", "payment.refund"]
    for headers, body in receiver.got:
        assert headers["Shopdesk-Effect"] == json.loads(body)["id"]
        signed = f"{headers['Shopdesk-Timestamp']}.".encode() + body
        expected = hmac.new(SECRET.get_secret_value().encode(), signed, hashlib.sha256).hexdigest()
        assert headers["Shopdesk-Signature"] == expected
        assert int(headers["Shopdesk-Timestamp"]) == int(shop.wall.now.timestamp())
    assert set(System(shop).ids(state="delivered")) == {"order.cancel", "payment.refund"}


def test_what_is_not_taken_is_sent_again_later_and_later(shop: Crm) -> None:
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    with receiving([500, 302, 429]) as receiver:
        for attempt in (1, 2, 3):
            assert _deliver(shop, receiver.url) == 0
            assert _deliver(shop, receiver.url) == 0  # Not yet.
            assert len(receiver.got) == attempt
            shop.wall.advance(seconds=wait_after(attempt).total_seconds())
        assert _deliver(shop, receiver.url) == 1
    assert len({json.loads(body)["id"] for _, body in receiver.got}) == 1


def test_what_nobody_takes_becomes_a_case_and_stays_in_the_list(shop: Crm) -> None:
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    with receiving() as gone:
        url = gone.url
    for _ in range(delivery.ATTEMPTS + 3):
        assert _deliver(shop, url) == 0
        shop.wall.advance(hours=7)
    system = System(shop)
    effect = system.list().json()["effects"][0]
    assert (effect["attempts"], effect["next_try_at"], effect["error"]) == (delivery.ATTEMPTS, None, "ConnectError")
    assert [case["kind"] for case in shop.staff("GET", "/cases").json()["cases"]] == ["effect_undeliverable"]
    assert system.answer(effect["id"], "done").status_code == 200


def test_several_senders_at_once_send_each_effect_once(shop: Crm) -> None:
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    shop.change("c1", "order.cancel", order="SD-1", lines=[{"line_number": 1, "quantity": 1}])
    shop.change("c1", "order.cancel", order="SD-1")
    with receiving() as receiver, ThreadPoolExecutor(6) as threads:
        taken = sum(threads.map(lambda _: _deliver(shop, receiver.url), range(6)))
    assert taken == len(receiver.got) == len({json.loads(body)["id"] for _, body in receiver.got}) == 6


def test_a_sender_that_died_leaves_the_effect_to_be_sent_again(shop: Crm) -> None:
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")

    def dies(_url: str, _body: bytes, _headers: dict[str, str]) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(shop.database, policies_with(), Clock(wall=shop.wall), Webhook("http://x", SECRET), dies)
    with receiving() as receiver:
        assert _deliver(shop, receiver.url) == 0
        shop.wall.advance(seconds=delivery.CLAIM.total_seconds())
        assert _deliver(shop, receiver.url) == 1


def test_an_answer_that_comes_before_the_call_has_ended_stands(shop: Crm) -> None:
    shop.change("c1", "order.address", order="SD-1", recipient="Mina Lee")
    system = System(shop)

    def answered_meanwhile(_url: str, body: bytes, _headers: dict[str, str]) -> int:
        assert system.answer(json.loads(body)["id"], "done").status_code == 200
        return 204

    clock = Clock(wall=shop.wall)
    assert deliver_due(shop.database, policies_with(), clock, Webhook("http://x", SECRET), answered_meanwhile) == 1
    with shop.database.read() as session:
        assert session.scalars(select(Effect.state)).all() == ["done"]


def test_every_job_runs_and_a_failing_one_harms_nothing(shop: Crm) -> None:
    offer = shop.propose("c1", "order.cancel", key="k", order="SD-1").json()["id"]
    shop.wall.advance(days=8)
    held = shop.app.state.resources
    assert all(run_job(held, job) for job in JOBS)
    assert shop.identify("c1", shop.sign("mina-1")).status_code == 200
    assert shop.call.get(f"/shopper/c1/proposals/{offer}").json()["state"] == "expired"
    again = shop.propose("c1", "order.cancel", key="k", order="SD-1")
    assert again.json()["id"] != offer


def test_a_job_runs_in_one_process_at_a_time_where_the_store_can_tell(shop: Crm) -> None:
    with alone(shop.database, "a") as first, alone(shop.database, "a") as second, alone(shop.database, "b") as other:
        assert (first, other) == (True, True)
        assert second is shop.database.is_sqlite
    with alone(shop.database, "a") as later:
        assert later
