"""Which executor the settings ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from crm_backend.analytics.executors import Executor, OnDask
from crm_backend.analytics.frames import Frames
from crm_backend.analytics.runs import MakeExecutor, in_process
from crm_backend.database.engine import Database
from crm_backend.settings import CrmSettings
from shopdesk_schemas.problems import Unavailable

LOCAL = "processes:"


def executor_of(settings: CrmSettings) -> MakeExecutor:
    """In this process, on so many processes of this machine, or on the cluster at an address."""
    asked = settings.dask_scheduler
    if not asked:
        return in_process

    @contextmanager
    def on_dask(database: Database, _whole: Frames) -> Iterator[Executor]:
        try:
            import distributed
        except ImportError as error:
            raise Unavailable(
                "SHOPDESK_DASK_SCHEDULER is set and Dask is not installed; install the dependency group `scale`."
            ) from error
        dask: Any = distributed  # It has no types.
        url = database.engine.url.render_as_string(hide_password=False)
        if asked.startswith(LOCAL):
            with (
                dask.LocalCluster(
                    n_workers=int(asked.removeprefix(LOCAL)), threads_per_worker=1, dashboard_address=None
                ) as cluster,
                dask.Client(cluster) as client,
            ):
                yield OnDask(client, url)
            return
        try:
            client = dask.Client(asked)
        except OSError as error:
            raise Unavailable(f"The Dask scheduler at {asked} does not answer.") from error
        with client:
            yield OnDask(client, url)

    return on_dask
