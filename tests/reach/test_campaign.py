"""A campaign to the demo's households from draft to verdict: real mail, clicks and lift over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from bihuan.cli.demo.dataset import household
from bihuan.warehouse import Engine
from tests.reach.households import Row, Town, click, look_at, page_of, settled, text_of, town, unsubscribe

NAME = "Spring basket"
SUBJECT = "Your spring basket"
HTML = """<html><body><h1>Hello household of {{ person.household_size }}</h1>
<p>{% if person.kids_count == "0" %}Fresh flowers{% else %}Snacks for {{ person.kids_count }} kids{% endif %}
for people of {{ person.age }}: {{ campaign.name }}.</p>
<a href="https://grocer.example/spring?age={{ person.age }}">Look</a>
<a href="{{ links.unsubscribe }}">No more</a></body></html>"""
TEXT = "{{ campaign.name }} for {{ person.income }}. No more: {{ links.unsubscribe }}"
WITHOUT, VALUE = 0.4, 12.5


@pytest.fixture(scope="module")
def place(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(engine, tmp_path_factory.mktemp("town"), work=True) as opened:
        yield opened


def audience(place: Town) -> str:
    """Home owners who bought something."""
    owner = {
        "type": "text",
        "property": {"scope": "person", "name": "home_ownership"},
        "operator": "is",
        "values": ["Homeowner"],
    }
    items = [{"kind": "has", "filter": owner}, {"kind": "did", "event": {"events": ["purchase"]}}]
    people = {"condition": {"kind": "all", "items": items}}
    made = str(place.call("POST", "/audiences", {"name": "Owners", "people": people})["id"])
    settled(lambda: place.call("GET", f"/audiences/{made}")["refreshed_at"] is not None)
    return made


def meant(place: Town) -> set[str]:
    """The same, from the study's tables."""
    buyers = {household(each) for each in place.study.transactions["household_id"].to_pylist()}
    return {
        who for who, row in place.households.items() if row["home_ownership"] == "Homeowner" and who in buyers
    }


def begin(place: Town) -> str:
    now = datetime.now(UTC)
    message = {
        "channel_ids": [place.mail],
        "template_id": place.template("Spring", "offers", subject=SUBJECT, html=HTML, text=TEXT),
        "purpose": "offers",
    }
    plan = {
        "outcome": {
            "selector": {"events": ["purchase"]},
            "value_property": {"name": "$revenue"},
            "window_days": 1,
        },
        "target": {"audience_ids": [audience(place)]},
        "holdout": {"share": WITHOUT},
        "messages": [message],
        "hypothesis": {"reach": 100, "effect": 0.3, "value": VALUE},
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(days=1)).isoformat(),
    }
    made = place.call("POST", "/campaigns", {"name": NAME, "plan": plan})
    for verb in ("submit", "start"):
        place.call("POST", f"/campaigns/{made['id']}/do/{verb}", {"note": ""})
    return str(made["id"])


def check_mail(mail: EmailMessage, row: Row) -> None:
    """The mail says what the template says of this household."""
    assert (mail["from"], mail["subject"]) == ("Grocer <grocer@example.com>", SUBJECT)
    offer = "Fresh flowers" if row["kids_count"] == "0" else f"Snacks for {row['kids_count']} kids"
    page = page_of(mail)
    assert f"<h1>Hello household of {row['household_size']}</h1>" in page
    assert f"<p>{offer}\nfor people of {row['age']}: {NAME}.</p>" in page
    url = str(mail["list-unsubscribe"]).strip("<>")
    assert url in page
    assert text_of(mail).strip() == f"{NAME} for {row['income']}. No more: {url}"


def test_a_campaign_to_the_households(place: Town) -> None:
    campaign = begin(place)
    where = f"/campaigns/{campaign}"
    settled(lambda: bool(place.call("GET", f"{where}/progress")["phase"] == "done"))
    arms: dict[str, int] = place.call("GET", f"{where}/progress")["arms"]
    settled(lambda: len(place.told("$message_sent", campaign_id=campaign)) >= arms["a"])
    written = place.mails(SUBJECT)
    held = {each["distinct_id"] for each in place.told("$campaign_held_out", campaign_id=campaign)}
    everybody = meant(place)
    assert len(everybody) > 150
    assert (set(written) | held, set(written) & held) == (everybody, set())
    assert (len(written), len(held)) == (arms["a"], arms["holdout"])
    assert 0.25 < len(held) / len(everybody) < 0.55
    for who in written:
        check_mail(written[who], place.households[who])

    readers = sorted(written)
    for who in readers[:20]:
        look_at(written[who])
    for who in readers[:12]:
        age = place.households[who]["age"].replace("+", "%2B")
        assert click(written[who]).replace("+", "%2B") == f"https://grocer.example/spring?age={age}"
    for who in readers[12:15]:
        unsubscribe(written[who])
    question = {"people": readers[10:15], "purpose": "offers", "medium": "email"}
    found = place.call("POST", "/consent/allowed", question)
    assert found == {"allowed": 2, "refused": {"consent_withdrawn": 3}}

    buyers, others = readers[: len(readers) // 2], sorted(held)[: len(held) // 8]
    place.happen([*buyers, *others], "purchase", **{"$revenue": VALUE})
    report = place.call("GET", f"{where}/report")
    check_lift(report, len(buyers), len(written), len(others), len(held))
    figures = next(each for each in report["arms"] if each["name"] == "a")
    steps = {name: figures["steps"][name] for name in ("sent", "opened", "clicked", "unsubscribed")}
    # A click is an opening, too, where nothing was told of one.
    assert steps == {"sent": arms["a"], "opened": 20, "clicked": 12, "unsubscribed": 3}
    assert place.call("GET", f"{where}/progress")["messages"] == {"sent": arms["a"]}
    assert len(place.mails(SUBJECT)) == arms["a"]


def check_lift(report: dict[str, Any], bought: int, reached: int, bought_too: int, held: int) -> None:
    """What the report says, beside what is counted here and intervals of another library."""
    lift = bought / reached - bought_too / held
    conversion, value = report["effects"]
    assert conversion["difference"]["value"] == pytest.approx(lift)
    assert value["difference"]["value"] == pytest.approx(VALUE * lift)
    assert report["conversions"]["value"] == pytest.approx(lift * reached)
    assert (conversion["verdict"], conversion["looks"], report["stopped"]) == ("better", "any_time", False)
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    once = oracle.confint_proportions_2indep(bought, reached, bought_too, held, compare="diff", method="wald")
    # An interval that holds however often one looks contains the one for a single look, and is no wonder.
    low, high = conversion["difference"]["low"], conversion["difference"]["high"]
    assert low < once[0] < once[1] < high
    assert high - low < 3 * (once[1] - once[0])
