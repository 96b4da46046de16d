"""What was imported, and what can be taken out again."""

from quarterdeck.migration.views.exporting import Wanted, count_to_export, incidents_to_export
from quarterdeck.migration.views.imports import ImportRow, import_run, imports, mapping_used, rejected_rows

__all__ = [
    "ImportRow",
    "Wanted",
    "count_to_export",
    "import_run",
    "imports",
    "incidents_to_export",
    "mapping_used",
    "rejected_rows",
]
