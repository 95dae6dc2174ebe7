"""Designs to start a template from, in Chinese and English."""

from bihuan.messages.templates.designs.catalogue import Design, designs

__all__ = ["Design", "designs"]
