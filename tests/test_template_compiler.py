"""Templates compiled leanly come to what Jinja makes of them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from sites import lay_over_sound_site, run

from showcase.render.compiler import LeanEnvironment

PARTS = {
    "parts.html": """{% macro link(to, label="<none>", wide=false) -%}
<a href="{{ to }}"{% if wide %} wide{% endif %}>{{ label }}</a>{% endmacro %}
{% macro framed(label) %}[{{ label }}: {{ caller() }}]{% endmacro %}
{% macro any() %}{{ varargs|join("/") }} {{ kwargs["a"] }}{% endmacro %}""",
    "base.html": "<{% block body %}base{% endblock %}>",
}
IMPORT = '{% from "parts.html" import link, framed, any %}'
SOURCES = [
    '{{ page.text }} {{ page.number }} {{ page.nothing }} {{ "<literal>" }} {{ page.text|safe }}',
    "{{ page.html }} {{ page.text ~ '<' }} {{ page.inner.text|upper }}",
    IMPORT + "{{ link(page.text) }}{{ link('a', page.text, true) }}{{ link(to='&', wide=1) }}",
    IMPORT + "{{ link(*['a', 'b']) }}{{ link(**{'to': 'c'}) }}{{ link('d')|upper }}",
    IMPORT + "{% call framed('x') %}{{ page.text }}{{ link('e') }}{% endcall %}",
    IMPORT + "{{ any(1, 2, a=page.text) }}",
    IMPORT + "{% set a = link(page.text) %}{{ a }}{% set b %}<b>{{ a }}</b>{% endset %}{{ b }}",
    "{% for x in page.rows %}{{ loop.index }}{{ x.text }}{{ ', ' if not loop.last }}{% endfor %}",
    '{% extends "base.html" %}{% block body %}{{ super() }} {{ page.text }}{% endblock %}',
    "{% autoescape false %}{{ page.text }}{% endautoescape %}{{ page.text }}",
    "{{ page.call(page.text, end='!') }} {{ page.fields['class'] }} {{ range(3)|list }}",
    "{{ page.text if page.nothing is none }} {{ page.rows|map(attribute='text')|join(', ') }}",
]  # fmt: skip


def filled(kind: type[Environment], source: str) -> str:
    class Html:
        def __html__(self) -> str:
            return "<i>mark</i>"

    page = SimpleNamespace(
        text="a < b & \"c\" 'd'", number=3, nothing=None, html=Html(),
        inner=SimpleNamespace(text="<deep>"), rows=[SimpleNamespace(text=t) for t in "<&>"],
        call=lambda text, end: text + end, fields={"class": "<known>"},
    )  # fmt: skip
    environment = kind(loader=DictLoader(PARTS), autoescape=True, undefined=StrictUndefined)
    return environment.from_string(source).render(page=page)


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_text_comes_out(source: str) -> None:
    assert filled(LeanEnvironment, source) == filled(Environment, source)


@pytest.mark.parametrize(
    "source", ["{{ missing.name }}", IMPORT + "{{ link() }}", "{{ nobody() }}"]
)
def test_a_name_that_is_not_there_is_an_error(source: str) -> None:
    with pytest.raises(UndefinedError):
        filled(LeanEnvironment, source)


@pytest.mark.parametrize(
    "source", [IMPORT + "{{ link('a', 'b', 1, 'c') }}", IMPORT + "{{ link('a', width=1) }}"]
)
def test_arguments_that_a_macro_does_not_take_are_refused(source: str) -> None:
    with pytest.raises(TypeError):
        filled(LeanEnvironment, source)


def test_a_call_that_cannot_be_is_told_as_a_fault_of_the_theme(tmp_path: Path) -> None:
    files = {
        "themes/hasty/theme.yml": "title: Hasty\nextends: default\n",
        "themes/hasty/templates/robots.txt": "User-agent: *\n{{ page.sitemap('again') }}\n",
    }
    found = run(lay_over_sound_site(tmp_path, files), "build", "--theme", "hasty")
    assert found.status == 1
    assert found.problems == [
        "themes/hasty/templates/robots.txt:2: error[template]: 'str' object is not callable"
    ]
