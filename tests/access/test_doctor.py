"""The doctor walks the audit log and names the first record that was touched."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from bihuan.warehouse import Engine
from tests.server.running import running_server


def test_the_doctor_finds_a_changed_record(engine: Engine, tmp_path: Path) -> None:
    with running_server(engine, tmp_path) as server:
        for name in ("a", "b", "c"):
            assert server.api.post(server.path("/sources"), json={"name": name}).status_code == 201

        def check() -> dict[str, str]:
            answer = server.api.get("/api/doctor", headers={"accept-language": "zh"}).json()
            found: dict[str, str] = next(each for each in answer if each["name"] == "audit_log")
            return found

        assert (check()["state"], check()["detail"]) == ("ok", "3 条记录，链条完整")
        with server.installation.database.session() as session:
            session.execute(text("DROP TRIGGER audit_log_no_update"))
            session.execute(text("UPDATE audit_log SET actor_name = 'nobody' WHERE number = 2"))
        assert (check()["state"], check()["detail"]) == ("fail", "第 2 条记录处断裂")
        assert check()["mend"]
