"""Every route, walked: who may call it, and that none can be asked for another's record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from crm_backend.identity.access import current_access, own_conversation
from shopdesk_schemas.web import ServiceToken
from tests.crm.conftest import Crm

OPEN = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/openapi.json")}
"""What needs no token: whether the program works, and the description of its interface, which is published anyway."""

IDENTITY = "crm_backend.identity.router"
"""The only module whose routes may do without an opened record: they open it."""

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
            answer = sqlite_crm.call.request(
                method, path.replace("{conversation_id}", "c1").replace("{number}", "1"), headers={"Authorization": ""}
            )
            if (method, path) in OPEN:
                assert answer.status_code == 200, path
            else:
                assert answer.status_code == 401, (method, path)
                assert any(isinstance(call, ServiceToken) for call in _calls(route.dependant))


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
        names = set(_parameters(route.dependant))
        suspicious = {name for name in names if any(word in name.lower() for word in ABOUT_A_PERSON)}
        assert not suspicious, f"{route.path} can be asked about somebody: {suspicious}"
        calls = set(_calls(route.dependant))
        if route.endpoint.__module__ == IDENTITY:
            assert own_conversation in calls, route.path
        else:
            assert current_access in calls, f"{route.path} does not ask whose record is open"
    assert walked >= 7


def test_no_other_route_speaks_of_a_conversation_or_a_person(sqlite_crm: Crm) -> None:
    for route in _routes(sqlite_crm):
        if str(route.path).startswith("/shopper") or not hasattr(route, "dependant") or route.dependant is None:
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
