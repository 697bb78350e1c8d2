"""Data quality: what was received, what cleaning changed and what was refused, for a person to read."""
