"""What would happen, and what is missing, before anything is sent."""
