"""Stores and the stock in them."""

from __future__ import annotations

from crm_backend.pipeline.canonical.columns import EXTERNAL_ID, SOURCE, Column, RecordType, json_column, text_column

STORES = RecordType(
    "stores",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("name", "Name of the store.", required=True),
        text_column("line1", "Street and house number."),
        text_column("city", "City."),
        text_column("region", "State, province or county."),
        text_column("postcode", "Postcode."),
        Column("country", "country", "ISO 3166-1 alpha-2."),
        Column("latitude", "decimal", "WGS 84 degrees."),
        Column("longitude", "decimal", "WGS 84 degrees."),
        text_column("phone", "Phone."),
        Column("timezone", "zone", "IANA zone of the opening hours.", default="UTC"),
        json_column(
            "opening_hours", 'Local times: `{"mon": [["09:00", "18:00"]], …, "holidays": {"2026-12-25": []}}`.'
        ),
        json_column("translations", 'By language: `{"zh": {"name": …}}`.'),
    ),
    key=("external_id",),
)

STOCK = RecordType(
    "stock",
    (
        SOURCE,
        text_column("store_external_id", "The store.", required=True),
        text_column("sku", "The variant.", required=True),
        Column("quantity", "integer", "How many lie there, 0 or more.", required=True, minimum=0),
    ),
    key=("sku",),
    parent="stores",
    parent_key="store_external_id",
)
