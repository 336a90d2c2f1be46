"""The demonstration newsroom: people, sections, stories, and pictures drawn for them."""
