"""Whom messages may go to, on both databases: rules, proof, suppressions, bounces, merges, erasure."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import event, select

from bihuan.access import ProjectInput, create_project
from bihuan.database import Database
from bihuan.messages.consent import service, suppressions
from bihuan.messages.consent.addresses import AddressHashes, normal
from bihuan.messages.consent.allowing import Allowed, Permissions, allowed, suppressed_addresses
from bihuan.messages.consent.models import Bounce, Consent, Proof, Suppression
from bihuan.messages.consent.purposes import DEFAULTS, PurposeValue, put_purpose, set_policy
from bihuan.messages.consent.service import Change, ConsentPending
from bihuan.messages.consent.suppressions import DAY_MS, Never, Returned
from bihuan.messages.consent.tokens import Link, Links
from bihuan.messages.errors import LinkInvalid, PurposeNotFound
from tests.ready import ready_dsn, ready_postgres, ready_sqlite

__all__ = ["ready_dsn", "ready_postgres", "ready_sqlite"]
P = "shop"
NOW = 1_800_000_000_000
BIG = (1 << 64) - 5


@pytest.fixture
def database(ready_dsn: str) -> Iterator[Database]:
    opened = Database.open(ready_dsn)
    with opened.session() as session:
        for each in (P, "other"):
            create_project(session, ProjectInput(id=each, name=each))
    yield opened
    opened.dispose()


def _say(database: Database, *changes: Change, at_ms: int = NOW) -> None:
    with database.session() as session:
        service.record(session, P, changes, at_ms=at_ms)


def _change(person: int, action: str = "given", **more: object) -> Change:
    values = {"purpose": "marketing", "medium": "email", "source": "form", **more}
    return Change(person, action=action, **values)  # type: ignore[arg-type]


def _allowed(
    database: Database, people: list[int], medium: str = "email", purpose: str = "marketing"
) -> Allowed:
    with database.read_session() as session:
        return allowed(session, P, medium, purpose, people, now_ms=NOW)


def test_each_rule_lets_in_whom_it_says(database: Database) -> None:
    rules = {
        "*": "unless_withdrawn",
        "sms": "with_confirmed_consent",
        "push": "with_consent",
        "bot": "always",
    }
    with database.session() as session:
        value = PurposeValue("news", "marketing", "News", "资讯", rules=rules)  # type: ignore[arg-type]
        put_purpose(session, P, value)
    for medium in ("email", "sms", "push", "bot"):
        _say(
            database,
            _change(1, purpose="news", medium=medium),
            _change(2, "withdrawn", purpose="news", medium=medium),
            _change(BIG, purpose="news", medium=medium, confirmed=True),
        )
    people = [1, 2, 3, BIG]
    reasons = {
        medium: dict(_allowed(database, people, medium, "news").refused) for medium in rules if medium != "*"
    }
    assert dict(_allowed(database, people, "email", "news").refused) == {2: "consent_withdrawn"}
    assert reasons["sms"] == {1: "consent_unconfirmed", 2: "consent_withdrawn", 3: "consent_missing"}
    assert reasons["push"] == {2: "consent_withdrawn", 3: "consent_missing"}
    assert reasons["bot"] == {}
    assert _allowed(database, people, purpose="transactional").people == frozenset(people)
    assert DEFAULTS["marketing"].rule("email") == "with_consent"
    with pytest.raises(PurposeNotFound):
        _allowed(database, people, purpose="nothing")


def test_thousands_of_people_are_two_statements(database: Database) -> None:
    ids = [each * 1_844_674_407_370_955 for each in range(1, 10_001)]
    _say(database, *[_change(each) for each in ids[:7_000]])
    with database.session() as session:
        never = [Never("email", "manual", person_id=each) for each in ids[:1_000]]
        hashes = AddressHashes.of(database)
    with database.session() as session:
        suppressions.suppress(session, hashes, P, never, at_ms=NOW)
    statements: list[str] = []

    def count(_c: object, _cur: object, sql: str, *_rest: object) -> None:
        statements.append(sql)

    event.listen(database.engine, "before_cursor_execute", count)
    began = time.perf_counter()
    found = _allowed(database, ids)
    seconds = time.perf_counter() - began
    event.remove(database.engine, "before_cursor_execute", count)
    assert found.people == frozenset(ids[1_000:7_000])
    assert sorted(set(found.refused.values())) == ["consent_missing", "suppressed"]
    assert len([each for each in statements if "FROM message_" in each and "purposes" not in each]) == 2
    assert seconds < 5


def test_proof_is_kept_and_the_later_word_stands(database: Database) -> None:
    _say(database, _change(1, wording="I agree", address="10.0.0.1", language="en"))
    _say(database, _change(1, "withdrawn"), at_ms=NOW + 1)
    # Recorded later, but said before.
    _say(database, _change(1, wording="old paper"), at_ms=NOW - 5)
    assert _allowed(database, [1]).refused == {1: "consent_withdrawn"}
    with database.read_session() as session:
        proofs = service.proofs_of(session, P, 1)
        first = next(each for each in proofs if each.address)
    assert [each.action for each in proofs] == ["given", "withdrawn", "given"]
    assert (first.wording, first.address, first.source, first.at_ms) == ("I agree", "10.0.0.1", "form", NOW)


def test_consent_that_is_to_be_confirmed_waits_for_its_link(database: Database) -> None:
    asked: list[ConsentPending] = []
    database.signals.connect(ConsentPending, asked.append)
    with database.session() as session:
        rules = {"*": "with_confirmed_consent"}
        put_purpose(session, P, PurposeValue("news", "marketing", "N", "资讯", rules=rules))  # type: ignore[arg-type]
    _say(database, _change(1, purpose="news", wording="I agree"))
    assert _allowed(database, [1], purpose="news").refused == {1: "consent_unconfirmed"}
    (pending,) = asked
    links = Links.of(database)
    token = links.token(pending.link)
    with pytest.raises(LinkInvalid):
        links.read(token, "confirm", now_ms=NOW + 169 * 3_600_000)
    link = links.read(token, "confirm", now_ms=NOW + 1)
    how = {"at_ms": NOW + 1, "address": "10.0.0.9", "wording": "", "language": "en"}
    for _ in range(2):
        with database.session() as session:
            proof = service.confirm(session, link, **how)  # type: ignore[arg-type]
            assert (proof.action, proof.wording, proof.address) == ("confirmed", "I agree", "10.0.0.9")
    assert _allowed(database, [1], purpose="news").people == {1}
    _say(database, _change(1, "withdrawn", purpose="news"), at_ms=NOW + 2)
    with pytest.raises(LinkInvalid), database.session() as session:
        service.confirm(session, link, **how)  # type: ignore[arg-type]
    assert _allowed(database, [1], purpose="news").refused == {1: "consent_withdrawn"}


def test_tokens_cannot_be_made_changed_or_used_for_something_else(database: Database) -> None:
    links = Links.of(database)
    link = Link("unsubscribe", P, BIG, "marketing", "email", "77")
    token = links.token(link)
    assert links.read(token, "unsubscribe", now_ms=NOW) == link
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    other = Links(b"x" * 32).token(link)
    changed = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token) - 1)]
    for wrong in (other, "", "x", token[:-4], token + "AAAA", "é", *changed):
        with pytest.raises(LinkInvalid):
            links.read(wrong, "unsubscribe", now_ms=NOW)
    with pytest.raises(LinkInvalid):
        links.read(token, "preferences", now_ms=NOW)


def test_addresses_are_compared_in_one_form_and_kept_as_hashes(database: Database) -> None:
    assert normal("email", " Ann <ANN@Example.com> ") == "ann@example.com"
    assert normal("sms", "+86 138-0013-8000") == normal("sms", "13800138000") == "13800138000"
    assert normal("sms", "+1 415 555 0100") == "+14155550100"
    hashes = AddressHashes.of(database)
    with database.session() as session:
        never = Never("email", "manual", "Ann@Example.com", detail="asked")
        suppressions.suppress(session, hashes, P, [never], at_ms=NOW)
    with database.read_session() as session:
        (row,) = session.scalars(select(Suppression))
        args = (session, hashes, P, "email")
        assert suppressed_addresses(*args, ["ann@example.com", "bob@example.com"], now_ms=NOW) == {
            "ann@example.com"
        }
        assert (
            suppressed_addresses(session, hashes, "other", "email", ["ann@example.com"], now_ms=NOW) == set()
        )
        assert suppressed_addresses(session, hashes, P, "sms", ["ann@example.com"], now_ms=NOW) == set()
        refused = Permissions(hashes, lambda: NOW).refused(
            session, P, "email", "transactional", {1: "ANN@example.com", 2: "bob@example.com"}
        )
    assert refused == {1: "suppressed"}
    assert row.shown == "a***@example.com"
    assert "ann@" not in "".join(str(each) for each in row.__dict__.values())


def test_a_longer_suppression_stands_and_ends_when_it_says(database: Database) -> None:
    hashes = AddressHashes.of(database)

    def put(expires_ms: int | None) -> None:
        with database.session() as session:
            never = Never("*", "manual", person_id=1, expires_ms=expires_ms)
            suppressions.suppress(session, hashes, P, [never], at_ms=NOW)

    _say(database, _change(1))
    put(NOW + 10)
    assert _allowed(database, [1]).refused == {1: "suppressed"}
    put(NOW + 5)
    with database.session() as session:
        assert suppressions.remove_expired(session, now_ms=NOW + 7) == 0
        assert allowed(session, P, "email", "marketing", [1], now_ms=NOW + 11).people == {1}
        assert suppressions.remove_expired(session, now_ms=NOW + 10) == 1
    put(None)
    put(NOW + 5)
    with database.session() as session:
        assert allowed(session, P, "email", "marketing", [1], now_ms=NOW + 10**12).refused == {
            1: "suppressed"
        }


def test_bounces_and_complaints_suppress_by_the_policy(database: Database) -> None:
    hashes = AddressHashes.of(database)
    with database.session() as session:
        set_policy(session, P, {"soft_bounces": 3, "soft_days": 2, "soft_suppressed_days": 7})
    _say(database, _change(1), _change(2))

    def returned(kind: str, address: str, at_ms: int, **more: object) -> int:
        with database.session() as session:
            each = Returned("email", address, kind, at_ms, **more)  # type: ignore[arg-type]
            return suppressions.record_returns(session, hashes, P, [each], now_ms=at_ms)

    def never(at_ms: int = NOW) -> set[str]:
        with database.read_session() as session:
            every = ["soft@x.cn", "hard@x.cn", "angry@x.cn"]
            return suppressed_addresses(session, hashes, P, "email", every, now_ms=at_ms)

    assert returned("hard", "hard@x.cn", NOW, person_id=1, report_id="r1") == 1
    assert returned("hard", "hard@x.cn", NOW, person_id=1, report_id="r1") == 0
    assert returned("complaint", "angry@x.cn", NOW, person_id=2) == 1
    assert never() == {"hard@x.cn", "angry@x.cn"}
    assert _allowed(database, [1, 2]).refused == {2: "consent_withdrawn"}
    for at_ms in (NOW - 5 * DAY_MS, NOW - DAY_MS, NOW - 1):
        returned("soft", "soft@x.cn", at_ms)
    # Three, but only two within two days.
    assert "soft@x.cn" not in never()
    returned("soft", "soft@x.cn", NOW)
    assert "soft@x.cn" in never()
    assert "soft@x.cn" not in never(NOW + 7 * DAY_MS)


def test_a_file_of_addresses_is_imported(database: Database) -> None:
    hashes = AddressHashes.of(database)
    content = (
        "姓名,Email,reason,expires\n甲,a@x.cn,要求,2099-01-01\n乙,,x,\n丙,c@x.cn,,someday\n丁,A@X.cn,again,\n"
    )
    with database.session() as session:
        done = suppressions.import_list(session, hashes, P, "email", content.encode("gb18030"), at_ms=NOW)
    assert (done.lines, done.added, [each[0] for each in done.refused]) == (4, 1, [3, 4])
    with database.read_session() as session:
        (row,) = session.scalars(select(Suppression))
    assert (row.reason, row.detail, row.expires_ms) == ("imported", "again", None)


def test_what_was_said_follows_a_merge(database: Database) -> None:
    _say(database, _change(1), _change(3), at_ms=NOW)
    _say(database, _change(2, "withdrawn"), at_ms=NOW + 1)
    _say(database, _change(4, "withdrawn"), at_ms=NOW - 1)
    with database.session() as session:
        moved = service.follow_merges(session, P, lambda each: {1: 2, 4: 3}.get(each, each))
    assert moved == 2
    found = _allowed(database, [1, 2, 3, 4])
    assert found.people == {3}
    assert found.refused == {1: "consent_missing", 2: "consent_withdrawn", 4: "consent_missing"}
    with database.read_session() as session:
        assert len(service.proofs_of(session, P, 2)) == len(service.proofs_of(session, P, 3)) == 2


def test_of_an_erased_person_only_hashes_stay(database: Database) -> None:
    hashes = AddressHashes.of(database)
    _say(database, _change(BIG, wording="I agree", address="10.0.0.1", message_id="m"), _change(2))
    with database.session() as session:
        one = Returned("email", "a@x.cn", "hard", NOW, person_id=BIG, detail="550 a@x.cn unknown")
        suppressions.record_returns(session, hashes, P, [one], now_ms=NOW)
        suppressions.suppress(session, hashes, P, [Never("*", "manual", person_id=BIG)], at_ms=NOW)
    with database.session() as session:
        assert service.forget_people(session, P, [BIG, 77]) == 5
        assert service.forget_people(session, P, [BIG, 77]) == 0
    with database.read_session() as session:
        assert [row.person_id for row in session.scalars(select(Consent))] == [2]
        proofs = list(session.scalars(select(Proof).order_by(Proof.person_id.is_(None))))
        (kept,) = session.scalars(select(Suppression))
        (bounce,) = session.scalars(select(Bounce))
        assert suppressed_addresses(session, hashes, P, "email", ["a@x.cn"], now_ms=NOW) == {"a@x.cn"}
    assert [(each.person_id, each.address, each.message_id) for each in proofs] == [
        (2, "", ""),
        (None, "", ""),
    ]
    assert (kept.shown, kept.about_person, kept.person_id, kept.detail) == ("", None, None, "")
    assert (bounce.about_person, bounce.detail) == (None, "")
