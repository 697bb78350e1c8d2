"""Clients of the programs behind the gateway, one module each, with typed errors."""
