"""Who of the agents did what to which conversation: append only."""
