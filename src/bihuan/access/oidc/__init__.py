"""Logging in at the company's own identity provider (OpenID Connect)."""
