"""The console: where support agents sign in and read conversations."""
