"""The plan as forms: what is asked of each of its parts, what stands there now, and what a filled form changes."""

from quarterdeck.plan.rules.forms.asking import Ask, Field
from quarterdeck.plan.rules.forms.choices import Known
from quarterdeck.plan.rules.forms.filling import filled, slug
from quarterdeck.plan.rules.forms.layout import Entry, Form, at, entries, entry_path, form_of, step_form, together
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.forms.sections import SECTIONS

__all__ = [
    "SECTIONS",
    "Ask",
    "Entry",
    "Field",
    "Form",
    "Known",
    "Section",
    "at",
    "entries",
    "entry_path",
    "filled",
    "form_of",
    "slug",
    "step_form",
    "together",
]
