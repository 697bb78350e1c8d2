"""The generated demo shop: a small lifestyle shop in the canonical format, alive around the business clock.

    settings    what data/demo/*.yml may say
    calendar    the business day, local times, working days
    money       price points, tax, shares: integers in minor units
    catalogue   products, variants, prices by market
    patterns    postcodes, phone and tracking numbers from patterns
    people      customers, guests, addresses, saved payment methods
    stores      stores, their stock, stock movements
    parcels     carriers' journeys, scans, tracking numbers
    baskets     what a person puts into an order
    orders      orders with lines, payments, refunds, shipments
    stories     the fixed orders that are there on any day
    shop        all of it, numbered and in canonical records
    files       the canonical files and the card of orders to try
    fill        all of it into the CRM's store, through the importer

Everything is a pure function of the settings, a seed and the business day: same seed, same day, same bytes.
"""
