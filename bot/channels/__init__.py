"""The bot's one way in: the gateway's private channel."""
