"""The interface keeps to its own description, whatever is sent: schemathesis over the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr

from crm_backend.app import create_app
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import IDENTITY_SECRET, TOKEN, Wall, policies_with
from tests.support.databases import CrmDatabases, open_database


@pytest.fixture(scope="module")
def contract(crm_databases: CrmDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The CRM over SQLite with an order to find. Limits are wide, or nothing but refusals would be tried."""
    home = tmp_path_factory.mktemp("contract")
    url = crm_databases.sqlite(home)
    database = open_database(url)
    with database.write() as session:
        order = records.order(
            session, "1", records.customer(session, external_id="1"), contact_email="a@b", contact_phone="0000"
        )
        records.line(session, order, 1, title="Scarf")
        records.scan(session, records.shipment(session, order, "2"), 1, "in_transit", None)
    database.dispose()
    often = [{"failures": 10_000, "minutes": 1}]
    app = create_app(
        CrmSettings(home=home, crm_database_url=url, service_token=SecretStr(TOKEN), identity_secret=IDENTITY_SECRET),
        clock=Clock(wall=Wall()),
        policies=policies_with(limits={"conversation": often, "address": often, "reference": often}),
    )
    yield schemathesis.openapi.from_asgi("/openapi.json", app)
    app.state.resources.database.dispose()


def test_every_operation_keeps_to_its_description(contract: Any, subtests: pytest.Subtests) -> None:
    # Walked by hand: schemathesis' own pytest fixture reaches into a part of pytest that 9 no longer has.
    operations = [found.ok() for found in contract.get_all_operations()]
    assert len(operations) >= 11
    for operation in operations:

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def keeps_to_it(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {TOKEN}"})

        with subtests.test(operation.label):
            keeps_to_it()
