"""The JSON interfaces; none of them needs the page."""
