"""Products, their variants and what these have cost."""

from __future__ import annotations

from crm_backend.pipeline.canonical.columns import EXTERNAL_ID, SOURCE, Column, RecordType, json_column, text_column

PRODUCTS = RecordType(
    "products",
    (
        SOURCE,
        EXTERNAL_ID,
        text_column("name", "Name in the shop's default language."),
        text_column("description", "A few sentences in the shop's default language."),
        text_column("category", "Category in the shop's default language; levels joined by ` > `."),
        text_column("brand", "Brand."),
        text_column("image_url", "Address of a picture."),
        text_column("url", "Address of the product's page."),
        json_column("attributes", "Other facts by name, such as material."),
        json_column(
            "translations",
            'By language: `{"zh": {"name": …, "description": …, "category": …, "attributes": {…}, '
            '"other_names": […]}}`; the last are what shoppers call it besides.',
        ),
    ),
    key=("external_id",),
)

VARIANTS = RecordType(
    "variants",
    (
        SOURCE,
        text_column("product_external_id", "The product it is a variant of.", required=True),
        text_column("sku", "Stock-keeping unit. Upper and lower case mean the same.", required=True),
        Column("options", "options", 'Chosen options: `{"colour": "blue", "size": "M"}`.', default={}),
        Column("price_minor", "minor", "List price in minor units, tax as the shop shows it."),
        Column("currency", "currency", "ISO 4217, of the price."),
        text_column(
            "availability",
            "Whether it can be bought.",
            default="unknown",
            choices=("in_stock", "out_of_stock", "preorder", "discontinued", "unknown"),
        ),
        json_column(
            "translations",
            'By language: `{"zh": {"options": {"颜色": "蓝色"}, "other_options": {"颜色": ["孔雀蓝"]}}}`; the last are '
            "what shoppers call its values besides.",
        ),
    ),
    key=("sku",),
    parent="products",
    parent_key="product_external_id",
)

PRICE_HISTORY = RecordType(
    "price_history",
    (
        SOURCE,
        text_column("product_external_id", "The product.", required=True),
        text_column("sku", "The variant.", required=True),
        Column("ended_at", "instant", "Until when it cost this; the present price is the variant's.", required=True),
        Column("price_minor", "minor", "What it cost, in minor units.", required=True),
        Column("currency", "currency", "ISO 4217.", required=True),
    ),
    key=("sku", "ended_at"),
    parent="products",
    parent_key="product_external_id",
    append_only=True,
)
