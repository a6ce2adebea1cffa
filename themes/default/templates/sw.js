const site = {
  root: {{ page.chrome.root|tojson }},
  shell: {{ [asset("style.css"), asset("settings.js"), asset("script.js"), asset("offline.js"), asset("keep.js"), asset("icon.svg")]|tojson }},
  offline: {{ page.pages|tojson }},
};
importScripts({{ asset("worker.js")|tojson }});
