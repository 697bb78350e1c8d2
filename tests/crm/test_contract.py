"""The interface keeps to its own description, whatever is sent: schemathesis over the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr
from schemathesis.specs.openapi.checks import positive_data_acceptance

from crm_backend.app import create_app
from crm_backend.identity import api_keys
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from shopdesk_schemas.problems import InvalidInput
from tests.crm import records
from tests.crm.conftest import IDENTITY_SECRET, TOKEN, Wall, policies_with
from tests.support.databases import CrmDatabases, open_database


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def contract(
    request: pytest.FixtureRequest, crm_databases: CrmDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, str]]:
    """The CRM with an order to find, on each store: each refuses other values. Limits are wide, or nothing but refusals
    would be tried.
    """
    home = tmp_path_factory.mktemp("contract")
    if request.param == "postgresql":
        url = crm_databases.postgresql(request.getfixturevalue("postgres_server"))
    else:
        url = crm_databases.sqlite(home)
    database = open_database(url)
    with database.write() as session:
        order = records.order(
            session, "1", records.customer(session, external_id="1"), contact_email="a@b", contact_phone="0000"
        )
        records.line(session, order, 1, title="Scarf")
        records.scan(session, records.shipment(session, order, "2"), 1, "in_transit", None)
        key = api_keys.create(session, "everything", api_keys.SCOPES, now=Wall().now)
    database.dispose()
    often = [{"failures": 10_000, "minutes": 1}]
    app = create_app(
        CrmSettings(home=home, crm_database_url=url, service_token=SecretStr(TOKEN), identity_secret=IDENTITY_SECRET),
        clock=Clock(wall=Wall()),
        policies=policies_with(limits={"conversation": often, "address": often, "reference": often}),
    )
    yield schemathesis.openapi.from_asgi("/openapi.json", app), key
    app.state.resources.database.dispose()


def test_every_operation_keeps_to_its_description(contract: tuple[Any, str], subtests: pytest.Subtests) -> None:
    description, system_key = contract
    # Walked by hand: schemathesis' own pytest fixture reaches into a part of pytest that 9 no longer has.
    operations = [found.ok() for found in description.get_all_operations()]
    assert len(operations) >= 11
    for operation in operations:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps_to_it(case: schemathesis.Case[Any]) -> None:
            token = system_key if case.operation.path.startswith("/backoffice") else TOKEN
            answer = case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance]
            )
            # What no schema can say (two fields that do not go together, a thing that does not exist) is answered
            # like what one can: by naming the field.
            if answer.status_code == InvalidInput.status:
                assert answer.json()["errors"], "a 422 that names nothing"

        with subtests.test(operation.label):
            keeps_to_it()
