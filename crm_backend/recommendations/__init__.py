"""What to show: shelves of a person, what goes with what, what is popular; the log of what was shown and clicked."""
