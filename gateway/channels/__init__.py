"""Messaging channels: one module per platform behind the port of `port.py`, all feeding the same conversations."""
