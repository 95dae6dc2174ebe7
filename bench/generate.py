"""The benchmark's log: skewed, seeded, in Arrow batches.

400,000 people with log-normal activity over 90 days, 25 event names in a Zipf-like mix, six properties.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import xxhash

START_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z
DAYS = 90
DAY_MS = 86_400_000
EVENT_NAMES = ["view", "search", "cart", "checkout", "pay", *[f"feature_{n:02d}" for n in range(20)]]
CHANNELS = ["search", "social", "mail", "direct", "paid", "referral", "store", "partner"]
BROWSERS = ["Chrome", "Safari", "Edge", "Firefox", "WeChat", "Other"]
PLANS = ["free", "plus", "pro"]
PATHS = [f"/p/{n}" for n in range(300)]


@dataclass(frozen=True)
class Shape:
    """How large a log to make."""

    events: int = 20_000_000
    people: int = 400_000
    batch_rows: int = 500_000
    seed: int = 20_260_101


def event_weights() -> np.ndarray:
    """Probability of each name: a Zipf mix in which views dominate and payments are rare."""
    weights = 1.0 / np.arange(1, len(EVENT_NAMES) + 1) ** 0.9
    weights[EVENT_NAMES.index("pay")] *= 0.35
    return weights / weights.sum()


def people_weights(shape: Shape, random: np.random.Generator) -> np.ndarray:
    """How active each person is: log-normal with sigma 1.2, so that a few people make many events."""
    activity = random.lognormal(0.0, 1.2, shape.people)
    return activity / activity.sum()


def distinct_ids(shape: Shape) -> tuple[np.ndarray, np.ndarray]:
    """The people's ids and the 64-bit keys of them."""
    ids = [f"user-{n:07d}" for n in range(shape.people)]
    keys = np.fromiter((xxhash.xxh3_64_intdigest(i.encode()) for i in ids), dtype=np.uint64, count=len(ids))
    return np.array(ids), keys


@dataclass(frozen=True)
class Properties:
    """The six properties of a batch: numbers of values, and the figures themselves."""

    channel: np.ndarray
    browser: np.ndarray
    path: np.ndarray
    plan: np.ndarray
    quantity: np.ndarray
    amount: np.ndarray


def properties_of(random: np.random.Generator, channel: np.ndarray) -> Properties:
    """Properties for as many events as there are channels."""
    size = len(channel)
    browser, path, plan = (random.integers(0, n, size) for n in (len(BROWSERS), len(PATHS), len(PLANS)))
    quantity = random.integers(1, 6, size)
    return Properties(channel, browser, path, plan, quantity, np.round(random.gamma(2.0, 30.0, size), 2))


def json_of(names: np.ndarray, properties: Properties) -> list[str]:
    """The JSON text of each event's properties; only payments have an amount."""
    pay = EVENT_NAMES.index("pay")
    out = []
    for n, c, b, p, t, q, a in zip(
        names.tolist(),
        properties.channel.tolist(),
        properties.browser.tolist(),
        properties.path.tolist(),
        properties.plan.tolist(),
        properties.quantity.tolist(),
        properties.amount.tolist(),
        strict=True,
    ):
        text = (
            f'{{"$utm_source":"{CHANNELS[c]}","$browser":"{BROWSERS[b]}","$path":"{PATHS[p]}",'
            f'"plan":"{PLANS[t]}","quantity":{q}.0'
        )
        out.append(text + (f',"$revenue":{json.dumps(a)}}}' if n == pay else "}"))
    return out


def batches(shape: Shape) -> Iterator[pa.Table]:
    """The log in batches, in order of arrival (time order with a little noise, as it would come in).

    The properties are there twice: as JSON text, and as columns for stores that keep them typed.
    """
    random = np.random.default_rng(shape.seed)
    ids, keys = distinct_ids(shape)
    cumulative = np.cumsum(people_weights(shape, random))
    channel_of = random.choice(len(CHANNELS), shape.people, p=_skew(len(CHANNELS)))
    weights = event_weights()
    span = DAYS * DAY_MS
    for start in range(0, shape.events, shape.batch_rows):
        size = min(shape.batch_rows, shape.events - start)
        times = _times(random, start, size, span / shape.events)
        who = np.minimum(np.searchsorted(cumulative, random.random(size)), shape.people - 1)
        names = random.choice(len(EVENT_NAMES), size, p=weights)
        # One event in five comes through another channel than the person's usual one.
        other = random.random(size) < 0.2
        channel = np.where(other, random.integers(0, len(CHANNELS), size), channel_of[who])
        properties = properties_of(random, channel)
        yield pa.table(
            {
                "event_id": pa.array(_uuids(random, size)),
                "event": pa.array(np.array(EVENT_NAMES)[names]),
                "time": pa.array(times, pa.timestamp("ms", "UTC")),
                "received_at": pa.array(times + 500, pa.timestamp("ms", "UTC")),
                "person_id": pa.array(keys[who]),
                "distinct_key": pa.array(keys[who]),
                "distinct_id": pa.array(ids[who]),
                "session_id": pa.array([""] * size),
                "source": pa.array(["bench"] * size),
                "properties": pa.array(json_of(names, properties)),
                "channel": pa.array(np.array(CHANNELS)[properties.channel]),
                "browser": pa.array(np.array(BROWSERS)[properties.browser]),
                "path": pa.array(np.array(PATHS)[properties.path]),
                "plan": pa.array(np.array(PLANS)[properties.plan]),
                "quantity": pa.array(properties.quantity),
                "revenue": pa.array(properties.amount, mask=names != EVENT_NAMES.index("pay")),
            }
        )


def _times(random: np.random.Generator, start: int, size: int, step_ms: float) -> np.ndarray:
    """Times in order of arrival, up to an hour out of order; no two events of the log share a millisecond.

    The ways that are compared have other rules for events at the same instant.
    """
    hour = 3_600_000 / step_ms
    slots = start + np.argsort(np.arange(size) + random.random(size) * hour)
    return START_MS + ((slots + random.random(size) * 0.99) * step_ms).astype(np.int64)


def _skew(size: int) -> np.ndarray:
    weights = 1.0 / np.arange(1, size + 1)
    return weights / weights.sum()


def _uuids(random: np.random.Generator, size: int) -> list[str]:
    text = random.bytes(16 * size).hex()
    return [
        f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"
        for h in (text[i : i + 32] for i in range(0, 32 * size, 32))
    ]
