"""The demo shop page at `/`: a place to try the chat."""
