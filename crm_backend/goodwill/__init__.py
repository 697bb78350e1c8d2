"""Goodwill: what agents give without owing it, up to their role's limit; above it a lead decides."""
