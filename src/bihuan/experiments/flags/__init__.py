"""Feature flags, served in the shape of OpenFeature."""
