"""Where a reader tells that something is wrong."""

from urllib.parse import quote, urlsplit

from showcase.pages.context import Context


def feedback(context: Context, title: str, url: str) -> str:
    """Return the address for a correction of a page: a letter begun, or the repository's form.

    It is "" for a site without contact and repository.
    """
    config, t = context.site.config, context.language.text
    subject = t("Correction: %(title)s", title=title)
    if config.contact:
        # RFC 6068: line breaks are CRLF, blanks are %20.
        body = t("Page: %(address)s", address=url) + "\r\n\r\n"
        return (
            f"mailto:{quote(config.contact, safe='@+')}?subject={_said(subject)}&body={_said(body)}"
        )
    if config.repository and urlsplit(config.repository).hostname == "github.com":
        form = config.repository.rstrip("/") + "/issues/new"
        return f"{form}?title={_said(subject)}&body={_said(url)}"
    return config.repository or ""


def _said(text: str) -> str:
    return quote(text, safe="")
