"""Which site sent a visitor, and through which channel.

The sites are facts listed in ``sites.py``. No kept Python library knows them: the two on the package
index were last released in 2016 and 2021 and know few Chinese sites.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from bihuan.collect.enrichment.sites import APPS, MEDIUMS, SITES, SITES_OF_MANY_COUNTRIES, SOURCES
from bihuan.collect.enrichment.utm import is_paid_click

_MAX_REFERRER_CHARACTERS = 8192
# paid-social, google-cpc, wechat_ads, retargeting
_PAID_MEDIUM = re.compile(r"paid.*|.*-(cpc|ppc|cpm|cpa|cpv|ads?)|retarget.*|remarket.*")
# No label of a public suffix such as com.hk is longer.
_MAX_SUFFIX_LABEL_CHARACTERS = 3
_SEPARATORS = re.compile(r"[\s_-]+")


@lru_cache(maxsize=32_768)
def describe_source(
    referrer: str, host: str, utm_source: str = "", utm_medium: str = "", click_id: str = ""
) -> dict[str, str]:
    """``$referrer_domain`` and ``$channel`` of a page view; ``host`` is the page's own host.

    ``$channel`` is one of ``search social mail paid referral direct``. What the link says comes before
    where it stood: a paid click id, then ``utm_medium``, then the referring site, then ``utm_source``.
    A page reached from another page of the same site is no arrival and gets neither property.
    """
    domain = referrer_domain(referrer)
    tagged = bool(utm_source or utm_medium or click_id)
    if domain and _same_site(domain, host):
        if not tagged:
            return {}
        domain = ""
    channel = _channel(domain, utm_source.lower(), utm_medium.lower(), click_id)
    return {"$referrer_domain": domain, "$channel": channel} if domain else {"$channel": channel}


def referrer_domain(referrer: str) -> str:
    """Host of a referrer in lower case without port and ``www.``, or the package of ``android-app://…``.

    Empty when there is none or it cannot be read.
    """
    if not referrer or len(referrer) > _MAX_REFERRER_CHARACTERS:
        return ""
    try:
        host = urlsplit(referrer if "//" in referrer else f"//{referrer}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if "." in host else ""


def site_kind(domain: str) -> str | None:
    """``search``, ``social`` or ``mail`` when ``domain`` or a domain above it is known, else None."""
    kind = APPS.get(domain)
    if kind is not None:
        return kind
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        kind = SITES.get(".".join(labels[start:]))
        if kind is not None:
            return kind
    # google.com.hk, google.de, yandex.kz: the name is the last label before the public suffix.
    for label, suffix_labels in zip(reversed(labels[:-1]), (1, 2), strict=False):
        if label in SITES_OF_MANY_COUNTRIES and all(
            len(part) <= _MAX_SUFFIX_LABEL_CHARACTERS for part in labels[-suffix_labels:]
        ):
            return SITES_OF_MANY_COUNTRIES[label]
    return None


def _channel(domain: str, utm_source: str, utm_medium: str, click_id: str) -> str:
    if click_id and is_paid_click(click_id):
        return "paid"
    by_medium = _medium_kind(utm_medium)
    if by_medium is not None:
        return by_medium
    if domain:
        return site_kind(domain) or "referral"
    if utm_source:
        return SOURCES.get(utm_source) or site_kind(utm_source) or "referral"
    return "referral" if utm_medium or click_id else "direct"


def _medium_kind(utm_medium: str) -> str | None:
    if not utm_medium:
        return None
    medium = _SEPARATORS.sub("-", utm_medium.strip())
    return MEDIUMS.get(medium) or ("paid" if _PAID_MEDIUM.fullmatch(medium) else None)


def _same_site(domain: str, host: str) -> bool:
    if not host:
        return False
    return domain == host or domain.endswith(f".{host}") or host.endswith(f".{domain}")
