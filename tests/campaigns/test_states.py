"""From draft to finished: what each step takes, who may, and what is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import httpx
import pytest
from sqlalchemy import select

from bihuan.access.audit.models import AuditRecord
from bihuan.campaigns.schemas import Status
from bihuan.campaigns.states.transitions import TRANSITIONS, verbs_from
from bihuan.jobs import Job, JobsStopped
from bihuan.messages.channels.models import MessageChannel
from bihuan.messages.outbox.models import OutboxMessage
from tests.campaigns.conftest import PEOPLE, Steps, only_reading
from tests.campaigns.reaching import channel, purpose, template

PAST, LATER, AGREED = "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z", {"decision": "approved"}
Member = Callable[[str, str], httpx.Client]


@pytest.fixture(scope="module")
def whole(steps: Steps) -> Callable[..., dict[str, Any]]:
    """Makes plans that lack nothing."""
    purpose(steps.server)
    mail = channel(steps.server, "Mail", host="127.0.0.1", port=1, sender="Shop <shop@example.com>")
    says = template(steps.server, "Hello")
    audience = steps.audience()

    def make(**more: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        message = {"channel_ids": [mail], "template_id": says, "purpose": "news"}
        return {
            "outcome": {"selector": {"events": ["Order Completed"]}, "window_days": 7},
            "target": {"audience_ids": [audience]},
            "holdout": {"share": 0.2},
            "messages": [message],
            "hypothesis": {"reach": 40, "effect": 0.1, "value": 10},
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(days=7)).isoformat(),
            **more,
        }

    return make


def _path(steps: Steps, campaign: dict[str, Any], rest: str = "") -> str:
    return steps.server.path(f"/campaigns/{campaign['id']}{rest}")


def test_the_table_leads_from_draft_to_evaluated_and_nowhere_else() -> None:
    states: tuple[Status, ...] = (
        "draft", "review", "scheduled", "running", "paused", "finished", "evaluated"
    )  # fmt: skip
    assert {status: verbs_from(status) for status in states} == {
        "draft": ["submit"],
        "review": ["withdraw", "schedule", "start"],
        "scheduled": ["unschedule", "start"],
        "running": ["pause", "finish"],
        "paused": ["resume", "finish"],
        "finished": ["evaluate"],
        "evaluated": ["evaluate"],
    }
    assert len({each.done for each in TRANSITIONS.values()}) == len(TRANSITIONS)


@pytest.mark.parametrize("verb", TRANSITIONS)
def test_a_step_from_the_wrong_state_is_refused(steps: Steps, whole: Any, verb: str) -> None:
    made = steps.campaign(**whole())
    if verb == "submit":
        steps.do(made["id"], "submit")
    refused = steps.refused("POST", f"/campaigns/{made['id']}/do/{verb}", {})
    wanted = "campaign_report_too_early" if verb == "evaluate" else "campaign_transition_impossible"
    assert (refused["status"], refused["code"]) == (409, wanted)
    assert steps.get(f"/campaigns/{made['id']}")["status"] == ("review" if verb == "submit" else "draft")


@pytest.mark.parametrize(
    ("lacks", "path", "code"),
    [
        ({"outcome": None}, "plan.outcome", "outcome_missing"),
        ({"target": {}}, "plan.target.audience_ids", "audience_missing"),
        ({"messages": []}, "plan.messages", "message_missing"),
        ({"ends_at": None}, "plan.ends_at", "end_missing"),
        ({"starts_at": None}, "plan.starts_at", "start_missing"),
        (
            {"starts_at": PAST, "ends_at": LATER},
            "plan.ends_at",
            "end_past",
        ),
    ],
)
def test_what_is_missing_blocks_with_its_place(
    steps: Steps, whole: Any, lacks: dict[str, Any], path: str, code: str
) -> None:
    made = steps.campaign(**whole(**lacks))
    refused = steps.refused("POST", f"/campaigns/{made['id']}/do/submit", {})
    assert (refused["code"], refused["path"]) == ("campaign_blocked", path)
    found = steps.get(f"/campaigns/{made['id']}/preflight")
    assert not found["can_start"]
    first = next(each for each in found["findings"] if each["code"] == code)
    assert (first["level"], first["path"]) == ("block", path)
    assert first["hint"]["zh"]
    assert first["hint"]["en"]


def test_rules_ask_other_members_and_nobody_approves_their_own(
    steps: Steps, whole: Any, member: Member
) -> None:
    rule = {"name": "Big", "budget_above": 1000, "roles": ["manager", "director"], "needed": 2}
    made_rule = steps.post("/campaign-approval-rules", rule)
    path = steps.server.path("/campaigns")
    with (
        member("sofia", "specialist") as sofia,
        member("mia", "manager") as mia,
        member("max", "manager") as max_,
    ):
        campaign = sofia.post(path, json={"name": "Big", "plan": whole(budget=2000)}).json()
        approvals = _path(steps, campaign, "/approvals")
        assert mia.post(approvals, json=AGREED).json()["error"]["code"] == "approval_not_asked"
        assert sofia.post(_path(steps, campaign, "/do/submit"), json={}).json()["status"] == "review"
        blocked = sofia.post(_path(steps, campaign, "/do/start"), json={}).json()["error"]
        assert (blocked["code"], blocked["path"]) == ("campaign_blocked", "approvals")
        assert sofia.post(approvals, json=AGREED).json()["error"]["code"] == "approver_not_fit"
        state = mia.post(approvals, json=AGREED).json()
        assert (state["budget"], state["reach"], state["approved"]) == (2000, PEOPLE, False)
        assert state["demands"][0] == {
            "rule_id": made_rule["id"], "name": "Big", "roles": ["manager", "director"], "needed": 2,
            "approved": 1, "met": False,
        }  # fmt: skip
        again = mia.post(approvals, json=AGREED).json()["error"]["code"]
        assert again == "approval_already_decided"
        # A refusal takes it back; what was agreed before counts no longer.
        assert max_.post(approvals, json={"decision": "rejected", "note": "Too dear"}).status_code == 201
        assert steps.get(f"/campaigns/{campaign['id']}")["status"] == "draft"
        sofia.post(_path(steps, campaign, "/do/submit"), json={})
        assert not steps.get(f"/campaigns/{campaign['id']}/approvals")["approved"]
        # Whoever changed it since does not approve it.
        sofia.post(_path(steps, campaign, "/do/withdraw"), json={})
        mia.patch(_path(steps, campaign), json={"name": "Bigger"})
        sofia.post(_path(steps, campaign, "/do/submit"), json={})
        own = mia.post(approvals, json=AGREED).json()["error"]["code"]
        assert own == "approver_is_author"
        key = steps.refused("POST", f"/campaigns/{campaign['id']}/approvals", AGREED)
        assert (key["status"], key["code"]) == (403, "approver_not_fit")
    small = steps.campaign("Small", **whole(budget=10))
    assert steps.get(f"/campaigns/{small['id']}/approvals")["demands"] == []
    assert steps.server.api.delete(
        steps.server.path(f"/campaign-approval-rules/{made_rule['id']}")
    ).is_success


def test_who_may_not_edit_data_starts_only_what_was_approved(
    steps: Steps, whole: Any, member: Member
) -> None:
    path = steps.server.path("/campaigns")
    with member("tina", "specialist") as tina:
        campaign = tina.post(path, json={"name": "Alone", "plan": whole()}).json()
        tina.post(_path(steps, campaign, "/do/submit"), json={})
        refused = tina.post(_path(steps, campaign, "/do/start"), json={})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "campaign_start_needs_approval")
    assert steps.get(f"/campaigns/{campaign['id']}")["status"] == "review"


def test_a_plan_is_fixed_once_it_is_submitted(steps: Steps, whole: Any) -> None:
    made = steps.campaign(**whole())
    steps.do(made["id"], "submit", "please")
    where = f"/campaigns/{made['id']}"
    assert steps.refused("PATCH", where, {"plan": {}})["code"] == "campaign_fixed"
    assert steps.refused("DELETE", where)["code"] == "campaign_kept"
    cost = {"kind": "planned", "label": "x", "amount": 1}
    assert steps.refused("POST", f"{where}/costs", cost)["code"] == "campaign_fixed"
    assert steps.patch(where, {"name": "Renamed"})["name"] == "Renamed"
    assert steps.get(where)["plan"] == made["plan"]


def test_required_tasks_are_done_before_it_starts(steps: Steps, whole: Any) -> None:
    made = steps.campaign(**whole())
    task = steps.post(f"/campaigns/{made['id']}/tasks", {"title": "Legal check", "required": True})
    steps.do(made["id"], "submit")
    blocked = steps.refused("POST", f"/campaigns/{made['id']}/do/start", {})
    assert "Legal check" in blocked["message"]
    steps.patch(f"/campaigns/{made['id']}/tasks/{task['id']}", {"state": "done"})
    assert steps.do(made["id"], "start")["status"] == "running"
    steps.do(made["id"], "finish")


def _check_prices(steps: Steps, made: dict[str, Any], messages: int) -> None:
    database, (mail,) = steps.server.installation.database, made["plan"]["messages"][0]["channel_ids"]
    for cost in (0.02, None):
        with database.session() as session:
            session.get_one(MessageChannel, mail).cost_per_message = cost
        costs = steps.get(f"/campaigns/{made['id']}/preflight")["costs"]
        assert costs["messages"] == pytest.approx(messages * (cost or 0))
        assert costs["total"] == pytest.approx(costs["planned"] + costs["offer"] + costs["messages"])


def test_a_start_fixes_people_and_hands_each_message_over_once(steps: Steps, whole: Any) -> None:
    made = steps.campaign("Run", **whole())
    steps.do(made["id"], "submit")
    found = steps.get(f"/campaigns/{made['id']}/preflight")
    assert found["can_start"], found["findings"]
    arms = found["people"]["arms"]
    assert (found["people"]["audience"], sum(arms.values())) == (PEOPLE, PEOPLE)
    reach = found["channels"][0]
    assert (reach["asked"], reach["people"], reach["blocked"]) == (arms["a"], arms["a"], {})
    points = {each["share"]: each["smallest_effect"] for each in found["power"]["by_holdout"]}
    assert points[0.5] < points[0.2]
    assert len(found["samples"]) == 3
    assert "Run" in str(found["samples"][0]["content"])
    assert found["power"]["held_out"] == found["people"]["arms"]["holdout"]
    assert found["costs"]["messages"] == 0
    (reach,) = found["channels"]
    assert (reach["priority"], reach["send_time"]) == ("normal", "at_once")
    assert reach["by_policy"] == ["priority", "send_time"]
    _check_prices(steps, made, found["people"]["arms"]["a"])
    with only_reading(steps.server) as reader:
        assert reader.post(_path(steps, made, "/do/start"), json={}).status_code == 403
    assert steps.do(made["id"], "start")["status"] == "running"
    launcher = steps.server.installation.campaigns.launcher(steps.server.project_id)
    assert [launcher.go_on(made["id"]) for _ in range(2)] == ["done", "done"]
    progress = steps.get(f"/campaigns/{made['id']}/progress")
    arms = progress["arms"]
    assert arms == found["people"]["arms"]
    assert (sum(arms.values()), progress["handed_over"]) == (PEOPLE, arms["a"])
    assert progress["messages"] == {"queued": arms["a"]}
    held = [each for each in steps.server.events() if each["event"] == "$campaign_held_out"]
    held = [each for each in held if each["properties"]["$campaign_id"] == made["id"]]
    assert len({each["distinct_id"] for each in held}) == len(held) == arms["holdout"]
    assert steps.do(made["id"], "pause")["status"] == "paused"
    assert steps.get(f"/campaigns/{made['id']}/progress")["messages"] == {"held": arms["a"]}
    steps.do(made["id"], "resume")
    assert steps.get(f"/campaigns/{made['id']}/progress")["messages"] == {"queued": arms["a"]}
    assert steps.do(made["id"], "finish")["status"] == "finished"
    assert steps.get(f"/campaigns/{made['id']}/progress")["messages"] == {"cancelled": arms["a"]}
    withdrawn = steps.get("/messages", occurrence=f"campaign/{made['id']}")["items"]
    assert {each["reason"] for each in withdrawn} == {"finished"}
    actions = [each["action"] for each in steps.get(f"/campaigns/{made['id']}/activity")["items"]]
    assert actions == ["finished", "resumed", "paused", "started", "submitted", "created"]
    with steps.server.installation.database.read_session() as session:
        told = session.scalars(
            select(AuditRecord.action).where(
                AuditRecord.target_id == made["id"], AuditRecord.target_kind == "campaign"
            )
        )
        assert [each.removeprefix("campaign.") for each in told] == actions[::-1]


def test_a_plan_is_rehearsed_before_anything_is_spent(steps: Steps, whole: Any) -> None:
    expected = {"reach": 40, "effect": 0.1, "value": 10, "baseline": 0.1}
    made = steps.campaign("Rehearsed", **whole(hypothesis=expected))
    found = steps.get(f"/campaigns/{made['id']}/rehearsal", doubt=0.2, runs=500)
    assert (found["people"], found["reach"], found["conversion"]) == (PEOPLE, 1.0, 0.1)
    assert found["lift"] == pytest.approx(1.0)
    # 48 are written to, and a tenth more of them converts.
    assert found["incremental"]["mean"] == pytest.approx(4.8, rel=0.15)
    assert found["incremental"]["quantiles"] == sorted(found["incremental"]["quantiles"])
    again = steps.get(f"/campaigns/{made['id']}/rehearsal", doubt=0.2, runs=500)
    assert again == found
    vague = steps.campaign("Vague", **whole(hypothesis={}))
    refused = steps.refused("GET", f"/campaigns/{vague['id']}/rehearsal")
    assert (refused["status"], refused["code"]) == (409, "campaign_rehearsal_impossible")


def test_a_start_that_is_paused_goes_on_where_it_was_left(steps: Steps, whole: Any) -> None:
    made = steps.campaign("Halves", **whole(holdout={"share": 0}))
    steps.do(made["id"], "submit")
    steps.do(made["id"], "start")
    campaigns, project_id = steps.server.installation.campaigns, steps.server.project_id

    class Stopping:
        """A job that is stopped after two pages, as when the process ends."""

        pages = 0

        def progress(self, done: int, total: int) -> None:
            self.pages += 1
            if self.pages == 2:
                raise JobsStopped

    launcher = replace(campaigns.launcher(project_id), chunk=7)
    with pytest.raises(JobsStopped):
        launcher.go_on(made["id"], cast(Job, Stopping()))
    assert steps.get(f"/campaigns/{made['id']}/progress")["handed_over"] == 14
    steps.do(made["id"], "pause")
    assert launcher.go_on(made["id"]) == "hand_over"
    assert steps.get(f"/campaigns/{made['id']}/progress")["messages"] == {"held": 14}
    steps.do(made["id"], "resume")
    assert launcher.go_on(made["id"]) == "done"
    with steps.server.installation.database.read_session() as session:
        rows = session.scalars(
            select(OutboxMessage.person_id).where(OutboxMessage.occurrence == f"campaign/{made['id']}")
        ).all()
    assert len(rows) == len(set(rows)) == PEOPLE
    steps.do(made["id"], "finish")


def test_time_starts_and_ends_campaigns(steps: Steps, whole: Any) -> None:
    now = datetime.now(UTC)
    starts, ends = now + timedelta(hours=1), now + timedelta(hours=5)
    made = steps.campaign("Later", **whole(starts_at=starts.isoformat(), ends_at=ends.isoformat()))
    steps.do(made["id"], "submit")
    assert steps.do(made["id"], "schedule")["status"] == "scheduled"
    conductor = steps.server.installation.campaigns.conductor(steps.server.project_id)
    where = f"/campaigns/{made['id']}"
    conductor.due(now)
    assert steps.get(where)["status"] == "scheduled"
    conductor.due(starts)
    assert steps.get(where)["status"] == "running"
    conductor.due(ends)
    assert steps.get(where)["status"] == "finished"
    activity = steps.get(f"{where}/activity")["items"]
    assert [each["actor"]["kind"] for each in activity[:2]] == ["system", "system"]


def test_what_keeps_a_campaign_from_starting_in_time_is_told(steps: Steps, whole: Any) -> None:
    now = datetime.now(UTC)
    empty = steps.audience(0, 1, name="Soon empty")
    plan = whole(target={"audience_ids": [empty]}, holdout={"share": 0}, starts_at=now.isoformat())
    made = steps.campaign("Stuck", **plan)
    steps.do(made["id"], "submit")
    steps.do(made["id"], "schedule")
    assert steps.server.api.delete(steps.server.path(f"/audiences/{empty}")).status_code == 204
    conductor = steps.server.installation.campaigns.conductor(steps.server.project_id)
    conductor.due(now + timedelta(seconds=1))
    stuck = steps.get(f"/campaigns/{made['id']}")
    assert (stuck["status"], stuck["problem"]["code"]) == ("scheduled", "campaign_blocked")
    assert steps.do(made["id"], "unschedule")["problem"] is None


def test_a_message_that_leaves_its_time_to_the_project_has_that_of_the_project(
    steps: Steps, whole: Any
) -> None:
    rules = steps.get("/messages/policy")
    url = steps.server.path("/messages/policy")
    changed = {**rules, "send_time": "best_time", "priority": "high"}
    assert steps.server.api.put(url, json=changed).status_code == 200
    try:
        made = steps.campaign("By rule", **whole())
        (message,) = made["plan"]["messages"]
        own = {**message, "step": "own", "send_time": "at_once", "priority": "low"}
        steps.patch(f"/campaigns/{made['id']}", {"plan": {**made["plan"], "messages": [message, own]}})
        reach = steps.get(f"/campaigns/{made['id']}/preflight")["channels"]
        assert [(each["priority"], each["send_time"], each["by_policy"]) for each in reach] == [
            ("high", "best_time", ["priority", "send_time"]),
            ("low", "at_once", []),
        ]
        steps.do(made["id"], "submit")
        steps.do(made["id"], "start")
        steps.server.installation.campaigns.launcher(steps.server.project_id).go_on(made["id"])
        queued = steps.get("/messages", occurrence=f"campaign/{made['id']}")["items"]
        assert {
            (each["step"], each["priority"], each["send_time"], tuple(each["by_policy"])) for each in queued
        } == {
            ("main", 2, "best_time", ("priority", "send_time")),
            ("own", 0, "at_once", ()),
        }
        steps.do(made["id"], "finish")
    finally:
        steps.server.api.put(url, json=rules)
