"""Pictures in conversations: taken in, checked by their content, made anew, and shown by short-lived links."""
