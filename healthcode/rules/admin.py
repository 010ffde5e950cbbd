"""Rule sets in the operators' panel: read with their tests, drafted, asked for."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from unfold.decorators import action, display

from config.kernel import clock, panel
from config.kernel.approvals.pages import ask_form_page, ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.words import code_in_words, in_reader_language
from config.kernel.words import in_words as in_language
from healthcode.rules.difference import differences, in_words
from healthcode.rules.forms import DraftForm, PublicationForm
from healthcode.rules.library import read
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.publication import draft_rule_set, in_force
from healthcode.rules.tasks import PUBLISH, RETIRE

# What a shadow run counts, and how it is called.
_COUNTED = {
    "before": "before", "after": "after", "changes": "changes", "reds_by_rule": "reds by rule",
}  # fmt: skip


@admin.register(RuleSetVersion)
class RuleSetVersionAdmin(panel.ReadOnly):
    """Drafts and published rule sets; published under four eyes and one more."""

    list_display = ("version", "region", "drafted_by", "drafted_at", "valid_from")
    list_filter = ("region",)
    search_fields = ("version",)
    exclude = ("content", "shadow")
    readonly_fields = ("rules", "difference", "shadow_run")
    actions_list = ("draft",)
    actions_detail = ("ask_publication", "ask_retirement")

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may draft rules and ask for their publication."""
        return may_ask(operator_of(request), PUBLISH)

    def has_retire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for rules to be retired."""
        return may_ask(operator_of(request), RETIRE)

    @action(description="Draft a rule set", permissions=["publish"], icon="edit_document")
    def draft(self, request: HttpRequest) -> HttpResponse:
        """Draft rules that are sound and pass their own tests; the shadow run follows."""

        def run(filled: Any) -> str:
            drafted = draft_rule_set(
                content=filled.cleaned_data["content"],
                author=operator_of(request).get_username(),
            )
            return _page(str(drafted.id))

        return step_page(
            request,
            title="Draft a rule set",
            button="Check and draft",
            form=DraftForm(request.POST or None),
            facts={},
            parameters={},
            back=reverse("admin:health_rules_rulesetversion_changelist"),
            run=run,
        )

    @action(description="Ask for publication", permissions=["publish"], icon="publish")
    def ask_publication(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask two other operators to put a draft in force."""

        def parameters(filled: Any) -> dict[str, object]:
            return {"draft": object_id, "valid_from": filled.cleaned_data["valid_from"]}

        return ask_form_page(
            request,
            action=PUBLISH,
            form=PublicationForm(request.POST or None),
            back=_page(object_id),
            parameters=parameters,
        )

    @action(description="Ask for retirement", permissions=["retire"], icon="block")
    def ask_retirement(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask two other operators to take a published set out of force."""
        row = RuleSetVersion.objects.filter(pk=object_id).first()
        return ask_page(
            request,
            action=RETIRE,
            parameters={"version": row.version if row else ""},
            back=_page(object_id),
        )

    @display(description="difference to the rules in force")
    def difference(self, row: Any) -> str:
        """What it would change of the set that is in force for its region now."""
        present = in_force(at=clock.now(), region=row.region)
        if present.version == row.version:
            return gettext("This set is in force.")
        changes = in_words(differences(present, read(row.content)))
        return panel.table({gettext("compared with"): present.version, **changes})

    @display(description="shadow run")
    def shadow_run(self, row: Any) -> str:
        """What it would do to a sample of people, in numbers."""
        shadow = row.shadow or {}
        counts = {
            gettext(label): _counted(shadow[name])
            for name, label in _COUNTED.items()
            if shadow.get(name)
        }
        failing = {gettext("rules that fail"): ", ".join(shadow.get("failing", []))}
        people = {gettext("people"): shadow["people"]} if shadow else {}
        return panel.table({**people, **counts, **(failing if shadow.get("failing") else {})})

    @display(description="rules")
    def rules(self, row: Any) -> str:
        """Each rule with its reason and the number of its tests."""
        return panel.table(
            {
                rule["id"]: f"{_colour(rule['colour'])}: {in_reader_language(rule['reason'])} "
                f"({gettext('tests')}: {len(rule['tests'])})"
                for rule in row.content["rules"]
            }
        )


def _colour(colour: str | None) -> str:
    return code_in_words(colour) if colour else gettext("advice")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{in_language(name)}: {number}" for name, number in counts.items())


def _page(object_id: str) -> str:
    return reverse("admin:health_rules_rulesetversion_change", args=[object_id])
