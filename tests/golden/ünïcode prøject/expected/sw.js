// /pr%C3%B8ject/offline/
