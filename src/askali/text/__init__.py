"""Text as such: tokens, languages, tables, dates, quantities; nothing here knows a question."""
