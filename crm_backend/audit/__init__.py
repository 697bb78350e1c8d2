"""Who did what, for whom, through which message: appended, chained by hashes, never changed."""
