"""The canonical format: what `shopdesk import` reads and `shopdesk export` writes, column by column.

One file per kind of record, named `<kind>.csv` or `<kind>.jsonl` when we write it and known by its columns when we
read it. CSV is UTF-8 with a header; JSON columns hold JSON text. JSON Lines holds one object per line under the same
names. An empty CSV cell, a missing column and a JSON null all mean "not known".

Records are named by the shop's own ids: (`source`, `external_id`) for those that stand alone, the parent's id and an
id of their own for those that belong to another. A record and all that belongs to it form one *aggregate*, which is
compared, written and counted as a whole.

Units: amounts (`*_minor`) are integers in minor units of the currency beside them (pence, cents; whole yen), instants
are ISO 8601 in UTC (`2026-03-12T09:30:00Z`), days are `2026-03-12` in the zone of the record, countries are ISO 3166-1
alpha-2, currencies ISO 4217, languages BCP 47.

In Python a record is a dict with every column of its type: `str`, `int`, `float`, `bool`, aware `datetime`, `date`,
`dict`, or None. `docs/data-format.md` says the same for people; a test keeps the two equal.
"""
