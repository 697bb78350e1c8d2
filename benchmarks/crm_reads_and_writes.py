"""What reads and writes of the CRM cost beside the bare cost of the same rows, and what a hundred times the data adds.

    uv run python benchmarks/crm_reads_and_writes.py [--orders 10000 1000000] [--json FILE]

Starts a PostgreSQL of its own (`--url` takes one that runs; its user must be a superuser), fills one database of each
size (crm_shop_of_size.py), and serves each twice over HTTP: by the CRM as `python -m crm_backend` does, and by the
bare app (crm_bare_app.py: FastAPI, SQLAlchemy, the same rows, nothing else; `--lean` takes bookkeeping and the sealing
of columns from it). One client asks all of them in turn, request by request, so that whatever else the machine does
falls on all alike; then several clients at once ask one after the other in short blocks, for the rate. Beside the time
stands the processor's time that the server took, which other work on the machine hardly touches; the database's is not
in it.

The two are kept alike: both read the same rows with the same joins, open the sealed columns of the rows that they
answer from, seal what they write, and commit once a request. On 29 November 2026 that was mended both ways: the bare
app had left sealed columns unopened and an order's address and payments out; and it had read whole rows where the CRM
reads what it shows, asked for scans and contents that an offer does not need, and written rows of one kind one by one.

A write is two requests, the offer and its confirmation, each a transaction; the CRM's offer carries an
`Idempotency-Key`, as the actions send it. The server that this starts does not wait for the disk (fsync off), which
leaves the CRM's own work the largest share: on a disk that makes everybody wait the ratios are smaller.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crm_shop_of_size import DELIVERED, NOW, WAITING, customers_of, fill  # noqa: E402
from crm_backend.database.engine import make_engine  # noqa: E402
from crm_backend.encryption.rows import seal_plain  # noqa: E402
from crm_backend.migrations import migrate  # noqa: E402
from shopdesk.progress import Progress  # noqa: E402
from tests.support.postgres import running_postgres  # noqa: E402

TOKEN = "token-of-the-benchmark"
WITHIN_BARE, WITHIN_GROWTH = 1.5, 1.3
"""What is promised: at most so many times the bare cost, and so many times slower at a hundred times the data."""

START_SECONDS = 180


# --- One connection -----------------------------------------------------------------------------------------------


class Connection:
    """HTTP/1.1 over one kept connection, with as little work of its own as it takes."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._open()
        self._head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "x", **headers}.items())

    def _open(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def reopen(self) -> None:
        """Begin anew: servers hang up on who says nothing for some seconds."""
        self.close()
        self._open()

    def request(self, method: str, path: str, body: Any = None, headers: str = "") -> Any:
        """The answer's JSON. Raises RuntimeError for any status but 200 and 201."""
        sent = b"" if body is None else json.dumps(body).encode()
        kind = "Content-Type: application/json\r\n" if body is not None else ""
        head = f"{method} {path} HTTP/1.1\r\n{self._head}{headers}{kind}Content-Length: {len(sent)}\r\n\r\n"
        self._socket.sendall(head.encode() + sent)
        status = int(self._file.readline().split()[1])
        length = 0
        while (line := self._file.readline()) != b"\r\n":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        content = self._file.read(length)
        if status not in {200, 201}:
            raise RuntimeError(f"{method} {path}: {status} {content.decode()[:500]}")
        return json.loads(content) if method == "POST" else content

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


# --- What is asked ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Subject:
    """An order, its buyer's conversation, and a customer of the same place in the shop."""

    order: str
    conversation: str
    customer: str
    source: str


Ask = Callable[[Connection, Subject], None]


def crm_order(connection: Connection, one: Subject) -> None:
    """`GET /shopper/…/orders/…`."""
    connection.request("GET", f"/shopper/{one.conversation}/orders/{one.order}")


def crm_customer(connection: Connection, one: Subject) -> None:
    """`GET /staff/customers/…`."""
    connection.request("GET", f"/staff/customers/{one.customer}?source={one.source}")


def _crm_change(connection: Connection, one: Subject, kind: str, details: dict[str, Any]) -> None:
    key = f"Idempotency-Key: {secrets.token_hex(16)}\r\n"
    path = f"/shopper/{one.conversation}/proposals"
    body = {"kind": kind, "details": {"order": one.order, "reason": "changed_mind", **details}}
    offered = connection.request("POST", path, body, key)
    confirmed = connection.request("POST", f"{path}/{offered['id']}/confirm")
    if confirmed["state"] != "confirmed":
        raise RuntimeError(f"{kind}: {confirmed['state']}")


def crm_cancel(connection: Connection, one: Subject) -> None:
    """Propose and confirm."""
    _crm_change(connection, one, "order.cancel", {})


def crm_return(connection: Connection, one: Subject) -> None:
    """Propose and confirm."""
    _crm_change(connection, one, "return.create", {"method": "label"})


def bare_order(connection: Connection, one: Subject) -> None:
    """The same order."""
    connection.request("GET", f"/conversations/{one.conversation}/orders/{one.order.replace('-', '')}")


def bare_customer(connection: Connection, one: Subject) -> None:
    """The same person."""
    connection.request("GET", f"/customers/{one.customer}?source={one.source}")


def _bare_change(connection: Connection, one: Subject, what: str) -> None:
    body = {"conversation": one.conversation, "order": one.order.replace("-", "")}
    offered = connection.request("POST", f"/{what}", body)
    connection.request("POST", f"/conversations/{one.conversation}/{what}/{offered['public_id']}/confirm")


def bare_cancel(connection: Connection, one: Subject) -> None:
    """The same rows."""
    _bare_change(connection, one, "cancellations")


def bare_return(connection: Connection, one: Subject) -> None:
    """The same rows."""
    _bare_change(connection, one, "returns")


@dataclass(frozen=True)
class Operation:
    """Something that is asked of both."""

    name: str
    crm: Ask
    bare: Ask
    digits: tuple[int, ...]
    """Last digits of the numbers of orders that it can be asked about."""
    writes: bool = False


OPERATIONS = (
    Operation("read: order detail", crm_order, bare_order, tuple(range(10))),
    Operation("read: customer view", crm_customer, bare_customer, tuple(range(10))),
    Operation("write: cancel an order", crm_cancel, bare_cancel, WAITING, writes=True),
    Operation("write: return an order", crm_return, bare_return, DELIVERED, writes=True),
)


class Subjects:
    """Hands out orders of a shop in random order: of a write, each order once."""

    def __init__(self, conninfo: str, orders: int, seed: int) -> None:
        self._lock = threading.Lock()
        wanted = random.Random(seed).sample(range(1, orders + 1), min(orders, 10_000))
        with psycopg.connect(conninfo) as connection:
            # Without those that an earlier benchmark on this database has changed.
            found = connection.execute(
                "SELECT id, number, customer_id FROM orders WHERE id = ANY(%s)"
                " AND NOT EXISTS (SELECT FROM proposals WHERE order_id = orders.id)",
                [wanted],
            ).fetchall()
        number_of = {identifier: (number, customer) for identifier, number, customer in found}
        customers = random.Random(seed)
        self._by_digit: dict[int, list[Subject]] = {digit: [] for digit in range(10)}
        for identifier in filter(number_of.__contains__, wanted):
            number, buyer = number_of[identifier]
            customer = customers.randint(1, customers_of(orders))
            subject = Subject(number, f"c{buyer}", f"C{customer}", "store" if customer % 2 else "web")
            self._by_digit[identifier % 10].append(subject)
        self._read = 0

    def next(self, operation: Operation) -> Subject:
        """One more. Raises RuntimeError when all that can be written to were."""
        with self._lock:
            lists = [self._by_digit[digit] for digit in operation.digits]
            if operation.writes:
                longest = max(lists, key=len)
                if not longest:
                    raise RuntimeError(f"no order is left to {operation.name}; ask for fewer with --samples")
                return longest.pop()
            self._read += 1
            # Reads leave the orders of writes alone: a returned order is a larger one.
            several = self._by_digit[8] + self._by_digit[9]
            return several[self._read % len(several)]


# --- Servers ------------------------------------------------------------------------------------------------------


@dataclass
class Served:
    """One shop behind both servers."""

    orders: int
    subjects: Subjects
    ports: dict[str, int]
    processes: dict[str, int]
    """Their ids."""
    connections: dict[str, Connection] = field(default_factory=dict)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    argv: Sequence[str], environment: dict[str, str], port: int, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A server as a process of its own, until the block ends; the process."""
    with log.open("wb") as output:
        process = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            until = time.monotonic() + START_SECONDS
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > until:
                        raise SystemExit(f"{argv[1:3]} did not start:\n{log.read_text()[-4000:]}") from None
                    time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(30)


def headers_of(server: str) -> dict[str, str]:
    """What a server's callers send with everything."""
    return {"Authorization": f"Bearer {TOKEN}", "X-Shopdesk-Staff": "mia;agent"} if server == "crm" else {}


def serve(stack: ExitStack, url: str, orders: int, scratch: Path, *, lean: bool) -> Served:
    """Start both servers on a filled database."""
    ports = {"crm": free_port(), "bare": free_port()}
    environment = {
        "SHOPDESK_ENVIRONMENT": "development",
        "SHOPDESK_HOME": str(scratch),
        "SHOPDESK_SHOP": str(ROOT / "data" / "demo" / "shop"),
        "SHOPDESK_NOW": NOW.isoformat(),
        "SHOPDESK_CRM_DATABASE_URL": url,
        "SHOPDESK_CRM_PORT": str(ports["crm"]),
        "SHOPDESK_SERVICE_TOKEN": TOKEN,
        # Delivering effects in the background is no part of a request.
        "SHOPDESK_JOBS": "false",
    }
    crm = [sys.executable, "-m", "crm_backend"]
    bare = [sys.executable, str(ROOT / "benchmarks" / "crm_bare_app.py"), "--url", url, "--port", str(ports["bare"])]
    if lean:
        bare.append("--lean")
    processes = {
        "crm": stack.enter_context(serving(crm, environment, ports["crm"], scratch / f"crm-{orders}.log")).pid,
        "bare": stack.enter_context(serving(bare, environment, ports["bare"], scratch / f"bare-{orders}.log")).pid,
    }
    served = Served(orders, Subjects(conninfo_of(url), orders, seed=1), ports, processes)
    for server, port in ports.items():
        served.connections[server] = Connection(port, headers_of(server))
    return served


def conninfo_of(url: str) -> str:
    """Libpq's form of an SQLAlchemy URL."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


# --- Measuring ----------------------------------------------------------------------------------------------------


def processor_seconds(process: int) -> float:
    """What a process took of the processor since it began (Linux: the clock of its id, see clock_getcpuclockid)."""
    return time.clock_gettime((~process << 3) | 2)


def one_by_one(shops: Sequence[Served], operation: Operation, samples: int) -> dict[tuple[int, str], list[float]]:
    """Seconds of each request by shop and server, asked in turn."""
    found: dict[tuple[int, str], list[float]] = {(shop.orders, server): [] for shop in shops for server in shop.ports}
    turns = [(shop, server) for shop in shops for server in ("crm", "bare")]
    for shop, server in turns:
        shop.connections[server].reopen()
    for number in range(samples):
        # Another one begins each time: whoever follows a large answer finds other things in the processor's cache.
        for place in range(len(turns)):
            shop, server = turns[(number + place) % len(turns)]
            subject = shop.subjects.next(operation)
            ask = operation.crm if server == "crm" else operation.bare
            started = time.perf_counter()
            ask(shop.connections[server], subject)
            found[shop.orders, server].append(time.perf_counter() - started)
    return found


def rate(shop: Served, server: str, operation: Operation, clients: int, requests: int) -> float:
    """Operations a second of several clients at once."""
    connections = [Connection(shop.ports[server], headers_of(server)) for _ in range(clients)]
    failures: list[BaseException] = []

    def work(connection: Connection) -> None:
        try:
            for _ in range(requests // clients):
                (operation.crm if server == "crm" else operation.bare)(connection, shop.subjects.next(operation))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    for connection in connections:
        connection.close()
    if failures:
        raise failures[0]
    return requests // clients * clients / seconds


Row = dict[str, Any]


def measure(shops: Sequence[Served], options: argparse.Namespace, progress: Progress) -> list[Row]:
    """A row for each operation and shop."""
    rows: list[Row] = []
    both = [(shop, server) for shop in shops for server in ("crm", "bare")]
    for operation in OPERATIONS:
        if options.only and options.only not in operation.name:
            continue
        with progress.step(f"{operation.name}: {options.samples} of each, in turn"):
            one_by_one(shops, operation, max(5, options.samples // 10))  # warm: compiled statements, cached pages
            before = {(shop.orders, server): processor_seconds(shop.processes[server]) for shop, server in both}
            seconds = one_by_one(shops, operation, options.samples)
            processor = {
                (shop.orders, server): (processor_seconds(shop.processes[server]) - before[shop.orders, server])
                * 1000 / options.samples
                for shop, server in both
            }  # fmt: skip
        rates: dict[tuple[int, str], list[float]] = {key: [] for key in seconds}
        with progress.step(f"{operation.name}: {options.clients} clients at once"):
            for _ in range(options.blocks):
                for shop in shops:
                    for server in ("crm", "bare"):
                        requests = options.samples // 3
                        rates[shop.orders, server].append(rate(shop, server, operation, options.clients, requests))
        smallest = shops[0].orders
        for shop in shops:
            crm, bare = seconds[shop.orders, "crm"], seconds[shop.orders, "bare"]
            rows.append(
                {
                    "operation": operation.name,
                    "orders": shop.orders,
                    "p50_ms": 1000 * statistics.median(crm),
                    "p95_ms": 1000 * p95(crm),
                    "per_second": statistics.median(rates[shop.orders, "crm"]),
                    "bare_p50_ms": 1000 * statistics.median(bare),
                    "bare_p95_ms": 1000 * p95(bare),
                    "bare_per_second": statistics.median(rates[shop.orders, "bare"]),
                    "processor_ms": processor[shop.orders, "crm"],
                    "bare_processor_ms": processor[shop.orders, "bare"],
                    "times_bare_processor": processor[shop.orders, "crm"] / processor[shop.orders, "bare"],
                    "times_bare": statistics.median(crm) / statistics.median(bare),
                    "times_smallest": statistics.median(crm) / statistics.median(seconds[smallest, "crm"]),
                }
            )
            progress.say(line_of(rows[-1]))
    return rows


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[18]


HEADER = (
    f"{'':24}{'orders':>10}{'p50 ms':>8}{'p95 ms':>8}{'a second':>9}"
    f"{'bare p50':>10}{'bare p95':>9}{'a second':>9}{'× bare':>8}{'× smallest':>11}"
    f"{'processor ms':>14}{'bare':>7}{'×':>6}"
)


def line_of(row: Row) -> str:
    """One line of the table."""
    return (
        f"{row['operation']:24}{row['orders']:>10,}{row['p50_ms']:8.2f}{row['p95_ms']:8.2f}{row['per_second']:9.0f}"
        f"{row['bare_p50_ms']:10.2f}{row['bare_p95_ms']:9.2f}{row['bare_per_second']:9.0f}"
        f"{row['times_bare']:8.2f}{row['times_smallest']:11.2f}"
        f"{row['processor_ms']:14.2f}{row['bare_processor_ms']:7.2f}{row['times_bare_processor']:6.2f}"
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 1_000_000], help="sizes, the smallest first")
    parser.add_argument("--samples", type=int, default=300, help="of each operation, size and server")
    parser.add_argument("--clients", type=int, default=4, help="at once, for the rate")
    parser.add_argument("--blocks", type=int, default=3, help="of the rate's measurement, in turn")
    parser.add_argument("--url", help="postgresql+psycopg://… of a server that runs; databases are made on it")
    parser.add_argument(
        "--lean", action="store_true", help="let the bare app write no rows of bookkeeping (idempotency keys, audit)"
    )
    parser.add_argument("--only", help="operations with this in their name")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    options = parser.parse_args()
    with ExitStack() as stack, Progress() as progress:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shopdesk-bench-")))
        # What fills the shops seals with the keys that the servers have, not with those of a home that was used.
        os.environ["SHOPDESK_HOME"] = str(scratch)
        server_url = options.url or stack.enter_context(running_postgres(shared_buffers="256MB")).url("postgres")
        shops = []
        for orders in options.orders:
            url = database(stack, server_url, orders, progress)
            shops.append(serve(stack, url, orders, scratch, lean=options.lean))
        rows = measure(shops, options, progress)
        for shop in shops:
            for connection in shop.connections.values():
                connection.close()
    print(HEADER)
    for row in rows:
        print(line_of(row))
    kept = all(row["times_bare"] <= WITHIN_BARE and row["times_smallest"] <= WITHIN_GROWTH for row in rows)
    print(f"\nAt most {WITHIN_BARE} × bare and {WITHIN_GROWTH} × the smallest: {'kept' if kept else 'NOT kept'}.")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def database(stack: ExitStack, server_url: str, orders: int, progress: Progress) -> str:
    """A filled database of this size: the server's own of that name where it is there already. Its URL."""
    name = f"shopdesk_bench_{orders}"
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(conninfo_of(server_url), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return url
        connection.execute(f"CREATE DATABASE {name}")
    step = f"a shop of {orders:,} orders"
    with progress.step(step):
        migrate(url)
        fill(conninfo_of(url), orders, lambda table: progress.note(step, table))
        progress.note(step, "sealing")
        engine = make_engine(url, pool_size=1)
        try:
            seal_plain(engine)
        finally:
            engine.dispose()
    return url


if __name__ == "__main__":
    main()
