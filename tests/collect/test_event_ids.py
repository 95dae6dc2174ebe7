"""The id of a stored event follows from what the sender calls it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from bihuan.collect.enrichment import EnrichmentSettings
from bihuan.collect.incoming import IncomingEvent, Parsed
from bihuan.collect.preparation import Preparation, TimeRules
from bihuan.kernel.hashing import event_uuid
from bihuan.people import People
from bihuan.warehouse import Engine, drop_project, open_project

TEXT = "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f0"


@pytest.fixture(scope="module")
def preparation(engine: Engine) -> Iterator[Preparation]:
    store = open_project(engine, "event_ids")
    yield Preparation("web", People(store), rules=TimeRules(), enrichment=EnrichmentSettings())
    drop_project(store)


def id_of(preparation: Preparation, message_id: str) -> bytes:
    event = IncomingEvent(event="buy", distinct_id="u", message_id=message_id)
    return preparation.prepare(Parsed(items=[event]), 1_700_000_000_000).events[0].event_id


@pytest.mark.parametrize("message_id", [TEXT, TEXT.upper()])
def test_a_uuid_is_the_id_itself(preparation: Preparation, message_id: str) -> None:
    assert id_of(preparation, message_id) == uuid.UUID(TEXT).bytes


def test_other_forms_of_uuids_are_understood(preparation: Preparation) -> None:
    assert id_of(preparation, "urn:" + uuid.UUID(TEXT).hex) == uuid.UUID(TEXT).bytes


@pytest.mark.parametrize(
    "message_id",
    [
        "order-7",
        "x" * 36,
        "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0zz",
        # bytes.fromhex skips blanks, a UUID has none
        "0f1e2d3c 4b5a 4978 8695 a4b3c2d1e0f0",
        "0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0 f",
    ],
)
def test_any_other_text_is_an_id_within_its_source(preparation: Preparation, message_id: str) -> None:
    assert id_of(preparation, message_id) == event_uuid(f"web\0{message_id}").bytes
