"""A server that runs jobs, with words for importing files over its API."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from tests.server.running import Running

SECONDS = 60


@dataclass(frozen=True)
class Working:
    """A server that imports."""

    server: Running

    def upload(self, content: str | bytes, name: str = "orders.csv") -> str:
        """Send a file; returns the upload's id."""
        answer = self.server.api.post(
            self.server.path("/imports/uploads"), params={"name": name}, content=content
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def start(self, upload_id: str, **body: Any) -> dict[str, Any]:
        """Begin to import it; returns the job."""
        answer = self.post("/imports", {"upload_id": upload_id, **body}, 202)
        assert isinstance(answer, dict)
        return answer

    def imported(self, content: str | bytes, name: str = "orders.csv", **body: Any) -> dict[str, Any]:
        """Import a file to its end; returns the import."""
        job = self.wait(self.start(self.upload(content, name), **body))
        assert job["state"] == "succeeded", job
        return next(each for each in self.imports() if each["job_id"] == job["id"])

    def undone(self, import_id: str) -> dict[str, Any]:
        """Undo an import to the end; returns the rows that are gone."""
        job = self.wait(self.post(f"/imports/{import_id}/undo", {}, 202))
        assert job["state"] == "succeeded", job
        result: dict[str, Any] = job["result"]
        return result

    def imports(self) -> list[dict[str, Any]]:
        """The list of imports."""
        found: list[dict[str, Any]] = self.get("/imports")
        return found

    def wait(self, job: dict[str, Any]) -> dict[str, Any]:
        """The job at its end."""
        deadline = time.monotonic() + SECONDS
        while job["finished_at"] is None and job["state"] in ("queued", "running"):
            assert time.monotonic() < deadline, job
            time.sleep(0.05)
            job = self.get(f"/jobs/{job['id']}")
        return job

    def get(self, path: str, **params: Any) -> Any:
        answer = self.server.api.get(self.server.path(path), params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.server.api.post(self.server.path(path), json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the project's tables; ``{events}`` and so on are their names."""
        store = self.server.project.store
        tables = ("events", "profile_changes", "profiles", "identity_links", "quarantine")
        return store.engine.rows(sql.format(**{name: store.table(name) for name in tables}))
