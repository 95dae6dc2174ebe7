"""Files of a campaign: checked by their content, kept below the data directory."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bihuan.access import Caller
from bihuan.campaigns.activity import log
from bihuan.campaigns.models import Campaign
from bihuan.campaigns.work.errors import FileNotFound, FileTooLarge, FileTypeRefused, TooManyTasks
from bihuan.campaigns.work.models import CampaignFile
from bihuan.campaigns.work.service import tasks
from bihuan.database import new_id
from bihuan.insights import author_of

MOST_BYTES = 20 << 20
MOST_FILES = 100
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument."
# By ending: the type that is told, and how the content begins; empty for text.
_KNOWN: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".webp": ("image/webp", (b"RIFF",)),
    ".docx": (f"{_OFFICE}wordprocessingml.document", (_ZIP,)),
    ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", (_ZIP,)),
    ".pptx": (f"{_OFFICE}presentationml.presentation", (_ZIP,)),
    ".zip": ("application/zip", (_ZIP,)),
    ".txt": ("text/plain", ()),
    ".md": ("text/plain", ()),
    ".csv": ("text/csv", ()),
}


def media_type_of(name: str, content: bytes) -> str:
    """The type of a file whose ending and content agree. Raises ``FileTypeRefused``.

    >>> media_type_of("plan.pdf", b"%PDF-1.7 ...")
    'application/pdf'
    """
    known = _KNOWN.get(Path(name).suffix.lower())
    if known is None or not _fits(known[1], content):
        raise FileTypeRefused(name=name, known=" ".join(_KNOWN), path="name")
    return known[0]


def _fits(beginnings: tuple[bytes, ...], content: bytes) -> bool:
    if beginnings:
        return content.startswith(beginnings)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


async def read_limited(stream: AsyncIterator[bytes]) -> bytes:
    """What comes, if it is no more than a file may have. Raises ``FileTooLarge``."""
    pieces, size = [], 0
    async for piece in stream:
        size += len(piece)
        if size > MOST_BYTES:
            raise FileTooLarge(most_megabytes=MOST_BYTES >> 20)
        pieces.append(piece)
    return b"".join(pieces)


class CampaignFiles:
    """Files below a directory: one directory a project and campaign, one file a row, named by its id."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def path(self, campaign: Campaign, file_id: str) -> Path:
        """Where a file's content is."""
        return self._directory / campaign.project_id / campaign.id / file_id

    def keep(
        self,
        session: Session,
        caller: Caller,
        campaign: Campaign,
        name: str,
        content: bytes,
        *,
        task_id: str | None = None,
    ) -> CampaignFile:
        """Keep a file. Raises ``FileTypeRefused``, ``TooManyTasks``, ``FileNotFound``: no such task."""
        media_type = media_type_of(name, content)
        if (
            session.scalar(select(func.count()).select_from(files(campaign.id).subquery())) or 0
        ) >= MOST_FILES:
            raise TooManyTasks(most=MOST_FILES)
        if task_id is not None and task_id not in {each.id for each in session.scalars(tasks(campaign.id))}:
            raise FileNotFound(file_id=task_id, path="task_id")
        row = CampaignFile(
            id=new_id(),
            campaign_id=campaign.id,
            task_id=task_id,
            name=name,
            media_type=media_type,
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            created_by=author_of(caller).model_dump(),
        )
        path = self.path(campaign, row.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        session.add(row)
        session.flush()
        log(session, caller, campaign, "file_added", {"file": name, "bytes": len(content)})
        return row

    def remove(self, session: Session, caller: Caller, campaign: Campaign, file_id: str) -> None:
        """Delete a file. Raises ``FileNotFound``."""
        row = find_file(session, campaign.id, file_id)
        session.delete(row)
        session.flush()
        log(session, caller, campaign, "file_deleted", {"file": row.name})
        self.path(campaign, file_id).unlink(missing_ok=True)

    def remove_all(self, project_id: str, campaign_id: str) -> None:
        """Delete the files of a campaign that is no more."""
        shutil.rmtree(self._directory / project_id / campaign_id, ignore_errors=True)


def files(campaign_id: str, task_id: str | None = None) -> Select[CampaignFile]:
    """The files of a campaign, or of one of its tasks."""
    found = select(CampaignFile).where(CampaignFile.campaign_id == campaign_id)
    return found if task_id is None else found.where(CampaignFile.task_id == task_id)


def find_file(session: Session, campaign_id: str, file_id: str) -> CampaignFile:
    """One file. Raises ``FileNotFound``."""
    found = session.scalar(files(campaign_id).where(CampaignFile.id == file_id))
    if found is None:
        raise FileNotFound(file_id=file_id)
    return found
