"""The outbox: one message per person, occurrence and step, whatever crashes."""
