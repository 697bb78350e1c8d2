"""Fixtures: the gateway between its doubles and a platform."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.channels import platforms
from tests.gateway.conftest import (  # noqa: F401 - the same desk, on the same stores
    anyio_backend,
    desk,
    gateway_url,
    migrated_postgres_url,
    postgres_gateway_url,
    sqlite_desk,
    sqlite_template,
)


@pytest.fixture(autouse=True, scope="session")
def a_picture() -> None:
    """The file that people on platforms send."""
    written = io.BytesIO()
    Image.new("RGB", (30, 20), "blue").save(written, "PNG")
    platforms.PICTURE = written.getvalue()
