"""Word tables (단어표): read, apply, check, and propose them."""
