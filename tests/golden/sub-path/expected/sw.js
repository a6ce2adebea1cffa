// /atlas/offline/
