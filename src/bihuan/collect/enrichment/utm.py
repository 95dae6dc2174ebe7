"""Host, path, campaign parameters and click ids of a page URL."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

# Longer URLs than browsers and proxies pass on are not looked into.
_MAX_URL_CHARACTERS = 8192
_MAX_PARAMETERS = 200
_MAX_VALUE_CHARACTERS = 512

_CAMPAIGN_PARAMETERS: dict[str, str] = {
    "utm_source": "$utm_source",
    "utm_medium": "$utm_medium",
    "utm_campaign": "$utm_campaign",
    "utm_term": "$utm_term",
    "utm_content": "$utm_content",
    # Matomo's names for the same
    "mtm_source": "$utm_source",
    "mtm_medium": "$utm_medium",
    "mtm_campaign": "$utm_campaign",
    "mtm_keyword": "$utm_term",
    "mtm_kwd": "$utm_term",
    "mtm_content": "$utm_content",
    "pk_source": "$utm_source",
    "pk_medium": "$utm_medium",
    "pk_campaign": "$utm_campaign",
    "pk_keyword": "$utm_term",
    "pk_kwd": "$utm_term",
    "pk_content": "$utm_content",
    # Baidu Tongji's names for the same
    "hmsr": "$utm_source",
    "hmpl": "$utm_medium",
    "hmcu": "$utm_campaign",
    "hmkw": "$utm_term",
    "hmci": "$utm_content",
}

# Parameters that an advertising network appends to the address behind a paid click.
PAID_CLICK_IDS: frozenset[str] = frozenset(
    (
        "gclid",  # Google Ads
        "gbraid",
        "wbraid",
        "dclid",  # Google Display & Video
        "msclkid",  # Microsoft Ads
        "bd_vid",  # 百度推广
        "qhclickid",  # 360 点睛
        "sogou_vid",  # 搜狗推广
        "gdt_vid",  # 腾讯广告, web
        "qz_gdt",
        "ttclid",  # TikTok
        "twclid",  # X
        "li_fat_id",  # LinkedIn
        "rdt_cid",  # Reddit
        "ScCid",  # Snapchat
        "yclid",  # Yandex Direct
        "epik",  # Pinterest
    )
)
# Appended to every outgoing link, paid or not.
_OTHER_CLICK_IDS: frozenset[str] = frozenset(("fbclid", "igshid", "mc_eid", "share_token"))
_CLICK_IDS = PAID_CLICK_IDS | _OTHER_CLICK_IDS


@lru_cache(maxsize=32_768)
def describe_url(url: str) -> dict[str, str]:
    """``$host``, ``$path``, ``$utm_*`` and ``$click_id`` (``"gclid:value"``) of ``url``, where present.

    ``$host`` is lower case, without port and ``www.``; ``$path`` is as sent, at least ``/``. Text without
    a scheme is taken as a path with query. Unreadable URLs give nothing.

    The answer is shared: do not change it.
    """
    if len(url) > _MAX_URL_CHARACTERS:
        return {}
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return {}
    found: dict[str, str] = {}
    if host:
        found["$host"] = host.removeprefix("www.")
        found["$path"] = parts.path or "/"
    elif parts.path.startswith("/"):
        found["$path"] = parts.path
    if parts.query:
        _add_parameters(found, parts.query)
    return found


def _add_parameters(found: dict[str, str], query: str) -> None:
    try:
        parameters = parse_qsl(query, max_num_fields=_MAX_PARAMETERS)
    except ValueError:
        return
    for name, raw in parameters:
        value = raw[:_MAX_VALUE_CHARACTERS]
        standard = _CAMPAIGN_PARAMETERS.get(name)
        if standard is not None:
            found.setdefault(standard, value)
        elif name in _CLICK_IDS and (
            "$click_id" not in found or (name in PAID_CLICK_IDS and not is_paid_click(found["$click_id"]))
        ):
            found["$click_id"] = f"{name}:{value}"


def is_paid_click(click_id: str) -> bool:
    """Whether a ``$click_id`` (``"name:value"``) comes from an advertising network."""
    return click_id.partition(":")[0] in PAID_CLICK_IDS
