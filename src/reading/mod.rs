//! Floor 1, reading: files understood one by one. Nothing here knows of another article.
