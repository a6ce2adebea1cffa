"""Pelican's settings for the same stories: country as category, topics and level as tags, feeds."""

SITENAME = "The Teaching Atlas"
SITEURL = "https://example.org"
AUTHOR = "The Teaching Atlas"
PATH = "content"
TIMEZONE = "UTC"
THEME = "simple"
DEFAULT_PAGINATION = 24
ARTICLE_URL = "stories/{slug}/"
ARTICLE_SAVE_AS = "stories/{slug}/index.html"
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = "category/{slug}.atom.xml"
TAG_FEED_ATOM = "tag/{slug}.atom.xml"
FEED_MAX_ITEMS = 50
