"""A fake provider of messages with a log of its own: one JSON line per request, with the instant it came in.

python -m benchmarks.paging.provider PORT LOG DELAY
"""

import asyncio
import json
import os
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def serve(port: int, log: str, delay: float) -> None:
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                at = time.time()
                fields = dict(line.lower().split(": ", 1) for line in rest if ": " in line)
                body = json.loads(await reader.readexactly(int(fields["content-length"])))
                line = {"at": at, "to": first.split(" ")[1], **{name: body[name] for name in ("id", "about", "text")}}
                os.write(file, json.dumps(line).encode() + b"\n")
                await asyncio.sleep(delay)
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", port, backlog=512)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2], float(sys.argv[3])))
