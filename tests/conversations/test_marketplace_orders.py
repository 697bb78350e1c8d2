"""Real marketplace orders, asked about in the chat: every state and every gap in the file, in both languages.

What is expected is worked out here from the CSV files alone, not by the importer's code. Reads SHOPDESK_SHARED_DATA
(default ../shared/data); where that is absent, generated files of the same shape stand in and the summary says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.chat import words
from tests.support.shared_data import order_files
from tests.support.stack import Stack

SHOP_ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2018, 1, 3, 12, tzinfo=UTC)
"""A few days after the newest purchase of the file."""

EACH = 2
"""Orders asked about for each state and set of missing facts."""

STATE_WORDS = {
    "created": {"en": "placed|payment|paid", "zh": "付款|支付|下单"},
    "approved": {"en": "paid|payment|confirmed", "zh": "付款|支付|确认"},
    "invoiced": {"en": "invoice", "zh": "开票|发票|账单"},
    "processing": {"en": "prepar|pack|process", "zh": "备货|打包|处理|配货"},
    "shipped": {"en": "on its way|shipped|carrier|late", "zh": "发货|运输|路上|承运|快递"},
    "delivered": {"en": "delivered", "zh": "送达|签收"},
    "unavailable": {"en": "unavailable|not available|cannot|can't|out of stock", "zh": "缺货|无货|无法"},
    "canceled": {"en": "cancel", "zh": "取消"},
}
CANONICAL = {"canceled": "cancelled"}


@dataclass(frozen=True)
class Bought:
    """One order as its rows say."""

    number: str
    status: str
    postcode: str
    row: dict[str, str]
    items: int

    @property
    def gaps(self) -> tuple[str, ...]:
        """Which dates are missing, and whether the items are."""
        missing = [name for name, value in self.row.items() if name.startswith("order_") and not value]
        return (*sorted(missing), *(() if self.items else ("items",)))

    def day(self, column: str) -> datetime | None:
        """A local time of the shop."""
        value = self.row[column]
        return datetime.fromisoformat(value).replace(tzinfo=SHOP_ZONE) if value else None


def _rows(folder: Path, column: str) -> Iterator[dict[str, str]]:
    """The rows of the one file that has `column` as its first."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames and reader.fieldnames[0] == column and "product_name_lenght" not in reader.fieldnames:
                yield from reader


def _samples(folder: Path) -> list[Bought]:
    """Some orders of each state and set of gaps."""
    counts: dict[str, int] = {}
    orders: list[dict[str, str]] = []
    for row in _rows(folder, "order_id"):
        if "order_item_id" in row:
            counts[row["order_id"]] = counts.get(row["order_id"], 0) + 1
        elif "order_status" in row:
            orders.append(row)
    postcodes = {row["customer_id"]: row["customer_zip_code_prefix"] for row in _rows(folder, "customer_id")}
    groups: dict[tuple[str, tuple[str, ...]], list[Bought]] = {}
    for row in orders:
        bought = Bought(
            row["order_id"],
            row["order_status"],
            postcodes[row["customer_id"]].zfill(5),
            row,
            counts.get(row["order_id"], 0),
        )
        groups.setdefault((bought.status, bought.gaps), []).append(bought)
    return [bought for _, group in sorted(groups.items()) for bought in (group[0], group[-1])[: min(EACH, len(group))]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return order_files("marketplace", tmp_path_factory.mktemp("marketplace")).folder


@pytest.fixture(scope="module")
def marketplace_stack(start_stack: Callable[..., Stack], folder: Path) -> Stack:
    return start_stack(imports=folder, SHOPDESK_NOW=NOW.isoformat())


def _ask(stack: Stack, bought: Bought, language: str) -> list[dict[str, Any]]:
    question = {"en": "Where is my order {}?", "zh": "我的订单{}到哪了？"}[language]
    with stack.chat() as chat:
        chat.open(language)
        chat.say(question.format(bought.number))
        return chat.say(bought.postcode)


def _day_words(day: datetime, language: str) -> str:
    return f"{day.day} {day:%B}" if language == "en" else f"{day.month}月{day.day}日"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_state_in_the_file(marketplace_stack: Stack, folder: Path, language: str) -> None:
    samples = _samples(folder)
    assert {"delivered", "shipped", "canceled", "unavailable", "processing", "invoiced"} <= {s.status for s in samples}
    wrong = []
    for bought in samples:
        replies = _ask(marketplace_stack, bought, language)
        wrong += [
            f"{bought.number} ({bought.status}, without {bought.gaps}): {p}" for p in _check(bought, replies, language)
        ]
    assert not wrong, "\n".join(wrong)


def _check(bought: Bought, replies: list[dict[str, Any]], language: str) -> Iterator[str]:
    said = words(replies)
    contents = {reply["content"]["kind"]: reply["content"] for reply in replies}
    card = contents.get("order_card")
    if card is None:
        yield f"no order card in {said!r}"
        return
    if card["order_number"] != bought.number:
        yield f"another order: {card['order_number']}"
    if card["state"] != CANONICAL.get(bought.status, bought.status):
        yield f"state {card['state']}"
    if not re.search(STATE_WORDS[bought.status][language], said, re.IGNORECASE):
        yield f"the state is not said in {said!r}"
    if sum(line["quantity"] for line in card["lines"]) != bought.items:
        yield f"{len(card['lines'])} lines for {bought.items} items"
    yield from _check_parcel(bought, contents.get("shipment_timeline"), said, language)


def _check_parcel(bought: Bought, timeline: Any, said: str, language: str) -> Iterator[str]:
    handed_over, delivered = bought.day("order_delivered_carrier_date"), bought.day("order_delivered_customer_date")
    promised = bought.day("order_estimated_delivery_date")
    if handed_over is None and delivered is None and bought.status not in {"shipped", "delivered"}:
        if timeline is not None:
            yield "a parcel that the file does not have"
        return
    if timeline is None:
        yield f"no parcel in {said!r}"
        return
    parcel = timeline["parcels"][0]
    if parcel["carrier"] is not None or parcel["tracking_number"] is not None:
        yield "a carrier or tracking number that the file does not have"
    scans = {datetime.fromisoformat(event["at"]) for event in parcel["events"] if event["at"]}
    if scans != {day.astimezone(UTC) for day in (handed_over, delivered) if day is not None}:
        yield f"scans {sorted(scans)}"
    if bought.status == "delivered" and delivered is not None and _day_words(delivered, language) not in said:
        yield f"the day of delivery is not said in {said!r}"
    if bought.status == "shipped" and promised is not None:
        if _day_words(promised, language) not in said:
            yield f"the promised day is not said in {said!r}"
        late = promised.date() < NOW.astimezone(SHOP_ZONE).date()
        if parcel["late"] != late:
            yield f"late is {parcel['late']}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_postcode_and_an_unknown_order_sound_the_same(
    marketplace_stack: Stack, folder: Path, language: str
) -> None:
    bought = _samples(folder)[0]
    unknown = Bought(bought.number[::-1], bought.status, bought.postcode, bought.row, bought.items)
    stranger = Bought(bought.number, bought.status, "99999", bought.row, bought.items)
    refused = words(_ask(marketplace_stack, stranger, language)).replace(stranger.number, "NUMBER")
    missing = words(_ask(marketplace_stack, unknown, language)).replace(unknown.number, "NUMBER")
    assert refused == missing
    assert "order_card" not in {reply["content"]["kind"] for reply in _ask(marketplace_stack, stranger, language)}
