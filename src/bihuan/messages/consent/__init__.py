"""Who may be written to, by purpose and medium, with proof; and who never again."""
