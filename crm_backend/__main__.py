"""`python -m crm_backend`: serve the CRM until SIGTERM or SIGINT, then finish what is running and leave."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from contextlib import suppress

import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from crm_backend.app import create_app
from crm_backend.encryption.keyring import EncryptionError, current
from crm_backend.encryption.rows import check_keys
from crm_backend.policies.policy import PolicyError
from crm_backend.settings import CrmSettings
from shopdesk_schemas.web import configure_logging

SHUTDOWN_SECONDS = 10
"""How long running requests may take to finish after the signal."""
KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than callers keep theirs (the action server thirty seconds)."""


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set aside what is there for as long as the program runs (docs/decisions/033)."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()


def main() -> int:
    """Serve. Returns the exit status: 2 when settings, keys or policies cannot be used."""
    try:
        settings = CrmSettings()
        app = create_app(settings)
        with suppress(OperationalError), app.state.resources.database.engine.connect() as connection:
            # Where it cannot be reached the readiness check says so, and goes on asking.
            check_keys(connection, current())
    except ValidationError as error:
        for problem in error.errors():
            field = "_".join(str(part) for part in problem["loc"]).upper()
            message = str(problem["msg"]).removeprefix("Value error, ")
            sys.stderr.write(f"crm_backend: SHOPDESK_{field}: {message}\n" if field else f"crm_backend: {message}\n")
        return 2
    except (PolicyError, EncryptionError) as error:
        sys.stderr.write(f"crm_backend: {error}\n")
        return 2
    configure_logging("crm_backend", settings.log_level)
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.crm_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
    )
    server = _Server(config)
    # uvicorn raises the signal again once it has shut down; a handler that does nothing makes that a plain exit.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: None)
    server.run()
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
