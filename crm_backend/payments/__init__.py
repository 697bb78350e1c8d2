"""Payment methods, payments and refunds."""
