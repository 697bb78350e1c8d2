"""Who a conversation is verified as, by which proof, for how long."""
