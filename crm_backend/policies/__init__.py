"""The shop's rules as data, from one file."""
