"""The only door from outside: channels, the conversation record, the agents' console, the widget's files."""
