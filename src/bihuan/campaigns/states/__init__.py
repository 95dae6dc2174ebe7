"""The states of a campaign and the ways between them."""
