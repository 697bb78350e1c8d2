"""A private PostgreSQL for one test process, from the binaries that are installed on the machine.

It lives in a temporary directory outside the checkout, listens on a free loopback port and a Unix socket of its own,
and is gone afterwards. Run as root it belongs to the user `postgres`, because the server refuses to be root.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Engine, Table, text

USER = "shopdesk"
INSTALL = "apt-get update && apt-get install -y postgresql"
START_SECONDS = 60


class PostgresMissing(RuntimeError):
    """The binaries are not installed; the message says how to get them."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={USER} password={self.password} dbname={database}"


def binaries() -> Path:
    """The folder with initdb, pg_ctl and postgres: the newest installed version, else the one on PATH."""
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    if packaged:
        return packaged[-1].parent
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    raise PostgresMissing(f"the tests need PostgreSQL's server binaries; install them with: {INSTALL}")


def _run(*command: str | Path, owner: pwd.struct_passwd | None) -> None:
    outcome = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8"},
        check=False,
        timeout=START_SECONDS * 2,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if outcome.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed ({outcome.returncode}):\n{outcome.stdout}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running_postgres(*, shared_buffers: str = "32MB") -> Iterator[PostgresServer]:
    """Start a server, yield it, stop it and remove its files. Raises PostgresMissing without binaries."""
    folder = binaries()
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    # The system's temporary directory, not pytest's: that one is private to us, and a socket's path must be short.
    home = Path(tempfile.mkdtemp(prefix="shopdesk-pg-"))
    try:
        data, log, password_file = home / "data", home / "log", home / "password"
        password = secrets.token_hex(16)
        password_file.write_text(password)
        password_file.chmod(0o600)
        if owner:
            os.chown(home, owner.pw_uid, owner.pw_gid)
            os.chown(password_file, owner.pw_uid, owner.pw_gid)
        _run(
            folder / "initdb", "--pgdata", data, "--username", USER, "--pwfile", password_file,
            "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", owner=owner,
        )  # fmt: skip
        port = _start(folder, data, log, home, owner, shared_buffers)
        try:
            yield PostgresServer(port=port, password=password)
        finally:
            _run(folder / "pg_ctl", "--pgdata", data, "--mode", "immediate", "--wait", "stop", owner=owner)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(
    folder: Path, data: Path, log: Path, sockets: Path, owner: pwd.struct_passwd | None, shared_buffers: str
) -> int:
    """Start on a free port and return it; another process may take the port between finding and using it."""
    attempts = 3
    for attempt in range(1, attempts + 1):
        port = _free_port()
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets} -c max_connections=80 "
            # Nothing here outlives the tests, so nothing need reach the disk. What autovacuum found of one test's rows
            # would mislead the planner in the next.
            "-c autovacuum=off -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c jit=off "
            f"-c shared_buffers={shared_buffers}"
        )
        try:
            _run(
                folder / "pg_ctl", "--pgdata", data, "--log", log, "--options", options, "--wait", "--timeout",
                str(START_SECONDS), "start", owner=owner,
            )  # fmt: skip
        except RuntimeError as error:
            if attempt == attempts:
                raise RuntimeError(f"{error}\n{log.read_text() if log.exists() else ''}") from error
        else:
            return port
    raise AssertionError("unreachable")


LARGE_TABLE_BYTES = 512 * 1024
"""From here on a table is worth new files."""


def empty(engine: Engine, tables: Sequence[Table]) -> None:
    """Deletes every row of `tables` and begins their numbers anew.

    TRUNCATE makes new files for every table and index, which takes four times as long as deleting the few rows of
    most tests. It is for what has grown: nobody vacuums, and rows that are gone are still passed over.
    """
    names = [f'"{table.name}"' for table in tables]
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    largest = "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg|sql)_'"
    counted = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE last_value IS NOT NULL"
    with engine.begin() as connection:
        if connection.scalar(text(largest)) >= LARGE_TABLE_BYTES:
            connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
            return
        # Neither keys to other tables nor triggers that forbid deleting are looked at.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in connection.scalars(text(filled)).all():
            connection.execute(text(f"DELETE FROM {name}"))
        for sequence in connection.scalars(text(counted)).all():
            connection.execute(text(f"ALTER SEQUENCE {sequence} RESTART"))
