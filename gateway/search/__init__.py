"""Full-text search over what was said: terms, the stored documents, and an index of them per kind of database."""
