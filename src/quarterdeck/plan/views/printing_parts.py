"""The structured parts of a plan on paper: severity, types, roles, steps, escalation, communication, routing, aims."""

from collections.abc import Iterator

from quarterdeck.paper.document import (
    Block,
    Definitions,
    Heading,
    Listing,
    Note,
    Paragraph,
    Row,
    Table,
    Words,
    bullets,
    line,
    strong,
)
from quarterdeck.paper.markdown import blocks
from quarterdeck.plan.rules import Plan, Procedure, Step, step_words, type_and_parents, wording

span = wording.span


def severity(plan: Plan) -> Iterator[Block]:
    scheme, calendar = plan.severity, plan.calendar
    yield Heading("Severity")
    yield Paragraph(
        "Impact and urgency give the severity. Take the more severe of two if in doubt. Until somebody knows better an "
        f"incident is taken for {_lower(plan.types[plan.defaults.type].title)}, impact {plan.defaults.impact}, urgency "
        f"{plan.defaults.urgency}."
    )
    yield Table(
        ("", *(f"{one.title} urgency" for one in scheme.urgency)),
        tuple(
            (f"{impact.title} impact", *(line(strong(scheme.matrix[impact.id][one.id])) for one in scheme.urgency))
            for impact in scheme.impact
        ),
        caption="Severity by impact and urgency",
    )
    for title, scale in (("Impact", scheme.impact), ("Urgency", scheme.urgency)):
        yield Heading(title, 2)
        yield Definitions(tuple((one.title, one.meaning) for one in scale))
    yield Heading("Levels", 2)
    rows: list[tuple[Words, ...]] = []
    for id, level in scheme.levels.items():
        when = "" if level.escalation is None else "Pages at any hour." if level.urgent else "Pages in support hours."
        rows.append(
            (
                line(strong(id)),
                line(strong(f"{level.title}. "), " ".join(filter(None, (level.meaning, when)))),
                f"in {span(level.acknowledge_within)}" if level.acknowledge_within else "",
                f"every {span(level.update_every)}" if level.update_every else "",
                plan.escalation[level.escalation].title if level.escalation else "nobody is paged",
            )
        )
    columns = ("Severity", "Means", "Acknowledge", "Update", "Escalation")
    yield Table(columns, tuple(rows), caption="What a severity sets in motion", widths=(0, 5, 1.6, 1.6, 2))
    if calendar.opens:
        hours = f"Support hours: {wording.support_hours(calendar)}."
        yield Paragraph(f"{hours} A severity that is not urgent pages nobody outside them.", tone="soft")


def types(plan: Plan) -> Iterator[Block]:
    yield Heading("Incident types")
    for id, one in plan.types.items():
        yield Heading(one.title, 2)
        if one.parent:
            yield Paragraph(f"A kind of {_lower(plan.types[one.parent].title)}.", tone="soft")
        yield Paragraph("Declare when any of these holds:", tone="soft")
        yield bullets(*one.declare_when)
        yield Paragraph(" ".join(_settled(plan, id)), tone="soft")


def _settled(plan: Plan, id: str) -> Iterator[str]:
    """What holds for a type, its own or from its nearest parent."""
    chain = list(type_and_parents(plan, id))
    if procedure := next((one.procedure for one in chain if one.procedure), None):
        yield f"Procedure: {plan.procedures[procedure].title}."
    if floor := next((one.severity_floor for one in chain if one.severity_floor), None):
        yield f"At least {floor}."
    if path := next((one.escalation for one in chain if one.escalation), None):
        yield f"Escalates by {plan.escalation[path].title}."
    if post := next((one.commander_post for one in chain if one.commander_post), None):
        yield f"Commanded at first by {wording.post(plan, post)}."


def roles(plan: Plan) -> Iterator[Block]:
    yield Heading("Roles")
    for id, role in plan.roles.items():
        yield Heading(f"{role.title}, who commands" if id == plan.commander else role.title, 2)
        if role.purpose:
            yield Paragraph(role.purpose)
        yield Row(
            (
                (Paragraph(line(strong("Duties"))), bullets(*role.duties)),
                (Paragraph(line(strong("May decide alone"))), bullets(*role.authority)),
            )
        )
        said = [f"Filled by {wording.target(plan, role.filled_by)}."] if role.filled_by else []
        if role.deputies:
            names = wording.joined([wording.post(plan, one) for one in role.deputies])
            said.append(f"{'Deputy' if len(role.deputies) == 1 else 'Deputies'}: {names}.")
        if said:
            yield Paragraph(" ".join(said), tone="soft")


def steps(plan: Plan, procedure: Procedure) -> Iterator[Block]:
    yield Listing(tuple(tuple(_step(plan, procedure, step)) for step in procedure.steps), ordered=True)


def _step(plan: Plan, procedure: Procedure, step: Step) -> Iterator[Block]:
    yield Paragraph(line(strong(step.title)))
    terms = [plan.roles[step.role].title, step_words.deadline(procedure, step), "must" if step.mandatory else "should"]
    said = [f"{', '.join(filter(None, terms))}.", *step_words.conditions(procedure, step)]
    said += filter(None, (step_words.question(step), step_words.skipping(step)))
    yield Paragraph(" ".join(said), tone="soft")
    if step.details:
        yield from blocks(step.details, level=4)
    if step.evidence:
        yield Paragraph(f"Evidence: {step.evidence}", tone="soft")


def escalation(plan: Plan) -> Iterator[Block]:
    yield Heading("Escalation")
    yield Paragraph("An acknowledgement stops the climb.")
    for path in plan.escalation.values():
        yield Heading(path.title, 2)
        yield Definitions(tuple(wording.rungs(plan, path)))


def communication(plan: Plan) -> Iterator[Block]:
    if not plan.communication.audiences:
        return
    yield Heading("Who is told how often")
    yield Paragraph("An update is written once; each audience reads it in its own words.")
    for audience in plan.communication.audiences.values():
        yield Heading(audience.title, 2)
        by = f"Told by the {_lower(plan.roles[audience.by].title)}"
        agreed = f", once the {_lower(plan.roles[audience.approver].title)} has agreed" if audience.approver else ""
        sent = f", sent to {step_words.targets(plan, audience.to)}" if audience.to else ""
        yield Paragraph(f"{by}{agreed}{sent}. {audience.outside or ''}".strip(), tone="soft")
        yield bullets(
            *(
                line(strong(level), f": first within {span(pace.first_within)}, then every {span(pace.every)}")
                for level, pace in audience.cadence.items()
            )
        )
        yield Note((Paragraph(line(strong(audience.subject))), Paragraph(audience.says)))
    if plan.communication.elevation:
        yield Heading("When higher management is told", 2)
    for rule in plan.communication.elevation:
        yield Heading(rule.title, 3)
        owner = f"The {_lower(plan.roles[rule.by].title)} answers for it."
        yield Paragraph(f"{wording.elevation(plan, rule)}. {owner}")
        asked = (Paragraph(line(strong(rule.decision))),) if rule.decision else ()
        yield Note((Paragraph(rule.says), *asked))


def reviews(plan: Plan) -> Iterator[Block]:
    yield Heading("Reviews")
    yield Definitions(
        tuple(
            (id, f"reviewed {wording.review(plan, level.review)}" if level.review else "no review required")
            for id, level in plan.severity.levels.items()
        )
    )
    calendar = plan.calendar
    free = f", without {', '.join(map(str, calendar.holidays))}" if calendar.holidays else ""
    days = f"Working days are {wording.days(calendar.working_days)} in {calendar.zone}{free}"
    yield Paragraph(f"{days}; what is due on a day is due at {calendar.closes}.", tone="soft")


def routing(plan: Plan) -> Iterator[Block]:
    if not plan.routing:
        return
    yield Heading("Routing of signals")
    yield Paragraph("The first route that fits takes the signal.")
    items: list[tuple[Block, ...]] = []
    for route in plan.routing:
        quiet = wording.suppression(route.suppress) if route.suppress else ""
        said: list[Block] = [Paragraph(line(strong(route.name), f": {wording.matchers(route.match)}"))]
        if route.suppress:
            said.append(Paragraph(f"Suppressed {quiet}: {route.suppress.reason}", tone="soft"))
        if quiet != "always":
            type_ = plan.types[route.type or plan.defaults.type].title
            grades = [
                f"impact {wording.given(route.impact, plan.defaults.impact)}",
                f"urgency {wording.given(route.urgency, plan.defaults.urgency)}",
            ]
            service = [f"service {route.service}"] if route.service else []
            each = f"each {', '.join(route.group_by)}" if route.group_by else "all"
            ends = (
                f"resolves {span(route.auto_resolve_after)} after the last signal cleared"
                if route.auto_resolve
                else "never resolves by itself"
            )
            group = f"one incident for {each}, for {span(route.group_window)}; {ends}"
            said.append(Paragraph(f"{'; '.join((type_, *grades, *service, group))}.", tone="soft"))
        items.append(tuple(said))
    yield Listing(tuple(items), ordered=True)


def objectives(plan: Plan) -> Iterator[Block]:
    if not plan.objectives:
        return
    yield Heading("Objectives, and how they are measured")
    for id, one in plan.objectives.items():
        yield Heading(one.title, 2)
        yield Paragraph(f"{one.statement} {_upper(wording.post(plan, one.owner))} answers for it.")
        measured = [measure for measure in plan.measures.values() if measure.objective == id]
        if not measured:
            yield Paragraph("No measure tells whether it is met.", tone="soft")
            continue
        yield bullets(
            *(
                line(
                    strong(f"{measure.title}. "),
                    f"{measure.definition} {step_words.measure(measure)} Kept by {wording.post(plan, measure.owner)}; "
                    f"definition {measure.version}.",
                )
                for measure in measured
            )
        )


def standards(plan: Plan) -> Iterator[Block]:
    if not plan.standards:
        return
    yield Heading("Standards")
    pairs: list[tuple[Words, Words]] = []
    for id, one in plan.standards.items():
        applies = "Applies" if one.applies else "Does not apply"
        said = f"{applies}: {one.why}" if one.why else f"{applies}."
        pairs.append((id, "\n".join((said, *(f"{name}: {reason}" for name, reason in one.exceptions.items())))))
    yield Definitions(tuple(pairs))


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
