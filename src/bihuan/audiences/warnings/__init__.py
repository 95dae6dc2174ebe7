"""Warnings 预警: when more valuable people than usual drop to a lower value of a tag."""
