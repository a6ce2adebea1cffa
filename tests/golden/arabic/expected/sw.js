// /offline/ /en/offline/
