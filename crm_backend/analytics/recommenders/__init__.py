"""Recommenders: pure functions over purchases, with no database and no clock. `docs/recommendations.md` explains them.

`fitting.fit` does everything: it nets purchases, compares the candidates of each shelf on a time split, fits the chosen
ones on all that is known, and answers for a person or a stranger.
"""
