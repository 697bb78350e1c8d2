"""`python -m gateway`: serve until SIGTERM or SIGINT, then stop cleanly."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from types import FrameType
from typing import NoReturn

import uvicorn

from gateway.app import create_app
from gateway.middleware import MAX_BODY_BYTES
from gateway.services import Services
from gateway.settings import GatewaySettings
from shopdesk_schemas.web import configure_logging

STOP_SECONDS = 5
"""How long requests under way may take once the program is told to stop."""

SWITCH_SECONDS = 0.0005
"""How long a thread waits for another's Python code. Whoever stores a platform's call asks for it half a dozen times;
with the interpreter's five milliseconds that alone would be a noticeable wait while the event loop works."""


class Server(uvicorn.Server):
    """Wakes long polls, sockets and streams before it waits for connections to end: they would hold it up."""

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self.services = services
        self.sets_memory_aside = False
        """Whether the program is this server and nothing else."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set aside what is there for as long as the program runs (docs/decisions/033)."""
        await super().startup(sockets)
        if self.sets_memory_aside:
            gc.collect()
            gc.freeze()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking connections and let those there finish."""
        self.services.live.close()
        await super().shutdown(sockets)


def server(settings: GatewaySettings) -> Server:
    """The server of one gateway process."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.bind,
        port=settings.gateway_port,
        log_config=None,
        access_log=False,
        # `X-Forwarded-For` is read by gateway.network, from configured proxies only.
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=MAX_BODY_BYTES,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return Server(config, app.state.services)


def _exit(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def main() -> None:
    """Entry point."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # While it serves, uvicorn handles these; when it has stopped it raises them again, and being told to stop is
        # no failure.
        signal.signal(number, _exit)
    sys.setswitchinterval(SWITCH_SECONDS)
    settings = GatewaySettings()
    configure_logging("gateway", settings.log_level)
    running = server(settings)
    running.sets_memory_aside = True
    running.run()


if __name__ == "__main__":
    main()
