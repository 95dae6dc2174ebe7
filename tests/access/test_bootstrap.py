from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from bihuan.access import (
    ApiKey,
    ApiKeyMissing,
    Project,
    TimeZoneUnknown,
    WriteKey,
    authenticate,
    bootstrap,
)
from bihuan.database import Database
from tests.together import together


def test_the_first_start_makes_a_project_and_keys(database: Database, tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = bootstrap(database, data)
    assert made.project_id == "default"
    assert made.admin_key_file == data / "admin.key"
    assert stat.S_IMODE((data / "admin.key").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["admin.key"]
    with database.read_session() as session:
        assert [key.key for key in session.scalars(select(WriteKey))] == [made.write_key]
    holder = authenticate(database, (data / "admin.key").read_text().strip())
    assert holder.only_project_id is None
    assert holder.instance


def test_a_second_start_changes_nothing(database: Database, tmp_path: Path) -> None:
    first = bootstrap(database, tmp_path)
    secret = (tmp_path / "admin.key").read_text()
    (tmp_path / "admin.key").unlink()
    again = bootstrap(database, tmp_path)
    assert again == type(first)(first.project_id, first.write_key, None)
    assert not (tmp_path / "admin.key").exists()
    assert authenticate(database, secret.strip()).instance


def test_the_secret_is_in_the_file_and_nowhere_else(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level("DEBUG"):
        bootstrap(database, tmp_path)
    secret = (tmp_path / "admin.key").read_text().strip()
    with database.read_session() as session:
        key = session.scalars(select(ApiKey)).one()
    assert secret not in str(vars(key))
    assert "".join(capfd.readouterr()) == ""
    assert secret not in "".join(
        record.getMessage() for record in caplog.records if "sqlalchemy" not in record.name
    )


def test_nothing_is_made_when_the_key_cannot_be_written(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        bootstrap(database, tmp_path / "file")
    with database.read_session() as session:
        assert session.scalars(select(Project)).all() == []
        assert session.scalars(select(ApiKey)).all() == []
    with pytest.raises(ApiKeyMissing):
        authenticate(database, "bk_x")


def test_an_unknown_time_zone_makes_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(TimeZoneUnknown):
        bootstrap(database, tmp_path, time_zone="Moon/Base")
    with database.read_session() as session:
        assert session.scalars(select(Project)).all() == []
    assert not (tmp_path / "admin.key").exists()


def _open_and_bootstrap(dsn: str, directory: Path) -> tuple[str | None, bool]:
    database = Database.open(dsn)
    made = bootstrap(database, directory)
    database.dispose()
    return made.write_key, made.admin_key_file is not None


def test_processes_that_start_together_make_one_set_of_keys(control_dsn: str, tmp_path: Path) -> None:
    answers = together(3, _open_and_bootstrap, control_dsn, tmp_path / "data")
    assert len({write_key for write_key, _ in answers}) == 1
    assert sorted(made for _, made in answers) == [False, False, True]
