"""What is searched: the columns of the readers' copies that hold the tokens of their text."""

TABLE = "articles_publishedarticle"
COLUMNS = ["search_title", "search_about", "search_text"]  # in the order of their weight
