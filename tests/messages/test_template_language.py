"""Liquid, MJML, plain text, lengths: the parts of templates that need no server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.delivery import Call, Mail, Post, Push, Sms, sms_segments
from bihuan.messages.errors import RenderingFailed, VariantUnknown
from bihuan.messages.templates.bodies import Body, choose_language
from bihuan.messages.templates.checking import Known, check
from bihuan.messages.templates.plain_text import plain_text
from bihuan.messages.templates.rendering import Rendering
from bihuan.messages.templates.scopes import levelled, scope

MJML = """<mjml><mj-head><mj-preview>{{ person.name }}</mj-preview></mj-head><mj-body>
{% if person.level == "gold" and person.age > 2 %}
<mj-section><mj-column>
  <mj-text>Hi {{ person.name | default: "you & me" }}</mj-text>
  {% for item in event.items %}<mj-text>{{ item }}</mj-text>{% endfor %}
  <mj-button href="{{ links.unsubscribe | append: "&x=>" }}">Off</mj-button>
  <mj-image src="https://cdn.example/a.png" alt="Shoe" />
</mj-column></mj-section>
{% endif %}
{% render "foot" %}
</mj-body></mjml>"""
FOOT = (
    "<mj-section><mj-column><mj-text>\n"
    '<a href="{{ links.preferences }}">Settings</a> {{ person.shop }}</mj-text></mj-column></mj-section>'
)
SNIPPETS = {
    "foot": {"format": "mjml", "texts": {"": FOOT}},
    "sign": {
        "format": "text",
        "texts": {"en": "Yours, {{ project.name }}", "zh-CN": "{{ project.name }} 敬上"},
    },
}
PERSON = {"name": "A<b>", "level": "gold", "age": 3.0, "shop": "One", "address.city": "上海"}
LINKS = {"unsubscribe": "https://x.example/u?a=1", "preferences": "https://x.example/p"}


def _one(**content: Any) -> Body:
    return Body.model_validate({"default_language": "en", "variants": {"a": {"en": content}}})


def _scope(**more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"person": PERSON, "links": LINKS, "event": {"items": ["x", "y"]}, **more}
    return scope(**given)


def _said(source: str, **more: Any) -> str:
    content = Rendering(_one(medium="sms", text=source), SNIPPETS).render(_scope(**more))
    assert isinstance(content, Sms)
    return content.text


def test_a_mail_of_mjml_keeps_its_liquid_escapes_values_and_says_the_same_in_text() -> None:
    made = Rendering(_one(medium="email", subject="Hi\n{{ person.name }}", mjml=MJML), SNIPPETS)
    assert made.problems == []
    mail = made.render(_scope())
    assert isinstance(mail, Mail)
    assert mail.subject == "Hi A<b>"
    assert "Hi A&lt;b&gt;" in mail.html
    assert 'href="https://x.example/u?a=1&x=>"' in mail.html
    assert mail.html.count(">x</div>") == mail.html.count(">y</div>") == 1
    assert not any(each in mail.html for each in ("{{", "{%", "LQ"))
    assert mail.text == (
        "Hi A<b>\n\nx\n\ny\n\nOff (https://x.example/u?a=1&x=>)\n\n[Shoe]\n\n"
        "Settings (https://x.example/p) One"
    )


def test_what_is_missing_is_told_by_line_and_column_of_what_was_written() -> None:
    made = Rendering(_one(medium="email", subject="Hi", mjml=MJML), SNIPPETS)
    values = _scope(person={"name": "A", "level": "gold", "age": 3})
    with pytest.raises(RenderingFailed) as failed:
        made.render(values)
    problem = failed.value.params["problem"]
    assert (problem.code, problem.field, problem.snippet) == ("undefined", "mjml", "foot")
    assert (problem.line, problem.column) == (2, FOOT.splitlines()[1].index("person.shop") + 1)
    _, content, problems = made.preview(values)
    assert isinstance(content, Mail)
    # Of the page and of the text that is made of it: told once.
    assert [(each.snippet, each.line) for each in problems] == [("foot", 2)]
    gone = made.preview(_scope(person={"level": "gold", "age": 3, "shop": "One"}))[2]
    line = next(i for i, each in enumerate(MJML.splitlines(), 1) if "mj-preview" in each)
    assert [(each.line, each.column) for each in gone] == [
        (line, MJML.splitlines()[0].index("person.name") + 1)
    ]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ person.nix | default: 'y' }}", "y"),
        ("{% if person.nix %}a{% else %}b{% endif %}", "b"),
        ("{% if person.nix == 'a' %}a{% else %}b{% endif %}", "b"),
        ("{{ person.address.city }} {{ person.age }}", "上海 3"),
        ("{{ 1234.5 | money }} {{ -2 | money: 'JPY' }} {{ 1 | money: 'SEK' }}", "¥1,234.50 -¥2 SEK 1.00"),
        ("{{ 1700000000000 | date: '%Y-%m-%d %H:%M' }}", "2023-11-15 06:13"),
        ("{{ '2023-11-14T22:13:20+00:00' | date: '%m月%d日' }}", "11月15日"),
        ("{{ '[a](b)' | escape_markdown }}", r"\[a\]\(b\)"),
        ("{{ catalog.products[event.sku].name }}", "Shoe"),
        ("{% render 'sign' %}", "Yours, Shop"),
    ],
)
def test_what_templates_can_say(source: str, said: str) -> None:
    more = {
        "event": {"sku": "s1"},
        "catalog": {"products": {"s1": {"name": "Shoe"}}},
        "project": {"name": "Shop"},
        "time_zone": "Asia/Shanghai",
    }
    assert _said(source, **more) == said


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ person.nix }}", "undefined"),
        ("{{ person.nix | upcase }}", "undefined"),
        ("{% for i in person.nix %}{% endfor %}", "undefined"),
        ("{{ catalog.products.s9.name }}", "undefined"),
        ("{% for i in (1..1000000) %}x{% endfor %}", "too_much"),
        ("{% for i in (1..900) %}{% for k in (1..900) %}x{% endfor %}{% endfor %}", "too_much"),
        ("{{ (1..1000000000) | join }}", "too_much"),
        ("{% assign a = 'xxxxxxxxxx' %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}",
         "too_much"),
        ("{% assign a = '0123456789' | split: '' | join: ',' %}"
         "{% for i in (1..9) %}{% assign a = a | replace: ',', a %}{% endfor %}", "too_much"),
        ("{% assign x = 9999 %}{% for k in (1..99) %}{% assign x = x | times: x %}{% endfor %}", "too_much"),
        ("{{ 'x' | money }}", "failed"),
    ],
)  # fmt: skip
def test_what_is_refused_when_it_is_rendered(source: str, code: str) -> None:
    with pytest.raises(RenderingFailed) as failed:
        _said(source)
    assert failed.value.params["problem"].code == code


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("a\n {% if x %}", 2, 12),
        ("{{ a | }}", 1, 10),
        ("x\n{% include 'sign' %}", 2, 4),
        ("{% nosuch %}", 1, 4),
    ],
)
def test_what_liquid_cannot_read_is_refused_with_its_place(source: str, line: int, column: int) -> None:
    (problem,) = Rendering(_one(medium="sms", text=source)).problems
    assert (problem.code, problem.line, problem.column) == ("syntax", line, column)


@pytest.mark.parametrize(
    ("source", "says", "line"),
    [
        ("<mjml><mj-body>\n<mj-txt/></mj-body></mjml>", "mj-txt", 2),
        ("<mjml><mj-body>\n\n<mj-include path='/etc/passwd'/></mj-body></mjml>", "use a snippet", 3),
        ("<mjml><mj-body>{% if a %}<mj-section></mj-body></mjml>", "cannot read", 1),
        ("hello", "cannot read", 1),
    ],
)
def test_what_mjml_cannot_read_is_refused_with_its_line(source: str, says: str, line: int) -> None:
    (problem,) = Rendering(_one(medium="email", subject="s", mjml=source)).problems
    assert says in problem.en
    assert problem.line == line


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aé中<>&\"'{}%| \n"), max_size=30))
def test_a_value_never_becomes_markup_or_liquid(value: str) -> None:
    source = '<p title="{{ person.v }}">{{ person.v }}</p>'
    mail = Rendering(_one(medium="email", subject="{{ person.v }}", html=source)).render(
        _scope(person={"v": value})
    )
    assert isinstance(mail, Mail)
    assert mail.html.count("<") == 2
    assert mail.html.count('"') == 2
    assert "\n" not in mail.subject
    if value:
        payload = Rendering(_one(medium="webhook", payload='{"v": {{ person.v | json }}}'))
        call = payload.render(_scope(person={"v": value}))
        assert call == Call({"v": value})


def test_every_medium_gives_what_its_channel_takes() -> None:
    def of(**content: Any) -> Any:
        return Rendering(_one(**content)).render(_scope())

    push = {"title": "T {{ person.level }}", "body": "B", "data": {"k": "{{ person.age }}"}}
    assert of(medium="push", **push) == Push("T gold", "B", "", {"k": "3"})
    assert of(medium="bot", title="T", markdown="**{{ person.level }}**") == Post("T", "**gold**")
    sms = {"template_id": "SMS_1", "parameters": {"code": "{{ person.age }}", "b": "2"}, "signature": "闭环"}
    assert of(medium="sms", **sms) == Sms("", "SMS_1", {"code": "3", "b": "2"}, "闭环")
    shown = of(medium="in_app", form="banner", title="{{ person.level }}", link="https://x", expires_hours=2)
    assert shown == Call({"form": "banner", "expires_hours": 2, "title": "gold", "link": "https://x"})
    for broken in ('{"a": {{ person.name }}}', "[1]", '{"a": NaN}'):
        with pytest.raises(RenderingFailed):
            of(medium="webhook", payload=broken)


def test_variants_and_languages_are_chosen() -> None:
    text = {"en": "hello", "zh-CN": "你好", "pt-BR": "olá"}
    variants = {"a": {key: {"medium": "sms", "text": each} for key, each in text.items()}}
    variants["b"] = {"en": {"medium": "sms", "text": "B"}}
    made = Rendering(Body(default_language="en", fallbacks=["zh-CN"], variants=variants))  # type: ignore[arg-type]
    said = {
        wanted: made.render(_scope(person={"language": wanted})).text  # type: ignore[union-attr]
        for wanted in ("zh_cn", "zh-TW", "pt", "en-GB", "ja", "")
    }
    assert said == {"zh_cn": "你好", "zh-TW": "你好", "pt": "olá", "en-GB": "hello", "ja": "你好", "": "你好"}
    assert made.render(_scope(), variant="b", language="zh-CN") == Sms("B")
    with pytest.raises(VariantUnknown):
        made.render(_scope(), variant="c")
    assert choose_language("xx", ["de"], [], "fr") == "de"


def test_the_length_of_text_messages() -> None:
    assert sms_segments("") == sms_segments("", "")
    for text, segments, unicode in (
        ("a" * 160, 1, False),
        ("a" * 161, 2, False),
        ("a" * 306, 2, False),
        ("€" * 80, 1, False),
        ("€" * 81, 2, False),
        ("中" * 70, 1, True),
        ("中" * 71, 2, True),
        ("😀" * 35, 1, True),
        ("😀" * 36, 2, True),
    ):
        found = sms_segments(text)
        assert (found.segments, found.encoding == "ucs2") == (segments, unicode)
    assert sms_segments("中" * 66, "闭环") == sms_segments("【闭环】" + "中" * 66)
    assert sms_segments("中" * 67, "闭环").segments == 2


def test_plain_text_leaves_out_what_is_hidden() -> None:
    html = (
        "<head><title>t</title><style>x{}</style></head><h1>Hi &amp; you</h1>"
        "<div style='display: none'>no</div>"
        "<p>a<br>b</p><ul><li>1</li><li><a href='https://x'>2</a></li></ul><a href='https://y'>https://y</a>"
    )
    assert plain_text(html) == "Hi & you\n\na\nb\n\n- 1\n\n- 2 (https://x)\n\nhttps://y"


def test_levels_of_dotted_names_never_lose_a_plain_one() -> None:
    assert levelled({"a": 1.0, "a.b": 2, "c.d.e": [1.0], "n": 2.5}) == {
        "a": 1,
        "c": {"d": {"e": [1]}},
        "n": 2.5,
    }


def test_a_check_lists_every_problem() -> None:
    contents = {
        "en": {
            "medium": "email",
            "subject": "Hi {{ person.nmae }} {{ nope }}",
            "html": "<img src='a.png'>{{ event.what }} {{ catalog.none.x }} {{ person.name | nix }}",
        },
        "de": {"medium": "email", "subject": "Hallo", "text": "x"},
    }
    body = Body.model_validate(
        {
            "default_language": "en",
            "fallbacks": ["fr"],
            "variants": {"a": contents, "b": {"de": {"medium": "email", "subject": " ", "text": "x" * 10}}},
        }
    )
    known = Known(frozenset(["name"]), frozenset(["sku"]), frozenset(["p"]), {"marketing": "marketing"})
    found = {
        (each.code, each.variant, each.language, each.field) for each in check(body, {}, "marketing", known)
    }
    assert {
        ("unknown_property", "a", "en", "subject"),
        ("unknown_variable", "a", "en", "subject"),
        ("unknown_property", "a", "en", "html"),
        ("unknown_lookup", "a", "en", "html"),
        ("unknown_filter", "a", "en", "html"),
        ("image", "a", "en", "html"),
        ("unsubscribe_missing", "a", "en", "html"),
        ("unsubscribe_missing", "a", "de", "text"),
        ("translation_missing", "b", "en", ""),
        ("fallback_unknown", "", "", ""),
        ("empty", "b", "de", "subject"),
    } <= found
    good = _one(medium="email", subject="Hi", html="<a href='{{ links.unsubscribe }}'>off</a>")
    assert check(good, {}, "marketing", known) == []
    assert [each.code for each in check(good, {}, "nothing", known)] == ["purpose"]
    large = _one(medium="email", subject="Hi", html="<p>" + "x" * 100_001 + "{{ links.preferences }}</p>")
    assert [each.code for each in check(large, {}, "marketing", known)] == ["oversize"]
    stop = _one(medium="sms", text="限时优惠")
    assert [each.code for each in check(stop, {}, "marketing", known)] == ["unsubscribe_missing"]
    assert json.dumps([each.place for each in check(large, {}, "marketing", known)]) == '["a/en/html"]'


def test_the_examples_of_the_guide_are_taken_and_are_the_same_in_both_languages() -> None:
    docs = Path(__file__).parents[2] / "docs"
    guides = [(docs / name).read_text() for name in ("messages.md", "messages.zh-CN.md")]
    examples = [re.findall(r"```json template\n(.*?)```", each, re.S) for each in guides]
    assert examples[0] == examples[1]
    known = Known(purposes={"transactional": "transactional"})
    for example in examples[0]:
        sent = json.loads(example)
        assert check(Body.model_validate(sent["body"]), {}, sent["purpose"], known) == []
