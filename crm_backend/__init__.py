"""The truth about customers, orders, shipments, stock and stores, and the shop's policies."""
