"""What privacy law asks for, in all stores: a person's data as a file, and their erasure."""
