// /offline/ /fr/offline/
