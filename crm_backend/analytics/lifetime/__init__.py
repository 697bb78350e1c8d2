"""Models of how often customers come back and what they spend: BG/NBD and Gamma-Gamma, fitted by maximum likelihood."""
