"""What routes ask for. As coroutines, though they never wait: FastAPI would send a plain function to a thread."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from gateway.network import client_address
from gateway.services import Services


def services_of(connection: HTTPConnection) -> Services:
    """The program's parts."""
    services: Services = connection.app.state.services
    return services


def address_of(connection: HTTPConnection) -> str | None:
    """The caller's address, through configured proxies only."""
    return client_address(connection, services_of(connection).settings.trusted_proxies)


async def _services(connection: HTTPConnection) -> Services:
    return services_of(connection)


async def _address(connection: HTTPConnection) -> str | None:
    return address_of(connection)


GatewayServices = Annotated[Services, Depends(_services)]
ClientAddress = Annotated[str | None, Depends(_address)]
