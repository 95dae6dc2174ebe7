"""Chinese of the commands of features, a file for each, put together."""

from __future__ import annotations

from bihuan.cli import (
    chinese_audiences,
    chinese_campaigns,
    chinese_experiments,
    chinese_journeys,
    chinese_messages,
)

_PARTS = (chinese_audiences, chinese_experiments, chinese_messages, chinese_journeys, chinese_campaigns)

HELP = {text: said for part in _PARTS for text, said in part.HELP.items()}
WORDS = {text: said for part in _PARTS for text, said in part.WORDS.items()}
