"""Adapters to trackers, independent of one another, by the kinds that they speak to.

Each offers `headers`, `check`, `create`, `find`, `read`, `write`, `comment`, `changed`, and `knock` for its webhook.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from quarterdeck.learning.channels import github, gitlab, jira

ADAPTERS: Mapping[str, Any] = MappingProxyType(
    {"github": github, "gitlab": gitlab, "jira-cloud": jira, "jira-server": jira}
)
