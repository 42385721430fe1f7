"""What was said at roundtables, without saying who said it."""
