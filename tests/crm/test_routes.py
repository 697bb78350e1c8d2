"""Every route, walked: who may call it, and that none can be asked for another's record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from crm_backend.app import with_service_token
from crm_backend.callers import staff
from crm_backend.idempotency import IdempotentRoute
from crm_backend.identity.access import current_access, current_access_to_write, own_conversation
from tests.crm.conftest import Crm

OPEN = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/openapi.json")}
"""What needs no token: whether the program works, and the description of its interface, which is published anyway."""

IDENTITY = "crm_backend.identity.router"
"""The only module whose routes may do without an opened record: they open it."""

GATEWAYS_OWN = {("/shopper/{conversation_id}", "chat_account")}
"""Where the gateway says on whose account of a platform a conversation is held. It took that from the platform's signed
call; nothing that a shopper or the assistant sends gets there, and the CRM opens a record only once it was verified."""

SAME_HOWEVER_OFTEN = {"/chat-notices/{notice_id}/told", "/staff/conversations/{conversation_id}/account"}
"""Writes that need no key: said again, what they say is true already."""

ABOUT_A_PERSON = ("customer", "owner", "shopper", "user", "profile", "account")


def _routes(crm: Crm) -> list[Any]:
    contexts = [context for context in iter_route_contexts(crm.app.routes) if context.path]
    assert len(contexts) > 8
    return contexts


def _calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)


def _parameters(dependant: Dependant) -> Iterator[str]:
    for field in (
        *dependant.path_params, *dependant.query_params, *dependant.header_params, *dependant.cookie_params
    ):  # fmt: skip
        yield field.alias
    for field in dependant.body_params:
        yield field.alias
        yield from getattr(field.field_info.annotation, "model_fields", {})
    for dependency in dependant.dependencies:
        yield from _parameters(dependency)


def test_every_route_but_the_open_ones_wants_the_service_token(sqlite_crm: Crm) -> None:
    for route in _routes(sqlite_crm):
        for method in set(route.methods or ()) - {"HEAD", "OPTIONS"}:
            path = str(route.path).replace(":path", "")
            answer = sqlite_crm.call.request(method, re.sub(r"\{[^}]+\}", "c1", path), headers={"Authorization": ""})
            if (method, path) in OPEN:
                assert answer.status_code == 200, path
            elif path.startswith("/backoffice"):
                # The shop's own systems come with keys of their own; the service token is not for them.
                assert answer.status_code == 401, (method, path)
                assert any("_system" in getattr(call, "__qualname__", "") for call in _calls(route.dependant)), path
            else:
                assert answer.status_code == 401, (method, path)
                assert any(call is with_service_token for call in _calls(route.dependant))


@pytest.mark.parametrize(
    "credential", ["Bearer wrong", "Bearer ", "Basic c2VydmljZQ==", "Bearer service-token-of-the-test", "Bearer naïve"]
)
def test_only_the_token_itself_lets_one_in(sqlite_crm: Crm, credential: str) -> None:
    answer = sqlite_crm.call.get("/policies/explain", headers={"Authorization": credential.encode()})
    assert answer.status_code == 401
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert sqlite_crm.call.get("/policies/explain").status_code == 200


def test_no_shopper_route_takes_a_customer_and_each_has_an_ownership_rule(sqlite_crm: Crm) -> None:
    walked = 0
    for route in _routes(sqlite_crm):
        if not str(route.path).startswith("/shopper"):
            continue
        walked += 1
        assert str(route.path).startswith("/shopper/{conversation_id}"), route.path
        names = {name for name in _parameters(route.dependant) if (route.path, name) not in GATEWAYS_OWN}
        suspicious = {name for name in names if any(word in name.lower() for word in ABOUT_A_PERSON)}
        assert not suspicious, f"{route.path} can be asked about somebody: {suspicious}"
        calls = set(_calls(route.dependant))
        if route.endpoint.__module__ == IDENTITY:
            assert own_conversation in calls, route.path
        else:
            assert {current_access, current_access_to_write} & calls, f"{route.path} does not ask whose record is open"
    assert walked >= 7


def test_every_route_for_agents_asks_who_they_are(sqlite_crm: Crm) -> None:
    walked = [route for route in _routes(sqlite_crm) if str(route.path).startswith("/staff")]
    assert len(walked) >= 4
    for route in walked:
        assert staff in set(_calls(route.dependant)), route.path


def test_every_write_takes_an_idempotency_key(sqlite_crm: Crm) -> None:
    for route in _routes(sqlite_crm):
        if not {"POST", "PUT", "PATCH", "DELETE"} & set(route.methods or ()) or route.endpoint.__module__ == IDENTITY:
            continue
        if route.path in SAME_HOWEVER_OFTEN:
            continue
        assert "Idempotency-Key" in set(_parameters(route.dependant)), route.path
        assert isinstance(route.original_route, IdempotentRoute), route.path


def test_no_other_route_speaks_of_a_conversation_or_a_person(sqlite_crm: Crm) -> None:
    for route in _routes(sqlite_crm):
        # Agents and the shop's systems may be told of anybody; what they may do is checked by role and scope.
        if (
            str(route.path).startswith(("/shopper", "/staff", "/backoffice"))
            or not hasattr(route, "dependant")
            or route.dependant is None
        ):
            continue
        names = set(_parameters(route.dependant))
        assert not {name for name in names if any(word in name.lower() for word in (*ABOUT_A_PERSON, "conversation"))}


@pytest.mark.parametrize("conversation", ["a b", "a%00b", "ａ", "x" * 129, "a%2Fb"])
def test_a_conversation_id_has_one_shape(sqlite_crm: Crm, conversation: str) -> None:
    assert sqlite_crm.call.get(f"/shopper/{conversation}/orders").status_code in {404, 422}


def test_every_operation_documents_its_refusals(sqlite_crm: Crm) -> None:
    document = sqlite_crm.call.get("/openapi.json").json()
    for path, operations in document["paths"].items():
        if path in {"/healthz", "/readyz"}:
            continue
        for operation in operations.values():
            assert {"401", "422"} <= set(operation["responses"]), path
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, status)
