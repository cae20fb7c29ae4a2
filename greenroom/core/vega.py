"""The charts' browser bundle, taken from the vl-convert wheel: no Node, no CDN, nothing vendored."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "vega.js"
_SNIPPET = "window.vegaEmbed = vegaEmbed; window.vega = vega; window.vegaLite = vegaLite;"


def bundle() -> Path:
    """The bundle's path, built once per version into GREENROOM_HOME/cache.

    The build runs in a process of its own: it starts a JavaScript engine whose memory we do not want to keep.
    """
    import importlib.metadata

    folder = settings.GREENROOM_CACHE / f"vega-{importlib.metadata.version('vl-convert-python')}"
    path: Path = folder / NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        script = "import sys, vl_convert; open(sys.argv[1], 'w').write(vl_convert.javascript_bundle(sys.argv[2]))"
        with tempfile.TemporaryDirectory(dir=folder) as own:  # several processes may build at once; the last one wins
            fresh = Path(own) / NAME
            subprocess.run([sys.executable, "-c", script, str(fresh), _SNIPPET], check=True)  # noqa: S603
            fresh.replace(path)
    return path


class VegaFinder(BaseFinder):
    """Lets staticfiles find `vega.js` in the cache."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        found = str(bundle()) if path == NAME else None
        return ([found] if found else []) if find_all else (found or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        yield NAME, FileSystemStorage(location=str(bundle().parent))
