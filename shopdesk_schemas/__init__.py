"""What Shopdesk's programs share: message formats, errors, the business clock and common settings.

This package imports none of the programs. Each of them may import it, and nothing of each other.
"""
