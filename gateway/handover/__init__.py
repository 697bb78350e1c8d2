"""Hand-over between the assistant and people: the queue, the lease that one agent holds, and the way back."""
