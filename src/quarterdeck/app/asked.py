"""A request whose body may be anything: what is no JSON is refused in words, however it came to be none."""

from typing import Any

from litestar import Request
from litestar.exceptions import SerializationException

from quarterdeck.kernel.errors import Invalid


class Asked(Request[Any, Any, Any]):
    """Litestar's request, which would let bytes that are not UTF-8, and brackets without end, through as our fault."""

    async def json(self) -> Any:
        try:
            return await super().json()
        except SerializationException as error:
            reason = str(error) or "it cannot be read"
        except UnicodeDecodeError as error:
            reason = f"byte {error.start} is not UTF-8"
        except RecursionError:
            reason = "it is nested too deeply"
        raise Invalid("The body could not be read as JSON; nothing was changed.", (f"body: {reason}",))
