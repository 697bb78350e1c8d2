"""Fills a migrated PostgreSQL database with a shop of so many orders, inside the database, in minutes for a million.

What an order, a parcel or a customer looks like does not depend on the size: customers have 1 to 8 orders whose rows
lie scattered over the table, as the orders of years do. Half of the customers are one of two in a profile. Of every
ten orders two wait to be packed (they can be cancelled), six were delivered in the last days (they can come back), and
two are on their way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import psycopg

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
"""The time at which the benchmarks are played; a wall clock, so it is only what the rows are dated by."""

ORDERS_A_BLOCK = 20
CUSTOMERS_A_BLOCK = 7
"""With 8, 4, 3, 2, 1, 1 and 1 orders: the next block's customers are others."""

WAITING, DELIVERED = (0, 1), (2, 3, 4, 5, 6, 7)
"""Last digits of the numbers of orders that wait, and of those that were delivered."""

PRODUCTS = 5_000

_STATEMENTS: tuple[tuple[str, str], ...] = (
    (
        "products",
        """
        INSERT INTO products (id, source, external_id, content_hash, name, category, brand, attributes, translations)
        SELECT p, 'web', 'P' || p, '', 'Product ' || p, 'Kitchen', 'Brand ' || p %% 40, '{}',
               jsonb_build_object('zh', jsonb_build_object('name', '商品 ' || p))
        FROM generate_series(1, %(products)s) p
        """,
    ),
    (
        "variants",
        """
        INSERT INTO variants
            (id, product_id, sku, sku_key, options, price_minor, currency, availability, translations)
        SELECT v, (v + 1) / 2, 'SKU' || v, 'SKU' || v,
               jsonb_build_object('Colour', CASE v %% 2 WHEN 0 THEN 'Blue' ELSE 'Red' END),
               500 + v %% 90 * 50, 'GBP', 'in_stock', '{}'
        FROM generate_series(1, 2 * %(products)s) v
        """,
    ),
    (
        "customers",
        """
        INSERT INTO customers (id, source, external_id, content_hash, name, given_name, email, email_key, phone,
            phone_key, language, country, registered_at, attributes, bucket)
        SELECT c, CASE c %% 2 WHEN 0 THEN 'web' ELSE 'store' END, 'C' || c, '', 'Person ' || c, 'Person',
               'person' || c || '@example.org', 'person' || c || '@example.org', '+44 20 ' || c, '+4420' || c, 'en',
               'GB', %(now)s::timestamptz - interval '2 years', '{}', c %% 4096
        FROM generate_series(1, %(customers)s) c
        """,
    ),
    (
        "profiles",
        """
        INSERT INTO profiles (id, public_id, created_at)
        SELECT p, 'prof_' || md5(p::text), %(now)s FROM generate_series(1, %(customers)s / 4) p
        """,
    ),
    (
        "profile members",
        """
        INSERT INTO profile_members (customer_id, profile_id)
        SELECT c, (c + 1) / 2 FROM generate_series(1, %(customers)s / 4 * 2) c
        """,
    ),
    (
        "addresses",
        """
        INSERT INTO addresses
            (id, customer_id, external_id, recipient, line1, city, postcode, country, is_default)
        SELECT c, c, 'A' || c, 'Person ' || c, c || ' Mill Lane', 'Leeds', 'LS1 4AP', 'GB', true
        FROM generate_series(1, %(customers)s) c
        """,
    ),
    (
        "consents",
        """
        INSERT INTO consents (id, customer_id, external_id, purpose, channel, granted, at, origin)
        SELECT 2 * c + turn, c, 'K' || turn, 'marketing', 'email', turn = 1,
               %(now)s::timestamptz - interval '1 year' * (2 - turn), 'web form'
        FROM generate_series(1, %(customers)s) c, generate_series(0, 1) turn
        """,
    ),
    (
        "saved payment methods",
        """
        INSERT INTO payment_methods (id, customer_id, external_id, kind, brand, last4, is_default)
        SELECT c, c, 'M' || c, 'card', 'Visa', '4242', true FROM generate_series(1, %(customers)s) c
        """,
    ),
    (
        "loyalty entries",
        """
        INSERT INTO loyalty_entries (id, customer_id, external_id, kind, points, at)
        SELECT 2 * c + turn, c, 'L' || turn, 'earned', 40, %(now)s::timestamptz - interval '30 days' * turn
        FROM generate_series(1, %(customers)s) c, generate_series(0, 1) turn
        """,
    ),
    (
        "orders",
        # 7919 is a prime that divides no size we ask for, so i → i * 7919 mod n scatters each number once.
        """
        INSERT INTO orders (id, source, external_id, content_hash, number, number_key, customer_id, kind, sales_channel,
            state, placed_at, approved_at, timezone, currency, subtotal_minor, shipping_minor, discount_minor,
            tax_minor, total_minor, promised_on, contact_name, contact_email,
            recipient, line1, city, postcode, country, version)
        SELECT o, 'web', 'O' || o, '', 'SD-' || o, 'SD' || o,
               (scattered / %(block)s) * %(a_block)s + 1
                   + CASE WHEN scattered %% %(block)s < 8 THEN 0 WHEN scattered %% %(block)s < 12 THEN 1
                          WHEN scattered %% %(block)s < 15 THEN 2 WHEN scattered %% %(block)s < 17 THEN 3
                          ELSE scattered %% %(block)s - 13 END,
               'sale', 'web',
               CASE WHEN o %% 10 < 2 THEN 'approved' WHEN o %% 10 < 8 THEN 'delivered' ELSE 'shipped' END,
               placed, placed + interval '5 minutes', 'Europe/London', 'GBP', 6000, 500, 0, 0, 6500,
               (placed + interval '6 days')::date, 'Person', 'person@example.org', 'Person', '1 Mill Lane', 'Leeds',
               'LS1 4AP', 'GB', 1
        FROM (SELECT o, (o::bigint * 7919) %% %(orders)s AS scattered,
                     %(now)s::timestamptz - interval '12 days' + interval '6 days' * o / %(orders)s AS placed
              FROM generate_series(1, %(orders)s) o) numbered
        """,
    ),
    (
        "order lines",
        """
        INSERT INTO order_lines (id, order_id, line_number, kind, sku, variant_id, title, options, quantity,
            cancelled_quantity, returned_quantity, unit_price_minor, total_minor)
        SELECT 3 * o + n, o, n, 'item', 'SKU' || variant, variant, 'Product', '{"Colour": "Blue"}', n, 0, 0, 1000,
               1000 * n
        FROM (SELECT o, n, (o::bigint * 31 + n * 977) %% (2 * %(products)s) + 1 AS variant
              FROM generate_series(1, %(orders)s) o, generate_series(1, 3) n) numbered
        """,
    ),
    (
        "payments",
        """
        INSERT INTO payments (id, order_id, external_id, method, brand, last4, amount_minor, currency, state, paid_at)
        SELECT o, o, 'Y' || o, 'card', 'Visa', '4242', 6500, 'GBP', 'captured', %(now)s
        FROM generate_series(1, %(orders)s) o
        """,
    ),
    (
        "shipments",
        """
        INSERT INTO shipments (id, order_id, external_id, carrier, tracking_number, tracking_key, state, handed_over_at,
            delivered_at, promised_on)
        SELECT o.id, o.id, 'S' || o.id, 'Carrier ' || o.id %% 5, 'TR' || o.id, 'TR' || o.id,
               CASE o.state WHEN 'delivered' THEN 'delivered' ELSE 'in_transit' END, o.placed_at + interval '1 day',
               CASE o.state WHEN 'delivered' THEN o.placed_at + interval '4 days' END, o.promised_on
        FROM orders o WHERE o.state <> 'approved'
        """,
    ),
    (
        "shipment lines",
        """
        INSERT INTO shipment_lines (id, shipment_id, line_number, quantity)
        SELECT 3 * s.id + n, s.id, n, n FROM shipments s, generate_series(1, 3) n
        """,
    ),
    (
        "scans",
        """
        INSERT INTO scan_events (id, shipment_id, sequence, at, code, place)
        SELECT 3 * s.id + n, s.id, n, s.handed_over_at + interval '1 day' * (n - 1),
               (ARRAY['handed_over', 'in_transit', 'out_for_delivery'])[n], 'Leeds'
        FROM shipments s, generate_series(1, 3) n
        """,
    ),
    (
        "visits",
        """
        INSERT INTO events (source, external_id, at, kind, customer_external_id, details)
        SELECT CASE c %% 2 WHEN 0 THEN 'web' ELSE 'store' END, 'V' || c || '-' || n,
               %(now)s::timestamptz - interval '1 hour' * n, 'page_visit', 'C' || c, '{"page": "/"}'
        FROM generate_series(1, %(customers)s) c, generate_series(1, 3) n
        """,
    ),
    (
        "conversations",
        # Wall clock: the CRM's verification ends by it.
        """
        INSERT INTO conversations (conversation_id, language, level, method, customer_id, created_at,
            verified_at, expires_at)
        SELECT 'c' || c, 'en', 'customer', 'identity_token', c, now(), now(), now() + interval '7 days'
        FROM generate_series(1, %(customers)s) c
        """,
    ),
)

_NUMBERED = (
    "products", "variants", "customers", "profiles", "addresses", "consents", "payment_methods", "loyalty_entries",
    "orders", "order_lines", "payments", "shipments", "shipment_lines", "scan_events",
)  # fmt: skip
"""Tables whose rows number themselves: the next number is to be a free one."""


def fill(conninfo: str, orders: int, say: Callable[[str], None]) -> None:
    """Fill the empty, migrated database at `conninfo` (libpq form) with so many orders, a multiple of 20.

    `say` is told the name of each table as it begins. Constraints are not checked while the rows come in (they are made
    to fit), indexes are kept, and the statistics are gathered at the end.
    """
    if orders % ORDERS_A_BLOCK or orders % 7919 == 0:
        raise ValueError(f"the number of orders must be a multiple of {ORDERS_A_BLOCK} and not of 7919")
    values = {
        "orders": orders,
        "customers": customers_of(orders),
        "products": PRODUCTS,
        "block": ORDERS_A_BLOCK,
        "a_block": CUSTOMERS_A_BLOCK,
        "now": NOW,
    }
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET timezone = 'UTC'")
        for month in (2, 3):
            connection.execute(
                f"CREATE TABLE events_by_month.events_2026_{month:02d} PARTITION OF events"
                f" FOR VALUES FROM ('2026-{month:02d}-01 00:00:00+00') TO ('2026-{month + 1:02d}-01 00:00:00+00')"
            )
        for name, statement in _STATEMENTS:
            say(name)
            psycopg.ClientCursor(connection).execute(statement, values)
        say("statistics")
        for table in _NUMBERED:
            connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def customers_of(orders: int) -> int:
    """How many customers a shop of so many orders has."""
    return orders // ORDERS_A_BLOCK * CUSTOMERS_A_BLOCK
