"""A record and all that belongs to it, as one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from crm_backend.pipeline.canonical.columns import Record, RecordType
from crm_backend.pipeline.canonical.types import BY_NAME, RECORD_TYPES, ROOTS, children_of


@dataclass(slots=True)
class Aggregate:
    """A record and all that belongs to it: compared, written and counted as a whole.

    `children` has lists by record type name. Shipment lines and scan events lie beside their shipments and name them.
    """

    kind: RecordType
    record: Record
    children: dict[str, list[Record]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The namespace of its ids."""
        return str(self.record["source"])

    @property
    def external_id(self) -> str:
        """Its id within the namespace."""
        return str(self.record["external_id"])

    def sort_children(self) -> None:
        """Put children in the order of their keys, so that equal aggregates are written equally."""
        for name, rows in self.children.items():
            key = BY_NAME[name].key
            rows.sort(key=lambda row: tuple(row[column] for column in key))

    def content_hash(self) -> str:
        """SHA-256 of the canonical form, children included: hex, first 32 characters. Sorts the children."""
        self.sort_children()
        form: list[Any] = [[self.record[name] for name in self.kind.names]]
        for kind in _CHILDREN[self.kind.name]:
            rows = self.children.get(kind.name)
            if rows:
                # The parent's names are the same for all its children and say nothing more.
                names = _OWN_NAMES[kind.name]
                form.append([kind.name, [[row[name] for name in names] for row in rows]])
        text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_hash_form)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


_CHILDREN: Mapping[str, tuple[RecordType, ...]] = {root.name: children_of(root) for root in ROOTS}

_OWN_NAMES: Mapping[str, tuple[str, ...]] = {
    kind.name: tuple(name for name in kind.names if name not in ("source", kind.parent_key)) for kind in RECORD_TYPES
}


def _hash_form(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a canonical value")
