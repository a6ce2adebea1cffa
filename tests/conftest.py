"""Fixtures that several test files share."""

import os

import pytest
from hypothesis import settings
from sites import BuiltSite, build_shipped

settings.register_profile("nightly", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def shipped_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The shipped content with the default theme, at the root of a host."""
    return build_shipped(tmp_path_factory.mktemp("shipped"), "https://example.org/")


@pytest.fixture(scope="session")
def plain_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The shipped content with the theme for the weakest connections, in English and Arabic."""
    folder = tmp_path_factory.mktemp("plain")
    return build_shipped(folder, "https://example.org/", theme="plain", languages=("en", "ar"))


@pytest.fixture(scope="session")
def shipped_site_below(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The same site below a path, as a project's pages on a code host are."""
    return build_shipped(tmp_path_factory.mktemp("below"), "https://example.org/atlas/")
