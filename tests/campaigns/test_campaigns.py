"""Campaigns as they are planned: drafts, tasks, files, money, comments, copies, the log of what was done."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from bihuan.campaigns.templates.catalogue import TEMPLATES
from bihuan.campaigns.work.dependencies import circle_from
from bihuan.campaigns.work.errors import FileTypeRefused
from bihuan.campaigns.work.files import MOST_BYTES, media_type_of
from tests.campaigns.conftest import Steps, only_reading

PAST = "2020-01-01T00:00:00Z"
TICKED = [{"text": "Draft", "done": True}]


def test_a_draft_is_made_changed_and_deleted(steps: Steps) -> None:
    made = steps.campaign("Spring", budget=100)
    assert (made["status"], made["actions"], made["revision"]) == ("draft", ["submit"], 1)
    assert (made["lever"], made["plan"]["budget"], made["expected"]) == ("activate", 100, None)
    where = f"/campaigns/{made['id']}"
    hypothesis = {"reach": 1000, "effect": 0.02, "value": 50}
    changed = steps.patch(
        where, {"name": "Summer", "plan": {**made["plan"], "hypothesis": hypothesis}, "revision": 1}
    )
    assert (changed["name"], changed["revision"], changed["expected"]) == ("Summer", 2, 1000.0)
    stale = steps.refused("PATCH", where, {"name": "Autumn", "revision": 1})
    assert (stale["status"], stale["code"]) == (409, "changed_meanwhile")
    assert steps.get(where)["name"] == "Summer"
    done = [each["action"] for each in steps.get(f"{where}/activity")["items"]]
    assert done == ["changed", "created"]
    assert steps.server.api.delete(steps.server.path(where)).status_code == 204
    assert steps.refused("GET", where)["code"] == "campaign_not_found"


def test_a_member_of_the_project_answers_for_it(
    steps: Steps, member: Callable[[str, str], httpx.Client]
) -> None:
    with member("odile", "specialist") as odile:
        made = odile.post(steps.server.path("/campaigns"), json={"name": "Hers"}).json()
    assert made["owner_name"] == "odile"
    where = f"/campaigns/{made['id']}"
    assert steps.refused("PATCH", where, {"owner_id": "somebody"})["path"] == "owner_id"
    assert steps.get(where)["owner_id"] == made["owner_id"]
    assert steps.patch(where, {"owner_id": None})["owner_name"] == ""
    assert steps.patch(where, {"name": "Theirs"})["owner_id"] is None
    assert steps.campaign("By a key")["owner_id"] is None


def test_a_template_speaks_the_readers_language(steps: Steps) -> None:
    words = {}
    for language in ("zh", "en"):
        body = {"name": "First", "template": "first_purchase"}
        plan = steps.post("/campaigns", body, language=language)["plan"]
        words[language] = (plan["offer"]["words"], plan["timeline"][0]["words"])
        assert ("注册" in plan["hypothesis"]["words"]) is (language == "zh")
    assert words == {"zh": ("首单立减", "发券"), "en": ("Money off the first order", "Coupon")}


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"variants": [{"name": "a"}, {"name": "a"}]}, "same name"),
        ({"variants": [{"name": "holdout"}]}, "not reached"),
        ({"messages": [{"variant": "b"}]}, "no variant b"),
        ({"messages": [{}, {"variant": "a"}]}, "two messages of the same step"),
        ({"starts_at": "2026-11-11T09:00:00"}, "zone"),
        ({"starts_at": "2026-11-11T09:00:00Z", "ends_at": "2026-11-11T09:00:00Z"}, "ends before"),
        ({"holdout": {"share": 0.95}}, "less than or equal to 0.9"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(steps: Steps, plan: dict[str, object], words: str) -> None:
    refused = steps.refused("POST", "/campaigns", {"name": "Odd", "plan": plan})
    assert refused["status"] == 422
    assert words in refused["message"]


def test_a_key_that_reads_changes_nothing(steps: Steps) -> None:
    made = steps.campaign("Kept")
    where = steps.server.path(f"/campaigns/{made['id']}")
    with only_reading(steps.server) as reader:
        assert reader.get(where).status_code == 200
        calls = [
            reader.patch(where, json={"name": "Taken"}),
            reader.delete(where),
            reader.post(f"{where}/do/submit", json={}),
            reader.post(f"{where}/approvals", json={"decision": "approved"}),
            reader.post(f"{where}/tasks", json={"title": "x"}),
            reader.post(f"{where}/files", params={"name": "a.txt"}, content=b"x"),
        ]
    assert {call.status_code for call in calls} == {403}
    assert steps.get(f"/campaigns/{made['id']}") == made


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.key)
def test_a_template_gives_a_plan_with_drafts_in_both_languages(template: object) -> None:
    found = next(each for each in TEMPLATES if each is template)
    for language in ("zh", "en"):
        plan = found.plan(language)
        assert plan.outcome is not None
        assert plan.hypothesis.effect == found.effect
        assert [set(each.draft) for each in plan.messages] == [{"zh", "en"}] * len(found.steps)
        assert len(plan.timeline) == len(found.timeline)
    assert found.name.zh != found.name.en
    assert len(found.tasks) >= 5


def test_templates_of_the_field_are_there_and_their_tasks_are_dated(steps: Steps) -> None:
    named = {each["name"]["zh"] for each in steps.get("/campaign-templates")}
    assert named >= {"拉新注册", "首单转化", "签到促活", "周年庆", "流失召回", "节庆营销", "会员日", "老带新"}
    plan = {**TEMPLATES[0].plan().model_dump(mode="json"), "starts_at": "2026-12-01T00:00:00Z"}
    made = steps.post(
        "/campaigns", {"name": "New", "template": TEMPLATES[0].key, "plan": plan}, language="en"
    )
    tasks = steps.get(f"/campaigns/{made['id']}/tasks")
    assert tasks[0]["title"] == "Settle goal, audience and budget"
    assert tasks[0]["due_at"] == "2026-11-24T00:00:00Z"
    unknown = steps.refused("POST", "/campaigns", {"name": "New", "template": "nothing"})
    assert (unknown["status"], unknown["code"]) == (404, "campaign_template_not_found")


def test_tasks_wait_for_each_other_but_never_for_themselves(
    steps: Steps, member: Callable[[str, str], httpx.Client]
) -> None:
    where = f"/campaigns/{steps.campaign('Tasks')['id']}/tasks"
    with member("olga", "specialist") as client:
        me = client.get("/api/me").json()["member"]["id"]
    text = steps.post(where, {"title": "Text", "owner_id": me, "checklist": [{"text": "Draft"}]})
    assert (text["owner_name"], text["state"], text["waits_for"]) == ("olga", "open", [])
    check = steps.post(where, {"title": "Check", "depends_on": [text["id"]], "due_at": PAST})
    assert (check["waits_for"], check["overdue"]) == ([text["id"]], True)
    send = steps.post(where, {"title": "Send", "depends_on": [check["id"]]})
    circle = steps.refused("PATCH", f"{where}/{text['id']}", {"depends_on": [send["id"]]})
    assert circle["code"] == "tasks_circular"
    assert "Text → Send → Check → Text" in circle["message"]
    early = steps.refused("PATCH", f"{where}/{check['id']}", {"state": "doing"})
    assert (early["code"], early["status"]) == ("task_waits", 409)
    assert [each["state"] for each in steps.get(where)] == ["open"] * 3
    done = steps.patch(f"{where}/{text['id']}", {"state": "done", "checklist": TICKED})
    assert done["done_at"] is not None
    assert done["checklist"][0]["done"]
    assert steps.patch(f"{where}/{check['id']}", {"state": "doing"})["waits_for"] == []
    assert steps.refused("POST", where, {"title": "x", "depends_on": ["none"]})["code"] == "task_not_found"
    assert steps.refused("POST", where, {"title": "x", "owner_id": "nobody"})["code"] == "task_owner_unknown"
    assert steps.server.api.delete(steps.server.path(f"{where}/{check['id']}")).status_code == 204
    assert [each["depends_on"] for each in steps.get(where)] == [[], []]


def test_a_circle_of_any_length_is_found() -> None:
    chain = {str(number): [str(number + 1)] for number in range(50)}
    assert circle_from("0", chain) is None
    assert circle_from("0", {**chain, "49": ["0"]}) == [*map(str, range(50)), "0"]


def test_files_are_kept_below_the_data_directory_and_their_type_is_checked(steps: Steps) -> None:
    made = steps.campaign("Files")
    where = steps.server.path(f"/campaigns/{made['id']}/files")
    api = steps.server.api
    kept = api.post(where, params={"name": "文案.md"}, content="你好".encode()).json()
    assert (kept["media_type"], kept["size_bytes"]) == ("text/plain", 6)
    answer = api.get(f"{where}/{kept['id']}")
    assert answer.content.decode() == "你好"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment")
    stored = list((steps.server.installation.settings.data / "campaign_files").rglob(kept["id"]))
    assert [each.read_text() for each in stored] == ["你好"]
    for name, content in (("a.html", b"<script>"), ("a.png", b"<svg>"), ("a.txt", b"\xff\x00"), ("a", b"x")):
        assert api.post(where, params={"name": name}, content=content).status_code == 422
    big = api.post(where, params={"name": "a.txt"}, content=b"x" * (MOST_BYTES + 1))
    assert (big.status_code, big.json()["error"]["code"]) == (422, "campaign_file_too_large")
    assert len(api.get(where).json()["items"]) == 1
    assert api.delete(steps.server.path(f"/campaigns/{made['id']}")).status_code == 204
    assert not stored[0].exists()


def test_a_name_says_what_the_content_is() -> None:
    assert media_type_of("A.PNG", b"\x89PNG\r\n\x1a\n..") == "image/png"
    with pytest.raises(FileTypeRefused):
        media_type_of("plan.pdf", b"PK\x03\x04")


def test_money_is_planned_and_spent(steps: Steps) -> None:
    made = steps.campaign("Money", budget=500)
    where = f"/campaigns/{made['id']}/costs"
    planned = steps.post(where, {"kind": "planned", "category": "media", "label": "Ads", "amount": 200})
    steps.post(where, {"kind": "actual", "category": "media", "label": "Ads", "amount": 220.5})
    money = steps.get(where)
    assert (money["budget"], money["planned"], money["actual"]) == (500, 200, 220.5)
    assert [each["label"] for each in money["lines"]] == ["Ads", "Ads"]
    assert steps.get(f"/campaigns/{made['id']}")["actual_cost"] == 220.5
    assert steps.server.api.delete(steps.server.path(f"{where}/{planned['id']}")).status_code == 204
    assert steps.get(where)["planned"] == 0
    assert steps.refused("POST", where, {"kind": "actual", "label": "x", "amount": -1})["status"] == 422


def test_a_comment_is_changed_by_its_author_alone(
    steps: Steps, member: Callable[[str, str], httpx.Client]
) -> None:
    where = f"/campaigns/{steps.campaign('Talk')['id']}/comments"
    said = steps.post(where, {"text": "Why so many?"})
    with member("petra", "manager") as other:
        path = steps.server.path(f"{where}/{said['id']}")
        assert other.patch(path, json={"text": "Fine."}).status_code == 404
        assert other.delete(path).status_code == 404
    changed = steps.patch(f"{where}/{said['id']}", {"text": "Why so few?"})
    assert changed["edited_at"] is not None
    assert [each["text"] for each in steps.get(where)["items"]] == ["Why so few?"]


def test_the_next_is_begun_from_a_past_one(steps: Steps) -> None:
    past = steps.campaign("Past", budget=10, starts_at="2026-05-01T00:00:00Z")
    where = f"/campaigns/{past['id']}"
    first = steps.post(f"{where}/tasks", {"title": "One", "checklist": [{"text": "x", "done": True}]})
    steps.post(f"{where}/tasks", {"title": "Two", "depends_on": [first["id"]]})
    steps.post(f"{where}/costs", {"kind": "planned", "label": "Ads", "amount": 5})
    steps.post(f"{where}/costs", {"kind": "actual", "label": "Ads", "amount": 6})
    copy = steps.post(f"{where}/copy", {"name": "Next"})
    assert (copy["copied_from"], copy["status"], copy["plan"]["budget"]) == (past["id"], "draft", 10)
    assert (copy["plan"]["starts_at"], copy["planned_cost"], copy["actual_cost"]) == (None, 5, 0)
    one, two = steps.get(f"/campaigns/{copy['id']}/tasks")
    assert (one["title"], one["checklist"][0]["done"], two["depends_on"]) == ("One", False, [one["id"]])
