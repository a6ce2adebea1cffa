"""`serve`: build, serve, watch; on every save rebuild what changed and tell the browser."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import click
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from showcase.build import Built, Caches, Result, build
from showcase.config import Settings
from showcase.diagnostics import Diagnostic, SiteError, formatted
from showcase.preview.quick import page_of
from showcase.preview.server import PreviewServer, State

_QUIET = 0.05  # seconds without a further change before a rebuild: editors save in several steps


def serve(settings: Settings, port: int, quiet: bool = False) -> None:
    """Serve the site until interrupted. Raises `SiteError` when the port is taken.

    The preview has an output folder of its own, with addresses at the root of 127.0.0.1, so that
    public/ stays what `build` made it.
    """
    state = State()
    try:
        server = PreviewServer(port, settings.out, state)
    except OSError as error:
        raise SiteError(
            f"port {port} cannot be used ({error.strerror}); choose another with --port, or 0"
        ) from None
    address = f"http://127.0.0.1:{server.server_port}/"
    settings = replace(settings, base_url=address)
    preview = _Preview(settings, state, quiet)
    preview.rebuild()
    preview.settings = replace(settings, clean=False, jobs=1)  # threads and forks do not mix
    observer = Observer()
    for folder in (settings.content, settings.themes):
        if folder.is_dir():
            observer.schedule(preview, str(folder), recursive=True)
    observer.start()
    preview.look_again()  # somebody may have saved during the first build
    threading.Thread(target=server.serve_forever, daemon=True).start()
    click.echo(f"Serving {address} – stop with Ctrl+C.")
    try:
        preview.run()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        observer.stop()
        server.shutdown()
        server.server_close()


class _Preview(FileSystemEventHandler):
    """Collects changes of files and rebuilds once they rest."""

    def __init__(self, settings: Settings, state: State, quiet: bool) -> None:
        self.settings = settings
        self._state = state
        self._quiet = quiet
        self._problems = ""
        self._changed = threading.Event()
        self._saved: set[str] = set()
        self._shown: dict[str, bytes] = {}  # the page that was rewritten alone, until it is built
        self._built: Built | None = None
        self._caches = Caches.open(settings)

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note that something was written, moved or removed; reading changes nothing."""
        if event.event_type in ("opened", "closed_no_write"):
            return
        if event.is_directory and event.event_type == "modified":
            return
        places = [Path(str(place)) for place in (event.src_path, event.dest_path) if place]
        files = [x for x in places if not x.name.startswith(".") and not x.name.endswith("~")]
        if files:
            self._saved.update(map(str, files))
            self._changed.set()

    def look_again(self) -> None:
        """Ask for a rebuild."""
        self._changed.set()

    def run(self) -> None:
        """Rebuild whenever something has changed, until interrupted."""
        while True:
            if not self._changed.wait(timeout=1.0):
                continue
            while self._changed.is_set():
                self._changed.clear()
                time.sleep(_QUIET)
            self._rewrite()
            self.rebuild()

    def _rewrite(self) -> None:
        """Show at once the page of the only file that was saved, when that is all it changes."""
        saved, self._saved = self._saved, set()
        file = Path(next(iter(saved))) if len(saved) == 1 else None
        if not file or not self._built or not file.is_relative_to(self.settings.content):
            return
        path = file.relative_to(self.settings.content).as_posix()
        address = page_of(self._built, self.settings.content, self.settings.out, path)
        if address:
            self._shown = {address: self._published(address)}
            self._state.tell(changed=(address,), problems=self._problems)

    def rebuild(self) -> None:
        """Build once, say what came of it, and tell the open pages."""
        try:
            result = build(self.settings, self._caches)
        except SiteError as error:
            problems = error.problems or (Diagnostic("missing-file", str(error)),)
            self._say(formatted(problems, "text", self.settings.content))
            self._state.tell(problems=formatted(problems, "text", self.settings.content))
            return
        text = formatted(result.problems, "text", self.settings.content)
        changes = result.changes
        if result.built or result.changes is None:  # after an error the good pages stay as they are
            self._built = result.built
        changed = (*changes.written, *changes.removed) if changes else ()
        # The page that was rewritten alone has been shown: its reader need not see it load again,
        # unless it was saved once more before the build read it.
        shown, self._shown = self._shown, {}
        changed = tuple(x for x in changed if x not in shown or shown[x] != self._published(x))
        if changed or text != self._problems or changes is None:
            self._say(text + self._sentence(result))
        self._problems = text
        self._state.tell(changed=changed, problems="" if changes else text)

    def _published(self, address: str) -> bytes:
        try:
            return (self.settings.out / address).read_bytes()
        except OSError:  # it is gone
            return b""

    def _sentence(self, result: Result) -> str:
        if result.changes is None:
            return f"{result.errors} error(s); the last good pages stay.\n"
        written, removed = len(result.changes.written), len(result.changes.removed)
        return f"Wrote {written} and removed {removed} file(s) in {result.seconds:.2f} s.\n"

    def _say(self, text: str) -> None:
        if not self._quiet:
            click.echo(text, nl=False)
