"""`shopdesk export-person` and `erase-person`: one person, in the CRM, the gateway's record and the bot's memory."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from typer.testing import CliRunner

from crm_backend.changes.kind import Actor
from crm_backend.database.engine import Database, make_engine
from crm_backend.encryption.keyring import new_key
from crm_backend.identity.keys import LookupKeys
from crm_backend.identity.models import Conversation
from crm_backend.privacy import service
from crm_backend.privacy.inventory import HELD
from gateway.conversations import erasing as gateway_erasing
from gateway.models import Model as GatewayModel
from shopdesk.backup.running import Place
from shopdesk.cli import app
from shopdesk.people.exporting import LANGUAGES, texts
from shopdesk.people.following import following
from shopdesk.trackers import EVENTS
from shopdesk_schemas.clock import Clock
from tests.crm import records
from tests.crm.conftest import policies_with
from tests.safety.conftest import METADATA, Places, store
from tests.support.rows import every_row
from tests.support.stack import ROOT

MINE, OTHERS = "c-mine", "c-others"


@pytest.fixture
def shop(places: Places, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Mina and Otto, each with an order, a chat and what the bot remembers of it."""
    monkeypatch.setenv("SHOPDESK_ENCRYPTION_KEYS", new_key("k1"))
    monkeypatch.setenv("SHOPDESK_LOOKUP_KEY", "lookup-key-of-the-tests")
    place = places.new()
    monkeypatch.setenv("SHOPDESK_HOME", str(place.home))
    for name in ("SERVICE_TOKEN", "IDENTITY_SECRET", "SESSION_SECRET"):
        monkeypatch.setenv(f"SHOPDESK_{name}", f"{name} of the tests, long enough")
    monkeypatch.setenv("SHOPDESK_CRM_DATABASE_URL", store(place, "crm").address)
    gateway = store(place, "gateway").address.replace("sqlite:", "sqlite+aiosqlite:")
    monkeypatch.setenv("SHOPDESK_GATEWAY_DATABASE_URL", gateway)
    monkeypatch.setenv("SHOPDESK_TRACKER_DATABASE_URL", store(place, "trackers").address)
    database = Database(make_engine(store(place, "crm").address))
    with database.write() as session:
        for name, conversation in (("mina", MINE), ("otto", OTHERS)):
            owner = records.customer(session, external_id=name, name=f"{name} <b>", email=f"{name}@example.org")
            records.order(session, f"SD-{name}", owner, state="delivered", contact_name=name, line1=f"{name} street")
            session.add(
                Conversation(
                    conversation_id=conversation, level="customer", customer_id=owner.id, created_at=records.PLACED
                )
            )
    database.dispose()
    with store(place, "gateway").engine().begin() as connection:
        for number, conversation in ((1, MINE), (2, OTHERS)):
            rows = every_row(
                GatewayModel.metadata,
                number,
                {
                    "conversations": {"id": conversation},
                    **{
                        table.name: {"conversation_id": conversation}
                        for table, _column in gateway_erasing.held()
                        if table.name != "conversations"
                    },
                },
            )
            for table in GatewayModel.metadata.sorted_tables:
                connection.execute(table.insert().values(rows[table.name]))
    with store(place, "trackers").engine().begin() as connection:
        for sender in (f"{MINE}:1", f"{MINE}:12", f"{OTHERS}:1", f"x{MINE}:1", MINE.replace("-", "_") + ":1"):
            connection.execute(EVENTS.insert().values(sender_id=sender, type_name="user", data=f"said in {sender}"))
    return place


def run(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(arguments))
    return outcome.exit_code, outcome.output + (repr(outcome.exception) if outcome.exception else "")


def rows(place: Place) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in place.stores:
        with one.engine().connect() as connection:
            for table in METADATA[one.name].sorted_tables:
                found[f"{one.name}.{table.name}"] = [tuple(row) for row in connection.execute(table.select()).all()]
    return found


def senders(place: Place) -> list[str]:
    with store(place, "trackers").engine().connect() as connection:
        return list(connection.scalars(sa.select(EVENTS.c.sender_id).order_by(EVENTS.c.id)))


LEFT = [f"{OTHERS}:1", f"x{MINE}:1", "c_mine:1"]


def test_a_person_is_erased_everywhere_and_others_nowhere(shop: Place) -> None:
    receipt = shop.home / "receipt.json"
    status, said = run("erase-person", "--customer", "mina", "--yes", "--receipt", str(receipt))
    assert status == 0, said
    after = rows(shop)
    assert senders(shop) == LEFT
    for table, found in after.items():
        if not table.startswith("trackers") and not table.endswith(("audit_log", "tombstones")):
            said_mine = [
                row for row in found if re.search(rf"mina(?! *-)|{MINE}", repr(row)) and "SD-mina" not in repr(row)
            ]
            assert not said_mine, table
    assert any("otto street" in repr(row) for row in after["crm.orders"])
    for table, _column in gateway_erasing.held():
        assert [OTHERS in repr(row) for row in after[f"gateway.{table.name}"]] == [True], table.name
    told = json.loads(receipt.read_text())
    assert told["counts"]["gateway"]["messages"] == {"deleted": 1}
    assert told["counts"]["trackers"]["events"] == {"deleted": 2}
    assert (told["conversations"], told["completed_at"] is not None) == ([], True)
    assert "mina" not in receipt.read_text()
    audit = [row for row in after["crm.audit_log"] if "person.erasure_completed" in repr(row)]
    assert told["receipt_hash"] in repr(audit)


def test_nothing_is_left_in_the_bytes_of_files(shop: Place) -> None:
    """A deleted row's bytes stay in an SQLite file and its log unless somebody sees to it."""
    if not store(shop, "crm").is_sqlite:
        assert run("erase-person", "--customer", "mina", "--yes")[0] == 0
        return
    assert run("erase-person", "--customer", "mina", "--yes")[0] == 0
    for path in shop.home.iterdir():
        if path.is_file() and ".sqlite3" in path.name:
            words = path.read_bytes()
            assert b"mina@example.org" not in words, path.name
            assert b"mina street" not in words, path.name
            assert f"said in {MINE}:12".encode() not in words, path.name


def test_a_dry_run_changes_nothing(shop: Place) -> None:
    before = rows(shop)
    status, said = run("erase-person", "--customer", "mina")
    assert (status, "--yes" in said) == (0, True), said
    assert rows(shop) == before


def test_erasing_again_changes_nothing(shop: Place) -> None:
    first = run("erase-person", "--customer", "mina", "--yes")
    before = rows(shop)
    assert run("erase-person", "--customer", "mina", "--yes") == first
    assert rows(shop) == before


def test_one_that_was_cut_off_is_finished(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from shopdesk.people import erasing

    def away(*_arguments: Any) -> dict[str, int]:
        raise OSError("the tracker store is away")

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "erase_trackers", away)
        assert run("erase-person", "--customer", "mina", "--yes")[0] == 1
    assert len(senders(shop)) == 5
    status, said = run("erase-person", "--finish")
    assert (status, "1 erasures finished" in said) == (0, True), said
    assert senders(shop) == LEFT
    assert "0 erasures finished" in run("erase-person", "--finish")[1]


def erased_by_an_agent(shop: Place) -> Database:
    database = Database(make_engine(store(shop, "crm").address))
    with database.write() as session:
        service.erase_person(
            session, service.Subject(external_id="mina"), LookupKeys(SecretStr("lookup-key-of-the-tests")),
            policies_with(), Clock(None), Actor("staff", "lea"), dry_run=False, despite_open=True,
        )  # fmt: skip
    assert len(senders(shop)) == 5
    return database


def test_what_an_agent_erased_is_finished_by_itself_while_the_desk_runs(shop: Place) -> None:
    database = erased_by_an_agent(shop)
    done = threading.Event()
    with following(0.01, done):
        assert done.wait(60)
    assert senders(shop) == LEFT
    with database.read() as session:
        assert service.unfinished(session) == []
    database.dispose()


def test_in_containers_a_program_of_its_own_finishes_it_and_ends_when_told(shop: Place) -> None:
    database = erased_by_an_agent(shop)
    program = subprocess.Popen([sys.executable, "-m", "shopdesk.people.following"], cwd=ROOT)
    try:
        for _ in range(600):
            with database.read() as session:
                left = service.unfinished(session)
            if not left:
                break
            time.sleep(0.1)
        assert (left, senders(shop)) == ([], LEFT)
        program.send_signal(signal.SIGTERM)
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.wait()
        database.dispose()


def test_by_address_and_by_nobody(shop: Place) -> None:
    assert run("erase-person", "--email", "MINA@example.org", "--yes")[0] == 0
    assert senders(shop) == LEFT
    before = rows(shop)
    assert run("erase-person", "--email", "mina@example.org", "--yes")[0] == 0
    assert rows(shop) == before
    assert run("erase-person", "--email", "nobody@example.org", "--yes")[0] == 1
    assert run("erase-person", "--yes")[0] == 2
    assert run("erase-person", "--customer", "mina", "--email", "a@example.org")[0] == 2


def test_an_export_holds_all_stores_and_a_page_in_both_languages(shop: Place) -> None:
    file = shop.home / "mina.zip"
    status, said = run("export-person", str(file), "--customer", "mina")
    assert status == 0, said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    words = {name: content.decode() for name, content in files.items() if name.endswith((".json", ".html"))}
    (pictured,) = json.loads(words["data/gateway/images.json"])
    assert files[pictured["content"]].startswith(b"images.content")
    assert json.loads(words["data/crm/customers.json"])[0]["email"] == "mina@example.org"
    assert len(json.loads(words["data/trackers/events.json"])) == 2
    assert [row["conversation_id"] for row in json.loads(words["data/gateway/messages.json"])] == [MINE]
    assert OTHERS not in str(words)
    assert "otto" not in str(words)
    assert "chat_tokens" not in str(words)
    assert 'lang="zh"' in words["summary.zh.html"]
    assert "收货" in words["summary.zh.html"] or "订单" in words["summary.zh.html"]
    assert "mina &lt;b&gt;" in words["summary.en.html"]
    assert run("export-person", str(file), "--customer", "mina")[0] == 1, "an older file is not written over"


def test_every_table_of_an_export_has_a_title_in_every_language() -> None:
    told = {f"crm.{held.table}" for held in HELD if held.told}
    told |= {f"gateway.{table}" for table in gateway_erasing.TOLD} | {"trackers.events"}
    for language in LANGUAGES:
        assert set(texts(language)["tables"]) == told
    english, chinese = texts("en"), texts("zh")
    assert english.keys() == chinese.keys()
    assert english["columns"].keys() == chinese["columns"].keys()
    placeholder: Callable[[Any], set[str]] = lambda text: set(re.findall(r"\{(\w+)\}", str(text)))  # noqa: E731
    assert all(
        placeholder(english[key]) == placeholder(chinese[key]) for key in ("title", "made_at", "about", "shared")
    )
