"""What every program's HTTP does alike: problem documents, request ids, health, logs without personal data."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from crm_backend.app import create_app
from crm_backend.settings import CrmSettings
from shopdesk_schemas import web
from shopdesk_schemas.problems import Conflict, NotFound, TooManyRequests
from shopdesk_schemas.web import JsonFormatter, health_router, install, outgoing_headers, problem_response, request_id
from tests.crm.conftest import Crm, policies_with
from tests.support.asgi import Caller, calling


class Body(BaseModel):
    amount: int
    nested: list[dict[str, int]] = []


@pytest.fixture
def caller() -> Iterator[Caller]:
    app = FastAPI()
    install(app)

    @app.get("/broken/{name}")
    def broken(name: str) -> None:
        raise RuntimeError(f"cannot find {name}")

    @app.get("/missing")
    def missing() -> None:
        raise NotFound

    @app.get("/returned")
    def returned() -> object:
        return problem_response(NotFound())

    @app.get("/slow-down")
    def slow_down() -> None:
        raise TooManyRequests(17)

    @app.get("/conflict")
    def conflict() -> None:
        raise Conflict("it moved")

    @app.get("/id")
    def current_id() -> dict[str, str | None]:
        return {"id": request_id(), **outgoing_headers()}

    @app.post("/body")
    def body(body: Body) -> Body:
        return body

    app.include_router(health_router())
    with calling(app) as opened:
        yield opened


def test_a_raised_and_a_returned_problem_are_the_same_bytes(caller: Caller) -> None:
    raised, returned, unknown = (caller.get(path) for path in ("/missing", "/returned", "/no-such-path"))
    assert raised.status_code == 404
    assert raised.headers["content-type"] == "application/problem+json"
    assert raised.content == returned.content == unknown.content


def test_problems_carry_their_headers_and_details(caller: Caller) -> None:
    assert caller.get("/slow-down").headers["retry-after"] == "17"
    assert caller.get("/conflict").json() == {
        "type": "/problems/conflict",
        "title": "The request does not fit the present state",
        "status": 409,
        "detail": "it moved",
    }
    wrong_method = caller.post("/missing")
    assert (wrong_method.status_code, wrong_method.json()["type"]) == (405, "/problems/method-not-allowed")
    assert wrong_method.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ('{"amount": "much"}', ["body.amount"]),
        ("{}", ["body.amount"]),
        ('{"amount": 1, "nested": [{"a": 1}, {"b": "x"}]}', ["body.nested.1.b"]),
        ('{"amount": ', ["body"]),
        ("[1]", ["body"]),
        ("", ["body"]),
    ],
)
def test_bad_input_names_its_fields_and_does_not_repeat_them(caller: Caller, content: str, fields: list[str]) -> None:
    answer = caller.post("/body", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert "much" not in answer.text


def test_an_unexpected_error_says_nothing_outside_and_nothing_personal_inside(
    caller: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = caller.get("/broken/mina@example.org?email=mina@example.org", headers={"X-Request-ID": "request-0001"})
    assert (answer.status_code, answer.json()) == (
        500,
        {"type": "/problems/internal-error", "title": "Something went wrong on our side", "status": 500},
    )
    ours = [record for record in caplog.records if record.name == "shopdesk.web"]
    written = [JsonFormatter("test").format(record) for record in ours]
    assert len(written) == 2
    assert not any("mina" in line or "cannot find" in line for line in written)
    error, request = (json.loads(line) for line in written)
    assert error["error"][0]["type"] == "builtins.RuntimeError"
    assert any("test_problems.py" in frame for frame in error["error"][0]["frames"])
    assert (request["route"], request["status"], request["method"]) == ("/broken/{name}", 500, "GET")
    assert request["milliseconds"] >= 0


def test_a_request_keeps_the_id_it_came_with_and_hands_it_on(caller: Caller) -> None:
    answer = caller.get("/id", headers={"X-Request-ID": "abc-12345"})
    assert answer.headers["x-request-id"] == "abc-12345"
    assert answer.json() == {"id": "abc-12345", "X-Request-ID": "abc-12345"}
    for odd in ("short", "with space and\ttab", "x" * 65, '{"injected": 1}'):
        answer = caller.get("/id", headers={"X-Request-ID": odd})
        assert answer.headers["x-request-id"] != odd
        assert len(answer.headers["x-request-id"]) == 32
    assert outgoing_headers() == {}


def test_readiness_names_what_is_missing() -> None:
    async def broken() -> None:
        raise ConnectionError("10.0.0.7 refused")

    def works() -> None: ...

    app = FastAPI()
    install(app)
    app.include_router(health_router({"bot": broken, "database": works, "actions": lambda: False}))
    with calling(app) as caller:
        answer = caller.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"missing": ["bot", "actions"]})
        assert caller.get("/healthz").json() == {"status": "ok"}


def test_readiness_does_not_wait_for_what_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "READINESS_SECONDS", 0.01)
    let_go = threading.Event()

    async def hangs() -> None:
        await asyncio.Event().wait()

    app = FastAPI()
    app.include_router(health_router({"bot": hangs, "database": lambda: let_go.wait(60)}))
    with calling(app) as caller:
        assert caller.get("/readyz").json() == {"missing": ["bot", "database"]}
        assert not let_go.is_set()
        let_go.set()


def test_the_crm_is_ready_once_its_database_is_migrated(sqlite_crm: Crm, tmp_path: Path) -> None:
    assert sqlite_crm.call.get("/readyz").status_code == 200
    settings = CrmSettings(home=tmp_path / "empty", crm_database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}")
    app = create_app(settings, policies=policies_with())
    with calling(app, {"Authorization": f"Bearer {settings.service_token.get_secret_value()}"}) as caller:
        assert (caller.get("/readyz").status_code, caller.get("/readyz").json()) == (503, {"missing": ["database"]})
        away = caller.get("/shopper/c1/orders")
        assert (away.status_code, away.json()["type"]) == (503, "/problems/unavailable")
    app.state.resources.database.dispose()


def test_the_crm_logs_the_route_and_not_who_or_what(sqlite_crm: Crm, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="shopdesk"):
        sqlite_crm.verify("conversation-77", "SD-10023", email="mina@example.org")
        sqlite_crm.order("conversation-77", "SD-10023", language="en")
    written = "\n".join(
        JsonFormatter("crm_backend").format(record) for record in caplog.records if "shopdesk" in record.name
    )
    assert "/shopper/{conversation_id}/orders/{number:path}" in written
    assert not any(private in written for private in ("mina", "10023", "conversation-77", "language"))


def test_a_nul_character_is_named_and_not_an_error_of_ours(crm: Crm) -> None:
    headers = {"X-Shopdesk-Staff": "mia;lead"}
    for path, source in (("/staff/customers/1", "query.source"), ("/staff/people/1/export", "query.source")):
        answer = crm.call.get(path, params={"source": "a\0b"}, headers=headers)
        # SQLite looks for it and finds nothing.
        assert answer.status_code in (404, 422), answer.text
        if answer.status_code == 422:
            assert [error["field"] for error in answer.json()["errors"]] == [source]
