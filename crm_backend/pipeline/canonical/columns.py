"""What a canonical file is made of: columns, and the types of record they make up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Record = dict[str, Any]
"""One row with every column of its record type, in Python values."""

ColumnType = Literal[
    "text", "integer", "minor", "decimal", "instant", "day", "boolean", "json", "options", "zone", "country", "currency"
]
"""`options` is a JSON object whose values are text; the last three are text of a known form."""

DEFAULT_SOURCE = "shop"
"""The namespace of records whose file has no `source` column and for which no other was asked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type and meaning. `default` is what an empty cell means (None: not known)."""

    name: str
    type: ColumnType
    meaning: str
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    not_a_card_number: bool = False


@dataclass(frozen=True, slots=True)
class RecordType:
    """One kind of record and so one file. `key` names the columns that identify a row among its siblings."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    parent: str | None = None
    parent_key: str | None = None
    """The column that holds the parent's `external_id`."""
    append_only: bool = False
    """History: a row that the database has and a file lacks stays."""
    own: bool = False
    """What the CRM itself keeps of orders, stores and customers: a file adds rows that are not there, and neither
    changes nor removes one that is."""
    names: tuple[str, ...] = field(init=False)
    by_name: Mapping[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    def record(self, **values: Any) -> Record:
        """A full record from the columns that are known; the others take their defaults.

        Raises KeyError for a column that this type does not have.
        """
        record = {c.name: (dict(c.default) if isinstance(c.default, dict) else c.default) for c in self.columns}
        for name, value in values.items():
            if name not in record:
                raise KeyError(f"{self.name} has no column {name}")
            record[name] = value
        return record


def text_column(name: str, meaning: str, **options: Any) -> Column:
    """A column of text; `options` are `Column`'s others."""
    return Column(name, "text", meaning, **options)


def json_column(name: str, meaning: str) -> Column:
    """A column of a JSON object, `{}` where nothing is given."""
    return Column(name, "json", meaning, default={})


SOURCE = Column(
    "source", "text", "The system that the record comes from: the namespace of its ids.", default=DEFAULT_SOURCE
)

EXTERNAL_ID = text_column("external_id", "The shop's own id of the record, unique within `source`.", required=True)


def address_columns(*, of: str) -> tuple[Column, ...]:
    """The columns of a postal address. `of` is who has it, in the words of the recipient's meaning."""
    return (
        text_column("recipient", f"Whom {of} names."),
        text_column("line1", "Street and house number."),
        text_column("line2", "Flat, floor, company."),
        text_column("district", "Part of the city, such as a Chinese 区."),
        text_column("city", "City."),
        text_column("region", "State, province or county, as the country writes it."),
        text_column("postcode", "Postcode with its leading zeros; the first digits where the source keeps no more."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
    )


def of_order(*, required: bool = True) -> tuple[Column, Column]:
    """The two columns that name the order a record belongs to."""
    return SOURCE, text_column("order_external_id", "The order.", required=required)
