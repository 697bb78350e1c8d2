"""Customers, addresses and consents."""
