"""Parcels and their scan events."""
