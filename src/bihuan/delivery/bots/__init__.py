"""Bots in chats."""
