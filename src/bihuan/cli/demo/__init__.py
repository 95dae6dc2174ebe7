"""The Complete Journey study as a demonstration project."""
