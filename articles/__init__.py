"""Everything that is written and read: articles, sections, tags, pictures, pages."""
