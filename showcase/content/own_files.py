"""site.yml and topics.yml: read with the same care as what entries bring."""

import os
from pathlib import Path

from showcase.content.read import MOST_BYTES
from showcase.diagnostics import Diagnostic


def own_text(content: Path, name: str) -> tuple[str, Diagnostic | None]:
    """Return the text of a file at the top of the content folder, or what is wrong with it.

    Raises `FileNotFoundError` when there is none. Like every file of content/ it is no symbolic
    link: a report would quote the lines of what it leads to.
    """
    path = content / name
    if path.is_symlink():
        return "", Diagnostic("outside-content", "a symbolic link is not followed", name,
                              hint="put the file itself here")  # fmt: skip
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MOST_BYTES:
                return "", Diagnostic("too-large", f"the file has {size:,} bytes", name,
                                      hint=f"at most {MOST_BYTES:,} fit")  # fmt: skip
            return file.read().decode("utf-8-sig"), None
    except FileNotFoundError:
        raise
    except OSError as error:
        return "", Diagnostic("missing-file", f"cannot be read: {error.strerror}", name)
    except UnicodeDecodeError:
        hint = "save the file as UTF-8"
        return "", Diagnostic("not-utf8", "the file is not UTF-8 text", name, hint=hint)
