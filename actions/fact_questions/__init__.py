"""Questions about what goods are like: which messages ask them (`asked`), and what is told (`told`)."""

from __future__ import annotations

from actions.fact_questions.told import answered_fact_question

__all__ = ["answered_fact_question"]
