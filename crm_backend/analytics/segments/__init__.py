"""Segments: named ones by rule, clusters of behaviour, and the shop's own."""
