"""The declarative base of every CRM table."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from crm_backend.database.types import Id, JsonDocument, UtcDateTime
from crm_backend.encryption.columns import listen

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Base of all tables; names constraints so that both databases and every migration agree on them."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime(),
        dict[str, Any]: JsonDocument,
        dict[str, str]: JsonDocument,
    }


class Identified:
    """A surrogate key. It never leaves the CRM: outside, things are named by their external ids and numbers."""

    id: Mapped[int] = mapped_column(Id, primary_key=True, sort_order=-10)


class Imported(Identified):
    """A record that comes from one of the shop's systems.

    `source` names that system and is the namespace of `external_id`. `content_hash` is a keyed hash (hex, 32 digits)
    of the record's canonical form, children included: an import that brings the same form changes nothing.
    """

    source: Mapped[str] = mapped_column(sort_order=-9)
    external_id: Mapped[str] = mapped_column(sort_order=-8)
    content_hash: Mapped[str] = mapped_column(default="", sort_order=90)


listen(Model)
