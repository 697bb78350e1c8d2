"""The gateway's database kit: base, column types, sessions, and what differs between SQLite and PostgreSQL."""
