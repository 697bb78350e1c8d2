"""E-mail as a channel: IMAP or a webhook in, SMTP out."""
