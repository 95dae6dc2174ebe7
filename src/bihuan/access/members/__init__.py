"""Members: who logs in, what they may do where, and the links that let them in."""
