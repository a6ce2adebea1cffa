"""Fixtures that several test files share."""

import pytest
from sites import BuiltSite, build_shipped


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The shipped content with the default theme, at the root of a host."""
    return build_shipped(tmp_path_factory.mktemp("shipped"), "https://example.org/")


@pytest.fixture(scope="session")
def shipped_site_below(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The same site below a path, as a project's pages on a code host are."""
    return build_shipped(tmp_path_factory.mktemp("below"), "https://example.org/atlas/")
