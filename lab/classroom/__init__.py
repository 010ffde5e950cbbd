"""A class: a world for each student, a roster, a board, marks."""
