"""Plan: from the site to every output it should have, each with all that its page shows."""
