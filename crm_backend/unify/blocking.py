"""Which customers to compare at all: those who share a fact, found in one pass over everybody.

Comparing all with all would be quadratic. Here each customer has a handful of keys; a block is everybody with one key,
and only within blocks are pairs made. A block larger than the limit makes none, so the work stays in proportion to the
number of customers. Keys are held as 64-bit hashes: that two facts share one costs a comparison, nothing else.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

Pair = tuple[int, int]


@dataclass(slots=True)
class Blocks:
    """What blocking found."""

    pairs: set[Pair]
    """Ids of two customers, the lower first."""
    customers: int = 0
    too_large: int = 0
    """Blocks that were left out."""


def candidate_pairs(keyed: Iterable[tuple[int, list[str]]], largest: int) -> Blocks:
    """The pairs to compare, from each customer's id and keys, in any order."""
    hashes, ids = array("Q"), array("q")
    customers = 0
    for identifier, keys in keyed:
        customers += 1
        for key in keys:
            hashes.append(int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()))
            ids.append(identifier)
    blocks = Blocks(set(), customers)
    for block in _blocks(hashes, ids):
        if len(block) > largest:
            blocks.too_large += 1
        else:
            blocks.pairs.update(combinations(block, 2))
    return blocks


def _blocks(hashes: array[int], ids: array[int]) -> Iterator[list[int]]:
    """The ids of each key that two customers or more have, sorted."""
    if not hashes:
        return
    keys = np.frombuffer(hashes, dtype=np.uint64)
    owners = np.frombuffer(ids, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    ends = np.append(starts[1:], len(keys))
    for place in np.flatnonzero(ends - starts > 1):
        block = sorted(set(owners[starts[place] : ends[place]].tolist()))
        if len(block) > 1:
            yield block
