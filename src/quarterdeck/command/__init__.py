"""The incident: its severity, roles, tasks and timeline, under the plan in force when it was declared."""
