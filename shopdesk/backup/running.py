"""Making a backup, and restoring one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import Connection

from shopdesk.backup import schemas
from shopdesk.backup.archive import ArchiveWriter, Manifest, Row, StoreHead, TableHead, read_archive
from shopdesk.backup.errors import BackupError, NotABackup
from shopdesk.backup.sealed import Seal
from shopdesk.backup.snapshots import snapshot
from shopdesk.backup.targets import Target, is_empty, target
from shopdesk.databases import Store, StoreName
from shopdesk.home import write_private
from shopdesk_schemas.settings import SECRETS_FILE

_AT_ONCE = 2000


class Progress(Protocol):
    """Hears how far it is."""

    def start(self, stage: str, total: int) -> None:
        """A stage begins."""

    def advance(self, amount: int) -> None:
        """So much more of it is done."""


@dataclass(frozen=True)
class Place:
    """What is backed up, or restored to."""

    home: Path
    shop: Path
    stores: Sequence[Store]

    @property
    def secrets(self) -> Path:
        """The secrets that were made here."""
        return self.home / SECRETS_FILE


@dataclass
class Contents:
    """What a backup holds."""

    made_at: str
    stores: dict[StoreName, StoreHead] = field(default_factory=dict)
    secrets: bool = False
    other_shop_files: list[str] = field(default_factory=list)
    """Files of the shop's directory that differ from those of the time of the backup, or are not there."""

    def rows(self) -> int:
        """In all tables of all databases."""
        return sum(sum(head.tables.values()) for head in self.stores.values())


def back_up(place: Place, file: Path, secret: bytes, now: datetime, progress: Progress) -> Contents:
    """Write everything to `file`, which must not be there. It appears when it is whole, and not before.

    Each database is as it was at one moment; all moments lie at the beginning, a few milliseconds apart.
    """
    if file.exists():
        raise BackupError(f"{file} is there already. Give the backup another name.")
    seal = Seal.new(secret)
    manifest = Manifest(
        now.isoformat(timespec="seconds"),
        _shop_files(place.shop),
        place.secrets.read_text("utf-8") if place.secrets.exists() else None,
    )
    contents = Contents(manifest.made_at, secrets=manifest.secrets is not None)
    with ExitStack() as stack, _appearing(file) as out:
        snapshots = [stack.enter_context(snapshot(store)) for store in place.stores]
        present = [one for one in snapshots if one is not None]
        contents.stores = {one.head.name: one.head for one in present}
        progress.start("backing up", contents.rows())
        writer = ArchiveWriter(out, seal, manifest)
        for one in present:
            writer.store(one.head)
            for table in one.tables():
                writer.table(table)
                for count, row in enumerate(one.rows(table), 1):
                    writer.row(row)
                    if count % _AT_ONCE == 0:
                        progress.advance(_AT_ONCE)
                progress.advance(one.head.tables[table.name] % _AT_ONCE)
        writer.close()
    return contents


def check(place: Place, file: Path, secret: bytes, progress: Progress) -> Contents:
    """Read a whole backup, and write nothing. Raises NotABackup, and BackupError where this version cannot use it."""
    with _opened(file) as (stream, seal):
        contents = _check(stream, seal(secret), progress)
    return _compared(contents, place)


def restore(place: Place, file: Path, secret: bytes, progress: Progress, *, force: bool) -> Contents:
    """Put everything back, or nothing. Raises NotABackup, and BackupError where a store is not empty.

    The whole file is read and found authentic before anything is written. Then every database is made anew beside
    what is there, and only when all are whole do they take their places. Nobody may use the stores meanwhile.
    """
    with _opened(file) as (stream, seal):
        key = seal(secret)
        contents = _compared(_check(stream, key, progress), place)
        for head in contents.stores.values():
            schemas.check_revision(head.name, head.revision)
        if not force and (full := [schemas.NAMES[store.name] for store in place.stores if not is_empty(store)]):
            raise BackupError(
                f"There are records in {' and '.join(full)} database. A backup is restored to empty ones; with "
                "--force it replaces everything that is there."
            )
        _remove_leftovers(place)
        stream.seek(len(key.header))
        targets = [target(store) for store in place.stores]
        try:
            progress.start("restoring", contents.rows())
            manifest = _load(stream, key, {one.store.name: one for one in targets}, progress)
            for one in targets:
                if one.store.name not in contents.stores:
                    one.open(StoreHead(one.store.name, None, {}))
                    one.complete()
            with _secrets_replaced(place.secrets, manifest.secrets):
                for one in targets:
                    if one.store.name == "crm":
                        one.look(_check_keys)
                _switch(targets)
        finally:
            for one in targets:
                one.close()
    return contents


def _check(stream: BinaryIO, seal: Seal, progress: Progress) -> Contents:
    progress.start("checking", _size(stream))
    items = read_archive(stream, seal, progress.advance)
    manifest = next(items)
    assert isinstance(manifest, Manifest)  # noqa: S101  it always comes first
    contents = Contents(manifest.made_at, secrets=manifest.secrets is not None)
    contents.other_shop_files = [f"{name} {digest}" for name, digest in manifest.shop.items()]
    counted: dict[str, int] = {}
    head: StoreHead | None = None
    table = ""

    def end_of_store() -> None:
        if head is not None and counted != dict(head.tables):
            raise NotABackup("The backup does not have the rows that it says it has.")

    for item in items:
        if isinstance(item, list):
            counted[table] += 1
        elif isinstance(item, TableHead):
            table = item.name
            counted[table] = 0
        elif isinstance(item, StoreHead):
            end_of_store()
            head, counted = item, {}
            contents.stores[item.name] = item
    end_of_store()
    return contents


def _load(stream: BinaryIO, seal: Seal, targets: dict[StoreName, Target], progress: Progress) -> Manifest:
    items = read_archive(stream, seal)
    manifest = next(items)
    assert isinstance(manifest, Manifest)  # noqa: S101
    current: Target | None = None
    table: TableHead | None = None
    waiting: list[Row] = []

    def flush() -> None:
        if current is not None and table is not None and waiting:
            current.load(table, waiting)
            progress.advance(len(waiting))
            waiting.clear()

    for item in items:
        if isinstance(item, list):
            waiting.append(item)
            if len(waiting) == _AT_ONCE:
                flush()
            continue
        flush()
        if isinstance(item, TableHead):
            table = item
        elif isinstance(item, StoreHead):
            if current is not None:
                current.complete()
            current, table = targets[item.name], None
            current.open(item)
    flush()
    if current is not None:
        current.complete()
    return manifest


def _switch(targets: Sequence[Target]) -> None:
    """Files first: what was renamed can be renamed back when a commit fails."""
    switched: list[Target] = []
    try:
        for one in sorted(targets, key=lambda one: not one.store.is_sqlite):
            switched.append(one)
            one.switch()
    except BaseException:
        for one in reversed(switched):
            one.undo()
        raise


@contextmanager
def _secrets_replaced(path: Path, text: str | None) -> Iterator[None]:
    before = path.read_text("utf-8") if path.exists() else None
    if text is not None:
        write_private(path, text)
    try:
        yield
    except BaseException:
        if before is not None:
            write_private(path, before)
        elif text is not None:
            path.unlink(missing_ok=True)
        raise


def _check_keys(connection: Connection) -> None:
    """The keys of this machine, or those that came with the backup's secrets, have to open what was restored."""
    from crm_backend.encryption.keyring import EncryptionError, current, use
    from crm_backend.encryption.rows import check_keys

    use(None)
    try:
        check_keys(connection, current())
    except EncryptionError as error:
        raise BackupError(f"Nothing was changed: {error.detail}") from error


def _remove_leftovers(place: Place) -> None:
    """Of a restore that was killed between renaming and tidying up."""
    for store in place.stores:
        if store.is_sqlite and not store.path.exists():
            old = store.path.with_name(f".{store.path.name}.replaced")
            if old.exists():
                old.replace(store.path)


def _shop_files(shop: Path) -> dict[str, str]:
    files = sorted(path for path in shop.rglob("*") if path.is_file()) if shop.is_dir() else []
    return {str(path.relative_to(shop)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _compared(contents: Contents, place: Place) -> Contents:
    present = _shop_files(place.shop)
    pairs = [entry.rpartition(" ") for entry in contents.other_shop_files]
    contents.other_shop_files = [name for name, _space, digest in pairs if present.get(name) != digest]
    return contents


def _size(stream: BinaryIO) -> int:
    return os.fstat(stream.fileno()).st_size


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, Callable[[bytes], Seal]]]:
    try:
        stream = file.open("rb")
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    with stream:
        yield stream, lambda secret: Seal.of_file(secret, stream)


@contextmanager
def _appearing(file: Path) -> Iterator[BinaryIO]:
    """A file, for its owner only, that gets its name when it is whole and on the disk."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        try:
            # A link, unlike a renaming, leaves alone what has come there meanwhile.
            os.link(part, file)
        except FileExistsError as error:
            raise BackupError(f"{file} is there already. Give the backup another name.") from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
