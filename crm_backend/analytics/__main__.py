"""`python -m crm_backend.analytics`: one analysis, as the CRM's jobs start it. Exit status 0 when it was published."""

from __future__ import annotations

import os
import sys

from crm_backend.analytics.lock import AlreadyRunning
from crm_backend.analytics.runs import analyse
from crm_backend.analytics.scale import executor_of
from crm_backend.database.engine import Database, make_engine
from crm_backend.policies.policy import load_policies
from crm_backend.settings import CrmSettings
from shopdesk_schemas.clock import Clock

NICENESS = 10
"""Shoppers wait for requests; nobody waits for this."""


def main() -> int:
    """Do it, unless another process is at it."""
    os.nice(NICENESS)
    settings = CrmSettings()
    database = Database(make_engine(settings.crm_database_url))
    try:
        analyse(database, load_policies(settings.shop), Clock(settings.fixed_now()), executor=executor_of(settings))
    except AlreadyRunning:
        return 0
    finally:
        database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
