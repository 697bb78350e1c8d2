"""What routes ask for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from gateway.network import client_address
from gateway.services import Services


def get_services(connection: HTTPConnection) -> Services:
    """The program's parts."""
    services: Services = connection.app.state.services
    return services


def get_client_address(connection: HTTPConnection) -> str | None:
    """The caller's address, through configured proxies only."""
    return client_address(connection, get_services(connection).settings.trusted_proxies)


GatewayServices = Annotated[Services, Depends(get_services)]
ClientAddress = Annotated[str | None, Depends(get_client_address)]
