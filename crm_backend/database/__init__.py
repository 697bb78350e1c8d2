"""Engines, sessions and column types: what differs between SQLite and PostgreSQL stays here."""
