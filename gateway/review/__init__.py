"""Review: what probably went wrong, what the cause was, and what the assistant is to learn from it."""
