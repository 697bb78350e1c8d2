"""What tests of several topics need: databases, a private PostgreSQL, HTTP in process."""
