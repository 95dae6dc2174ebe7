"""Lists of whom nobody writes to, and what bounces and complaints add to them."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Select, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bihuan.database import new_id
from bihuan.kernel.text_files import decoded, file_refused
from bihuan.messages.consent.addresses import AddressHashes, shown
from bihuan.messages.consent.models import Bounce, Suppression
from bihuan.messages.consent.purposes import policy_of
from bihuan.messages.consent.service import withdraw_everything
from bihuan.messages.consent.sets import among_texts
from bihuan.messages.errors import SuppressionNotFound
from bihuan.messages.media import EVERY

Reason = Literal["hard_bounce", "soft_bounces", "complaint", "unsubscribed", "manual", "imported"]
BounceKind = Literal["hard", "soft", "complaint"]
DAY_MS = 86_400_000
MOST_LINES = 1_000_000
_AT_ONCE = 2_000
_NAMESPACE = uuid.UUID("8a4a6f6e-0a55-5d8e-9d5e-3d0a3c1c7b52")


@dataclass(frozen=True)
class Never:
    """Whom nobody is to write to: an ``address``, or a person. ``about``: whose address it is."""

    medium: str
    reason: Reason
    address: str = ""
    person_id: int | None = None
    about: int | None = None
    detail: str = ""
    expires_ms: int | None = None


@dataclass(frozen=True)
class Returned:
    """A message that came back, or a complaint. ``report_id`` names the report: it counts once."""

    medium: str
    address: str
    kind: BounceKind
    at_ms: int
    person_id: int | None = None
    detail: str = ""
    report_id: str = ""


@dataclass(frozen=True)
class Imported:
    """What a file said; ``refused``: line numbers with the reason in both languages."""

    lines: int
    added: int
    refused: list[tuple[int, str, str]] = field(default_factory=list)


def suppress(
    session: Session, hashes: AddressHashes, project_id: str, those: Sequence[Never], *, at_ms: int
) -> int:
    """Put addresses and people on the list; returns how many. One for longer stands against one for less."""
    by_address = {
        (each.medium, hashes.hash(_of(each.medium), each.address)): each for each in those if each.address
    }
    by_person = {(each.medium, each.person_id): each for each in those if not each.address}
    rows = [_row(project_id, each, at_ms, address_hash=key[1]) for key, each in by_address.items()]
    _put(session, rows, "address_hash")
    _put(session, [_row(project_id, each, at_ms) for each in by_person.values()], "person_id")
    return len(by_address) + len(by_person)


def _of(medium: str) -> str:
    return "email" if medium == EVERY else medium


def suppressions(
    project_id: str, *, medium: str | None = None, reason: str | None = None
) -> Select[Suppression]:
    """The list of a project."""
    wanted = select(Suppression).where(Suppression.project_id == project_id)
    if medium:
        wanted = wanted.where(Suppression.medium == medium)
    return wanted.where(Suppression.reason == reason) if reason else wanted


def lift(session: Session, project_id: str, suppression_id: str) -> Suppression:
    """Take one off the list. Raises ``SuppressionNotFound``."""
    row = session.scalar(suppressions(project_id).where(Suppression.id == suppression_id))
    if row is None:
        raise SuppressionNotFound(suppression_id=suppression_id)
    session.delete(row)
    return row


def record_returns(
    session: Session, hashes: AddressHashes, project_id: str, returned: Sequence[Returned], *, now_ms: int
) -> int:
    """Keep bounces and complaints, and suppress whom the policy says; returns how many were new.

    A dead address is suppressed; one that fails for a time is, after so many times in so many days; whoever
    complains is, and their consent to marketing on that medium is withdrawn.
    """
    fresh = _keep_returns(session, hashes, project_id, returned)
    never: list[Never] = []
    for each in fresh:
        if each.kind == "soft":
            continue
        reason: Reason = "hard_bounce" if each.kind == "hard" else "complaint"
        never.append(Never(each.medium, reason, each.address, about=each.person_id, detail=each.detail))
    for each in fresh:
        if each.kind == "complaint" and each.person_id is not None:
            how = {"source": "complaint", "wording": each.detail}
            withdraw_everything(session, project_id, each.person_id, [each.medium], at_ms=each.at_ms, **how)
    never += _failing(session, hashes, project_id, [each for each in fresh if each.kind == "soft"], now_ms)
    suppress(session, hashes, project_id, never, at_ms=now_ms)
    return len(fresh)


def import_list(
    session: Session, hashes: AddressHashes, project_id: str, medium: str, content: bytes, *, at_ms: int
) -> Imported:
    """Put a CSV with a heading on the list: ``address``, and if there, ``reason`` (as detail), ``expires``.

    Raises:
        InputInvalid: no text, no heading, or too many lines.
    """
    reader = csv.DictReader(io.StringIO(decoded(content), newline=""))
    names = {(name or "").strip().lower(): name for name in reader.fieldnames or ()}
    column = next((names[each] for each in ("address", "email", "phone", medium) if each in names), None)
    if column is None:
        raise file_refused(
            "The file needs a heading with a column address.", "文件需要表头，并包含 address 列。"
        )
    those: list[Never] = []
    refused: list[tuple[int, str, str]] = []
    lines = 0
    for cells in reader:
        lines += 1
        if lines > MOST_LINES:
            raise file_refused(
                f"More than {MOST_LINES:,} lines: split it.", f"超过 {MOST_LINES:,} 行，请拆分。"
            )
        address = (cells[column] or "").strip()
        try:
            expires_ms = _expires((cells.get(names.get("expires", "")) or "").strip())
        except ValueError:
            refused.append((reader.line_num, "expires is no day", "expires 不是日期"))
            continue
        if not address or len(address) > 320 or "\x00" in address:
            refused.append((reader.line_num, "no address", "缺少地址"))
            continue
        detail = (cells.get(names.get("reason", "")) or "").strip()[:1_000].replace("\x00", "")
        those.append(Never(medium, "imported", address, detail=detail, expires_ms=expires_ms))
    return Imported(lines, suppress(session, hashes, project_id, those, at_ms=at_ms), refused)


def remove_expired(session: Session, *, now_ms: int) -> int:
    """Delete what holds no longer."""
    wanted = delete(Suppression).where(Suppression.expires_ms.is_not(None), Suppression.expires_ms <= now_ms)
    return session.connection().execute(wanted).rowcount


def _keep_returns(
    session: Session, hashes: AddressHashes, project_id: str, returned: Sequence[Returned]
) -> list[Returned]:
    rows: dict[str, tuple[dict[str, Any], Returned]] = {}
    for each in returned:
        address_hash = hashes.hash(each.medium, each.address)
        named = each.report_id or f"{address_hash}\0{each.at_ms}"
        key = str(uuid.uuid5(_NAMESPACE, f"{project_id}\0{each.kind}\0{named}"))
        row = {
            "id": key,
            "project_id": project_id,
            "medium": each.medium,
            "address_hash": address_hash,
            "about_person": each.person_id,
            "kind": each.kind,
            "detail": each.detail[:2_000],
            "at_ms": each.at_ms,
        }
        rows[key] = (row, each)
    table: Table = Bounce.__table__  # type: ignore[assignment]
    there = set(session.scalars(select(Bounce.id).where(among_texts(session, Bounce.id, rows))))
    fresh = [pair for key, pair in rows.items() if key not in there]
    _insert_many(session, table, [row for row, _ in fresh])
    return [each for _, each in fresh]


def _insert_many(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    insert = _insert(session)
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table).on_conflict_do_nothing()
        session.connection().execute(statement, rows[start : start + _AT_ONCE])


def _failing(
    session: Session, hashes: AddressHashes, project_id: str, soft: Iterable[Returned], now_ms: int
) -> list[Never]:
    by_hash = {hashes.hash(each.medium, each.address): each for each in soft}
    if not by_hash:
        return []
    policy = policy_of(session, project_id)
    counted = (
        select(Bounce.address_hash)
        .where(
            Bounce.project_id == project_id,
            Bounce.kind == "soft",
            Bounce.at_ms > now_ms - policy.soft_days * DAY_MS,
            among_texts(session, Bounce.address_hash, by_hash),
        )
        .group_by(Bounce.address_hash)
        .having(func.count() >= policy.soft_bounces)
    )
    until_ms = now_ms + policy.soft_suppressed_days * DAY_MS
    found: list[Never] = []
    for each in (by_hash[key] for key in session.scalars(counted)):
        never = Never(each.medium, "soft_bounces", each.address, about=each.person_id)
        found.append(Never(**{**never.__dict__, "detail": each.detail, "expires_ms": until_ms}))
    return found


def _row(project_id: str, each: Never, at_ms: int, *, address_hash: str | None = None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "project_id": project_id,
        "medium": each.medium,
        "address_hash": address_hash,
        "person_id": None if address_hash else each.person_id,
        "about_person": each.about,
        "shown": shown(_of(each.medium), each.address) if each.address else "",
        "reason": each.reason,
        "detail": each.detail[:2_000],
        "at_ms": at_ms,
        "expires_ms": each.expires_ms,
    }


def _put(session: Session, rows: list[dict[str, Any]], target: str) -> None:
    table: Table = Suppression.__table__  # type: ignore[assignment]
    insert = _insert(session)
    for start in range(0, len(rows), _AT_ONCE):
        statement = insert(table)
        fresh, kept = statement.excluded, table.c
        statement = statement.on_conflict_do_update(
            index_elements=["project_id", "medium", target],
            set_={
                name: fresh[name]
                for name in ("reason", "detail", "at_ms", "expires_ms", "about_person", "shown")
            },
            where=kept.expires_ms.is_not(None)
            & (fresh["expires_ms"].is_(None) | (fresh["expires_ms"] > kept.expires_ms)),
        )
        session.connection().execute(statement, rows[start : start + _AT_ONCE])


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def _expires(text: str) -> int | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


__all__ = [
    "Imported",
    "Never",
    "Returned",
    "import_list",
    "lift",
    "record_returns",
    "remove_expired",
    "suppress",
    "suppressions",
]
