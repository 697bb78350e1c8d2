"""What a cluster's name is made of. Apart from the clustering: who reads names need not load scikit-learn."""

LEVELS = ("low", "middle", "high")
NAMED_BY = ("order_days", "recency_days", "average_order_minor")
"""The traits in a cluster's name, in its order."""
