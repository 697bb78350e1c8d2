"""Papers about an order: the receipt that Shopdesk draws itself, and tax invoices that a provider issues."""
