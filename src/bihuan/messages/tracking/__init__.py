"""What became of messages: opens, clicks, replies and conversions as events of the log."""
