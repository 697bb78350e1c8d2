"""Stores, opening hours and stock per store."""
