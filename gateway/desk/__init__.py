"""What agents keep about conversations: labels, notes, mentions, canned replies, snoozing, merging."""
