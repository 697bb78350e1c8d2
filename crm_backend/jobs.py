"""What happens by itself: delivering effects, letting offers expire, forgetting old keys.

Runs beside the requests of every CRM process, or alone as `python -m crm_backend.jobs`. With several processes on
PostgreSQL each job runs in one at a time; on SQLite a job may run in two, which every job must bear anyway, because
what it works on is claimed row by row.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import text

from crm_backend import idempotency
from crm_backend.analytics.scheduled import analyse_if_due
from crm_backend.changes import repository as proposals
from crm_backend.changes.kind import Actor
from crm_backend.changes.unit import Unit
from crm_backend.database.engine import Database
from crm_backend.dependencies import Resources
from crm_backend.documents import links as document_links
from crm_backend.documents.invoices import EFFECTS as INVOICE_EFFECTS
from crm_backend.documents.provider import HttpInvoiceProvider
from crm_backend.documents.provider import deliver_due as invoice_delivery
from crm_backend.effects import delivery
from crm_backend.identity.access import EVERYTHING
from crm_backend.identity.keys import LookupKeys
from crm_backend.messages import delivery as message_delivery
from crm_backend.messages.sms import SmsWebhook
from crm_backend.notices import service as chat_notices
from crm_backend.pipeline import held_back
from crm_backend.policies.policy import PolicyError
from crm_backend.products import notices
from crm_backend.stores import reservations
from crm_backend.unify import service as unify

KEYS_ARE_KEPT = timedelta(days=7)

_log = logging.getLogger("shopdesk.jobs")


@dataclass(frozen=True)
class Job:
    """Something to do every so often. `run` makes its own transactions and may be called again at any time."""

    name: str
    every_seconds: float
    run: Callable[[Resources], object]
    first_after_seconds: float = 0.0
    """How long after the start it runs first: heavy work does not slow the start, nor come at every restart."""


def deliver_effects(held: Resources) -> int:
    """Send what is due to the shop's webhook, if it has one; without one, effects wait in the list."""
    settings = held.settings
    if not settings.effects_webhook_url:
        return 0
    webhook = delivery.Webhook(settings.effects_webhook_url, settings.effects_webhook_secret)
    send = delivery.sending(settings.effects_webhook_seconds)
    return delivery.deliver_due(
        held.database,
        held.policies,
        held.clock,
        webhook,
        send,
        without=INVOICE_EFFECTS if settings.invoice_provider_url else (),
        stopped=held.stopping.is_set,
    )


def issue_invoices(held: Resources) -> int:
    """Have the invoice provider do what is due, if there is one; otherwise invoices are effects like the others."""
    settings = held.settings
    if not settings.invoice_provider_url:
        return 0
    provider = HttpInvoiceProvider(
        settings.invoice_provider_url, settings.invoice_provider_secret, settings.invoice_provider_seconds
    )
    try:
        return invoice_delivery(held.database, held.policies, held.clock, provider, stopped=held.stopping.is_set)
    finally:
        provider.close()


def expire_proposals(held: Resources) -> None:
    """Mark offers that nobody confirmed in time. They could not be confirmed any more anyway."""
    with held.database.write() as session:
        proposals.expire(session, held.clock.wall())


def forget_idempotency_keys(held: Resources) -> None:
    """Remove answers that nobody will ask for again."""
    with held.database.write() as session:
        idempotency.forget(session, held.clock.wall() - KEYS_ARE_KEPT)


def expire_reservations(held: Resources) -> None:
    """Put goods that nobody fetched back on the shelf."""
    with held.database.write() as session:
        reservations.expire(session, held.clock.now())


def deliver_messages(held: Resources) -> None:
    """Send mails and short messages to customers, where there is something to send them with."""
    settings = held.settings
    transports: dict[str, message_delivery.Transport] = {}
    if settings.smtp_host:
        transports["email"] = message_delivery.Smtp(
            settings.smtp_host,
            settings.smtp_port,
            sender=settings.mail_from,
            user=settings.smtp_user,
            password=settings.smtp_password,
            tls=settings.smtp_tls,
        )
    if settings.sms_webhook_url:
        transports["sms"] = SmsWebhook(settings.sms_webhook_url, settings.sms_webhook_secret, held.clock)
    message_delivery.deliver_due(held.database, held.clock, transports)


def request_stock_notices(held: Resources) -> None:
    """Have those told who wanted to know when something can be bought again."""
    with held.database.write() as session:
        notices.request_due(Unit(session, held.policies, held.clock, Actor("system", "jobs"), EVERYTHING))


def make_chat_notices(held: Resources) -> None:
    """Have those told on messaging platforms who agreed to it, of parcels and refunds."""
    with held.database.write() as session:
        chat_notices.make_due(session, held.policies, held.clock)


def unify_customers(held: Resources) -> None:
    """Compare the customers of all channels anew, so that whoever came since is one person in one profile."""
    unify.run(held.database, held.policies, held.clock.wall())


def apply_held_back_imports(held: Resources) -> int:
    """Load what files said of orders while a change was open, now that it is done or refused."""
    return held_back.apply_settled(held.database, held.clock.wall(), LookupKeys(held.settings.lookup_key))


def forget_document_links(held: Resources) -> None:
    """Remove links that open nothing any more."""
    with held.database.write() as session:
        document_links.forget(session, held.clock.wall())


JOBS: tuple[Job, ...] = (
    Job("deliver_effects", 2, deliver_effects),
    Job("issue_invoices", 2, issue_invoices),
    Job("expire_proposals", 60, expire_proposals),
    Job("expire_reservations", 60, expire_reservations),
    Job("deliver_messages", 2, deliver_messages),
    Job("request_stock_notices", 60, request_stock_notices),
    Job("make_chat_notices", 30, make_chat_notices),
    Job("forget_idempotency_keys", 600, forget_idempotency_keys),
    Job("unify_customers", 24 * 3600, unify_customers, first_after_seconds=900),
    Job("apply_held_back_imports", 10, apply_held_back_imports),
    Job("forget_document_links", 600, forget_document_links),
)
"""Every job. A topic that adds one adds it here."""

LONG_JOBS: tuple[Job, ...] = (Job("analyse_customers", 600, analyse_if_due),)
"""Those that take minutes: beside the others, which must not wait for them."""


@contextmanager
def alone(database: Database, name: str) -> Iterator[bool]:
    """Whether this process may do the job now: False while another has it (PostgreSQL only)."""
    if database.is_sqlite:
        yield True
        return
    key = int.from_bytes(hashlib.sha256(f"job:{name}".encode()).digest()[:8], signed=True)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
        try:
            yield got
        finally:
            if got:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


def run_job(held: Resources, job: Job) -> bool:
    """Do one job now, unless another process is at it; False when it failed. A failure is logged, for the next time."""
    try:
        with alone(held.database, job.name) as may:
            if may:
                held.rules.look()
                job.run(held)
    except Exception:
        _log.exception("job failed", extra={"fields": {"job": job.name}})
        return False
    return True


async def keep_running(held: Resources, jobs: Sequence[Job] = JOBS) -> None:
    """Do the jobs when they are due, one after another, until cancelled; the long ones beside them."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_keep_running(held, jobs))
        if jobs is JOBS:
            group.create_task(_keep_running(held, LONG_JOBS))


async def _keep_running(held: Resources, jobs: Sequence[Job]) -> None:
    due = {job.name: time.monotonic() + job.first_after_seconds for job in jobs}
    while True:
        for job in jobs:
            if due[job.name] <= time.monotonic():
                await _in_thread(held, job)
                due[job.name] = time.monotonic() + job.every_seconds
        await asyncio.sleep(max(0.05, min(due.values()) - time.monotonic()))


async def _in_thread(held: Resources, job: Job) -> None:
    """Cancelled, it waits for the thread: the database is closed next."""
    working = asyncio.create_task(asyncio.to_thread(run_job, held, job))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        held.stopping.set()
        await working
        raise


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m crm_backend.jobs [--once]`. Exit status 1 when a job failed, 2 when a setting cannot be used."""
    from crm_backend.app import create_app
    from crm_backend.settings import CrmSettings
    from shopdesk_schemas.web import configure_logging

    parser = argparse.ArgumentParser(prog="crm_backend.jobs", description="Do what the CRM does by itself.")
    parser.add_argument("--once", action="store_true", help="do every job once and leave")
    once = parser.parse_args(arguments).once
    try:
        settings = CrmSettings()
        held: Resources = create_app(settings).state.resources
    except (ValidationError, PolicyError) as error:
        sys.stderr.write(f"crm_backend.jobs: {error}\n")
        return 2
    configure_logging("crm_backend.jobs", settings.log_level)
    try:
        if once:
            done = [run_job(held, job) for job in (*JOBS, *LONG_JOBS)]
            return 0 if all(done) else 1
        asyncio.run(_until_told(held))
    finally:
        held.database.dispose()
    return 0


async def _until_told(held: Resources) -> None:
    running = asyncio.create_task(keep_running(held))
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    await asyncio.wait([running])


if __name__ == "__main__":
    sys.exit(main())
