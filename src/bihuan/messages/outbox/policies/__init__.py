"""What may be sent to a person, and when: pure decisions, given the moment."""
