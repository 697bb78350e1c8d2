"""Stock movements and, later, purchase orders."""
