"""Backups: everything a shop would miss in one encrypted file, and back again.

sealed.py      encryption and authentication of a stream
archive.py     what is in the stream: a manifest, and the rows of every table
snapshots.py   reading a database as it was at one moment
targets.py     putting rows into an empty database, all or nothing
running.py     the two commands, put together
"""
