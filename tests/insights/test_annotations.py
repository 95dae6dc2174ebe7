"""Annotations over HTTP."""

from __future__ import annotations

from tests.server.running import Running


def test_annotations_are_written_found_changed_and_deleted(server: Running) -> None:
    path = server.path("/annotations")
    given = {"time": "2026-11-11T00:00:00+08:00", "text": "双十一 begins", "kind": "campaign"}
    first = server.api.post(path, json=given).json()
    assert (first["time"], first["text"]) == ("2026-11-10T16:00:00Z", given["text"])
    second = server.api.post(path, json={"time": "2026-11-12T08:00:00Z", "text": "Release 2"}).json()
    assert second["kind"] == "note"

    def found(**parameters: str) -> list[str]:
        return [each["id"] for each in server.api.get(path, params=parameters).json()["items"]]

    assert found() == [second["id"], first["id"]]
    assert found(kind="campaign") == [first["id"]]
    assert found(from_time="2026-11-10T16:00:00Z", to_time="2026-11-12T08:00:00Z") == [first["id"]]
    one = f"{path}/{first['id']}"
    assert server.api.patch(one, json={"text": "Singles' day"}).json()["text"] == "Singles' day"
    assert server.api.delete(one).status_code == 204
    assert server.api.delete(one).json()["error"]["code"] == "annotation_not_found"
    assert server.api.post(path, json={"time": "2026-11-12T08:00:00", "text": "x"}).status_code == 422
    assert server.api.post(path, json={"time": "0001-01-01T00:00:00+14:00", "text": "x"}).status_code == 422
