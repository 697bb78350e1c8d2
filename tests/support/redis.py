"""A private Redis for a test, from the binary that is installed on the machine; gone afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

INSTALL = "apt-get update && apt-get install -y redis-server"
START_TRIES = 200


@contextmanager
def running_redis() -> Iterator[str]:
    """The URL of an empty Redis on a free loopback port. Raises RuntimeError, naming the command that installs it."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise RuntimeError(f"Redis is not installed: {INSTALL}")
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        server = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
        try:
            _wait(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait()


def _wait(port: int) -> None:
    with Redis(port=port, socket_timeout=1) as client:
        for _ in range(START_TRIES):
            try:
                client.ping()
            except RedisConnectionError:
                continue
            return
    raise RuntimeError("Redis did not start")
