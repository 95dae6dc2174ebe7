"""Annotations: what happened, beside the curve."""
