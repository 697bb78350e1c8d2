"""Collect, clean, unify: files in and out of the CRM."""
