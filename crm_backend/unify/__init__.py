"""Unifying: customers of several channels who are one person become one profile, and can be parted again."""
