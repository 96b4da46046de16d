"""How a home without a plan begins one: with the least that a plan needs, or with the example."""

from quarterdeck.plan.rules.outstanding import CATCH_ALL, NOT_SAID
from quarterdeck.plan.sources.example import example_files

_LEAST = """\
# The least that a plan needs. Whatever says “{not_said}” is to be written.

name: Incident management plan
owner: incident-manager
approver: senior-manager
scope: {not_said}
review_interval_days: 365
defaults: {{type: incident, impact: significant, urgency: medium}}

# Named positions, and who holds each now.
posts:
  incident-manager: {{title: Incident manager, login: {login}}}
  senior-manager: {{title: Senior manager, login: {login}}}

roles:
  incident-commander:
    title: Incident commander
    duties:
      - Decide what is done next, and see that it is done.
    authority:
      - {not_said}
    filled_by: post:incident-manager

types:
  incident:
    title: Incident
    declare_when:
      - {not_said}
    procedure: general

procedures:
  general:
    title: Any incident
    owner: incident-manager
    steps:
      - {{id: look, title: See what does not work and for whom, role: incident-commander}}

escalation:
  standard:
    title: Standard
    levels:
      - notify: [post:incident-manager]
        acknowledge_within: 15 min
    final: senior-manager

routing:
  - name: {catch_all}
    service: "{{service}}"
    group_by: [service, alertname]
    type: incident
"""


def least_files(login: str) -> dict[str, str]:
    """A plan that passes the check and says plainly what is still to be written. `login`: who holds its posts."""
    from quarterdeck.plan.rules.editing import edited
    from quarterdeck.plan.rules.reading import read

    texts = {"plan.yaml": _LEAST.format(not_said=NOT_SAID, login=login, catch_all=CATCH_ALL)}
    severity = read(example_files()).document["severity"]
    levels = {id: _with_path(level) for id, level in severity["levels"].items()}
    return edited(texts, [(("severity",), {**severity, "levels": levels})])


def _with_path(level: dict[str, object]) -> dict[str, object]:
    kept = {key: value for key, value in level.items() if key != "review"}
    return {**kept, "escalation": "standard"} if "escalation" in kept else kept


def example_held_by(login: str) -> dict[str, str]:
    """The example, with every post held by this person."""
    return {name: text.replace("login: admin", f"login: {login}") for name, text in example_files().items()}
