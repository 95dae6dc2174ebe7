"""The demo: the study's facts, a slice of it loaded for real, and answers that repeat."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest
from rich.console import Console
from sqlalchemy import select

from bihuan.app import Installation
from bihuan.audiences.models import Audience
from bihuan.audiences.prediction.models import Prediction
from bihuan.audiences.refreshing import Run
from bihuan.audiences.warnings.models import WarningCount, WarningRule
from bihuan.cli.demo.answers import Answers
from bihuan.cli.demo.boards import make_boards, make_subjects
from bihuan.cli.demo.dataset import Study, items, read_study
from bihuan.cli.demo.loading import EVENTS, PROJECT_ID, load, open_demo, stored_events
from bihuan.insights import context
from bihuan.settings import Settings
from bihuan.warehouse import Engine, drop_project, project_store

PURCHASES = 6_000


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study()


@pytest.fixture
def installation(engine: Engine, tmp_path: Path) -> Iterator[Installation]:
    opened = Installation(Settings(data=tmp_path / "data", warehouse=engine.dsn))
    yield opened
    opened.close()
    for project_id in (PROJECT_ID, "default"):
        drop_project(project_store(engine, project_id))


def test_the_study_is_the_published_one(study: Study) -> None:
    assert study.transactions.num_rows == 1_469_307
    assert pc.count_distinct(study.transactions["household_id"]).as_py() == 2_469
    assert (study.campaigns.num_rows, study.mailings.num_rows, study.redemptions.num_rows) == (
        27,
        6_589,
        2_102,
    )
    assert round(pc.sum(study.transactions["sales_value"]).as_py(), 2) == 4_596_039.58
    assert study.item_count - study.demographics.num_rows == EVENTS


def test_a_slice_is_loaded_once_and_answers_the_same_twice(installation: Installation, study: Study) -> None:
    part = replace(study, transactions=study.transactions.slice(0, PURCHASES))
    project = open_demo(installation)
    expected = sum(1 for item in items(part) if hasattr(item, "event"))
    printed = []
    for _ in range(2):
        load(project, part, lambda done, total: None)
        assert stored_events(project) == expected
        page = io.StringIO()
        console = Console(file=page, width=100)
        answers = Answers(project, context(project.row, project.store), lambda en, zh: en)
        for question, answer in answers.all():
            console.print(question)
            console.print(answer)
        printed.append(page.getvalue())
    assert printed[0] == printed[1]
    assert make_boards(installation, project, "zh") == ["aarrr", "active_users", "commerce", "channels"]
    assert make_boards(installation, project, "zh") == []
    total = pc.sum(part.transactions["sales_value"]).as_py()
    assert f"2017, USD: {total:,.2f}" in printed[0]
    assert re.search(rf"purchase +a product in a basket +{PURCHASES:,} ", printed[0])
    assert re.search(r"campaign_mailed +a campaign was mailed +6,442 +1,546 ", printed[0])
    assert "Type A" in printed[0]


def test_there_are_tags_predictions_and_a_warning_to_look_at(
    installation: Installation, study: Study
) -> None:
    households = study.transactions["household_id"].unique().slice(0, 60)
    own = pc.is_in(study.transactions["household_id"], value_set=households)
    project = open_demo(installation)
    load(project, replace(study, transactions=study.transactions.filter(own)), lambda done, total: None)
    steps: list[tuple[int, int]] = []
    made = make_subjects(installation, project, "en", lambda done, total: steps.append((done, total)))
    assert len(made) == len(steps) == steps[-1][1] == 9
    with installation.database.read_session() as session:
        # Of so few nothing can be foretold, which the pages of the predictions say.
        states = [(run.state, (run.refusal or {}).get("code")) for run in session.scalars(select(Prediction))]
        assert states == [("refused", "data_insufficient")] * 2
        (rule,) = session.scalars(select(WarningRule))
        assert (rule.checked_at is None, rule.error) == (False, None)
        counts = list(session.scalars(select(WarningCount)))
        audiences = set(session.scalars(select(Audience.id)))
        of_audiences = list(session.scalars(select(Run).where(Run.subject_id.in_(audiences))))
    assert len(audiences) == 2
    assert len(of_audiences) > 100, "a year of weeks of each"
    assert max(run.people for run in of_audiences) > 0
    assert len(counts) == rule.history
    assert sum(each.dropped for each in counts) > 0
    assert make_subjects(installation, project, "en", lambda done, total: None) == []


def test_both_languages_have_every_question(installation: Installation, study: Study) -> None:
    project = open_demo(installation)
    load(project, replace(study, transactions=study.transactions.slice(0, 500)), lambda done, total: None)
    ctx = context(project.row, project.store)
    english, chinese = (
        [question for question, _ in Answers(project, ctx, say).all()]
        for say in (lambda en, zh: en, lambda en, zh: zh)
    )
    assert len(english) == len(chinese) == 7
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in question) for question in chinese)
