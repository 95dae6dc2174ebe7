"""What nodes could not do about people, and what somebody decides about it."""
