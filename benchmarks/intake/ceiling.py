"""The bare HTTP ceiling: the same parsing on the same server, answered at once, nothing stored.

python -m benchmarks.intake.ceiling PORT
"""

import sys
from typing import Any

import uvicorn

from quarterdeck.intake.api import answers
from quarterdeck.intake.sources import alertmanager, pagerduty


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    parse = pagerduty.parse if scope["path"] == "/v2/enqueue" else alertmanager.parse
    parsed = parse(body, "spare")
    answer = answers.accepted(len(parsed.arrivals), [])
    await send({"type": "http.response.start", "status": 202, "headers": answers.headers(answers.JSON, len(answer))})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
