"""The bucket of a customer: what partitions of batch work are made of (see `pipeline/partitions.py`)."""

from __future__ import annotations

import hashlib
from typing import Any

BUCKETS = 4096
"""The largest number of partitions there can be."""


def bucket_of(source: str, external_id: str) -> int:
    """The customer's bucket, 0 to BUCKETS - 1. It is stored: changing this function moves everybody."""
    digest = hashlib.blake2b(f"{source}\0{external_id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % BUCKETS


def default_bucket(context: Any) -> int:
    """A column's default: from the row's own source and external id."""
    row = context.get_current_parameters()
    return bucket_of(row["source"], row["external_id"])
