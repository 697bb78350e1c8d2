"""The customer as staff see them: everything of one person in one reading."""
