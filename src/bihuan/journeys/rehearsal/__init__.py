"""What would have happened: a journey walked over the log of a past time, everybody at once."""
