"""The door for the shop's own systems."""
