"""Collecting: records and events that the shop's systems send, kept as they came and loaded as imports are."""
