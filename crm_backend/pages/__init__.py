"""The shop's own pages of questions and answers, and what its policies say in words: found by a question's words."""
