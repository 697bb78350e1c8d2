"""Products and variants: the catalogue."""
