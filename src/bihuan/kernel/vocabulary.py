"""The one vocabulary of standard properties that all protocols map to.

Standard names start with ``$``; everything else belongs to the sender. ``STANDARD`` maps each name to
the type that the warehouse declares for it (a typed path inside the JSON column).
"""

from __future__ import annotations

from typing import Literal

StandardType = Literal["text", "category", "number", "flag"]

STANDARD: dict[str, StandardType] = {
    # page and screen
    "$url": "text",
    "$host": "category",
    "$path": "text",
    "$title": "text",
    "$screen_name": "category",
    # where the visit came from
    "$referrer": "text",
    "$referrer_domain": "category",
    "$channel": "category",  # search, social, mail, paid, referral, direct
    "$utm_source": "category",
    "$utm_medium": "category",
    "$utm_campaign": "category",
    "$utm_term": "category",
    "$utm_content": "category",
    "$click_id": "text",  # gclid, fbclid, msclkid, … as "name:value"
    # device
    "$browser": "category",
    "$browser_version": "category",
    "$os": "category",
    "$os_version": "category",
    "$device_type": "category",  # desktop, mobile, tablet, tv, bot, other
    "$device_brand": "category",
    "$device_model": "category",
    "$screen_width": "number",
    "$screen_height": "number",
    "$language": "category",
    "$timezone": "category",
    "$is_bot": "flag",
    # app and SDK
    "$app_version": "category",
    "$app_name": "category",
    "$lib": "category",
    "$lib_version": "category",
    # place
    "$country": "category",
    "$region": "category",
    "$city": "category",
    "$ip": "text",
    # commerce
    "$revenue": "number",
    "$currency": "category",
    "$order_id": "text",
    "$product_id": "text",
    "$product_name": "text",
    "$category": "category",
    "$quantity": "number",
    "$price": "number",
    "$coupon": "category",
    # groups and search
    "$group_type": "category",
    "$group_id": "text",
    "$search_query": "text",
    "$duration_seconds": "number",
}

# Standard event names.
PAGE_VIEW = "$pageview"
SCREEN_VIEW = "$screen"
SESSION_START = "$session_start"
SESSION_END = "$session_end"
GROUP_IDENTIFY = "$group_identify"
