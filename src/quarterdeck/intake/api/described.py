"""The doors as OpenAPI: they are bare ASGI, so nobody else can describe them."""

from typing import Any

from quarterdeck.intake.rules import SEVERITIES

Document = dict[str, Any]
_PROBLEM = "application/problem+json"
_TEXT: Document = {"type": "string"}
_TEXTS: Document = {"type": "object", "additionalProperties": _TEXT}
_KEY: Document = {
    "name": "key",
    "in": "path",
    "required": True,
    "description": "An intake key.",
    "schema": {"type": "string", "minLength": 1},
}
_LINK: Document = {"type": "object", "properties": {"href": _TEXT, "text": _TEXT}}

_PAGERDUTY_ANSWER: Document = {
    "type": "object",
    "required": ["status", "message"],
    "properties": {
        "status": _TEXT,
        "message": _TEXT,
        "dedup_key": _TEXT,
        "errors": {"type": "array", "items": _TEXT},
    },
}
_PAYLOAD: Document = {
    "type": "object",
    "required": ["summary", "source", "severity"],
    "properties": {
        "summary": {"type": "string", "minLength": 1},
        "source": {"type": "string", "minLength": 1},
        "severity": {"enum": list(SEVERITIES)},
        "timestamp": {"type": "string", "format": "date-time"},
        "component": _TEXT,
        "group": _TEXT,
        "class": _TEXT,
        "custom_details": {},
    },
}
_EVENT: Document = {
    "type": "object",
    "required": ["routing_key", "event_action"],
    "properties": {
        "routing_key": {"type": "string", "minLength": 1, "description": "An intake key."},
        "event_action": {"enum": ["trigger", "acknowledge", "resolve"]},
        "dedup_key": {"type": "string", "maxLength": 255},
        "payload": _PAYLOAD,
        "links": {"type": "array", "items": _LINK},
        "client": _TEXT,
        "client_url": _TEXT,
    },
}
_CHANGE: Document = {
    "type": "object",
    "required": ["routing_key", "payload"],
    "properties": {
        "routing_key": {"type": "string", "minLength": 1, "description": "An intake key."},
        "payload": {**_PAYLOAD, "required": ["summary"]},
        "links": {"type": "array", "items": _LINK},
    },
}
_NOTIFICATION: Document = {
    "type": "object",
    "required": ["alerts"],
    "properties": {
        "externalURL": _TEXT,
        "alerts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["labels"],
                "properties": {
                    "status": {"enum": ["firing", "resolved"]},
                    "labels": {**_TEXTS, "minProperties": 1},
                    "annotations": _TEXTS,
                    "startsAt": _TEXT,
                    "generatorURL": _TEXT,
                    "fingerprint": _TEXT,
                },
            },
        },
    },
}
_SIGNAL: Document = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "description": "In one line: what is wrong."},
        "action": {"enum": ["raise", "acknowledge", "resolve", "change"], "default": "raise"},
        "severity": {"enum": list(SEVERITIES), "default": "error"},
        "dedup_key": {"type": "string", "maxLength": 255, "description": "Signals with one key are one signal."},
        "service": _TEXT,
        "labels": _TEXTS,
        "links": {"type": "array", "items": {"oneOf": [_TEXT, _LINK]}},
        "details": {},
        "started_at": {"type": "string", "format": "date-time"},
    },
}
_MANY: Document = {
    "type": "object",
    "required": ["signals"],
    "properties": {"signals": {"type": "array", "items": _SIGNAL}},
}
_ACCEPTED: Document = {
    "type": "object",
    "required": ["accepted"],
    "properties": {"accepted": {"type": "integer"}, "dedup_keys": {"type": "array", "items": _TEXT}},
}
_SAID = {
    "400": "Some or all of it makes no sense; `errors` names the faults, and what was kept is said.",
    "401": "The key is not valid.",
    "413": "The body is larger than 512 KB; nothing of it was kept.",
    "429": "This key has sent more than its quota; nothing was kept. Try again after `Retry-After` seconds.",
    "503": "The signals cannot be recorded now; nothing was kept. Send them again after `Retry-After` seconds.",
}


def _door(summary: str, description: str, body: Document, answer: Document, refusal: Document, kind: str) -> Document:
    refused = {status: {"description": said, "content": {kind: {"schema": refusal}}} for status, said in _SAID.items()}
    return {
        "summary": summary,
        "description": description,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "202": {
                "description": "Recorded: it survives whatever happens next.",
                "content": {"application/json": {"schema": answer}},
            },
            **refused,
        },
    }


def _with_key(summary: str, description: str, body: Document) -> Document:
    problem = {"$ref": "#/components/schemas/Problem"}
    door = _door(summary, description, body, _ACCEPTED, problem, _PROBLEM)
    # An address without a key, or one with a slash in it, is no address of ours.
    missing = {"description": "There is nothing at this address.", "content": {_PROBLEM: {"schema": problem}}}
    return {"post": {**door, "parameters": [_KEY], "responses": {**door["responses"], "404": missing}}}


def _like_pagerduty(summary: str, description: str, body: Document) -> Document:
    return {"post": _door(summary, description, body, _PAGERDUTY_ANSWER, _PAGERDUTY_ANSWER, "application/json")}


DOORS: Document = {
    "/v2/enqueue": _like_pagerduty("Enqueue", "An alert event in the shape of PagerDuty's Events API v2.", _EVENT),
    "/v2/change/enqueue": _like_pagerduty("EnqueueChange", "A change event in PagerDuty's shape.", _CHANGE),
    "/intake/alertmanager/{key}": _with_key(
        "Alertmanager", "A notification of Alertmanager's webhook, version 4.", _NOTIFICATION
    ),
    "/intake/generic/{key}": _with_key(
        "Generic",
        "One signal, a list of them, or `{signals: […]}`. Faulty ones are named, the others kept.",
        {"anyOf": [_SIGNAL, {"type": "array", "items": _SIGNAL}, _MANY]},
    ),
}
