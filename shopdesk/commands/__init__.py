"""The commands of `shopdesk`, one module each."""
