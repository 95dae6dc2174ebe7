"""Who must agree before a campaign starts: rules of the project, and what members decided."""
