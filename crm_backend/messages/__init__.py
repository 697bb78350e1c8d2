"""Mails and short messages to customers: written with the change that causes them, sent afterwards."""
