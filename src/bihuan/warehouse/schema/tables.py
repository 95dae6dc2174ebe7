"""The tables of a project's database, as values that the migrations render.

One definition serves the embedded engine, one server and a cluster: ``Layout`` decides the engine clause.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bihuan.warehouse.schema.standard import properties_type
from bihuan.warehouse.sql import literal


@dataclass(frozen=True)
class Table:
    """A MergeTree table.

    ``version`` names the column that decides which of two rows with the same key is kept.
    ``sharding`` is the expression that spreads rows over shards; None keeps a copy on every shard.
    ``is_synced_in_groups``: whoever inserts can have the rows on disk without the engine.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    order_by: str
    partition_by: str = ""
    version: str = ""
    sharding: str | None = "person_id"
    projections: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = field(default=())
    is_synced_in_groups: bool = False


MS = "DateTime64(3, 'UTC')"
# Inserts give the text. An Arrow insert straight into a JSON column would take text that looks like a date
# for one, whatever the settings say; this conversion obeys them.
PROPERTIES = (
    ("properties_json", "String EPHEMERAL '{}'"),
    ("properties", f"{properties_type()} DEFAULT CAST(properties_json, {literal(properties_type())})"),
)

EVENTS = Table(
    name="events",
    columns=(
        ("event_id", "UUID CODEC(NONE)"),
        ("event", "LowCardinality(String)"),
        ("time", f"{MS} CODEC(DoubleDelta, LZ4)"),
        ("received_at", f"{MS} CODEC(DoubleDelta, LZ4)"),
        ("person_id", "UInt64"),
        ("distinct_key", "UInt64"),
        ("distinct_id", "String"),
        ("session_id", "String"),
        ("source", "LowCardinality(String)"),
        # Which writer inserted the row: decides between two rows of one event id that are equal otherwise.
        ("writer", "UInt32"),
        *PROPERTIES,
    ),
    partition_by="toYYYYMM(time)",
    order_by="(event, toDate(time), distinct_key, time, event_id)",
    projections=(
        ("by_id", "SELECT event_id ORDER BY event_id"),
        ("by_person", "SELECT * ORDER BY person_id, time"),
        # What an event's rows of a quarter of an hour are: how many and whose (equal sums mean equal rows and
        # persons). Every zone's days begin on a quarter. Sums of a path of ``properties`` cannot be here:
        # the engine (26.9) then fails to rewrite parts.
        (
            "by_quarter_hour",
            "SELECT event, toStartOfFifteenMinutes(time), count(), sum(cityHash64(event_id, person_id)) "
            "GROUP BY event, toStartOfFifteenMinutes(time)",
        ),
    ),
    settings=(
        ("deduplicate_merge_projection_mode", "'rebuild'"),
        # Building projections at merges instead of at inserts takes a third off an insert's latency.
        ("materialize_projections_on_insert", "0"),
        ("materialize_projections_on_merge", "1"),
        # Wider merges, so that a row is merged fewer times: half the processor time of merging and about 20
        # small parts where there were 10 (decision 2).
        ("merge_selector_base", "20"),
    ),
    is_synced_in_groups=True,
)

IDENTITY_LINKS = Table(
    name="identity_links",
    columns=(
        ("link_id", "UUID"),
        ("kind", "LowCardinality(String)"),  # link, alias, merge, undo
        ("time", MS),
        ("received_at", MS),
        ("from_id", "String"),
        ("from_key", "UInt64"),
        ("to_id", "String"),
        ("to_key", "UInt64"),
        ("target", "UUID"),  # of an undo: the link it takes back
        ("status", "LowCardinality(String)"),  # applied, refused, undone
        ("reason", "LowCardinality(String)"),
        ("actor", "String"),
        ("version", "UInt64"),
    ),
    order_by="link_id",
    version="version",
    sharding=None,
)

IDENTITY_OVERRIDES = Table(
    name="identity_overrides",
    columns=(
        ("distinct_key", "UInt64"),
        ("distinct_id", "String"),
        ("person_id", "UInt64"),
        ("known", "Bool"),  # whether a link ever named it as somebody's known id
        ("pending", "Bool"),  # true while rows of events may still carry another person_id
        ("version", "UInt64"),
    ),
    order_by="distinct_key",
    version="version",
    sharding=None,
)

PROFILE_CHANGES = Table(
    name="profile_changes",
    columns=(
        ("change_id", "UUID"),
        ("distinct_key", "UInt64"),
        ("distinct_id", "String"),
        ("time", MS),
        ("received_at", MS),
        ("operation", "LowCardinality(String)"),
        ("values", "String"),  # JSON object: property name to operand
        ("source", "LowCardinality(String)"),
        ("precedence", "UInt64"),  # falls with received_at: of two copies of a change the first is kept
    ),
    order_by="(distinct_key, time, change_id)",
    version="precedence",
    sharding="distinct_key",
)

PROFILES = Table(
    name="profiles",
    columns=(
        ("person_id", "UInt64"),
        ("distinct_ids", "Array(String)"),
        ("first_seen", MS),
        ("updated_at", MS),
        ("deleted", "Bool"),
        *PROPERTIES,
        ("version", "UInt64"),  # rises with the person's ids, then with the changes folded
    ),
    order_by="person_id",
    version="version",
)

ERASURES = Table(
    name="erasures",
    columns=(
        ("distinct_key", "UInt64"),
        ("erased_at", MS),  # nothing with a time up to this one may come back
        ("actor", "String"),
        ("version", "UInt64"),
    ),
    order_by="distinct_key",
    version="version",
    sharding=None,
)

QUARANTINE = Table(
    name="quarantine",
    columns=(
        ("item_id", "UUID"),
        ("received_at", MS),
        ("source", "LowCardinality(String)"),
        ("protocol", "LowCardinality(String)"),
        ("event", "LowCardinality(String)"),
        ("reason", "LowCardinality(String)"),
        ("path", "String"),
        ("detail_en", "String"),
        ("detail_zh", "String"),
        ("raw", "String"),
        ("status", "LowCardinality(String)"),  # held, replayed, discarded
        ("version", "UInt64"),
    ),
    partition_by="toYYYYMM(received_at)",
    order_by="(received_at, item_id)",
    version="version",
    sharding="rand()",
)

# Bitmaps need small dense numbers: 64-bit hashes do not fit them.
PERSON_NUMBERS = Table(
    name="person_numbers",
    columns=(("person_id", "UInt64"), ("distinct_key", "UInt64"), ("number", "UInt32")),
    order_by="(person_id, distinct_key)",
    sharding=None,
)

# The people of an event's rows of one day, and what those rows were. ``event`` '' stands for any event;
# ``property`` '' for no breakdown, whose only key is ''.
DAY_PEOPLE = Table(
    name="day_people",
    columns=(
        ("zone", "LowCardinality(String)"),
        ("property", "LowCardinality(String)"),
        ("event", "LowCardinality(String)"),
        ("day", "Date"),
        ("keys", "Array(String)"),
        ("people", "Array(AggregateFunction(groupBitmap, UInt32))"),
        ("rows", "UInt64"),
        ("checksum", "UInt64"),
        ("numbers", "UInt64"),  # how many rows of person_numbers there were
        ("version", "UInt64"),
    ),
    order_by="(zone, property, event, day)",
    version="version",
    sharding=None,
    settings=(("index_granularity", "64"),),
)

# Until version 5: who is in a static audience.
AUDIENCE_PEOPLE = Table(
    name="audience_people",
    columns=(("audience_id", "String"), ("person_id", "UInt64")),
    order_by="(audience_id, person_id)",
    sharding=None,
)

# From ``time`` on a person's value of a subject is ``value``; '' is none (assignments.py).
ASSIGNMENTS = Table(
    name="assignments",
    columns=(
        ("subject_id", "LowCardinality(String)"),
        ("person_id", "UInt64"),
        ("time", MS),
        ("value", "String"),
        ("before", "String"),
        ("cause", "LowCardinality(String)"),
    ),
    order_by="(subject_id, person_id, time)",
    sharding=None,
)

# What models foretell of people (scores.py); ``version`` is which run found it.
SCORES = Table(
    name="scores",
    columns=(
        ("subject_id", "LowCardinality(String)"),
        ("version", "UInt64"),
        ("person_id", "UInt64"),
        ("score", "Float64"),
        ("value", "LowCardinality(String)"),
        ("figures", "Array(Float64)"),
        ("reasons", "Array(String)"),  # names of features, the strongest first
        ("sizes", "Array(Float64)"),  # what each adds to the score
        ("held", "Array(Float64)"),  # the person's value of each, NaN if missing
    ),
    order_by="(subject_id, version, person_id)",
    sharding=None,
)

TABLES: tuple[Table, ...] = (
    EVENTS,
    IDENTITY_LINKS,
    IDENTITY_OVERRIDES,
    PROFILE_CHANGES,
    PROFILES,
    ERASURES,
    QUARANTINE,
    PERSON_NUMBERS,
    DAY_PEOPLE,
    ASSIGNMENTS,
    SCORES,
)
