"""The instructor's pack: worksheets with answers, a glossary, and how to run a course's canteen."""
