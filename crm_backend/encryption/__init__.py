"""Personal data at rest: sealed column by column, bound to table, column and row, found by keyed hashes.

See docs/decisions/011-personal-data-sealed-in-the-columns.md.
"""
