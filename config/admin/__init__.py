"""The operators' panel as a whole: navigation, home page, roles."""
