"""Same seed, same shop: to the byte on one business day, in its people and stories on any."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from shopdesk.demo.files import card, write_files
from shopdesk.demo.settings import DemoSettings
from shopdesk.demo.shop import DemoShop, generate

_PRINT_DIGEST = """
import hashlib, sys
from datetime import datetime
from pathlib import Path
from shopdesk.demo.files import write_files
from shopdesk.demo.settings import load_settings
from shopdesk.demo.shop import generate
folder = Path(sys.argv[1])
write_files(generate(load_settings(), seed=5, customers=40, now=datetime.fromisoformat(sys.argv[2])), folder)
print(hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest())
"""


def _digest(settings: DemoSettings, folder: Path, *, seed: int = 5, now: datetime) -> str:
    write_files(generate(settings, seed=seed, customers=40, now=now), folder)
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


def test_one_business_day_gives_the_same_bytes(demo_settings: DemoSettings, tmp_path: Path) -> None:
    # The shop's day is London's: in summer it begins and ends an hour before that of UTC.
    first = datetime(2026, 7, 1, 0, 0, tzinfo=ZoneInfo("Europe/London"))
    last = first + timedelta(hours=23, minutes=59, seconds=59)
    digests = {
        _digest(demo_settings, tmp_path / name, now=now.astimezone(zone))
        for name, now, zone in (("a", first, UTC), ("b", last, UTC), ("c", last, ZoneInfo("Asia/Shanghai")))
    }
    assert len(digests) == 1
    assert _digest(demo_settings, tmp_path / "d", now=last + timedelta(seconds=1)) not in digests


def test_another_process_gives_the_same_bytes(demo_settings: DemoSettings, tmp_path: Path) -> None:
    now = datetime(2026, 3, 12, 10, tzinfo=UTC)
    ran = subprocess.run(
        [sys.executable, "-c", _PRINT_DIGEST, str(tmp_path / "there"), now.isoformat()],
        env=os.environ | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == _digest(demo_settings, tmp_path / "here", now=now)


def test_another_seed_gives_another_shop(demo_settings: DemoSettings, tmp_path: Path) -> None:
    now = datetime(2026, 3, 12, 10, tzinfo=UTC)
    assert _digest(demo_settings, tmp_path / "a", now=now) != _digest(demo_settings, tmp_path / "b", seed=6, now=now)


def test_people_catalogue_and_stories_are_the_same_on_any_day(demo_settings: DemoSettings, demo_shop: DemoShop) -> None:
    later = generate(demo_settings, seed=20, customers=400, now=datetime(2027, 8, 3, tzinfo=UTC))
    for name in ("addresses", "payment_methods", "products", "variants", "stock"):
        assert later.records[name] == demo_shop.records[name], name
    people = [
        [{name: value for name, value in row.items() if name != "registered_at"} for row in shop.records["customers"]]
        for shop in (demo_shop, later)
    ]
    assert people[0] == people[1]
    # What is printed in a guide today is still right tomorrow: numbers, proofs and states.
    fixed = ("order_number", "postcode", "email", "phone_last4", "customer_external_id", "state", "language", "note")
    cards = [
        [{name: entry[name] for name in fixed} for entry in card(demo_settings, shop)] for shop in (demo_shop, later)
    ]
    assert cards[0] == cards[1]


def test_a_larger_shop_begins_with_the_same_customers(demo_settings: DemoSettings, demo_shop: DemoShop) -> None:
    smaller = generate(demo_settings, seed=20, customers=50, now=datetime(2026, 3, 12, 9, tzinfo=UTC))
    names = [row["name"] for row in smaller.records["customers"]]
    assert names == [row["name"] for row in demo_shop.records["customers"][:50]]
