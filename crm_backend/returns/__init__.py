"""Returns, exchanges and repairs: what may come back, what it brings, and where it stands."""
