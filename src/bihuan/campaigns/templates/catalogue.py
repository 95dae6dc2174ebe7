"""All templates."""

from __future__ import annotations

from bihuan.campaigns.templates.errors import CampaignTemplateNotFound
from bihuan.campaigns.templates.growing import GROWING
from bihuan.campaigns.templates.keeping import KEEPING
from bihuan.campaigns.templates.template import Template

TEMPLATES: tuple[Template, ...] = (*GROWING, *KEEPING)
_BY_KEY = {each.key: each for each in TEMPLATES}


def find_template(key: str) -> Template:
    """A template by its name. Raises ``CampaignTemplateNotFound``."""
    found = _BY_KEY.get(key)
    if found is None:
        raise CampaignTemplateNotFound(key=key, path="template")
    return found
