"""`shopdesk backup` and `restore`: everything comes back as it was, or nothing is touched."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from crm_backend.account.models import Customer
from crm_backend.audit.service import append, verify
from crm_backend.database.engine import Database, make_engine
from crm_backend.encryption.keyring import current, new_key, use
from crm_backend.migrations import alembic_config, migrate
from crm_backend.models import Model
from shopdesk.backup import running, sealed
from shopdesk.backup.archive import ArchiveWriter, Manifest, StoreHead
from shopdesk.backup.errors import BackupError, NotABackup
from shopdesk.backup.running import Place, back_up, check, restore
from shopdesk.backup.sealed import Seal
from shopdesk.cli import app
from tests.safety.conftest import Places, everything, fill, records, store

SECRET = b"a key of the tests"
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


class Silent:
    """Shows nothing; counts, so that a bar would be full."""

    def __init__(self) -> None:
        self.stages: dict[str, list[int]] = {}
        self._now = ""

    def start(self, stage: str, total: int) -> None:
        self._now = stage
        self.stages[stage] = [total, 0]

    def advance(self, amount: int) -> None:
        self.stages[self._now][1] += amount


def backed_up(place: Place, name: str = "copy.backup") -> Path:
    file = place.home.parent / name
    back_up(place, file, SECRET, NOW, Silent())
    return file


def restored(place: Place, file: Path, *, force: bool = False, secret: bytes = SECRET) -> running.Contents:
    return restore(place, file, secret, Silent(), force=force)


@pytest.fixture
def filled(places: Places) -> Place:
    place = places.new()
    fill(place)
    (place.home / "secrets.env").write_text("SHOPDESK_LOOKUP_KEY=kept\n")
    return place


def test_every_table_comes_back_in_an_empty_store(places: Places, filled: Place) -> None:
    before = everything(filled)
    assert all(before.values()), "a table without rows proves nothing"
    file = backed_up(filled)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = places.new()
    contents = restored(other, file)
    assert everything(other) == before
    assert {name: head.tables for name, head in contents.stores.items()}.keys() == {"crm", "gateway", "trackers"}
    assert (other.home / "secrets.env").read_text() == "SHOPDESK_LOOKUP_KEY=kept\n"
    assert stat.S_IMODE((other.home / "secrets.env").stat().st_mode) == 0o600
    assert sorted(path.name for path in other.home.iterdir() if path.name.startswith(".")) == []


def test_a_store_can_go_on_after_it_was_restored(places: Places, filled: Place) -> None:
    """Counters stand behind the rows, keys hold, and the schema is the one that migrations make."""
    other = places.new()
    restored(other, backed_up(filled))
    address = store(other, "crm").address
    database = Database(make_engine(address))
    try:
        with database.write() as session:
            append(
                session, at=NOW, actor_kind="system", actor_id="t", conversation_id=None, message_id=None,
                action="tried", subject_type="test", subject_id="1", details={},
            )  # fmt: skip
        with database.read() as session:
            newest = session.scalar(sa.text("SELECT max(id) FROM audit_log"))
            assert newest == 4
        with pytest.raises(sa.exc.IntegrityError), database.write() as session:
            session.execute(
                sa.text("INSERT INTO addresses (customer_id, external_id, is_default) VALUES (999, 'a', :no)"),
                {"no": False},
            )
    finally:
        database.dispose()


def test_the_audit_chain_still_fits(places: Places) -> None:
    place = places.new()
    database = Database(make_engine(store(place, "crm").address))
    for number in range(3):
        with database.write() as session:
            append(
                session, at=NOW, actor_kind="system", actor_id="t", conversation_id=None, message_id=None,
                action="tried", subject_type="test", subject_id=str(number), details={"ä": [0.1, None]},
            )  # fmt: skip
    with database.read() as session:
        head = verify(session).head
    database.dispose()
    other = places.new()
    restored(other, backed_up(place))
    database = Database(make_engine(store(other, "crm").address))
    with database.read() as session:
        verdict = verify(session, known_head=head)
    database.dispose()
    assert (verdict.broken_at, verdict.entries) == (None, 3)


def test_a_json_null_stays_one(places: Places) -> None:
    """A document `null` and no document at all are read alike, and asked for differently."""
    place = places.new()
    gateway = store(place, "gateway")
    with gateway.engine().begin() as connection:
        at = "2026-03-05 12:00:00.000000" if gateway.is_sqlite else NOW
        connection.execute(
            sa.text("INSERT INTO audit_log (at, action, details) VALUES (:at, :action, :details)"),
            [{"at": at, "action": "a1", "details": "null"}, {"at": at, "action": "a2", "details": None}],
        )
    other = places.new()
    restored(other, backed_up(place))
    with store(other, "gateway").engine().connect() as connection:
        query = "SELECT action FROM audit_log WHERE details IS NULL"
        assert connection.execute(sa.text(query)).scalars().all() == ["a2"]


def test_a_backup_can_be_restored_to_the_other_kind_of_database(places: Places, filled: Place) -> None:
    other = places.new("postgresql" if places.kind == "sqlite" else "sqlite")
    restored(other, backed_up(filled))
    assert everything(other) == everything(filled)


def test_a_backup_of_an_older_schema_is_brought_to_the_newest(places: Places) -> None:
    old = places.new()
    address = store(old, "crm").address
    command.downgrade(alembic_config(address), "0001")
    with store(old, "crm").engine().begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO customers (source, external_id, name, email, email_key, attributes, content_hash)"
                " VALUES ('web', 'ADA', 'Ada Byron', 'ada@example.org', 'ada@example.org', '{}', '')"
            )
        )
    file = backed_up(old)
    other = places.new()
    contents = restored(other, file)
    assert contents.stores["crm"].revision == "0001"
    restored_at = store(other, "crm").address
    with store(other, "crm").engine().connect() as connection:
        present = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert present == set(Model.metadata.tables)
    migrate(restored_at)  # as every start does
    database = Database(make_engine(restored_at))
    with database.read() as session:
        found = session.scalars(sa.select(Customer).where(Customer.email_key == "ada@example.org")).one()
        assert found.name == "Ada Byron"
        assert session.scalar(sa.text("SELECT name FROM customers")).startswith("s1.")
    database.dispose()


def test_without_the_key_that_it_was_sealed_with_nothing_is_restored(
    places: Places, filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up(filled)
    other = places.new()
    before = everything(other)
    own = current().writing_key_id
    for keys, named in (
        (new_key("another"), f"lacks the key {own}"),
        (new_key(own), f"the key {own} in SHOPDESK_ENCRYPTION_KEYS is not the one"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv("SHOPDESK_ENCRYPTION_KEYS", keys)
            with pytest.raises(BackupError, match=named):
                restored(other, file)
        use(None)
        assert everything(other) == before
        assert sorted(path.name for path in other.home.iterdir() if path.name.startswith(".")) == []
        assert not (other.home / "secrets.env").exists()
    restored(other, file)
    assert everything(other) == everything(filled)


def test_a_newer_schema_is_refused(places: Places, filled: Place) -> None:
    with store(filled, "gateway").engine().begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    file = backed_up(filled)
    other = places.new()
    before = everything(other)
    with pytest.raises(BackupError, match="newer"):
        restored(other, file)
    assert everything(other) == before


def test_stores_that_are_not_empty_are_left_alone_without_force(places: Places, filled: Place) -> None:
    file = backed_up(places.new(), "empty.backup")
    before = everything(filled)
    with pytest.raises(BackupError, match="--force"):
        restored(filled, file)
    assert everything(filled) == before
    restored(filled, file, force=True)
    assert not records(filled)
    assert (filled.home / "secrets.env").read_text() == "SHOPDESK_LOOKUP_KEY=kept\n"


def test_what_the_backup_has_no_database_of_is_emptied(places: Places, filled: Place) -> None:
    part = places.new()
    if places.kind == "sqlite":
        store(part, "trackers").path.unlink()
        restored(filled, backed_up(part), force=True)
        assert not records(filled)


def test_a_failure_half_way_leaves_everything_as_it_was(
    places: Places, filled: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last of the three databases fails, when the others have been loaded or have even taken their places."""
    file = backed_up(places.new(), "empty.backup")
    before = everything(filled)
    for step in ("complete", "switch"):
        with monkeypatch.context() as patch:
            real = running.target

            def failing(one: Any, step: str = step, real: Callable[[Any], Any] = real) -> Any:
                made = real(one)
                if one.name == "trackers":

                    def fail() -> None:
                        raise OSError("no space left")

                    patch.setattr(made, step, fail)
                return made

            patch.setattr(running, "target", failing)
            # Commits of PostgreSQL cannot be taken back, so there it fails at the first of them.
            if step == "switch" and places.kind == "postgresql":
                patch.setattr(running, "sorted", lambda targets, key: list(reversed(targets)), raising=False)
            with pytest.raises(OSError, match="no space"):
                restored(filled, file, force=True)
        assert everything(filled) == before
        assert (filled.home / "secrets.env").read_text() == "SHOPDESK_LOOKUP_KEY=kept\n"
        assert [path.name for path in filled.home.iterdir() if path.name.startswith(".")] == []


def test_a_backup_is_of_one_moment(places: Places, filled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that are written, changed and removed while it is made are not in it."""
    before = everything(filled)
    real = running.ArchiveWriter

    class Meanwhile(real):  # type: ignore[misc, valid-type]
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            crm, trackers = store(filled, "crm"), store(filled, "trackers")
            with crm.engine().begin() as connection:
                connection.execute(sa.text("UPDATE customers SET language = 'changed'"))
                connection.execute(sa.text("DELETE FROM vouchers"))
            with trackers.engine().begin() as connection:
                connection.execute(sa.text("UPDATE events SET data = 'changed'"))

    monkeypatch.setattr(running, "ArchiveWriter", Meanwhile)
    file = backed_up(filled)
    assert everything(filled) != before
    other = places.new()
    restored(other, file)
    assert everything(other) == before


@pytest.fixture(scope="module")
def small_backup(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place, bytes]:
    """A place, an empty one, and the bytes of the first one's backup."""
    folder = tmp_path_factory.mktemp("small")
    made = Places("sqlite", folder, lambda name: name)
    place, empty = made.new(), made.new()
    fill(place)
    return place, empty, backed_up(place).read_bytes()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(damage=st.data())
def test_nothing_is_written_from_a_damaged_file(small_backup: tuple[Place, Place, bytes], damage: Any) -> None:
    _place, empty, whole = small_backup
    assert len(whole) > 5000
    words = bytearray(whole)
    how = damage.draw(st.sampled_from(["changed", "cut", "added", "swapped"]))
    if how == "changed":
        words[damage.draw(st.integers(sealed.HEADER, len(words) - 1))] ^= damage.draw(st.integers(1, 255))
    elif how == "cut":
        del words[damage.draw(st.integers(0, len(words) - 1)) :]
    elif how == "added":
        words += damage.draw(st.binary(min_size=1, max_size=40))
    else:
        middle = damage.draw(st.integers(sealed.HEADER + 1, len(words) - 1))
        words[sealed.HEADER :] = words[middle:] + words[sealed.HEADER : middle]
        if bytes(words) == whole:
            return
    file = empty.home / "damaged.backup"
    file.write_bytes(bytes(words))
    files = sorted(path.name for path in empty.home.iterdir())
    before = everything(empty)
    with pytest.raises(NotABackup):
        restored(empty, file)
    assert everything(empty) == before
    assert sorted(path.name for path in empty.home.iterdir()) == files


def test_rows_that_are_fewer_than_announced_are_noticed(small_backup: tuple[Place, Place, bytes]) -> None:
    """Whoever has the key and writes half a backup is found out too."""
    _place, empty, _whole = small_backup
    file = io.BytesIO()
    seal = Seal.new(SECRET)
    writer = ArchiveWriter(file, seal, Manifest(NOW.isoformat(), {}, None))
    writer.store(StoreHead("crm", "0001", {"customers": 2}))
    writer.close()
    path = empty.home / "half.backup"
    path.write_bytes(file.getvalue())
    with pytest.raises(NotABackup, match="rows"):
        restored(empty, path)


def test_another_key_is_refused(small_backup: tuple[Place, Place, bytes]) -> None:
    _place, empty, whole = small_backup
    path = empty.home / "other.backup"
    path.write_bytes(whole)
    with pytest.raises(NotABackup, match="key"):
        restored(empty, path, secret=b"another key of the tests")


def test_nothing_of_it_can_be_read(small_backup: tuple[Place, Place, bytes]) -> None:
    _place, _empty, whole = small_backup
    assert b"customers" not in whole
    assert b"KEPT" not in whole.upper()


def test_the_bars_are_full(places: Places, filled: Place) -> None:
    progress = Silent()
    file = filled.home / "bars.backup"
    back_up(filled, file, SECRET, NOW, progress)
    other = places.new()
    restore(other, file, SECRET, progress, force=False)
    for stage in ("backing up", "restoring"):
        total, done = progress.stages[stage]
        assert done == total > 0


def test_the_shop_directory_is_named_and_compared(places: Places) -> None:
    place = places.new()
    place.shop.mkdir()
    (place.shop / "policies.yml").write_text("a: 1")
    file = backed_up(place)
    assert check(place, file, SECRET, Silent()).other_shop_files == []
    (place.shop / "policies.yml").write_text("a: 2")
    assert check(place, file, SECRET, Silent()).other_shop_files == ["policies.yml"]


# --- The command line -------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CRM_DATABASE_URL", "GATEWAY_DATABASE_URL", "TRACKER_DATABASE_URL", "BACKUP_KEY", "BACKUP_KEY_FILE"):
        monkeypatch.delenv(f"SHOPDESK_{name}", raising=False)
    for name in ("SERVICE_TOKEN", "IDENTITY_SECRET", "LOOKUP_KEY", "SESSION_SECRET"):
        monkeypatch.setenv(f"SHOPDESK_{name}", f"{name} of the tests, long enough")
    monkeypatch.setenv("SHOPDESK_ENCRYPTION_KEYS", new_key("k1"))
    monkeypatch.setenv("SHOPDESK_HOME", str(tmp_path / "home1"))
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(arguments))
    said = outcome.output + (str(outcome.exception) if outcome.exception else "")
    return outcome.exit_code, said


def test_the_commands(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, file = home / "key", home / "shop.backup"
    key.write_text("a long enough passphrase\n")
    made = Places("sqlite", home / "made", lambda name: name)
    (home / "made").mkdir()
    filled = made.new()
    fill(filled)
    monkeypatch.setenv("SHOPDESK_HOME", str(filled.home))
    status, said = run("backup", str(file))
    assert status == 1
    assert "SHOPDESK_BACKUP_KEY" in said
    status, said = run("backup", str(file), "--key-file", str(key))
    assert status == 0, said
    assert str(file) in said
    assert run("backup", str(file), "--key-file", str(key))[0] == 1, "an older backup is not written over"
    monkeypatch.setenv("SHOPDESK_BACKUP_KEY", "a long enough passphrase")
    status, said = run("restore", str(file), "--check")
    assert status == 0, said
    assert "whole" in said
    status, said = run("restore", str(file))
    assert (status, "--force" in said) == (1, True)
    empty = made.new()
    monkeypatch.setenv("SHOPDESK_HOME", str(empty.home))
    status, said = run("restore", str(file))
    assert status == 0, said
    assert everything(empty) == everything(filled)


def test_a_running_shopdesk_is_not_restored_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shopdesk.desk import NAMES, hold

    monkeypatch.setenv("SHOPDESK_BACKUP_KEY", "a long enough passphrase")
    status, said = run("backup", str(home / "empty.backup"))
    assert status == 0, said
    with hold(home / "home1", NAMES):
        status, said = run("restore", str(home / "empty.backup"))
    assert (status, "already runs" in said) == (1, True)


def test_a_short_key_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPDESK_BACKUP_KEY", "short")
    status, said = run("backup", str(home / "x.backup"))
    assert (status, "16" in said) == (1, True)
