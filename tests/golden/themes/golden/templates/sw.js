// {{ page.pages|join(" ") }}
