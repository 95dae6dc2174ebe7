"""What GA4's validation server says about a request: the documented limits, in its words' shape.

Limits of the Measurement Protocol: 25 events a request, 25 parameters an event, names of 40 characters
that start with a letter and hold letters, digits and underscores, values of 100 characters, 25 user
properties with names of 24 and values of 36 characters.
"""

from __future__ import annotations

import re
from typing import Any

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RESERVED_PREFIXES = ("firebase_", "ga_", "google_", "gtag.")
_RESERVED_EVENTS_TEXT = """
    ad_activeview ad_click ad_exposure ad_query ad_reward adunit_exposure app_clear_data app_exception
    app_install app_remove app_store_refund app_update app_upgrade dynamic_link_app_open
    dynamic_link_app_update dynamic_link_first_open error first_open first_visit in_app_purchase
    notification_dismiss notification_foreground notification_open notification_receive os_update
    session_start session_start_with_rollout user_engagement
"""
_RESERVED_EVENTS = frozenset(_RESERVED_EVENTS_TEXT.split())
_MAX_EVENTS = 25
_MAX_PARAMETERS = 25
_MAX_NAME_CHARACTERS = 40
_MAX_VALUE_CHARACTERS = 100
_MAX_USER_PROPERTIES = 25
_MAX_USER_PROPERTY_NAME_CHARACTERS = 24
_MAX_USER_PROPERTY_VALUE_CHARACTERS = 36

Message = dict[str, str]


def validation_messages(body: dict[str, Any]) -> list[Message]:
    """Messages ``{fieldPath, description, validationCode}``; an empty list when all is well."""
    found: list[Message] = []
    if not body.get("client_id") and not body.get("app_instance_id"):
        found.append(
            _message("client_id", "Measurement requires a client_id or app_instance_id.", "VALUE_REQUIRED")
        )
    events = body.get("events")
    if not isinstance(events, list) or not events:
        found.append(_message("events", "The request has no events.", "VALUE_REQUIRED"))
        events = []
    if len(events) > _MAX_EVENTS:
        text = f"The request has {len(events)} events; at most {_MAX_EVENTS} are allowed."
        found.append(_message("events", text, "EXCEEDED_MAX_ENTITIES"))
    for index, event in enumerate(events):
        found.extend(_event_messages(event, index))
    found.extend(_user_property_messages(body.get("user_properties")))
    return found


def _event_messages(event: object, index: int) -> list[Message]:
    if not isinstance(event, dict):
        return [_message("events", f"Event at index [{index}] is not an object.", "VALUE_INVALID")]
    found: list[Message] = []
    name = event.get("name")
    where = f"Event at index [{index}]"
    if not isinstance(name, str) or not name:
        found.append(_message("events", f"{where} has no name.", "VALUE_REQUIRED"))
    else:
        found.extend(_name_messages("events", where, name, _MAX_NAME_CHARACTERS))
        if name in _RESERVED_EVENTS:
            found.append(
                _message("events", f"{where} has name [{name}], which is reserved.", "NAME_RESERVED")
            )
    params = event.get("params") or {}
    if not isinstance(params, dict):
        return [*found, _message("events", f"{where} has params that are not an object.", "VALUE_INVALID")]
    if len(params) > _MAX_PARAMETERS:
        text = f"{where} has {len(params)} parameters; at most {_MAX_PARAMETERS} are allowed."
        found.append(_message("events.params", text, "EXCEEDED_MAX_ENTITIES"))
    for param, value in params.items():
        found.extend(_name_messages("events.params", where, param, _MAX_NAME_CHARACTERS))
        if isinstance(value, str) and len(value) > _MAX_VALUE_CHARACTERS:
            text = f"{where} has a value of {len(value)} characters in [{param}]."
            found.append(_message("events.params", text, "VALUE_OUT_OF_BOUNDS"))
    return found


def _user_property_messages(user_properties: object) -> list[Message]:
    path = "user_properties"
    if user_properties is None:
        return []
    if not isinstance(user_properties, dict):
        return [_message(path, "User properties are not an object.", "VALUE_INVALID")]
    found: list[Message] = []
    if len(user_properties) > _MAX_USER_PROPERTIES:
        count = len(user_properties)
        text = f"The request has {count} user properties; at most {_MAX_USER_PROPERTIES} are allowed."
        found.append(_message(path, text, "EXCEEDED_MAX_ENTITIES"))
    for name, entry in user_properties.items():
        found.extend(_name_messages(path, "User property", name, _MAX_USER_PROPERTY_NAME_CHARACTERS))
        value = entry.get("value") if isinstance(entry, dict) else entry
        if isinstance(value, str) and len(value) > _MAX_USER_PROPERTY_VALUE_CHARACTERS:
            text = f"User property [{name}] has a value of {len(value)} characters."
            found.append(_message(path, text, "VALUE_OUT_OF_BOUNDS"))
    return found


def _name_messages(path: str, where: str, name: str, limit: int) -> list[Message]:
    if not _NAME.fullmatch(name):
        text = f"{where} has invalid name [{name}]: letters, digits and underscores, a letter first."
        return [_message(path, text, "NAME_INVALID")]
    if len(name) > limit:
        return [_message(path, f"{where} has name [{name}] of over {limit} characters.", "NAME_INVALID")]
    if name.startswith(_RESERVED_PREFIXES):
        return [_message(path, f"{where} has name [{name}] with a reserved prefix.", "NAME_RESERVED")]
    return []


def _message(path: str, description: str, code: str) -> Message:
    return {"fieldPath": path, "description": description, "validationCode": code}
