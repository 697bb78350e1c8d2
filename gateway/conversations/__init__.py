"""Conversations: the record of every message, the turns that answer them, and the public chat API."""
