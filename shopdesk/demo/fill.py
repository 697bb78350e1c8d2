"""The demo shop into the CRM's store, through the same importer as any shop's files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select

from crm_backend.account.models import Customer
from crm_backend.database.engine import Database, ReadSession, make_engine
from crm_backend.identity.keys import LookupKeys
from crm_backend.migrations import migrate
from crm_backend.orders.models import Order
from crm_backend.pipeline.importing import ImportOptions, Progress, import_folder
from crm_backend.pipeline.report import ImportReport
from crm_backend.products.models import Product
from crm_backend.stores.models import Store
from crm_backend.supply.models import PurchaseOrder, StockMovement, Supplier
from shopdesk.demo.files import write_card, write_files
from shopdesk.demo.settings import DemoSettings
from shopdesk.demo.shop import DemoShop, generate
from shopdesk_schemas.problems import Conflict

UNFINISHED_NAME = "demo-fill.unfinished"
"""In SHOPDESK_HOME while a fill runs: one that was cut off leaves it, and the next one begins anew."""

_ROOTS = (Order, Customer, Product, Store, StockMovement, PurchaseOrder, Supplier)
"""What an import brings; everything else hangs on these and goes with them. Orders first: they point at the rest."""


class StoreNotEmpty(Conflict):
    """The store holds records already, and nobody asked to fill it all the same."""

    type = "/problems/store-not-empty"
    title = "The store is not empty"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made and what the importer says of it."""

    shop: DemoShop
    report: ImportReport
    card: Path


def fill(
    settings: DemoSettings,
    url: str,
    home: Path,
    *,
    seed: int,
    customers: int,
    now: datetime,
    force: bool = False,
    keys: LookupKeys | None = None,
    progress: Progress | None = None,
) -> Filled:
    """Fills the CRM database at `url` with the demo shop at the business time `now`, and writes the card into `home`.

    An earlier demo shop in it is replaced when `force` is given or when its fill was cut off; records of other
    sources stay as they are. `keys` tell who was erased: needed where anybody was. Raises StoreNotEmpty, with nothing
    changed, when there is anything else and no `force`.
    """
    source = settings.shop.source
    unfinished = home / UNFINISHED_NAME
    migrate(url)
    database = Database(make_engine(url))
    try:
        with database.read() as session:
            ours, others = _holds(session, source, ours=True), _holds(session, source, ours=False)
        cut_off = unfinished.exists() and not others
        if (ours or others) and not (force or cut_off):
            whose = "the demo shop already" if ours and not others else "records already"
            raise StoreNotEmpty(
                f"The store holds {whose}; nothing was changed. Use --force to put a new demo shop "
                f"{'in its place' if ours else 'beside them'}."
            )
        shop = generate(settings, seed=seed, customers=customers, now=now)
        home.mkdir(parents=True, exist_ok=True)
        unfinished.touch()
        if ours:
            _clear(database, source)
        with tempfile.TemporaryDirectory(dir=home, prefix="demo-files-") as folder:
            write_files(shop, Path(folder))
            report = import_folder(database.engine, Path(folder), ImportOptions(keys=keys, now=now), progress)
        if report.rows("rejected"):
            raise AssertionError(f"the importer rejected rows of the demo shop: {dict(report.reasons)}")
        card = write_card(settings, shop, home)
        unfinished.unlink()
    finally:
        database.dispose()
    return Filled(shop, report, card)


def _holds(session: ReadSession, source: str, *, ours: bool) -> bool:
    """Whether there is any record of the demo shop's source, or of any other."""
    for model in _ROOTS:
        wanted = model.source == source if ours else model.source != source
        if session.execute(select(model.id).where(wanted).limit(1)).first() is not None:
            return True
    return False


def _clear(database: Database, source: str) -> None:
    """Takes the demo shop out, with all that belongs to it, conversations verified for it included."""
    with database.write() as session:
        for model in _ROOTS:
            session.execute(delete(model).where(model.source == source))
