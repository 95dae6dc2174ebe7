"""What a campaign did: measured against people who were not reached."""
