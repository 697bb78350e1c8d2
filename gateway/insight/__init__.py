"""Insight: one judged row a conversation, and figures that are sums over such rows."""
