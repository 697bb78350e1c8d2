"""The command line and what starts the programs."""
