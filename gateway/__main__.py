"""`python -m gateway`: serve until SIGTERM or SIGINT, then stop cleanly."""

from __future__ import annotations

import signal
import socket
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


class Server(uvicorn.Server):
    """Wakes long polls and sockets before it waits for connections to end: they would hold it up."""

    def __init__(self, config: uvicorn.Config, services: Services) -> None:
        super().__init__(config)
        self.services = services

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
    settings = GatewaySettings()
    configure_logging("gateway", settings.log_level)
    server(settings).run()


if __name__ == "__main__":
    main()
