"""What privacy law asks for: telling a person all that is known of them, and forgetting them for good."""
