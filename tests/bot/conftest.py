"""`cases/` holds the tests that need Rasa's environment (Python 3.10); test_bot_environment.py runs them there."""

collect_ignore = ["cases"]
