"""What reviewers ask for and only a training can answer: comparing and publishing corrections of understanding."""
