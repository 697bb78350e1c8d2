"""What the CRM holds of a simulated shopper, as facts that can be compared with what was to become of their orders.

("cancelled", order, line, quantity)       ("sku", order, line, sku)         ("address", order, postcode)
("back", order, kind, line, quantity, new sku or "")                        ("gift_card", order)
("paid_with", order, "gift")               ("again", sku, quantity)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, bindparam, create_engine, text

from crm_backend.encryption.columns import identity_of
from crm_backend.encryption.keyring import KeyRing, KeysOfSettings

Fact = tuple[Any, ...]
Facts = frozenset[Fact]

_CODE = re.compile(r"(?<!\d)\d{4,10}(?!\d)")


class CrmStore:
    """Reads the database of a running CRM."""

    def __init__(self, home: Path) -> None:
        self._engine: Engine = create_engine(f"sqlite:///{home / 'crm.sqlite3'}")
        secrets = dict(
            line.split("=", 1) for line in (home / "secrets.env").read_text("utf-8").splitlines() if "=" in line
        )
        self._ring = KeyRing(KeysOfSettings(secrets["SHOPDESK_ENCRYPTION_KEYS"]), secrets["SHOPDESK_LOOKUP_KEY"])

    def close(self) -> None:
        """Closes the file."""
        self._engine.dispose()

    def _rows(self, statement: str, **values: Any) -> Sequence[Any]:
        query = text(statement)
        for name, value in values.items():
            if isinstance(value, list):
                query = query.bindparams(bindparam(name, expanding=True))
        with self._engine.connect() as connection:
            return connection.execute(query, values).all()

    def facts(self, customer: str) -> Facts:
        """Everything that was changed of a customer's orders since they were imported."""
        orders = {
            row.id: row
            for row in self._rows(
                "SELECT o.id, o.number, o.external_id FROM orders o JOIN customers c ON c.id = o.customer_id "
                "WHERE c.external_id = :customer",
                customer=customer,
            )
        }
        ids = list(orders)
        found: set[Fact] = set()
        for row in self._rows(
            "SELECT order_id, line_number, cancelled_quantity, sku FROM order_lines WHERE order_id IN :ids", ids=ids
        ):
            number = orders[row.order_id].number
            found.add(("is", number, row.line_number, row.sku))
            if row.cancelled_quantity:
                found.add(("cancelled", number, row.line_number, row.cancelled_quantity))
        for row in self._rows(
            "SELECT r.order_id, r.kind, r.target, l.line_number, l.quantity, v.sku FROM returns r "
            "JOIN return_lines l ON l.return_id = r.id LEFT JOIN variants v ON v.id = l.new_variant_id "
            "WHERE r.order_id IN :ids",
            ids=ids,
        ):
            number = orders[row.order_id].number
            found.add(("back", number, row.kind, row.line_number, row.quantity, row.sku or ""))
            if row.target == "gift_card" and row.kind == "refund":
                found.add(("gift_card", number))
        for row in self._rows("SELECT order_id, target FROM refunds WHERE order_id IN :ids", ids=ids):
            if row.target == "gift_card":
                found.add(("gift_card", orders[row.order_id].number))
        for row in self._rows(
            "SELECT public_id, kind, order_id, payload FROM effects WHERE order_id IN :ids ORDER BY id", ids=ids
        ):
            if row.kind == "order.address":
                number = orders[row.order_id].number
                found = {each for each in found if each[:2] != ("address", number)}
                found.add(("address", number, self._opened("effects.payload", row, row.payload).get("postcode")))
        for row in self._rows(
            "SELECT public_id, kind, details FROM proposals WHERE state = 'confirmed' AND order_id IN :ids", ids=ids
        ):
            details = self._opened("proposals.details", row, row.details)
            if str(details.get("payment_method") or "").endswith("-gift"):
                found.add(("paid_with", details["order"], "gift"))
            if row.kind == "order.reorder":
                found.add(("again", details["order"]))
        return frozenset(found)

    def proposal(self, public_id: str) -> tuple[str, Mapping[str, Any]]:
        """The kind and details of a proposal."""
        (row,) = self._rows("SELECT public_id, kind, details FROM proposals WHERE public_id = :id", id=public_id)
        return row.kind, self._opened("proposals.details", row, row.details)

    def last_code(self, recipient: str) -> str | None:
        """The one-time code that was last sent to an address, off the development mailbox."""
        rows = self._rows(
            "SELECT public_id, body FROM outgoing_messages WHERE recipient_key = :to AND body IS NOT NULL "
            "ORDER BY id DESC LIMIT 1",
            to=self._ring.index("outgoing_messages.recipient_key", recipient),
        )
        match = _CODE.search(self._text("outgoing_messages.body", rows[0], rows[0].body)) if rows else None
        return match.group() if match else None

    def _text(self, place: str, row: Any, envelope: str) -> str:
        identity = identity_of(place.partition(".")[0], {"public_id": row.public_id})
        return self._ring.open(envelope, f"{place} {identity}")

    def _opened(self, place: str, row: Any, envelope: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self._text(place, row, envelope))
        return document


def changed(before: Facts, after: Facts) -> Facts:
    """What is new; a line's SKU counts where it is another than before."""
    known = {each[:3] for each in before}
    new = {each for each in after - before if each[0] != "is" or each[:3] in known}
    return frozenset(("sku", *each[1:]) if each[0] == "is" else each for each in new)


def proposed(kind: str, details: Mapping[str, Any], lines: Mapping[str, Mapping[int, int]]) -> Facts:
    """What a proposal would change, as facts. `lines` are the quantities of the orders' lines."""
    number = str(details.get("order") or "")  # a change of the profile has none
    known = lines.get(number, {})
    wanted: Iterable[tuple[int, int, str]] = (
        [
            (each["line_number"], each.get("quantity") or known.get(each["line_number"], 0), each.get("sku") or "")
            for each in details["lines"]
            if "line_number" in each
        ]
        if details.get("lines")
        else [(line, quantity, "") for line, quantity in known.items()]
    )
    facts: set[Fact] = set()
    for line, quantity, sku in wanted:
        if kind == "order.cancel":
            facts.add(("cancelled", number, line, quantity))
        elif kind == "order.modify":
            facts.add(("sku", number, line, sku))
        elif kind in ("return.create", "return.exchange"):
            facts.add(("back", number, "exchange" if sku else "refund", line, quantity, sku))
    if kind == "order.address":
        facts.add(("address", number, details.get("postcode")))
    if kind == "order.reorder":
        facts.add(("again", number))
    if details.get("refund_target") == "gift_card":
        facts.add(("gift_card", number))
    if str(details.get("payment_method") or "").endswith("-gift"):
        facts.add(("paid_with", number, "gift"))
    return frozenset(facts)
