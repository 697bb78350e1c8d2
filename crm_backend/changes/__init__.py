"""Changes: each is offered first, then confirmed. One class per kind; this package is the same for all."""
