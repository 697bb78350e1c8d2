"""What outlives a conversation: something a person has to see to."""
