"""An installed Saoma brings its plugin along; in a checkout it is named here."""

pytest_plugins = ["lab.pytest_plugin"]
