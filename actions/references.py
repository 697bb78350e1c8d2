"""References of what is on record, as people read them out."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 8


def short_reference(reference: str) -> str:
    """The last signs of a long reference in capitals, in two groups; short ones as they are.

    Enough to find the record together with the shopper's name; the long form is the CRM's.
    """
    bare = reference.rpartition("_")[2]
    if len(bare) <= _SHOWN + 4:
        return reference
    end = bare[-_SHOWN:].upper()
    return f"{end[:4]}-{end[4:]}"
