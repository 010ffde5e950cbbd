"""The panel speaks the reader's language: names of tables, columns, choices, actions and filters.

Slices write them in English. Here each is wrapped once, at start, so that it is looked up in
the catalogue when a page is made; what no catalogue has stays English.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db.models import Field, Model
from django.forms.utils import pretty_name
from django.utils.choices import CallableChoiceIterator
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy, pgettext

from config.kernel.words import Code, code_in_words, field_in_words

DIALOG = ("title", "description", "form_submit_text")


def translate_panel() -> None:
    """Wrap what the registered pages show; safe to repeat."""
    for model, page in admin.site._registry.items():
        _translate_model(model)
        _translate_page(page)


def _in_a_row(names: Iterable[str]) -> str:
    """Several columns as one sentence would name them."""
    words = dict.fromkeys(field_in_words(name) for name in names)
    text = pgettext("between columns", ", ").join(words)
    return text[:1].upper() + text[1:]


_WHO = frozenset({"code", "id", "label", "name", "username"})
_names_later = lazy(_in_a_row, str)
_code_later = lazy(code_in_words, str)
_field_later = lazy(field_in_words, str)


def _choice(label: Any, column: str) -> Any:
    """What a choice is called: a code or a group of them, looked up when it is shown."""
    if isinstance(label, str):
        return _code_later(label, column)
    if isinstance(label, Promise):
        return label
    return [(value, _choice(inner, column)) for value, inner in label]


class _ChoicesOfFunction(CallableChoiceIterator):
    """What a function gives, in words; for migrations it stays that function."""

    def __init__(self, func: Callable[[], Any], column: str) -> None:
        super().__init__(func)
        self.column = column

    def __iter__(self) -> Iterator[Any]:
        return ((value, _choice(label, self.column)) for value, label in super().__iter__())


def _choices(choices: Any, column: str) -> Any:
    if isinstance(choices, CallableChoiceIterator):
        return _ChoicesOfFunction(choices.func, column)
    return [(value, _choice(label, column)) for value, label in choices]


def lazily(text: Any) -> Any:
    """A text that is looked up when it is shown."""
    return gettext_lazy(text) if isinstance(text, str) and text else text


def _named(text: Any) -> Any:
    """A column's, a part's or a table's name, looked up when it is shown."""
    return _field_later(text) if isinstance(text, str) and text else text


def _translate_model(model: type[Model]) -> None:
    options = model._meta
    plural = options.verbose_name_plural
    # Django makes a plural that nobody wrote when it is shown, of a name that it has kept: such
    # a one is written out here, or no catalogue would ever be asked about it.
    if isinstance(plural, Promise) and str(plural) == f"{options.verbose_name}s":
        plural = _plural(str(options.verbose_name))
    options.verbose_name = _named(options.verbose_name)
    options.verbose_name_plural = _named(plural)
    options.app_config.verbose_name = _named(options.app_config.verbose_name)
    for field in options.get_fields():
        if hasattr(field, "verbose_name") and not isinstance(field.verbose_name, Promise):
            field.verbose_name = _named(field.verbose_name)
        if isinstance(field, Field):
            field.help_text = _named(field.help_text)
        if isinstance(field, Field) and field.choices:
            field.choices = _choices(field.choices, field.name)


def _plural(name: str) -> str:
    """English for several of it: entries, matches, payments."""
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "ch", "x")) else f"{name}s"


def _translate_page(page: ModelAdmin[Any]) -> None:
    for inline in page.inlines:
        _translate_model(inline.model)
        inline.verbose_name_plural = _named(inline.verbose_name_plural)
    for owner in (type(page), *page.inlines):
        for name in dir(owner):
            _translate_method(getattr(owner, name, None))
        _translate_codes(owner)
    # Of this page alone, though the stubs know them as the class's.
    if page.fieldsets:
        fieldsets = tuple((_named(title), facts) for title, facts in page.fieldsets)
        vars(page)["fieldsets"] = fieldsets
    searched = page.search_help_text or tuple(_searched(page.model, page.search_fields))
    vars(page)["search_help_text"] = (
        _named(searched)
        if isinstance(searched, str)
        else (_names_later(searched) if searched else None)
    )
    _translate_filters(page.list_filter)
    _translate_form(page.form)


def _searched(model: type[Model], paths: Iterable[str]) -> list[str]:
    """What a page searches by where it does not say so itself: its columns' names, each once.

    Of somebody else's row it is their number or phone; by their name or id they are found as
    what they are here: merchant, subject.
    """
    names: dict[str, None] = {}
    for path in paths:
        field = model._meta.get_field(path.lstrip("=^@").split("__")[0])
        for step in path.split("__")[1:]:
            related = cast("type[Model]", field.related_model)
            inner = related._meta.get_field(step)
            field = field if step in _WHO else inner
        names[str(getattr(field, "verbose_name", field.name))] = None
    return list(names)


def _translate_form(form: type[Any]) -> None:
    """What a page's form asks of its own; the table's columns have their words."""
    for name, field in getattr(form, "declared_fields", {}).items():
        if not isinstance(field.label, Promise):
            field.label = _named(str(field.label or pretty_name(name)))
            field.help_text = _named(field.help_text)


def _translate_method(method: Any) -> None:
    if not callable(method):
        return
    if isinstance(getattr(method, "short_description", None), str):
        method.short_description = _named(method.short_description)
    dialog = getattr(method, "dialog", None)
    if isinstance(dialog, dict):
        for key in DIALOG:
            dialog[key] = lazily(dialog.get(key, ""))


def _translate_codes(owner: type[Any]) -> None:
    """Columns with a coloured label show a state's code: its colour goes by the code still."""
    for kind in owner.__mro__:
        for name, method in list(vars(kind).items()):
            if isinstance(getattr(method, "label", None), dict) and not hasattr(method, "of_code"):
                setattr(kind, name, _code(method))


def _code(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def shown(*args: Any) -> Any:
        value = method(*args)
        return Code(value) if isinstance(value, str) else value

    vars(shown)["of_code"] = True
    return shown


def _translate_filters(filters: Iterable[Any]) -> None:
    for entry in filters:
        if isinstance(entry, type) and isinstance(title := getattr(entry, "title", None), str):
            setattr(entry, "title", _named(title))  # noqa: B010 - no filter's type knows it
